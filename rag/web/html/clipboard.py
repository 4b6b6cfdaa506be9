"""An answer as plain text with its numbers and a list of its sources, for the clipboard."""

from __future__ import annotations

from collections.abc import Iterator

from rag.answering.citations import marker
from rag.export.marked_up import Manner, markdown
from rag.export.verdicts import label
from rag.schema import Answer, Citation, Sentence
from rag.web.html.elements import laid


def copied(given: Answer) -> str:
    """Return the question, the sentences with [n] behind them, and the sources by number."""
    sources = [_source(item) for item in given.citations]
    blocks = [given.question, _laid(given) or "".join(_sentences(given)).strip() or given.text]
    return "\n\n".join([*blocks, *(["\n".join(["Sources", *sources])] if sources else [])])


def _laid(given: Answer) -> str:
    """What a language model wrote, with its lists and tables; empty for other answers."""
    return markdown(laid(given), Manner(str, marker, _doubt))


def _doubt(item: Sentence) -> str:
    said = label(item) or "; ".join(item.reasons)
    return f"({said})" if said else ""


def _sentences(given: Answer) -> Iterator[str]:
    for item in given.sentences:
        numbers = "".join(f"[{number}]" for number in item.citations)
        gap = " " if item.goes_on else "\n\n"
        yield gap + f"{' '.join(item.text.split())} {numbers} {_doubt(item)}".rstrip()


def _source(item: Citation) -> str:
    article = item.article
    page = article.page_at(item.quote_start)
    where = f"{article.path}, page {page}" if page else article.path
    known = (article.name, article.credits, where if article.title else None)
    says = f" {item.speaker}:" if item.speaker else ""
    words = " ".join(item.quote.split())
    return f"[{item.number}] {'. '.join(filter(None, known))}.{says} “{words}”"
