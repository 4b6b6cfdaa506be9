"""Transcripts that programs export as tables or JSON: their cues, read as a recording's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rag.articles.cleaning import one_line
from rag.articles.coverage import counted
from rag.articles.formats.exported.exports import Recording, picked
from rag.articles.formats.exported.field_values import usual_fields
from rag.articles.formats.fields import read_fields
from rag.articles.formats.spoken.transcripts import Cue, article_of_cues
from rag.articles.reading import Reading

_MILLISECONDS = 1000


def read_recording(
    recording: Recording, cues: Sequence[Mapping[str, Any]], root: Any, path: str
) -> Reading:
    """Read the cues of one recording; metadata of `root` where it is a mapping.

    Raises:
        ArticleError: nothing is said in it.

    """
    said = [_cue(recording, values) for values in cues]
    known = usual_fields(root).values if isinstance(root, Mapping) else {}
    meta = read_fields({key: known[key] for key in known.keys() - {"text"}})
    article = article_of_cues(said, path, meta)
    return counted([article], path, [cue.text for cue in said])


def _cue(recording: Recording, values: Mapping[str, Any]) -> Cue:
    text = "".join(str(piece) for piece in picked(values, recording.text))
    start = next(iter(picked(values, recording.start)), None)
    speaker = next(iter(picked(values, recording.speaker)), None) if recording.speaker else None
    who = None if speaker is None else one_line(str(speaker))
    return Cue(_seconds(start, recording.unit), text, who or None)


def _seconds(value: Any, unit: int) -> float:
    """Seconds of a number of units, of whole milliseconds in a table, or of "1:02:03.5"."""
    if isinstance(value, str) and ":" in value:
        unit, clock = 1, [float(part.replace(",", ".") or 0) for part in value.split(":")]
        value = sum(part * 60**n for n, part in enumerate(reversed(clock)))
    elif isinstance(value, str) and value.strip().isdigit():
        unit = _MILLISECONDS
    try:
        return float(value) / unit
    except (TypeError, ValueError, OverflowError):
        return 0.0
