"""The sets of questions, each with the folder or the articles that it is asked of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.retrieval import byline
from benchmarks.retrieval.data import Asked, Data, digest, load_multihop, load_news, rows
from rag.evaluation.fixed_questions import Question, load_questions
from rag.pipeline import ingest
from rag.resources import Resources, open_resources
from rag.settings import load_settings

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
FILE = "news.jsonl"  # that the articles of a set are written to, see `byline.opened`
Opened = tuple[Resources, list[Question]]


@dataclass(frozen=True, slots=True)
class Part:
    """A trial on some of a set; None: all of it. Articles that answer are always kept."""

    articles: int | None = None
    questions: int | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return self.articles is None and self.questions is None


@contextmanager
def sample(shared: Path, work: Path, part: Part) -> Iterator[Opened]:
    """The sample articles and their questions."""
    questions = load_questions(ROOT / "examples/questions.jsonl")
    with _folder(ROOT / "examples/articles", work / "evaluation-sample") as resources:
        yield resources, questions[: part.questions]


@contextmanager
def five(shared: Path, work: Path, part: Part) -> Iterator[Opened]:
    """Five scraped articles with fund-raising banners, forum headers and reader comments."""
    questions = load_questions(shared / "eval/articles.dev.jsonl")
    with _folder(shared / "articles", work / "evaluation-five") as resources:
        yield resources, questions[: part.questions]


@contextmanager
def news2025(shared: Path, work: Path, part: Part) -> Iterator[Opened]:
    """Quiz questions on a year of news, each with its answer in a word or two."""
    data = load_news(shared / "bench/news2025", articles=part.articles, questions=part.questions)
    with byline.opened(work, _name("news", part, data), data.articles) as resources:
        yield resources, [_of_news(item, data, resources) for item in data.questions]


@contextmanager
def multihop(shared: Path, work: Path, part: Part) -> Iterator[Opened]:
    """Questions over several articles, and such that nothing answers."""
    folder = shared / "bench/multihop"
    data = load_multihop(folder, questions=part.questions)
    answers = {row["id"]: row["answer"] for row in rows(folder / "questions.jsonl")}
    with byline.opened(work, _name("multihop", Part(), data), data.articles) as resources:
        yield (
            resources,
            [_of_multihop(item, answers[item.id], data, resources) for item in data.questions],
        )


SETS: Mapping[str, Callable[[Path, Path, Part], object]] = {
    "sample": sample,
    "five": five,
    "news2025": news2025,
    "multihop": multihop,
}
GATES = {
    "sample": ROOT / "examples/gate.toml",
    **{name: HERE / f"{name}.toml" for name in ("five", "news2025", "multihop")},
}
OURS = ("sample", "five")  # sets whose questions were written for this project


@contextmanager
def _folder(articles: Path, index: Path) -> Iterator[Resources]:
    with open_resources(load_settings({"index": index}), create=True) as resources:
        ingest(articles, resources)
        yield resources


def _name(name: str, part: Part, data: Data) -> str:
    """The index folder: that of the retrieval benchmark, which has the same articles."""
    return name if part.whole else f"{name}-{digest(data.articles)}"


def _of_news(item: Asked, data: Data, resources: Resources) -> Question:
    return Question(
        id=item.id,
        question=item.question,
        type="news",
        answers=item.answers,
        sources=_sources(item.gold, data, resources),
    )


def _of_multihop(item: Asked, answer: str, data: Data, resources: Resources) -> Question:
    """Of "yes" and "no" the articles have no words: there only the sources are looked at."""
    kind = item.type.removesuffix("_query")
    if not item.gold:
        return Question(id=item.id, question=item.question, type=kind, must_abstain=True)
    named = item.type == "inference_query"
    return Question(
        id=item.id,
        question=item.question,
        type=kind,
        answers=(answer,) if named else (),
        sources=_sources(item.gold, data, resources),
    )


def _sources(gold: frozenset[str], data: Data, resources: Resources) -> tuple[str, ...]:
    """Paths of the articles that answer; of several with one text the index keeps one."""
    index = resources.index
    there = {item.path for item in index.articles(index.article_ids()).values()}
    copies: Sequence[str] = [item for item, first in data.first_copy.items() if first in gold]
    return tuple(path for item in copies if (path := f"{FILE}#{item}") in there)
