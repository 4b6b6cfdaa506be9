"""The server as a process: it says when it is ready, and stops without a word."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from rag.settings import default_cache

ROOT = Path(__file__).parents[2]


def _models_still_load(folder: Path) -> dict[str, str]:
    """An environment without a converted reranker: the server ends long before it is loaded.

    The embedder, without which nothing is ingested, is there if any test has converted it.
    """
    for converted in default_cache().expanduser().glob("embedder-*"):
        shutil.copytree(converted, folder / "cache" / converted.name)
    return {**os.environ, "PYTHONPATH": str(ROOT), "BYLINE_CACHE": str(folder / "cache")}


def test_ready_means_ready_and_ctrl_c_stops_quietly(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text("Quay shut\n\nThe quay was shut on Friday.\n")
    command = [sys.executable, "-m", "rag", "serve", "articles", "--watch", "--port", "0"]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=_models_still_load(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        assert server.stdout.readline().startswith("1 file: 1 added")
        address = server.stdout.readline().removeprefix("Byline is ready: ").strip()
        with urllib.request.urlopen(address, timeout=30) as page:
            assert page.status == 200
            assert "default-src 'self'" in page.headers["Content-Security-Policy"]
        server.send_signal(signal.SIGINT)
        _, errors = server.communicate(timeout=60)
    assert server.returncode == 0
    assert "Traceback" not in errors


def test_a_taken_port_is_an_error_of_the_user_while_models_load(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "rag", "serve", "--port", port],
            cwd=tmp_path,
            env=_models_still_load(tmp_path),
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1 port {port}" in done.stderr
