"""An answer as plain text with its numbers and a list of its sources, for the clipboard."""

from __future__ import annotations

from collections.abc import Iterator

from rag.schema import Answer, Citation


def copied(given: Answer) -> str:
    """Return the question, the sentences with [n] behind them, and the sources by number."""
    sources = [_source(item) for item in given.citations]
    blocks = [given.question, "".join(_sentences(given)).strip() or given.text]
    return "\n\n".join([*blocks, *(["\n".join(["Sources", *sources])] if sources else [])])


def _sentences(given: Answer) -> Iterator[str]:
    for item in given.sentences:
        numbers = "".join(f"[{number}]" for number in item.citations)
        weak = "" if item.support == "supported" else f" ({_verdict(item.support)})"
        gap = " " if item.goes_on else "\n\n"
        yield gap + f"{' '.join(item.text.split())} {numbers}".rstrip() + weak


def _verdict(support: str) -> str:
    return "partly supported" if support == "partial" else "not supported by its sources"


def _source(item: Citation) -> str:
    article = item.article
    page = article.page_at(item.quote_start)
    where = f"{article.path}, page {page}" if page else article.path
    known = (article.name, article.credits, where if article.title else None)
    says = f" {item.speaker}:" if item.speaker else ""
    words = " ".join(item.quote.split())
    return f"[{item.number}] {'. '.join(filter(None, known))}.{says} “{words}”"
