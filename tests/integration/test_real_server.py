"""A real serving stack with a tiny random model, asked through the whole pipeline.

What it says is noise. The form of the answers has to hold all the same.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from rag.indexing.doctor import diagnose
from rag.models.llm import open_model
from rag.resources import Resources
from rag.schema import EXTRACTIVE, Turn
from tests.integration.test_llm_answers import QUESTION, ask, extractive
from tests.tiny_model import make_tiny_model

__all__ = ["extractive"]  # the fixture: an index of a few articles

_NEEDED = ("accelerate", "fastapi", "openai", "rich", "typer", "uvicorn")
_MISSING = [name for name in _NEEDED if find_spec(name) is None]
pytestmark = pytest.mark.skipif(
    bool(_MISSING),
    reason=f"transformers serve needs {', '.join(_MISSING)}: pip install 'transformers[serving]'",
)
_START = 120  # seconds: importing torch on a busy machine takes long


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Poll until the server says that it is well, or has died."""
    until = time.monotonic() + _START
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"transformers serve did not start: {log.read_text(errors='replace')[-2000:]}")


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    make_tiny_model(folder)
    return folder


@pytest.fixture(scope="module")
def url(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    work, port = tmp_path_factory.mktemp("serve"), _free_port()
    (work / "hub").mkdir()
    start = "from transformers.cli.transformers import main; main()"
    options = ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu", "--default-seed", "1"]
    # One thread: two layers gain nothing by more, and lose much where others compute, too.
    offline = {"HF_HUB_OFFLINE": "1", "HF_HUB_CACHE": str(work / "hub"), "OMP_NUM_THREADS": "1"}
    with (work / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", start, "serve", str(model_folder), *options],
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, **offline},
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/health", process, work / "log")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def served(extractive: Resources, url: str, model_folder: Path) -> Resources:  # noqa: F811
    llm = f"openai:{model_folder}"
    settings = replace(extractive.settings, llm=llm, llm_base_url=url, passages=2)
    return replace(extractive, settings=settings, model=open_model(settings))


def test_the_form_holds_whatever_is_said(served: Resources) -> None:
    """`ask` checks that text, sentences, numbers and citations agree."""
    cited = 0
    for question in (QUESTION, "What did clearing the pass cost?", "Who won the golden loaf?"):
        got, restarts = ask(served, question)
        assert got.status == "answered"
        assert got.sentences
        assert all(item.support != "supported" for item in got.sentences if not item.citations)
        assert "[99]" not in got.text
        assert got.text.count("no such passage") == len(got.dropped_markers)
        assert bool(restarts) <= bool(got.notes)
        cited += got.model != EXTRACTIVE and bool(got.citations)
    assert cited  # its vocabulary is made of markers: some of them find a passage


def test_a_follow_up_survives_it(served: Resources) -> None:
    got, _ = ask(served, "And what did it cost?", Turn(QUESTION, "42 centimetres [1]."))
    assert got.standalone_question


def test_a_model_that_is_not_there_is_fallen_back_from(served: Resources) -> None:
    settings = replace(served.settings, llm="openai:/nowhere/at-all")
    got, _ = ask(replace(served, settings=settings, model=open_model(settings)))
    assert got.model == EXTRACTIVE
    assert "openai:/nowhere/at-all" in got.notes[0]


def test_the_doctor_finds_it_well(served: Resources) -> None:
    found = {item.subject: item.ok for item in diagnose(served.settings)}
    assert found == dict.fromkeys(
        ["name", "package", "key", "server", "answer", "embedding model", "reranker", "index"], True
    )
