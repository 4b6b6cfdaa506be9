"""An answer for the clipboard: a text with raised numbers and the list of its sources below."""

from __future__ import annotations

from dataclasses import dataclass

from rag.export import footnotes
from rag.export.footnoted import Section, section
from rag.export.marked_up import Manner, markdown
from rag.export.verdicts import remark
from rag.schema import Answer, Sentence

# What permalinks begin with here; chat_doing.js puts the page's own address in its place.
HERE = "https://byline.invalid"


@dataclass(frozen=True, slots=True)
class Copies:
    """The same twice: `plain` with [n], `rich` as HTML for a word processor or a mail."""

    plain: str
    rich: str


def copied(given: Answer) -> Copies:
    """Return what was said, each sentence with its doubts, and the sources by number."""
    found = section(given, HERE)
    return Copies(_plain(found), footnotes.pasted(found))


def _plain(found: Section) -> str:
    sources = [f"[{number}] {note.text} {note.link}" for number, note in found.notes.items()]
    said = markdown(found.body, Manner(str, " [{}]".format, _doubt))
    return "\n\n".join([said, *(["\n".join(["Sources", *sources])] if sources else [])])


def _doubt(item: Sentence) -> str:
    said = remark(item)
    return f"({said})" if said else ""
