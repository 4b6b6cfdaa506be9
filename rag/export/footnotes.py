"""Answers as a text with footnotes: Markdown, one web page, or a Word document.

All words of questions, models and articles are escaped: no link, image or element of theirs works,
and the page loads and runs nothing. Links lead to the cited words in Byline, and to where an
article was published.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

from rag.export import templating, word_document
from rag.export.footnoted import Note, Section, section
from rag.export.marked_up import Manner, markdown
from rag.export.verdicts import remark
from rag.schema import Answer, Sentence, printed_day

TITLE = "Questions and answers"  # of several
_ACTIVE = re.compile(r"[\\`*_{}\[\]<>#|~&!$^@]|(?<=\w):(?=//)|(?<=www)\.", re.IGNORECASE)
_STARTS = re.compile(r"^(\d+(?=[.)])|(?=[-+=]))")
_ADDRESS = re.compile(r"https?://[\w.~:/?#@!$&'()*+,;=%-]+", re.ASCII)


def printed(answers: Sequence[Answer], suffix: str, day: date, base: str) -> bytes:
    """One answer, or those of a conversation, in the form that a file's suffix asks for.

    `day`: when they were given; `base`: what permalinks begin with. The same answers, day and base
    make the same bytes. Raises KeyError for a suffix that is not in `FORMS`.
    """
    sections = [section(answer, base) for answer in answers]
    title = sections[0].question if len(sections) == 1 else TITLE
    return FORMS[suffix](title, sections, f"Byline, {printed_day(day)}")


# --- Markdown


def as_markdown(title: str, sections: Sequence[Section], made: str) -> bytes:
    """With footnotes as Pandoc, GitHub and Obsidian write them."""
    several = len(sections) > 1
    blocks = [f"# {_plain(title)}"]
    for turn, item in enumerate(sections, start=1):
        blocks += [f"## {_plain(item.question)}"] if several else []
        blocks.append(markdown(item.body, Manner(_starting, partial(_cite, turn), _doubt)))
        blocks += map(_plain, item.remarks)
        blocks += [_footnote(note, turn, number) for number, note in item.notes.items()]
    # A lone surrogate, of an odd command line, is written as an escape.
    return ("\n\n".join([*blocks, made]) + "\n").encode(errors="backslashreplace")


def _cite(turn: int, number: int) -> str:
    return f"[^{turn}-{number}]"


def _doubt(item: Sentence) -> str:
    said = remark(item)
    return f"*({_plain(said)})*" if said else ""


def _footnote(note: Note, turn: int, number: int) -> str:
    """The words of our own at its start keep it from being read as the target of a link."""
    links = {"Open the passage": note.link, "As published": note.url}
    shown = [f"[{name}](<{url}>)" for name, url in links.items() if _ADDRESS.fullmatch(url)]
    return " ".join([f"[^{turn}-{number}]: Source: {_plain(note.text)}", *shown])


def _plain(text: str) -> str:
    """`text` on one line, with nothing in it that Markdown would read as a mark."""
    return _starting(" ".join(text.split()))


def _starting(text: str) -> str:
    """`text`, also at the start of a line, with nothing that Markdown would read as a mark."""
    return _STARTS.sub(r"\1\\", _ACTIVE.sub(lambda match: "\\" + match[0], text))


# --- web page and Word document


def as_page(title: str, sections: Sequence[Section], made: str) -> bytes:
    """One web page that holds all that it needs."""
    page = templating.printed(_TEMPLATES, "footnotes.html", "page", title, sections, made)
    return page.encode(errors="backslashreplace")


def pasted(given: Section) -> str:
    """What was said and its sources as HTML to be pasted elsewhere: no styles, no ids."""
    return templating.printed(_TEMPLATES, "footnotes.html", "pasted", given)


_TEMPLATES = templating.opened("rag.export", doubt=remark)
FORMS: Mapping[str, Callable[[str, Sequence[Section], str], bytes]] = {
    ".md": as_markdown,
    ".html": as_page,
    ".docx": word_document.as_docx,
}
