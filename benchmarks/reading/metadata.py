"""Title, byline and date of the pages of Mozilla's Readability test set, found and right.

    python -m benchmarks.reading.metadata ../shared/bench/html/readability \
        --out benchmarks/reading/results/metadata.json

The folder holds one folder a page with `source.html` and `expected-metadata.json`, whose fields
`title`, `byline` and `publishedTime` are the gold. Shares are of the pages on which the gold has
the field. Case and white space do not count, and

- a title is right if it equals the gold once what follows the last " - " or " | " (the site) is
  taken off either, or if it contains the gold;
- a byline is right if its names equal the gold's once "by", dates, times and brackets are taken
  off; names joined by "and" or a comma may come in any order;
- a date is right if it is the gold's calendar day, as the gold writes it.

`false` counts the pages on which the gold has no such field and the reader says something: many
of those are right all the same, for the gold reads fewer places.

Peers read the same bytes with their defaults: trafilatura's `extract_metadata` (titles, authors,
dates), and readability-lxml (titles only).
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.reading.running import quiet, versions, write
from rag.articles.formats.webpages import html
from rag.errors import ArticleError

_FIELDS = {"title": "title", "byline": "byline", "date": "publishedTime"}
_SITE = re.compile(r"\s+(?:[|–—·•«»-]|::)\s+(?!.*\s(?:[|–—·•«»-]|::)\s).*$")
_BY = re.compile(r"^(?:written |posted |story )?(?:by|par|von|por|de|di)\b:?\s+", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]*\)")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_WHEN = re.compile(
    rf"(?:{_MONTH} \d{{1,2}},? \d{{4}}|\d{{1,2}} {_MONTH} \d{{4}})\d*"
    r"(?:\s+\d{1,2}:\d\d(?: [ap]m)?)?",
    re.IGNORECASE,
)
Found = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Page:
    """A page and what the gold says about it."""

    name: str
    file: Path
    gold: Found


def pages(folder: Path) -> Iterator[Page]:
    """Every page of the set, in order of its name."""
    for expected in sorted(folder.glob("*/expected-metadata.json")):
        stated = json.loads(expected.read_text(encoding="utf-8"))
        gold = {field: stated.get(key) or None for field, key in _FIELDS.items()}
        yield Page(expected.parent.name, expected.with_name("source.html"), gold)


def by_byline(page: Page) -> Found:
    """What Byline finds; nothing where it refuses the page."""
    try:
        (article,) = html.read(page.file.read_bytes(), page.file.name)
    except ArticleError:
        return {}
    day = article.published.isoformat() if article.published else None
    return {"title": article.title, "byline": article.author, "date": day}


def by_trafilatura(page: Page) -> Found:
    """What trafilatura finds."""
    from trafilatura.metadata import extract_metadata

    found = extract_metadata(page.file.read_text(encoding="utf-8"))
    return {"title": found.title, "byline": found.author, "date": found.date}


def by_readability(page: Page) -> Found:
    """What readability-lxml finds: a title."""
    import readability  # type: ignore[import-untyped, unused-ignore]

    return {"title": readability.Document(page.file.read_text(encoding="utf-8")).short_title()}


READERS: dict[str, Callable[[Page], Found]] = {
    "byline": by_byline,
    "trafilatura": by_trafilatura,
    "readability-lxml": by_readability,
}


def is_right(field: str, gold: str, found: str) -> bool:
    """Whether `found` is `gold`, by the rule for `field`."""
    if field == "title":
        ours, theirs = fold(found), fold(gold)
        return theirs in ours or bool(_titles(ours) & _titles(theirs))
    if field == "byline":
        return names(found) == names(gold)
    return found[:10] == gold[:10]


def _titles(text: str) -> set[str]:
    return {text, _SITE.sub("", text)}


def fold(text: str) -> str:
    """Casefold, and one space for each white space."""
    return " ".join(text.casefold().split())


def names(byline: str) -> frozenset[str]:
    """Names in a byline, folded."""
    text = " ".join(_BRACKETS.sub(" ", _WHEN.sub(" ", " ".join(byline.split()))).split())
    text = _BY.sub("", text)
    return frozenset(fold(name) for name in re.split(r",|;| and | & ", text) if name.strip())


def score(read: Callable[[Page], Found], all_pages: list[Page]) -> dict[str, Any]:
    """Share right, share found, false finds and the wrong ones of each field."""
    finds = [(page, read(page)) for page in all_pages]
    return {field: _score(field, finds) for field in _FIELDS}


def _score(field: str, finds: list[tuple[Page, Found]]) -> dict[str, Any]:
    stated = [
        (page.name, gold, got.get(field)) for page, got in finds if (gold := page.gold[field])
    ]
    wrong = {
        name: [gold, found]
        for name, gold, found in stated
        if not found or not is_right(field, gold, found)
    }
    extra = sum(1 for page, got in finds if got.get(field) and not page.gold[field])
    return {
        "gold": len(stated),
        "right": round(1 - len(wrong) / len(stated), 4),
        "found": round(sum(1 for *_, found in stated if found) / len(stated), 4),
        "false": extra,
        "wrong": wrong,
    }


def main() -> None:
    """Score each reader, print a table, write the results."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    quiet()
    all_pages = list(pages(options.folder))
    scores = {name: score(read, all_pages) for name, read in READERS.items()}
    print(f"{len(all_pages)} pages; right / found, of the pages whose gold has the field")
    for name, fields in scores.items():
        cells = (
            f"{f} {s['right']:.3f} / {s['found']:.3f} of {s['gold']}" for f, s in fields.items()
        )
        print(f"{name:<18}", "   ".join(cells))
    write(options.out, {"pages": len(all_pages), "versions": versions(), "readers": scores})


if __name__ == "__main__":
    main()
