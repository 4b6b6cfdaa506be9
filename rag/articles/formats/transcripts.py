"""Transcripts of recordings as programs write them: one recording is one article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.articles.assembling import assemble
from rag.articles.cleaning import one_line
from rag.articles.coverage import counted
from rag.articles.drafts import Block
from rag.articles.formats.exports import Recording, picked
from rag.articles.formats.field_values import usual_fields
from rag.articles.formats.fields import read_fields
from rag.articles.reading import Reading
from rag.errors import ArticleError
from rag.schema import Place

_SENTENCE_END = re.compile(r"[.!?…。！？][\"”’)\]]*$")
_PARAGRAPH = 280  # characters after which a paragraph ends with its sentence
_LONGEST = 900  # characters of a paragraph where no sentence ends
_CLOCK = re.compile(r"(?:\d+:)?\d{1,2}:\d{2}(?:[.,:;]\d+)?")


@dataclass(frozen=True, slots=True)
class Cue:
    """What is said at a time; `time` is printed, "00:01:12"."""

    text: str
    time: str | None
    speaker: str | None = None


def read_transcript(
    recording: Recording, cues: Sequence[Mapping[str, Any]], root: Any, path: str
) -> Reading:
    """Read the cues of one recording.

    Raises:
        ArticleError: nothing is said in it.

    """
    said = [cue for values in cues if (cue := _cue(recording, values)).text]
    if not said:
        raise ArticleError("Nothing is said in the transcript; make it again.")
    known = usual_fields(root).values if isinstance(root, Mapping) else {}
    meta = read_fields({key: known[key] for key in known.keys() - {"text"}})
    article = assemble(path, paragraphs_of(said), meta)
    return counted([article], path, [cue.text for cue in said])


def _cue(recording: Recording, values: Mapping[str, Any]) -> Cue:
    pieces = [str(piece) for piece in picked(values, recording.text)]
    start = next(iter(picked(values, recording.start)), None)
    speaker = next(iter(picked(values, recording.speaker)), None) if recording.speaker else None
    who = None if speaker is None else one_line(str(speaker))
    return Cue(one_line("".join(pieces)), _time(start, recording.unit), who or None)


def _time(value: Any, unit: int) -> str | None:
    if isinstance(value, str) and _CLOCK.fullmatch(value.strip()):
        return value.strip()
    if isinstance(value, str) and value.strip().isdigit():
        unit = 1000  # tables of whole numbers count milliseconds
    try:
        seconds = int(float(value) / unit)
    except (TypeError, ValueError, OverflowError):
        return None
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def paragraphs_of(cues: Iterable[Cue]) -> list[Block]:
    """Cues joined to paragraphs that end with a sentence, or where another one speaks."""
    blocks: list[Block] = []
    running: list[Cue] = []
    for cue in cues:
        if running and (cue.speaker != running[0].speaker or _is_full(running)):
            blocks.append(_paragraph(running))
            running = []
        running.append(cue)
    return [*blocks, _paragraph(running)] if running else blocks


def _is_full(cues: list[Cue]) -> bool:
    length = sum(len(cue.text) for cue in cues)
    ends = _SENTENCE_END.search(cues[-1].text) is not None
    return length >= _LONGEST or (ends and length >= _PARAGRAPH)


def _paragraph(cues: list[Cue]) -> Block:
    first = cues[0]
    text = " ".join(cue.text for cue in cues)
    place = Place(0, time=first.time) if first.time else None
    return Block(
        f"{first.speaker}: {text}" if first.speaker else text, author=first.speaker, place=place
    )
