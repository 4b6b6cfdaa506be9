"""Article text of saved pages against gold text, beside what users would take instead.

    python -m benchmarks.reading.text ../shared/bench/html/scrapinghub \
        --out benchmarks/reading/results/text.json
    python -m benchmarks.reading.text ../shared/bench/html/readability \
        --out benchmarks/reading/results/text-readability.json

The first folder is the article extraction benchmark by Scrapinghub: `ground-truth.json` and
`html/*.html.gz`, 181 pages. Its own metric is the F1 of the average precision and recall over
runs of four words; the same over single words stands beside it, and the average of the pages' F1.
The second folder is Mozilla's Readability test set (`source.html`, `expected.html`), as a check on
pages for which no rule was written; those with a gold text of under a hundred words are left out,
for they are tests of a parser, a line or two without an article.

What counts as Byline's article text: its body parts, so neither comments nor captions, without
the headline and without bylines among the first paragraphs. The gold leaves those out: it holds
the headline on none of the 181 pages, and the author's name near its beginning on three. The gold
of the second set keeps captions, so there they count too.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.reading.running import quiet, versions, write
from benchmarks.reading.scoring import averages, compare, shingles, words
from rag.articles.bylines import read_byline
from rag.articles.formats.webpages import html
from rag.errors import ArticleError
from rag.schema import Article, Kind

_HEAD = 6  # paragraphs among which a byline may stand
_LEAST_GOLD = 100  # words
_WORST = 10  # pages listed in the results


@dataclass(frozen=True, slots=True)
class Page:
    """A saved page and its gold text."""

    name: str
    data: bytes
    gold: str


def pages(folder: Path) -> list[Page]:
    """Pages of either set."""
    return list(_scrapinghub(folder) if is_scrapinghub(folder) else _readability(folder))


def is_scrapinghub(folder: Path) -> bool:
    """Which of the two sets it is."""
    return (folder / "ground-truth.json").exists()


def _scrapinghub(folder: Path) -> Iterator[Page]:
    gold = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    for name, page in sorted(gold.items()):
        data = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        yield Page(page.get("url", name), data, page["articleBody"])


def _readability(folder: Path) -> Iterator[Page]:
    for file in sorted(folder.glob("*/expected.html")):
        gold = _plain(file.read_bytes())
        if len(gold.split()) < _LEAST_GOLD:
            continue
        yield Page(file.parent.name, file.with_name("source.html").read_bytes(), gold)


def _plain(markup: str | bytes) -> str:
    from bs4 import BeautifulSoup

    return BeautifulSoup(markup, "lxml").get_text(" ")


def by_byline(data: bytes, kinds: tuple[Kind, ...] = ("body",)) -> str:
    """Byline's article text, as the docstring above defines it; empty where it refuses the page."""
    try:
        (article,) = html.read(data, "page.html")
    except ArticleError:
        return ""
    return article_text(article, kinds)


def by_byline_with_captions(data: bytes) -> str:
    """Byline's article text and captions."""
    return by_byline(data, ("body", "caption"))


def article_text(article: Article, kinds: tuple[Kind, ...]) -> str:
    """Parts of the given kinds without headline and bylines."""
    parts = [article.text[p.start : p.end] for p in article.parts if p.kind in kinds]
    paragraphs = "\n\n".join(parts).split("\n\n")
    if paragraphs[0] == article.title:
        del paragraphs[0]
    head = [text for text in paragraphs[:_HEAD] if read_byline(text) is None]
    return "\n\n".join([*head, *paragraphs[_HEAD:]])


def by_trafilatura(data: bytes) -> str:
    """Trafilatura with its defaults, which keep comments."""
    import trafilatura

    return trafilatura.extract(data) or ""


def by_trafilatura_without_comments(data: bytes) -> str:
    """Trafilatura told to leave comments out: the stronger of the two on article text."""
    import trafilatura

    return trafilatura.extract(data, include_comments=False) or ""


def by_readability(data: bytes) -> str:
    """readability-lxml's summary as plain text."""
    import readability  # type: ignore[import-untyped, unused-ignore]

    try:
        summary = readability.Document(data.decode("utf-8", "replace")).summary()
    except readability.readability.Unparseable:
        return ""
    return _plain(summary)


READERS: dict[str, Callable[[bytes], str]] = {
    "byline": by_byline,
    "trafilatura": by_trafilatura,
    "trafilatura, no comments": by_trafilatura_without_comments,
    "readability-lxml": by_readability,
    "BeautifulSoup get_text": _plain,
}


def score(read: Callable[[bytes], str], all_pages: list[Page]) -> dict[str, Any]:
    """Averages by words and by runs of four, and the worst pages."""
    texts = [(page, read(page.data)) for page in all_pages]
    by_words = [compare(page.gold, text, words) for page, text in texts]
    by_runs = [compare(page.gold, text, shingles) for page, text in texts]
    ranked = sorted(
        (round(s.f1, 4), page.name) for s, (page, _) in zip(by_runs, texts, strict=True)
    )
    return {
        "words": averages(by_words),
        "runs of four": averages(by_runs),
        "worst": [{"page": name, "f1": f1} for f1, name in ranked[:_WORST]],
    }


def main() -> None:
    """Score every reader, print a table, write the results."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    quiet()
    all_pages = pages(options.folder)
    readers = dict(READERS)
    if not is_scrapinghub(options.folder):
        readers["byline"] = by_byline_with_captions
    scores = {name: score(read, all_pages) for name, read in readers.items()}
    print(f"{len(all_pages)} pages: precision / recall / F1 / average of the pages' F1")
    for name, units in scores.items():
        cells = (" ".join(f"{value:.3f}" for value in units[u].values()) for u in _UNITS)
        print(f"{name:<26}", "   ".join(f"{u}: {c}" for u, c in zip(_UNITS, cells, strict=True)))
    write(options.out, {"pages": len(all_pages), "versions": versions(), "readers": scores})


_UNITS = ("words", "runs of four")


if __name__ == "__main__":
    main()
