"""What users of a running server see while others ingest, and when an index or Chroma goes away."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.integration.test_api import call

from tests.forked import ROOT, Forked, ran

ARTICLES = ROOT / "tests" / "fixtures" / "articles"
LATE = "Quay crane falls\n\n9 May 2025\n\nThe green quay crane of Merrow fell into the harbour."


def environment(chroma: str = "") -> dict[str, str]:
    own = {"PYTHONPATH": str(ROOT), **({"BYLINE_CHROMA": chroma} if chroma else {})}
    return {**os.environ, **own}


@contextmanager
def serving(index: Path, chroma: str = "") -> Iterator[str]:
    """A server over an index that is there."""
    arguments = ["serve", "--index", index, "--port", "0"]
    log = index.with_name("log.txt")
    with Forked("rag", arguments, cwd=index.parent, environ=environment(chroma), log=log) as server:
        line = server.stdout.readline()
        assert line.startswith("Byline is ready: "), log.read_text()
        try:
            yield line.removeprefix("Byline is ready: ").strip()
        finally:
            server.send_signal(signal.SIGINT)


def ingest(folder: Path, chroma: str = "") -> subprocess.CompletedProcess[str]:
    command = ("ingest", "articles", "--index", "index")
    return ran(*command, cwd=folder, environ=environment(chroma))


def found(address: str, question: str) -> list[str]:
    """The files of what a search finds, best first."""
    kind, data = call(address, "find", question, 3, None)
    assert kind == "complete", data
    return [hit["file"] for hit in data[0]["hits"]]


def refused(address: str, name: str) -> str:
    """What the caller is told where a call fails."""
    arguments = {"answer": ("Who kept the Merrow light?", None), "find": ("light", 3, None)}[name]
    kind, data = call(address, name, *arguments)
    assert kind == "error"
    return json.dumps(data)


def readiness(address: str) -> tuple[int, dict[str, Any]]:
    try:
        with urllib.request.urlopen(f"{address.rstrip('/')}/readyz", timeout=60) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ARTICLES, tmp_path / "articles")
    return tmp_path


def test_two_servers_answer_while_a_third_process_ingests(folder: Path) -> None:
    assert ingest(folder).returncode == 0
    with ExitStack() as running:
        addresses = [running.enter_context(serving(folder / "index")) for _ in range(2)]
        stop, errors = threading.Event(), list[BaseException]()

        def ask(address: str) -> None:
            try:
                while not stop.is_set():
                    assert found(address, "Who kept the Merrow light?")[0] == "lighthouse.txt"
            except BaseException as error:  # shown by the assertion below
                errors.append(error)

        threads = [threading.Thread(target=ask, args=(address,)) for address in addresses]
        for thread in threads:
            thread.start()
        try:
            (folder / "articles" / "crane.txt").write_text(LATE)
            more = ingest(folder)
            (folder / "articles" / "ferry.md").unlink()
            less = ingest(folder)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        assert errors == []
        assert "1 added" in more.stdout, more
        assert "1 removed" in less.stdout, less
        for address in addresses:
            assert found(address, "What fell into the harbour?")[0] == "crane.txt"
            assert "ferry.md" not in found(address, "Why will the ferry not sail?")


def test_an_index_that_goes_away_and_comes_back(folder: Path) -> None:
    assert ingest(folder).returncode == 0
    with serving(folder / "index") as address:
        assert found(address, "Who kept the Merrow light?")[0] == "lighthouse.txt"
        assert readiness(address) == (200, {"status": "ready"})
        (folder / "index").rename(folder / "kept")
        for name in ("answer", "find"):
            assert "is gone: it was deleted or moved" in refused(address, name)
        code, said = readiness(address)
        assert (code, "is gone" in said["detail"]) == (503, True)
        (folder / "kept").rename(folder / "index")
        assert found(address, "Who kept the Merrow light?")[0] == "lighthouse.txt"
        assert readiness(address)[0] == 200


@contextmanager
def chroma_server(folder: Path, port: int) -> Iterator[None]:
    chroma = str(Path(sys.executable).with_name("chroma"))
    command = [chroma, "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    with (folder.parent / "chroma.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        while True:
            assert process.poll() is None, "chroma run ended"
            try:
                with urllib.request.urlopen(
                    f"http://127.0.0.1:{port}/api/v2/heartbeat", timeout=60
                ):
                    break
            except OSError:
                threading.Event().wait(0.05)
        yield
    finally:
        process.terminate()
        process.wait()


def test_a_chroma_server_that_goes_away_and_comes_back(folder: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url, data = f"http://127.0.0.1:{port}", folder / "chroma-data"
    data.mkdir()
    with ExitStack() as running:
        with chroma_server(data, port):
            assert ingest(folder, url).returncode == 0
            address = running.enter_context(serving(folder / "index", url))
            assert found(address, "Who kept the Merrow light?")[0] == "lighthouse.txt"
            assert readiness(address)[0] == 200
        for name in ("answer", "find"):
            assert f"Chroma at {url} failed" in refused(address, name)
        code, said = readiness(address)
        assert (code, f"Chroma at {url} does not answer" in said["detail"]) == (503, True)
        failed = ingest(folder, url)
        assert failed.returncode == 2
        assert f"Chroma at {url} failed" in failed.stderr
        with chroma_server(data, port):
            assert found(address, "Who kept the Merrow light?")[0] == "lighthouse.txt"
            assert readiness(address)[0] == 200
            (folder / "articles" / "crane.txt").write_text(LATE)
            assert ingest(folder, url).returncode == 0
            assert found(address, "What fell into the harbour?")[0] == "crane.txt"
