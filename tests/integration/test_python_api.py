"""Byline from Python: the examples of its docstrings, on the sample articles."""

from __future__ import annotations

import doctest
from collections.abc import Iterator
from pathlib import Path

import pytest

import rag
from rag.integrations import python
from rag.resources import Resources
from tests import samples

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Resources]:
    folder = tmp_path_factory.mktemp("python")
    samples.read(folder)
    with rag.open_index(folder / "index") as found:
        rag.ingest(folder / "articles", found)
        yield found


def test_the_docstrings_examples_run(opened: Resources) -> None:
    folder = opened.settings.index.parent
    given = {
        **{name: getattr(python, name) for name in dir(python)},
        "opened": opened,
        "sample_index": folder / "index",
        "sample_articles": folder / "articles",
    }
    tried = 0
    for test in doctest.DocTestFinder().find(python, globs=given):
        result = doctest.DocTestRunner().run(test)
        assert result.failed == 0, test.name
        tried += result.attempted
    assert tried >= 8


def test_events_end_with_the_answer(opened: Resources) -> None:
    question = "How many contract workers were brought to Gannet Dock?"
    *_, last = rag.ask(question, opened, stream=True)
    assert isinstance(last, rag.Done)
    assert last.answer.text == rag.ask(question, opened).text


def test_errors_are_ours(tmp_path: Path) -> None:
    with pytest.raises(rag.BylineError, match="ingest"), rag.open_index(tmp_path / "none"):
        pass
