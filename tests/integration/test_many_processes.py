"""Several processes share one index behind nginx: one is killed, one comes, and nobody notices."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from rag.web.api.tokens import made
from tests import samples, servers
from tests.forked import ROOT, Forked, ran
from tests.integration.programs import call
from tests.integration.test_behind_nginx import (
    NAME,
    Front,
    configured,
    programs,
    signed,
    started,
)
from vectorstore import beside

EXAMPLE = (ROOT / "examples" / "deploy" / "nginx-many.conf").read_text(encoding="utf-8")
QUESTIONS = (
    "How many contract workers were brought to Gannet Dock by barge?",
    "Who is the mediator?",
    "How many people marched?",
)
TRIES = 3  # of one question: nginx can give no answer again of which it sent a part
MORE = 8  # answers that are waited for before and after each change
SEEN_WITHIN = 5.0  # seconds after the report of an ingest
WITHIN = 120.0  # seconds in which so many answers must have come


@dataclass(slots=True)
class Load:
    """What was answered meanwhile, and what failed for good."""

    answers: list[tuple[str, Any]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)
    over: threading.Event = field(default_factory=threading.Event)

    def ask(self, front: Front) -> None:
        """Ask one question after the other until it is over."""
        for question in itertools.cycle(QUESTIONS):
            if self.over.is_set():
                return
            try:
                found = asked(front, question)
            except AssertionError as error:
                self.failed.append(str(error))
                self.over.set()
            with self.changed:
                self.answers.append((question, found))
                self.changed.notify_all()

    def wait_for_more(self) -> None:
        with self.changed:
            most = len(self.answers) + MORE
            assert self.changed.wait_for(
                lambda: len(self.answers) >= most or self.over.is_set(), WITHIN
            ), f"{len(self.answers)} answers"
        assert not self.failed


def asked(front: Front, question: str) -> Any:
    """The answer by way of nginx; a program asks again where a process went meanwhile."""
    told: list[str] = []
    for _ in range(TRIES):
        try:
            with front.open("/api/v1/ask", {"question": question}) as reply:
                body = reply.read()
                if reply.status == 200:
                    return told_in(json.loads(body))
                told.append(f"{reply.status} {body[:200]!r}")
                if reply.status not in (502, 504):
                    break
        except (http.client.HTTPException, OSError) as error:
            told.append(repr(error))
    raise AssertionError(told)


def signed_in(front: Front) -> dict[str, str]:
    """What a browser sends that has signed in, without a token."""
    none = {"Authorization": "", "Content-Type": "application/x-www-form-urlencoded"}
    with front.open("/login", b"username=anna&password=correct+horse", **none) as reply:
        assert reply.status == 200
        return {"Authorization": "", "Cookie": reply.headers["set-cookie"].partition(";")[0]}


def told_in(answer: Any) -> Any:
    """What any process must say alike."""
    quoted = [(item["file"], item["quote"]) for item in answer["citations"]]
    return answer["status"], answer["answer"], quoted


@contextmanager
def byline(folder: Path, port: int, environ: dict[str, str]) -> Iterator[Forked]:
    """A process of its own index folder; it may not be ready yet."""
    folder.mkdir(exist_ok=True)
    arguments = ["serve", "--index", folder / "index", "--port", str(port)]
    log = folder / "log.txt"
    with Forked("rag", arguments, cwd=folder, environ=environ, log=log) as server:
        try:
            yield server
        finally:
            server.kill()


def until_ready(server: Forked, folder: Path) -> str:
    line = ""
    while not line.startswith("Byline is ready: "):
        line = server.stdout.readline()
        assert line, (folder / "log.txt").read_text()
    return line.removeprefix("Byline is ready: ").strip()


def test_one_is_killed_and_one_comes(tmp_path: Path, chroma_server: str, postgresql: str) -> None:
    nginx, openssl = programs()
    database = servers.database(postgresql)
    environ = {
        **os.environ,
        "BYLINE_DATABASE": database,
        "BYLINE_CHROMA": chroma_server,
        "BYLINE_AUTH": "anna:correct horse",
        "BYLINE_PROXY": "127.0.0.1",
        "BYLINE_HOSTS": NAME,
        "BYLINE_CALLS": "1000",
    }
    first = ("ingest", samples.SAMPLES, "--index", tmp_path / "a" / "index")
    done = ran(*first, cwd=tmp_path, environ=environ)
    assert done.returncode == 0, done.stderr
    kept = beside.of(tmp_path, database)
    names = [f"bot{n}" for n in range(4)]
    tokens = [made(kept, name, ["read", "add"], date(2024, 3, 4)) for name in names]
    ports = [servers.free_port() for _ in "abc"]
    certificate = signed(openssl, tmp_path)
    port = servers.free_port()
    upstream = {f"10.0.0.1{n}:7860": f"127.0.0.1:{each}" for n, each in enumerate(ports, start=1)}
    config = configured(EXAMPLE, tmp_path, port, upstream, certificate)
    fronts = [Front(port, certificate[0], token) for token in tokens]
    load = Load()
    with (
        byline(tmp_path / "a", ports[0], environ) as a,
        byline(tmp_path / "b", ports[1], environ) as b,
        started(nginx, config, port),
        ThreadPoolExecutor(len(fronts)) as pool,
    ):
        until_ready(a, tmp_path / "a")
        at_b = until_ready(b, tmp_path / "b")
        expected = {question: asked(fronts[0], question) for question in QUESTIONS}
        assert {status for status, *_ in expected.values()} == {"answered"}
        browser = signed_in(fronts[0])
        for _ in range(6):  # whoever signed in goes to the process that knows it
            with fronts[0].open("/api/v1/articles", **browser) as reply:
                assert reply.status == 200
        asking = [pool.submit(load.ask, front) for front in fronts]
        try:
            load.wait_for_more()
            a.kill()
            load.wait_for_more()
            with byline(tmp_path / "c", ports[2], environ) as c:
                at_c = until_ready(c, tmp_path / "c")
                load.wait_for_more()
                load.over.set()
                for each in asking:
                    each.result()
                assert [item for item in load.answers if item[1] != expected[item[0]]] == []
                seen_by_all(at_c, [at_b, at_c], tokens[0])
        finally:
            load.over.set()


def seen_by_all(one: str, all_: list[str], token: str) -> None:
    """What is added through one process is found by each of them soon after it says so."""
    given = {"text": "The lighthouse of Skarholm was painted turquoise.", "headline": "Turquoise"}
    job = call(one, "/api/v1/ingest/text", given, token=token).json
    ended = call(one, f"/api/v1/jobs/{job['id']}?wait=60", token=token).json
    assert ended["report"]["added"] == 1, ended
    deadline = time.monotonic() + SEEN_WITHIN
    waiting = set(all_)
    while waiting and time.monotonic() < deadline:
        for address in sorted(waiting):
            body = {"question": "What was painted turquoise?", "k": 1}
            (hit,) = call(address, "/api/v1/find", body, token=token).json["hits"]
            if "turquoise" in hit["text"]:
                waiting.remove(address)
    assert waiting == set()
