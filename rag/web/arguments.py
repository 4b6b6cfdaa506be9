"""What a call of the page's events may bring: text, numbers, switches, and files sent before.

Gradio takes any JSON where a widget's value is expected, and opens what looks like a file. Here
each value must be of its widget's kind; a file is named by the token that its upload was answered
with, never by a path. Knows no gradio: `rag.web.page_events` says which event takes what.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "texts", "number", "switch", "files", "nothing"]
LONGEST = 2_000_000  # characters of a text without a limit of its own: a pasted article
MOST = 3000  # texts in a list, files in an upload
KEPT = 10_000_000  # characters of what the page tells of itself: a conversation that it kept


class CallError(Exception):
    """A call that no page of ours makes; the sentence is for whoever made it."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One value that an event takes."""

    kind: Kind
    longest: int = LONGEST  # characters of a text


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One event of the page."""

    name: str
    takes: tuple[Argument, ...]


def checked(given: Any, endpoint: Endpoint, uploads: Mapping[str, str]) -> list[Any]:
    """Return the values to pass on; files, named by tokens, get the paths that `uploads` has.

    Raises:
        CallError: their number or kind is wrong, or a file was not uploaded by this browser.

    """
    if not isinstance(given, list):
        raise CallError("The call needs a list of values.")
    takes = endpoint.takes
    if len(given) != len(takes):
        raise CallError(f"The call takes {len(takes)} values, and {len(given)} came.")
    return [
        _value(value, argument, number, uploads)
        for number, (value, argument) in enumerate(zip(given, takes, strict=True), start=1)
    ]


def told(event: Any) -> Any:
    """Return what the page says of an event: a flat object of texts, numbers, switches and lists.

    Raises:
        CallError: it is anything else, or longer than a kept conversation can be.

    """
    if event is None or _plain(event, KEPT):
        return event
    if not isinstance(event, dict) or len(event) > 20:
        raise CallError("The event's data must be a flat object.")
    for value in event.values():
        items = value if isinstance(value, list) else [value]
        if len(items) > MOST or not all(_plain(item, KEPT) for item in items):
            raise CallError("The event's data must be a flat object.")
    return event


def _value(value: Any, argument: Argument, number: int, uploads: Mapping[str, str]) -> Any:
    if argument.kind == "files":
        return _files(value, number, uploads)
    if value is None or _KINDS[argument.kind](value, argument.longest):
        return value
    raise CallError(f"Value {number} must be {_CALLED[argument.kind]}.")


def _plain(value: Any, longest: int) -> bool:
    """Whether it is a text, a finite number, a switch or nothing."""
    return value is None or _text(value, longest) or _number(value, 0) or isinstance(value, bool)


def _text(value: Any, longest: int) -> bool:
    return isinstance(value, str) and len(value) <= longest


def _number(value: Any, _: int) -> bool:
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    return numeric and abs(value) < 1e12 and math.isfinite(value)


def _texts(value: Any, longest: int) -> bool:
    items: Sequence[Any] = value if isinstance(value, list) else [value]
    return len(items) <= MOST and all(_text(item, longest) for item in items)


_KINDS: dict[Kind, Callable[[Any, int], bool]] = {
    "text": _text,
    "texts": _texts,
    "number": _number,
    "switch": lambda value, _: isinstance(value, bool),
    "nothing": lambda value, _: False,
}
_CALLED: dict[Kind, str] = {
    "text": "a text, and not too long a one",
    "texts": "a text or a list of texts",
    "number": "a number",
    "switch": "true or false",
    "nothing": "empty",
}


def _files(value: Any, number: int, uploads: Mapping[str, str]) -> Any:
    if value is None:
        return None
    items = value if isinstance(value, list) else [value]
    tokens = [str(item.get("path")) if isinstance(item, dict) else "" for item in items]
    if len(items) > MOST or not all(token in uploads for token in tokens):
        raise CallError(f"Value {number} must be files that this browser has just uploaded.")
    made = [{"path": uploads[token], "meta": {"_type": "gradio.FileData"}} for token in tokens]
    return made if isinstance(value, list) else made[0]
