"""What the page's templates are given: counts, excerpts, credits, and text taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from rag.answering.layout import Node, laid_out, paired
from rag.answering.paragraphs import Run, is_marker
from rag.articles.paths import without_mark
from rag.export import templating
from rag.export.footnoted import writer
from rag.export.permalinks import permalink
from rag.export.verdicts import label, unsettled
from rag.models.prompts import REFUSAL
from rag.retrieval.filters import answered_from, stretch
from rag.schema import EXTRACTIVE, Answer, Article, Citation, Sentence, printed_day
from rag.web.page_pictures import DRAWN

MARKER = re.compile(r"\[(\d+(?:\s*,\s*\d+)*)\]")
_HELP = re.compile(r" \[[^\[\]]+\]")  # "He [Lavrov] said": whom a pronoun means


def printed(file: str, macro: str, *given: object) -> str:
    """Return the HTML that a macro of `templates/FILE.html` makes of `given`."""
    return templating.printed(_TEMPLATES, f"{file}.html", macro, *given)


def counted(number: int, noun: str) -> str:
    """`1 article`, `2,418 articles`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def excerpt(text: str, most: int) -> str:
    """Return `text` on one line, cut after a word where it has more than `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + " …"


def grouped(number: int) -> str:
    """`1`, `2,418`."""
    return f"{number:,}"


def short_day(day: date) -> str:
    """Return a date as a table has it: `4 Mar 2024`."""
    return f"{day.day} {day:%b %Y}"


def link_to(article: Article, start: int, end: int) -> str:
    """Return the permalink of words on this server; of the whole article if `end` is 0."""
    return permalink("", article.id, start, end) if end else permalink("", article.id)


def dotted(parts: Iterable[str | None]) -> str:
    """Return what is known of `parts` with dots between."""
    return " · ".join(filter(None, parts))


def dated(article: Article) -> str:
    """When it was published; a date that can be read two ways as it is printed."""
    if article.dated and not article.published:
        return f"dated {article.dated}, which can be read two ways"
    return printed_day(article.published) or "no date given"


def worded(text: str, sources: Sequence[Citation]) -> tuple[str | None, str]:
    """Return what stands before one source's own words, and the words; None: they are no such."""
    plain = " ".join(text.split())
    quote = " ".join(sources[0].quote.split()) if len(sources) == 1 else ""
    bare = plain if plain.endswith(quote) else _HELP.sub("", plain)
    lead = bare.removesuffix(quote).strip()
    if not quote or not bare.endswith(quote) or not plain.startswith(lead):
        return None, plain
    return lead, plain.removeprefix(lead).strip()


def cited(item: Sentence, given: Answer) -> list[tuple[int, Citation | None]]:
    """Return the numbers of a sentence, each with what it cites in the answer, if anything."""
    sources = {source.number: source for source in given.citations}
    return [(number, sources.get(number)) for number in item.citations]


def laid(given: Answer) -> list[tuple[Node, Sentence | None]]:
    """Return the elements and sentences of what a language model wrote, each with its verdict.

    Empty for the articles' own sentences, which stand one by one.
    """
    if given.model == EXTRACTIVE:
        return []
    return paired(laid_out(given.text), given.sentences)


def unchecked(text: str) -> list[tuple[Node, None]]:
    """Return the elements and sentences of an answer under way."""
    return [(node, None) for node in laid_out(text)]


def at_number(number: int, sources: Iterable[Citation]) -> Citation | None:
    """Return the citation of that number, if there is one."""
    return next((item for item in sources if item.number == number), None)


def glued(text: str, following: Run | None) -> str:
    """Return `text` with a space at its end that no line breaks at, where a number follows."""
    is_number = following is not None and is_marker(following)
    return f"{text[:-1]}\N{NO-BREAK SPACE}" if is_number and text.endswith(" ") else text


def without_markers(text: str) -> str:
    """Return `text` without its [n]."""
    return MARKER.sub("", text)


def refuses(text: str) -> bool:
    """Say whether the articles are said not to answer; a question may also not be understood."""
    return text.startswith(REFUSAL)


def drawn(files: Iterable[str] | None) -> bool:
    """Say whether there are pages to draw: a PDF or a picture among the files of an article."""
    return any(file.casefold().endswith(DRAWN) for file in files or ())


_TEMPLATES = templating.opened(
    "rag.web.html",
    counted=counted,
    excerpt=excerpt,
    grouped=grouped,
    link_to=link_to,
    short_day=short_day,
    dotted=dotted,
    listed=", ".join,
    dated=dated,
    day=printed_day,
    cited=cited,
    worded=worded,
    laid=laid,
    glued=glued,
    at_number=at_number,
    label=label,
    unsettled=unsettled,
    unchecked=unchecked,
    drawn=drawn,
    refuses=refuses,
    without_markers=without_markers,
    without_mark=without_mark,
    answered_from=answered_from,
    stretch=stretch,
    writer=writer,
)
