"""Text from outside (questions, filters, a model's words) without what cannot be kept or sent."""

from __future__ import annotations

import os
import re

_HALVES = re.compile("[\ud800-\udfff]")  # of pairs, and bytes that are no text
_CONTROLS = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f]")  # all but tab and line feed


def storable(text: str) -> str:
    """`text` with U+FFFD for lone surrogates and a space for control characters.

    No store, no model and no JSON takes the former; the latter would act on a terminal.
    """
    return _CONTROLS.sub(" ", _HALVES.sub("\ufffd", text))


def argument(text: str) -> str:
    """What was typed on the command line, as UTF-8, whatever encoding Python took it for."""
    if _HALVES.search(text):
        text = os.fsencode(text).decode("utf-8", "replace")
    return storable(text)
