"""Subtitles and transcripts with times: SubRip, WebVTT, .sbv, .ass, and tables of Whisper's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from rag.articles.cleaning import decode
from rag.articles.coverage import counted
from rag.articles.formats.spoken.transcripts import Cue, article_of_cues, seconds
from rag.articles.personal_names import is_name
from rag.articles.reading import Reading
from rag.errors import ArticleError

_BROKEN = "No subtitles are in the file: export them again as .srt or .vtt."
_TIME = r"(?:(?:\d+:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,3})?)"
_TIMES = re.compile(
    rf"\s*(?P<start>{_TIME})\s*(?:-->|->|,)\s*(?P<end>{_TIME})(?![\d:])(?P<rest>.*)"
)
_BRACKETED = re.compile(
    rf"\s*\[(?P<start>{_TIME})\s*-->\s*(?P<end>{_TIME})\]\s*(?P<rest>.*)"
)  # what Whisper prints while it runs
_DIALOGUE = re.compile(r"Dialogue:\s*(?P<cells>(?:[^,]*,){9})(?P<text>.*)")
_STEPS = re.compile(r"(?:NOTE|STYLE|REGION|WEBVTT|X-TIMESTAMP-MAP)\b")


def read(data: bytes, path: str) -> Reading:
    """Read .srt, .vtt, .sbv, .ass or .ssa: one recording, one article.

    Raises:
        ArticleError: no subtitles are in it, or no words.

    """
    text = decode(data)
    if not (cues := cues_of(text)):
        raise ArticleError(_BROKEN)
    article = article_of_cues(cues, path)
    return counted([article], path, [line.text for line in cues] if _is_plain(text) else [])


def _is_plain(text: str) -> bool:
    """Whether the pieces are without tags, repeats and sounds, and so can be counted."""
    return not re.search(r"[<{♪\[(]", text)


def cues_of(text: str) -> list[Cue]:
    """The pieces of subtitles in any of their forms; none if it is something else."""
    cues = _named(list(_dialogues(text)) or list(_timed(text)))
    return cues if any(cue.text for cue in cues) else []


def _named(cues: list[Cue]) -> list[Cue]:
    """Pieces of which the first line is a name alone, as Teams writes them."""
    lines = [cue.text.strip().split("\n") for cue in cues]
    names = [first if rest and is_name(first) else None for first, *rest in lines]
    if len(cues) < 2 or None in names:
        return cues
    named = zip(cues, lines, names, strict=True)
    return [replace(cue, text="\n".join(said[1:]), who=name) for cue, said, name in named]


def is_subtitled(text: str) -> bool:
    """Whether a text is subtitles saved as plain text."""
    lines = [line for line in text.splitlines() if line.strip()]
    times = sum(_times(line) is not None and "-->" in line for line in lines)
    return times >= 2 and 6 * times >= len(lines)


def _times(line: str) -> re.Match[str] | None:
    if "-->" not in line and "," not in line and "->" not in line:
        return None
    return _BRACKETED.fullmatch(line) or _TIMES.fullmatch(line)


def _timed(text: str) -> Iterator[Cue]:
    """Pieces below lines of two times; a number or a name above them is no word of theirs."""
    lines = text.splitlines()
    starts = [n for n, line in enumerate(lines) if _times(line)]
    for at, after in pairwise([*starts, len(lines)]):
        match = _times(lines[at])
        if match is None:
            continue
        said = lines[at + 1 : after]
        if match.re is _BRACKETED:
            said = [match["rest"], *said]
        elif after < len(lines) and said and said[-1].strip() and _is_identifier(said):
            said = said[:-1]
        said = _until_note(said)
        yield Cue(seconds(match["start"]), "\n".join(said), end=seconds(match["end"]))


def _is_identifier(said: list[str]) -> bool:
    """Whether the last line, right above the next times, is a piece's number or name."""
    is_apart = len(said) > 1 and not said[-2].strip()
    return is_apart or said[-1].strip().isdigit()


def _until_note(said: list[str]) -> list[str]:
    """The lines above a note or a style sheet, which is no piece's."""
    for number, line in enumerate(said):
        if number and not said[number - 1].strip() and _STEPS.match(line):
            return said[:number]
    return said


def _dialogues(text: str) -> Iterator[Cue]:
    """Pieces of .ass and .ssa: layer, start, end, style, name, three margins, effect, text."""
    for match in _DIALOGUE.finditer(text):
        cells = [cell.strip() for cell in match["cells"].split(",")]
        if re.fullmatch(_TIME, cells[1]):
            yield Cue(seconds(cells[1]), match["text"], who=cells[4] or None, end=seconds(cells[2]))
