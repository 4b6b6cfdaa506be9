"""What tests share: servers, and what a model has said of a text before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.models.runtime import Matrix, Runner, Texts
from tests import servers

_compute = Runner.run
_known: dict[tuple[object, ...], Matrix] = {}


def _remembered(runner: Runner, texts: Texts) -> Matrix:
    asked = (runner, *texts)
    if asked not in _known:
        _known[asked] = _compute(runner, texts)
    return _known[asked].copy()


@pytest.fixture(scope="module", autouse=True)
def _remembering() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Runner, "run", _remembered)
        yield


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Chroma server."""
    with servers.chroma(tmp_path_factory.mktemp("chroma")) as url:
        yield url


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server; skips the test where there is none."""
    with servers.postgresql(tmp_path_factory.mktemp("postgresql")) as url:
        yield url
