"""Whether the support check tells true sentences from false ones, written as models write them.

    python -m benchmarks.support.written ../shared/bench/written/written.dev.jsonl

Each line of the file is an answer with the passages that its sentences cite, and for each sentence
whether it is true of them; `kind` says how a false one was made. A sentence is "marked" if the
check calls it partly or not supported. Prints the share that is marked by kind, then the counts as
one line of JSON.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rag.articles import make_article
from rag.checking.support import check
from rag.schema import Article, Hit, Kind, Passage, Support
from rag.text.dates import parse_date

Verdict = tuple[Support, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence, whether it is true, how it was made false, and what the check says."""

    id: str
    text: str
    true: bool
    kind: str  # "true" or the kind of the error
    verdict: Support
    reasons: tuple[str, ...]

    @property
    def marked(self) -> bool:
        """Whether a reader sees a mark."""
        return self.verdict != "supported"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many sentences of a set are marked, and how many of these are called unsupported."""

    true: int
    marked_true: int
    false: int
    marked_false: int
    unsupported_true: int
    unsupported_false: int

    @classmethod
    def of(cls, judged: Sequence[Judged]) -> Counts:
        """Count."""
        true, false = [i for i in judged if i.true], [i for i in judged if not i.true]
        return cls(
            len(true),
            sum(item.marked for item in true),
            len(false),
            sum(item.marked for item in false),
            sum(item.verdict == "unsupported" for item in true),
            sum(item.verdict == "unsupported" for item in false),
        )


def main() -> None:
    """Judge, print the table by kind and the counts, write the results."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("file", type=Path)
    parser.add_argument("--errors", action="store_true", help="show what is judged wrongly")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    judged = list(judge(options.file))
    if options.errors:
        show_errors(judged)
    for line in table(judged):
        print(line)
    counts = json.dumps(asdict(Counts.of(judged)))
    print(counts)
    if options.out:
        options.out.write_text(counts + "\n", encoding="utf-8")


def judge(file: Path) -> Iterator[Judged]:
    """The verdict on every sentence that cites something."""
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        hits = shown(row["passages"])
        for item in row["sentences"]:
            if item["citations"]:
                cited = [hits[number - 1] for number in item["citations"]]
                verdict, reasons = check(item["text"], cited)
                kind = item["kind"] or "true"
                yield Judged(row["id"], item["text"], item["label"], kind, verdict, reasons)


def shown(passages: Sequence[dict[str, Any]]) -> list[Hit]:
    """The passages as hits; those of one file are passages of one article."""
    files = dict.fromkeys(item["file"] for item in passages)
    articles = {file: _article([p for p in passages if p["file"] == file]) for file in files}
    return [_hit(number, item, articles[item["file"]]) for number, item in enumerate(passages)]


def _article(passages: Sequence[dict[str, Any]]) -> Article:
    first = passages[0]
    return make_article(
        first["file"],
        title=first["title"],
        author=first["author"],
        outlet=first["outlet"],
        published=parse_date(first["published"]),
        url=None,
        text="\n\n".join(dict.fromkeys(item["text"] for item in passages)),
        parts=(),
    )


def _hit(number: int, item: dict[str, Any], article: Article) -> Hit:
    start = article.text.index(item["text"])
    kind: Kind = item["kind"] if item["kind"] in ("comment", "caption") else "body"
    known = (item["title"], item["outlet"], item["published"])
    header = " | ".join(filter(None, known))
    end = start + len(item["text"])
    passage = Passage(
        f"{article.id}:{number}", article.id, number, start, end, item["text"], header, kind
    )
    return Hit(passage, article, 1.0)


def table(judged: Sequence[Judged]) -> Iterator[str]:
    """A line for each kind, those of which the most are missed last."""
    kinds = sorted({item.kind for item in judged}, key=lambda kind: (kind != "true", kind))
    yield f"{'kind':<20} {'sentences':>9} {'marked':>7} {'unsupported':>12}"
    for kind in kinds:
        own = [item for item in judged if item.kind == kind]
        marked = sum(item.marked for item in own)
        unsupported = sum(item.verdict == "unsupported" for item in own)
        yield f"{kind:<20} {len(own):>9} {marked:>7} {unsupported:>12}"


def show_errors(judged: Sequence[Judged]) -> None:
    """Print the true sentences that are marked and the false ones that are not."""
    for item in judged:
        if item.true is item.marked:
            print(item.id, item.kind, item.verdict, "|", item.text)
            for reason in item.reasons:
                print("      ", reason)


if __name__ == "__main__":
    main()
