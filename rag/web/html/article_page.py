"""An article by its link: a page without a script, the words that the link names marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.schema import Article, Part
from rag.web.html.elements import printed
from rag.web.html.heads import below_head
from rag.web.html.reader import Focus, paragraphs


@dataclass(frozen=True, slots=True)
class Later:
    """What became of an article whose file has changed.

    `day`: when, in words. `article`: what stands there now, and `words`: where in it the words of
    the link still stand; None: they do not, or there is nothing.
    """

    day: str
    article: Article | None
    words: tuple[int, int] | None


def page(
    article: Article,
    files: Sequence[str],
    copies: Sequence[Article],
    start: int | None = None,
    end: int | None = None,
    later: Later | None = None,
) -> str:
    """Return the page; offsets beyond the text mark what there is of it.

    `later`: this is the text before its file was changed.
    """
    length = len(article.text)
    first = min(start or 0, length)
    last = min(max(end or 0, first), length)
    focus = Focus("", first, last, "")
    begins = below_head(article, [(first, last)])  # the head of the page says the rest
    parts = [
        (part.kind, part.author, paragraphs(article.text, part, focus, begins))
        for part in article.parts or (Part("body", 0, length),)
    ]
    is_marked = last > first
    number = article.page_at(first) if is_marked else None
    place = article.place_at(first) if is_marked else None
    return printed("article", "page", article, files, copies, parts, number, place, later)


def gone(said: str = "", now: str | None = None) -> str:
    """Return what stands where the article is not in the index; `said`: what became of it.

    `now`: the id of what stands in its place.
    """
    return printed("article", "gone", said, now)
