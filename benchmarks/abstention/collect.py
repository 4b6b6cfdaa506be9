"""Questions with and without an answer among the articles -> what the decision is made from.

- News: each question of `news2025` is asked four times: among about 600 articles and among 40,
  with the articles that answer it and with those taken out. Some answers stand in other articles
  too, so a few of the questions without are mislabelled.
- Several articles: the questions of `multihop`; those of type `null_query` have no answer there.
- Fixed questions: files such as `examples/questions.jsonl`, each beside its folder of articles.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.retrieval import byline
from benchmarks.retrieval.data import Asked, Data, load_multihop, load_news
from rag.answering.decide import Features, described
from rag.answering.evidence import gather
from rag.evaluation.fixed_questions import Question, load_questions
from rag.pipeline import ingest
from rag.resources import Resources, open_resources
from rag.retrieval.finding import found_for, understand
from rag.schema import Filters
from rag.settings import load_settings

ARTICLES = 600  # of news, those that answer among them
FEW = 40
_SEED = 5


@dataclass(frozen=True, slots=True)
class Case:
    """A question as asked once. `answerable`: its answer is among the articles searched."""

    source: str
    id: str
    type: str
    answerable: bool
    composite: bool
    features: Features


def everything(shared: Path, work: Path, questions: int) -> dict[str, list[Case]]:
    """All cases by source; `questions` of news."""
    root = Path(__file__).parents[2]
    return {
        "sample questions": list(
            fixed("sample", root / "examples/questions.jsonl", root / "examples/articles", work)
        ),
        "five articles": list(
            fixed("five", shared / "eval/articles.dev.jsonl", shared / "articles", work)
        ),
        "multihop": list(multihop(shared / "bench/multihop", work)),
        "news": list(news(shared / "bench/news2025", work, questions)),
    }


def save(cases: Mapping[str, Sequence[Case]], file: Path) -> None:
    """Write one JSON object a case."""
    rows = ({"from": name, **asdict(case)} for name, some in cases.items() for case in some)
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")


def load(file: Path) -> dict[str, list[Case]]:
    """Read what `save` wrote."""
    found: dict[str, list[Case]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        features = Features(**row.pop("features"))
        found.setdefault(row.pop("from"), []).append(Case(**row, features=features))
    return found


def news(folder: Path, work: Path, questions: int) -> Iterator[Case]:
    """Four cases for each of the first `questions`."""
    data = load_news(folder, articles=ARTICLES, questions=questions)
    with byline.opened(work, f"abstention-{questions}", data.articles) as resources:
        for question in data.questions:
            yield from _four_times(question, data, resources)


def _four_times(question: Asked, data: Data, resources: Resources) -> Iterator[Case]:
    gold = [a.id for a in data.articles if data.first_copy[a.id] in question.gold]
    others = [a.id for a in data.articles if data.first_copy[a.id] not in question.gold]
    few = random.Random(f"{_SEED}{question.id}").sample(others, FEW)
    for name, ids, there in (
        ("all", [*gold, *others], True),
        ("all", others, False),
        ("few", [*gold, *few], True),
        ("few", few, False),
    ):
        filters = Filters(files=tuple(f"news.jsonl#{item}" for item in ids))
        yield case("news", question.id, name, question.question, there, resources, filters)


def multihop(folder: Path, work: Path) -> Iterator[Case]:
    """One case a question."""
    data = load_multihop(folder)
    with byline.opened(work, "multihop", data.articles) as resources:
        for q in data.questions:
            yield case("multihop", q.id, q.type, q.question, bool(q.gold), resources)


def fixed(name: str, file: Path, articles: Path, work: Path) -> Iterator[Case]:
    """One case a question of `file`."""
    questions: Sequence[Question] = load_questions(file)
    settings = load_settings({"index": work / f"abstention-{name}"})
    with open_resources(settings, create=True) as resources:
        ingest(articles, resources)
        for q in questions:
            yield case(name, q.id, q.type, q.question, not q.must_abstain, resources)


def case(
    source: str,
    id_: str,
    kind: str,
    question: str,
    answerable: bool,
    resources: Resources,
    filters: Filters = Filters(),  # noqa: B008 - frozen
) -> Case:
    """Ask as the pipeline does, as far as the decision."""
    query = understand(question, resources, filters=filters)
    evidence = gather(query, found_for(query, resources), resources)
    features, _ = described(query, evidence)
    return Case(source, id_, kind, answerable, query.composite, features)
