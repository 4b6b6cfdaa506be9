"""What a model has said of the same texts it need not compute again for another test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.models.runtime import Matrix, Runner, Texts

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
