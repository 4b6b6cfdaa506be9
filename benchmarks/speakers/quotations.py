"""Who says the words: `rag.speakers.attribution.speaker` against hand labels.

    python -m benchmarks.speakers.quotations --shared ../shared/articles \
        --out benchmarks/speakers/results/quotations.json

`sample.jsonl` labels stretches of the sample articles, `shared.jsonl` of five real articles that
are not part of the project (`--shared` names their folder; without it they are left out). A label
gives the file, offsets in the article's text as Byline reads it, the SHA-256 of that stretch, its
first words for orientation, the kind of statement, and the speakers that count as right; none
where the words are the author's own, a document's, an unnamed person's, or truly unclear.

- right: the same person (last names equal and no other name contradicting), or None where no one
  is expected;
- unknown: None where someone is expected;
- wrong: a person who did not say it.

Labels with an even place in the file were for developing, those with an odd place were held out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from statistics import median
from typing import Any, Literal

from rag.articles import read_file
from rag.schema import Article
from rag.speakers.attribution import READER, speaker

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SAMPLE = ROOT / "examples" / "articles"
Verdict = Literal["right", "unknown", "wrong"]
VERDICTS: tuple[Verdict, ...] = ("right", "unknown", "wrong")
_SMALL = frozenset("the of and for".split())


@dataclass(frozen=True, slots=True)
class Label:
    """A stretch of an article and who says it; `speakers` is empty where no one is to be named."""

    file: str
    start: int
    end: int
    sha256: str
    words: str  # at most the first five
    kind: str
    speakers: tuple[str, ...]
    held_out: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What was said of one label."""

    label: Label
    given: str | None
    verdict: Verdict


def labels(file: Path) -> list[Label]:
    """The labels of a file of this folder."""
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        row["speakers"] = tuple(row.pop("speaker"))
        found.append(Label(**row, held_out=bool(number % 2)))
    return found


@lru_cache(maxsize=64)
def read(file: Path) -> Article:
    """The article of a file that holds one."""
    (article,) = read_file(file, file.name).articles
    return article


def judge(label: Label, folder: Path) -> Result:
    """Ask for the speaker of one label.

    Raises:
        ValueError: the article's text is not what was labelled.

    """
    article = read(folder / label.file)
    words = article.text[label.start : label.end]
    if hashlib.sha256(words.encode()).hexdigest() != label.sha256:
        raise ValueError(f"{label.file} {label.start}: not the words that were labelled")
    given = speaker(article, label.start, label.end)
    return Result(label, given, verdict(label.speakers, given))


def verdict(expected: Sequence[str], given: str | None) -> Verdict:
    """Whether `given` is one of `expected`; None is expected where that is empty."""
    if given is None:
        return "unknown" if expected else "right"
    return "right" if any(is_same(name, given) for name in expected) else "wrong"


def is_same(expected: str, given: str) -> bool:
    """Whether both name one speaker: the same last name, and the shorter is part of the longer."""
    if READER in expected:
        return given == expected
    ours, theirs = _words(expected), _words(given.split(",")[0])
    shorter, longer = sorted((ours, theirs), key=len)
    return bool(shorter) and ours[-1] == theirs[-1] and set(shorter) <= set(longer)


def _words(name: str) -> list[str]:
    return [word for word in re.findall(r"\w+", name.casefold()) if word not in _SMALL]


def speed(results: Sequence[Result], folder: Path) -> dict[str, float]:
    """Medians in milliseconds of processor time: an article's first span, and each one after.

    The first is given per 10,000 characters of the article, which it reads as a whole.
    """
    first, after = [], []
    for file in sorted({item.label.file for item in results}):
        article = replace(read(folder / file), id="timed")  # one that was not read before
        spans = [item.label for item in results if item.label.file == file]
        took = [_milliseconds(article, label) for label in spans]
        first.append(took[0] * 10_000 / len(article.text))
        after += took[1:]
    return {"first span": round(median(first), 2), "further spans": round(median(after), 3)}


def _milliseconds(article: Article, label: Label) -> float:
    started = time.process_time()
    speaker(article, label.start, label.end)
    return 1000 * (time.process_time() - started)


def table(results: Iterable[Result]) -> dict[str, dict[str, float]]:
    """Counts and shares by kind, by half, and of all."""
    groups: dict[str, Counter[str]] = {}
    for item in results:
        half = "held out" if item.label.held_out else "developed on"
        for group in (item.label.kind, half, "all"):
            groups.setdefault(group, Counter())[item.verdict] += 1
    ends = ("developed on", "held out", "all")
    order = [*sorted(group for group in groups if group not in ends), *ends]
    return {group: _row(groups[group]) for group in order if group in groups}


def _row(counts: Counter[str]) -> dict[str, float]:
    total = counts.total()
    shares = {f"{name} share": round(counts[name] / total, 3) for name in ("right", "wrong")}
    return {"labels": total, **{name: counts[name] for name in VERDICTS}, **shares}


def run(folders: Mapping[str, Path]) -> dict[str, list[Result]]:
    """Judge all labels, by the set they are of."""
    return {
        name: [judge(label, folder) for label in labels(HERE / f"{name}.jsonl")]
        for name, folder in folders.items()
    }


def printed(rows: dict[str, dict[str, float]]) -> str:
    """The table as text."""
    lines = [f"{'':14}{'labels':>8}{'right':>8}{'unknown':>9}{'wrong':>7}{'share':>8}"]
    for name, row in rows.items():
        counts = f"{row['labels']:8}{row['right']:8}{row['unknown']:9}{row['wrong']:7}"
        lines.append(f"{name:14}{counts}{row['right share']:8.3f}")
    return "\n".join(lines)


def _missed(results: Iterable[Result]) -> list[dict[str, Any]]:
    return [
        {
            "file": item.label.file,
            "start": item.label.start,
            "words": item.label.words,
            "expected": item.label.speakers,
            "given": item.given,
            "verdict": item.verdict,
            "held out": item.label.held_out,
        }
        for item in results
        if item.verdict != "right"
    ]


def main() -> None:
    """Print a table for each set and for both; write them and the misses as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--shared", type=Path, help="folder of the five real articles")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--misses", choices=("developed on", "all"), help="print what went wrong")
    options = parser.parse_args()
    folders = {"sample": SAMPLE, **({"shared": options.shared} if options.shared else {})}
    judged = run(folders)
    judged["both"] = [item for results in judged.values() for item in results]
    for name, results in judged.items():
        print(f"{name}\n{printed(table(results))}\n")
    times = {name: speed(judged[name], folder) for name, folder in folders.items()}
    print(f"milliseconds: {times}")
    missed = _missed(judged["both"])
    for item in missed:
        if options.misses == "all" or (options.misses and not item["held out"]):
            print(json.dumps(item, ensure_ascii=False))
    if options.out:
        tables = {name: table(results) for name, results in judged.items()}
        report = {"tables": tables, "milliseconds": times}
        text = json.dumps({**report, "not right": missed}, indent=1, ensure_ascii=False)
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
