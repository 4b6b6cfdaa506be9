"""What every test gets: no BYLINE_ settings from outside, no network but loopback."""

import os
import re
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from rag.indexing import work
from rag.models import runtime

os.environ["HF_HUB_OFFLINE"] = "1"
# pytest -n: each worker, and what it starts, computes on its share of the cores. More threads than
# cores wait for each other and cost a fourth more.
workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
if workers > 1:
    os.environ["OMP_NUM_THREADS"] = str(max(1, (os.cpu_count() or 1) // workers))
# A model that one test has opened stays compiled for the next.
runtime._compiled = {}
# Files are read in the test's own process, but where a test asks for reading processes.
work.count_for = lambda wanted: wanted
# Machines differ, and the first example may load a model: no test is about time.
settings.register_profile("byline", deadline=None)
settings.load_profile("byline")

ROOT = Path(__file__).parents[1]
# Files that share what is dear go to one worker: a page and Chromium, a server, what the models
# said of the sample articles, torch.
TOGETHER = (
    r"tests/browser/",
    r"tests/attacks/test_(files|floods|other_sites)\.py",
    r"tests/integration/test_(comparing|fixed_questions|langchain_retriever|python_api)\.py",
    r"tests/(integration/test_(real_server|verify_setting)|unit/answering/test_second_opinion"
    r"|unit/evaluation/test_eval_ranking|unit/models/test_(entailment|runtime))\.py",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """The tests of a file go to one worker, and so do those of the files above."""
    from xdist.scheduler import LoadFileScheduling

    class ByFiles(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            together = (files for files in TOGETHER if re.match(files, nodeid))
            return next(together, super()._split_scope(nodeid))

    return ByFiles(config, log)


@pytest.fixture(autouse=True)
def _no_outside_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*os.environ]:
        if name.startswith("BYLINE_") or name.endswith("_API_KEY"):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anywhere else fails the test that makes it."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else None
        if self.family != socket.AF_UNIX and host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test connects to {address}")
        real(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture
def shared() -> Path:
    """The folder of articles and benchmark data that lies beside a developer's checkout."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs the developers' data folder ../shared, which is not part of the project")
    return folder
