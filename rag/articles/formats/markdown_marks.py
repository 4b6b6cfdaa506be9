"""Marks that dialects of Markdown add to CommonMark: notes, changes, highlights, links of notes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.articles.cleaning import one_line
from rag.articles.raised import raised

NOTE_START, NOTE_END, QUOTE = "\ue000", "\ue001", "\ue002"  # travel through the parser
_CODE = re.compile(
    r"^(?P<fence>```+|~~~+).*?^(?P=fence)[ \t]*$|`[^`\n]+`", re.DOTALL | re.MULTILINE
)
_DROPPED = re.compile(
    r"<!--.*?-->|%%.*?%%|\{>>.*?<<\}"
    r"|<(?P<tag>del|s|strike|script|style|template)\b[^<>]*>.*?</(?P=tag)\s*>"
    r"|<(?P<box>\w+)\b[^<>]*(?:display\s*:\s*none|visibility\s*:\s*hidden|\shidden\b)[^<>]*>"
    r".*?</(?P=box)\s*>",
    re.DOTALL | re.IGNORECASE,
)
_CHANGES = (  # the words of a reviewer's marks, and what stands in the end
    (re.compile(r"\{--.*?--\}", re.DOTALL), ""),
    (re.compile(r"\{\+\+(.*?)\+\+\}", re.DOTALL), r"\1"),
    (re.compile(r"\{~~.*?~>(.*?)~~\}", re.DOTALL), r"\1"),
)
_HIGHLIGHTS = (
    (re.compile(r"\{==(.*?)==\}", re.DOTALL), r"\1"),
    (re.compile(r"==(?=\S)([^=\n]+?)(?<=\S)=="), r"\1"),
    (re.compile(r"\+\+(?=\S)([^+\n]+?)(?<=\S)\+\+"), r"\1"),
)
_LINKS = (  # of notes to notes, and what apps put around what they keep
    (re.compile(r"!\[\[[^\]\n]*\]\]"), ""),
    (re.compile(r"\[\[(?:[^\]|\n]*\|)([^\]\n]+)\]\]"), r"\1"),
    (re.compile(r"\[\[([^\]|#\n]+)(?:#[^\]\n]*)?\]\]"), r"\1"),
    (re.compile(r"[ \t]*\(\[[^\]\n]*\]\([^)\s]*\)\)[ \t]*$", re.MULTILINE), ""),
    (re.compile(r"[ \t]*\[[^\]\w\n]{1,4}\]\([^)\s]*\)"), ""),
    (re.compile(r"[ \t]+\^[\w-]{4,}[ \t]*$", re.MULTILINE), ""),
    (re.compile(r"^(>[ \t]*)\[![\w-]+\][+-]?[ \t]*", re.MULTILINE), r"\1"),
)
_NOTE = re.compile(
    r"^\[\^(?P<name>[^\]\n]+)\]:[ \t]*(?P<text>.*(?:\n(?:[ \t]+\S.*|[ \t]*(?=\n[ \t]+\S)))*)",
    re.MULTILINE,
)
_NOTE_MARK = re.compile(r"\[\^([^\]\n]+)\](?!:)")
_INLINE_NOTE = re.compile(r"\^\[([^\]\n]+)\]")
_RAISED = re.compile(
    r"(?P<before>[^\s<>^]{0,20})(?:<sup\b[^<>]*>(?P<tag>.*?)</sup\s*>|\^(?P<mark>[^\s^]{1,12})\^)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Marks:
    """The text without those marks; `notes` by name, each called at its place in the text."""

    text: str
    notes: dict[str, str]
    changed: bool


def read_marks(text: str) -> Marks:
    """Take the marks of all dialects into account; code stays as it is."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\ue003{len(kept) - 1}\ue004"

    text = _DROPPED.sub("", _CODE.sub(keep, text))
    changed = False
    for pattern, stands in _CHANGES:
        text, count = pattern.subn(stands, text)
        changed = changed or count > 0
    for pattern, stands in (*_LINKS, *_HIGHLIGHTS):
        text = pattern.sub(stands, text)
    text, notes = _notes(text)
    text = _RAISED.sub(_lowered, text)
    text = re.sub("\ue003(\\d+)\ue004", lambda match: kept[int(match[1])], text)
    return Marks(text, notes, changed)


def _notes(text: str) -> tuple[str, dict[str, str]]:
    notes = {match["name"]: one_line(match["text"]) for match in _NOTE.finditer(text)}

    def inline(match: re.Match[str]) -> str:
        name = f"^{len(notes)}"
        notes[name] = one_line(match[1])
        return f"{NOTE_START}{name}{NOTE_END}"

    text = _INLINE_NOTE.sub(inline, _NOTE.sub("", text))
    return _NOTE_MARK.sub(rf"{NOTE_START}\1{NOTE_END}", text), notes


def _lowered(match: re.Match[str]) -> str:
    above = match["tag"] if match["tag"] is not None else match["mark"]
    bare = re.sub(r"<[^<>]*>|\[([^\]]*)\]\([^)]*\)", r"\1", above)
    return match["before"] + raised(match["before"], bare, note=bare != above)
