"""What a model says aloud: its thoughts and tool calls taken out of a stream cut anywhere."""

from __future__ import annotations

import re

_NAMES = (
    r"think|thinking|thought|thoughts|reasoning|reflection|"
    r"tool_calls?|function_calls?|tool_responses?"
)
_TAG = re.compile(rf"<(/?)({_NAMES})\s{{0,4}}>", re.IGNORECASE)
_HALF = re.compile(r"<[/\w\s]{0,20}$")  # as long as the longest tag


class Spoken:
    """Collects a model's text as it streams and passes on what is meant for the reader.

    Between <think> (or its like) and its end nothing is said; an end that never comes leaves
    nothing. An end without a beginning means that all before it was thought: `withdrawn`.
    """

    def __init__(self) -> None:
        """Nothing was said yet."""
        self._held = ""
        self._inside = ""  # name of the open tag
        self.thought = False  # whether anything was left out
        self.withdrawn = False  # what was passed on before the last `feed` was thought, too

    def feed(self, piece: str) -> str:
        """Take the next piece; return what is said."""
        self.withdrawn = False
        text, said = self._held + piece, ""
        half = _HALF.search(text)
        cut = half.start() if half else len(text)
        self._held, at = text[cut:], 0
        for tag in _TAG.finditer(text, 0, cut):
            said += "" if self._inside else text[at : tag.start()]
            said = self._entered(bool(tag[1]), tag[2].casefold(), said)
            at = tag.end()
        return said + ("" if self._inside else text[at:cut])

    def finish(self) -> str:
        """The stream has ended: half a tag is plain text."""
        text, self._held = self._held, ""
        self.withdrawn = False
        return "" if self._inside else text

    def _entered(self, closing: bool, name: str, said: str) -> str:
        """What is left of `said` after a tag."""
        self.thought = True
        if not closing:
            self._inside = self._inside or name
            return said
        if not self._inside:
            self.withdrawn = True
            return ""
        self._inside = "" if name == self._inside else self._inside
        return said


def spoken(text: str) -> str:
    """What a whole text says aloud."""
    heard = Spoken()
    return (heard.feed(text) + heard.finish()).strip()
