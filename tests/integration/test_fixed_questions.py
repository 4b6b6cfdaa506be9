"""The fixed questions of the sample articles; `byline eval … --gate` asks them in `.ci/run`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.evaluation.fixed_questions import load_questions
from rag.evaluation.matching import located
from rag.resources import Resources
from tests import samples

ROOT = Path(__file__).parents[2]
QUESTIONS = load_questions(ROOT / "examples/questions.jsonl")


@pytest.fixture(scope="module")
def resources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Resources]:
    with samples.opened(tmp_path_factory.mktemp("fixed") / "index") as opened:
        yield opened


def test_each_evidence_stands_in_a_source(resources: Resources) -> None:
    ids = resources.index.article_ids()
    texts = {item.path: item.text for item in resources.index.articles(ids).values()}
    for question in QUESTIONS:
        for words in question.evidence:
            assert any(located(texts[path], words) for path in question.sources), question.id
        for path in question.sources if question.evidence else ():
            assert path in texts
