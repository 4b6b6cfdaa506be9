"""How often Byline says that sources take sides, and how much of that is right.

    python -m benchmarks.positions ../shared --work WORK

`questions.jsonl`: 60 questions of position on real news, half of them where at least two articles
take opposite sides (`sided`), with the articles on each side. They are asked of an index of those
articles and of others beside them. What is said of sides is printed: in an answer (differing
positions, or that the articles say the contrary), and in a comparison (rows that support or
contradict). A saying counts as judged by hand if `verdicts.jsonl` has it word for word.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.retrieval import byline
from benchmarks.retrieval.data import Source, load_news, rows
from rag.answering.comparison import Row, compare
from rag.pipeline import answer
from rag.resources import Resources
from rag.schema import Done

HERE = Path(__file__).parent
_ARTICLES = 150
_SEED = 5


@dataclass(frozen=True, slots=True)
class Saying:
    """Something said of sides. `by`: "answer", "note" or "compare"."""

    id: str
    by: str
    says: str


def said(id_: str, question: str, resources: Resources) -> Iterator[Saying]:
    """Everything that is said of sides on one question."""
    done = None
    for event in answer(question, resources):
        done = event
    assert isinstance(done, Done)  # always the last event
    for differ in done.answer.disagreements:
        sides = "; ".join(f"“{side.value}”" for side in differ.sides)
        yield Saying(id_, "answer", f"{differ.about}: {sides}")
    declined = done.answer.status == "not_in_articles" and "“" in done.answer.text
    for note in (*done.answer.notes, *([done.answer.text] if declined else ())):
        yield Saying(id_, "note", note)  # a refusal that quotes what the articles say instead
    found = compare(question, resources)
    for row in found.rows:
        if row.bearing != "neither":
            yield Saying(id_, "compare", _of_row(row, found.against))


def _of_row(row: Row, against: str) -> str:
    words = " ".join(row.words.split())
    return f"{row.article.path.rpartition('#')[2]} {row.bearing} {against} | {words}"


def chosen(shared: Path, asked: Sequence[dict[str, object]]) -> list[Source]:
    """The articles that the questions name, and others up to `_ARTICLES`."""
    named = {id_ for row in asked for side in ("for", "against") for id_ in row[side]}  # type: ignore[attr-defined]
    every = load_news(shared / "bench/news2025").articles
    others = [item.id for item in every if item.id not in named]
    named.update(random.Random(_SEED).sample(others, _ARTICLES - len(named)))
    return [item for item in every if item.id in named]


def summary(asked: Sequence[dict[str, object]], found: Sequence[Saying]) -> str:
    """For each kind of saying: on how many questions, and how many are judged to be what."""
    known = {(row["id"], row["by"], row["says"]): row["verdict"] for row in _verdicts()}
    sided = {row["id"] for row in asked if row["sided"]}
    lines = []
    for kind in ("answer", "note", "compare"):
        own = [item for item in found if item.by == kind]
        on = {item.id for item in own}
        judged = Counter(known.get((i.id, i.by, i.says), "not judged") for i in own)
        lines.append(
            f"{kind}: {len(own)} sayings on {len(on & sided)} of {len(sided)} questions with sides "
            f"and {len(on - sided)} of {len(asked) - len(sided)} without; {dict(judged)}"
        )
    return "\n".join(lines)


def _verdicts() -> list[dict[str, str]]:
    file = HERE / "verdicts.jsonl"
    return rows(file) if file.is_file() else []


def main() -> None:
    """Ask, print, write what was said."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--work", type=Path, default=Path(".byline/benchmarks"))
    parser.add_argument("--out", type=Path, default=HERE / "results" / "said.jsonl")
    given = parser.parse_args()
    asked = rows(HERE / "questions.jsonl")
    with byline.opened(given.work, "positions", chosen(given.shared, asked)) as resources:
        found = [item for row in asked for item in said(row["id"], row["question"], resources)]
    given.out.parent.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(asdict(item), ensure_ascii=False) for item in found)
    given.out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(summary(asked, found))


if __name__ == "__main__":
    main()
