"""What the page's HTML is made of: escaped text, counts, credits, numbered chips."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape

from rag.schema import Article, Citation, printed_day

MARKER = re.compile(r"\[(\d+(?:\s*,\s*\d+)*)\]")


def escaped(text: str) -> str:
    """`text` on one line with nothing in it that HTML would read as markup."""
    return escape(" ".join(text.split()))


def counted(number: int, noun: str) -> str:
    """`1 article`, `2,418 articles`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def excerpt(text: str, most: int) -> str:
    """Return `text` on one line, cut after a word where it has more than `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + " …"


def outlet_and_day(article: Article) -> Iterable[str]:
    """Yield what is known of the two."""
    return filter(None, (article.outlet, printed_day(article.published)))


def dated(article: Article) -> str:
    """When it was published; a date that can be read two ways as it is printed."""
    if article.dated and not article.published:
        return f"dated {article.dated}, which can be read two ways"
    return printed_day(article.published) or "no date given"


def chip(item: Citation, turn: int, kind: str = "cite") -> str:
    """Return the number of a citation as a link that opens it, described by its card."""
    target = f"{kind}-{turn}-{item.number}"
    return (
        f"<a class='cite' href='#{target}' aria-describedby='card-{target}'"
        f" aria-label='Source {item.number}'>{item.number}</a>"
    )


def dead(number: int) -> str:
    """Return a number that opens nothing (yet)."""
    return f"<span class='cite'>{number}</span>"


def chips(numbers: str, each: Callable[[int], str]) -> str:
    """Return the chips of a marker's `numbers` ("1, 3"), `each` made by the function."""
    made = "".join(each(int(number)) for number in numbers.split(","))
    return f"<span class='chips'>{made}</span>"


def warned(warning: str) -> str:
    """Return the warning of a passage; empty for none."""
    if not warning:
        return ""
    return f"<span class='note trouble warned'>This passage {escaped(warning)}.</span>"


def trouble(text: str) -> str:
    """Return why the filters cannot be used as they stand."""
    return f"<p class='note trouble'>{escaped(text)}</p>"
