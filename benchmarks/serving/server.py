"""A server over a copy of the sample articles, and a caller that keeps its connection."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "examples"
SECONDS = 180.0  # to wait for one answer


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that runs: where it listens, its process, and its folder of articles."""

    port: int
    process: int
    articles: Path


@contextmanager
def serving(folder: Path, **settings: object) -> Iterator[Serving]:
    """Serve a copy of the sample articles from `folder`, watched, with settings by their names."""
    articles = folder / "articles"
    shutil.copytree(SAMPLE / "articles", articles)
    own = {f"BYLINE_{name.upper()}": str(value) for name, value in settings.items()}
    command = [sys.executable, "-m", "rag", "serve", "articles", "--watch", "--port", "0"]
    log = folder / "log.txt"
    with (
        log.open("w", encoding="utf-8") as errors,
        subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **own},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as server,
    ):
        assert server.stdout is not None
        line = ""
        while "Byline is ready: " not in line:
            line = server.stdout.readline()
            if not line:
                raise SystemExit(f"The server did not start:\n{log.read_text(encoding='utf-8')}")
        try:
            yield Serving(int(line.rsplit(":", 1)[1].strip(" /\n")), server.pid, articles)
        finally:
            server.terminate()


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one question: the answer's JSON with 200; else seconds to wait, if told."""

    status: int
    answer: dict[str, Any] | None
    again: float


class Caller:
    """One person: a connection of its own, a question at a time."""

    def __init__(self, port: int, address: str = "127.0.0.1") -> None:
        """Connect from `address` when first used."""
        self.connection = http.client.HTTPConnection(
            "127.0.0.1", port, timeout=SECONDS, source_address=(address, 0)
        )

    def close(self) -> None:
        """Hang up."""
        self.connection.close()

    def ask(self, question: str) -> Reply:
        """Ask, and wait for the answer."""
        body = json.dumps({"question": question})
        headers = {"Content-Type": "application/json"}
        self.connection.request("POST", "/api/v1/ask", body, headers)
        reply = self.connection.getresponse()
        text = reply.read().decode()
        if reply.status in (429, 503):
            return Reply(reply.status, None, float(reply.headers.get("Retry-After") or 0))
        if reply.status != 200:
            raise RuntimeError(f"No answer: {reply.status} {text[-300:]}")
        return Reply(200, json.loads(text), 0.0)


def told(answer: dict[str, Any]) -> tuple[object, ...]:
    """What must be the same whenever the same question is asked: words, citations, passages."""
    cited = [(c["file"], c["start"], c["end"], c["quote"]) for c in answer["citations"]]
    hits = [(h["file"], h["start"], h["end"]) for h in answer["hits"]]
    return answer["status"], answer["answer"], cited, hits


def questions() -> list[str]:
    """Return the fixed questions on the sample articles."""
    lines = (SAMPLE / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines if line.strip()]
