"""Summaries of one article beside its first sentences, by ROUGE against what editors wrote.

    python -m benchmarks.summaries ../shared/bench --out benchmarks/summaries/results/rouge.json

Two kinds of reference: the description that a news page carries about itself (`<meta>`), where it
is a sentence of its own and not the beginning of the text, and the true summaries of SummEdits. All
ways choose the same number of sentences of the same ones, so that none gains by length.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from lxml import etree
from lxml import html as lxml_html

from benchmarks.summaries.rouge import rouge_l, rouge_n
from rag.answering.centrality import lexrank, spread
from rag.answering.prose import prose
from rag.answering.summary import Digest, chosen, digest
from rag.articles.files import read_data
from rag.articles.formats.webpages import html
from rag.errors import ArticleError
from rag.resources import open_embedder
from rag.schema import Article
from rag.settings import load_settings
from rag.text.words import fold

_LEAST_TEXT, _LEAST_REFERENCE = 200, 12  # words
_BEGINNING = 60  # characters of a description that must not stand in the text
_DESCRIPTION = "//meta[@property='og:description' or @name='description']/@content"
Choose = Callable[[Digest, int], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Reference:
    """An article and what was written as its summary, by one or several."""

    kind: str
    article: Article
    summaries: tuple[str, ...]


def described(folder: Path) -> Iterator[Reference]:
    """The English pages whose description is a sentence of its own."""
    for file in sorted([*folder.rglob("*.html.gz"), *folder.rglob("source.html")]):
        raw = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        try:
            (article,) = html.read(raw, file.name)
            page = lxml_html.document_fromstring(raw, parser=etree.HTMLParser(encoding="utf-8"))
        except (ArticleError, ValueError, etree.ParserError):
            continue
        if article.language != "en" or len(article.text.split()) < _LEAST_TEXT:
            continue
        found = (" ".join(text.split()) for text in page.xpath(_DESCRIPTION))
        own = [text for text in found if _is_own(text, article)]
        if own:
            yield Reference("page description", article, (own[0],))


def _is_own(text: str, article: Article) -> bool:
    whole = len(text.split()) >= _LEAST_REFERENCE and not text.endswith(("…", "..."))
    return whole and fold(text.rstrip("."))[:_BEGINNING] not in fold(article.text)


def summedits(file: Path) -> Iterator[Reference]:
    """Articles with the summaries of them that are labelled true."""
    true = defaultdict(list)
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["supported"]:
            true[row["source"]].append(row["claim"])
    for source, claims in true.items():
        (article,) = read_data(source.encode(), ".txt", "article.txt").articles
        yield Reference("SummEdits", article, tuple(claims))


def _lead(found: Digest, count: int) -> Sequence[int]:
    return range(min(count, len(found.lines)))


def _lexrank(found: Digest, count: int) -> Sequence[int]:
    order: list[int] = np.argsort(-lexrank(found.vectors)).tolist()
    return order[:count]


def _mmr(found: Digest, count: int) -> Sequence[int]:
    """Nearest to the mean of all sentences, without repeats."""
    middle = found.vectors.mean(axis=0)
    worth = np.clip(found.vectors @ (middle / np.linalg.norm(middle)), 0, 1)
    return spread(worth, found.vectors, most=count)


def _byline(found: Digest, _count: int) -> Sequence[int]:
    return chosen(found)


WAYS: dict[str, Choose] = {
    "first sentences": _lead,
    "LexRank": _lexrank,
    "MMR to the middle": _mmr,
    "Byline": _byline,
}


def scored(references: Sequence[Reference]) -> dict[str, dict[str, dict[str, float]]]:
    """ROUGE-1, -2 and -L (F1), by kind of reference and way; seconds an article for Byline's."""
    embedder = open_embedder(load_settings({}))
    embedder.load()
    rows: dict[str, dict[str, list[list[float]]]] = defaultdict(lambda: defaultdict(list))
    for item in references:
        started = time.perf_counter()
        found = digest(item.article, prose(item.article), embedder)
        count = len(chosen(found))
        seconds = time.perf_counter() - started
        for way, choose in WAYS.items():
            text = " ".join(found.words(at) for at in sorted(choose(found, count)))
            scores = [_rouge(text, summary) for summary in item.summaries]
            row = [*np.mean(scores, axis=0), float(count), len(text.split()), seconds]
            rows[item.kind][way].append(row)
    names = ("rouge1", "rouge2", "rougeL", "sentences", "words", "seconds")
    return {
        kind: {
            way: dict(zip(names, np.mean(own, axis=0).round(4).tolist(), strict=True))
            for way, own in ways.items()
        }
        for kind, ways in rows.items()
    }


def _rouge(text: str, summary: str) -> list[float]:
    return [rouge_n(text, summary, 1), rouge_n(text, summary, 2), rouge_l(text, summary)]


def main() -> None:
    """Score, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("bench", type=Path, help="folder with html/ and support/")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    references = [
        *described(options.bench / "html"),
        *summedits(options.bench / "support" / "summedits_news.jsonl"),
    ]
    results = scored(references)
    for kind, ways in results.items():
        print(f"{kind}, {sum(item.kind == kind for item in references)} articles")
        for way, row in ways.items():
            print(f"  {way:18}", "  ".join(f"{name} {value:.3f}" for name, value in row.items()))
    if options.out:
        options.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
