"""`[n]` markers in a streamed text -> Citations, numbered in order of first use.

Knows nothing of models: text comes in pieces cut anywhere, and the same text in other pieces
gives the same result. A number that no passage has is shown as dropped, never passed on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.attribution import speaker
from rag.schema import Citation, Hit, Sentence
from rag.sentences import sentence_spans
from rag.support import check, stems

_NUMBERS = r"\s*\^?\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\s*"
_MARKER = re.compile(rf"\[({_NUMBERS})\]|【({_NUMBERS})】")
_HALF = re.compile(r"[\[【][\s\d,;^–-]{0,40}$")
_RANGE = re.compile(r"(\d+)\s*[–-]\s*(\d+)")
_MOST_OF_A_RANGE = 20


def marker(number: int) -> str:
    """How a citation is written in an answer's text."""
    return f"[{number}]"


def dropped(number: int) -> str:
    """How a number without a passage is shown in an answer's text."""
    return f"[{number}: no such passage]"


class MarkedText:
    """Collects a model's text as it streams: holds back half a marker, renumbers whole ones."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        """`hits`: the numbered passages, number 1 first, as the model was shown them."""
        self._hits = hits
        self._held = ""
        self._shown: list[str] = []
        self._plain = ""
        self._marks: list[tuple[int, int]] = []  # (offset in the plain text, index in `hits`)
        self._numbers: dict[int, int] = {}  # index in `hits` -> number shown
        self.dropped: list[str] = []

    def feed(self, piece: str) -> str:
        """Take the next piece; return what may be shown now."""
        text = self._held + piece
        half = _HALF.search(text)
        cut = half.start() if half else len(text)
        self._held = text[cut:]
        return self._show(text[:cut])

    def finish(self) -> str:
        """The stream has ended: whatever is still held back is plain text."""
        text, self._held = self._held, ""
        return self._show(text)

    @staticmethod
    def may_end_a_sentence(shown: str) -> bool:
        """Whether it is worth looking for complete sentences after `shown`."""
        return any(mark in shown for mark in ".!?\n")

    @property
    def text(self) -> str:
        """All that was shown."""
        return "".join(self._shown)

    def sentences(self) -> list[Sentence]:
        """The text's sentences without markers, with the numbers they cite, checked."""
        spans = sentence_spans(self._plain)
        starts = [start for start, _ in spans] + [len(self._plain) + 1]
        found = []
        for (start, end), following in zip(spans, starts[1:], strict=True):
            cited = dict.fromkeys(at for offset, at in self._marks if start < offset <= following)
            words = " ".join(self._plain[start:end].split())
            if not any(letter.isalnum() for letter in words):
                continue
            support, reasons = check(words, [self._hits[at] for at in cited])
            numbers = tuple(self._numbers[at] for at in cited)
            found.append(Sentence(words, numbers, support, reasons))
        return found

    def citations(self) -> list[Citation]:
        """One citation per cited passage, by number; its quote covers what the sentences use."""
        sentences = self.sentences()
        return [
            cite(
                number,
                self._hits[at],
                *_used(self._hits[at], [s.text for s in sentences if number in s.citations]),
            )
            for at, number in self._numbers.items()
        ]

    def _show(self, text: str) -> str:
        shown, last = "", 0
        for match in _MARKER.finditer(text):
            plain = text[last : match.start()]
            self._plain += plain
            shown += plain + self._mark(match[1] or match[2])
            last = match.end()
        self._plain += text[last:]
        shown += text[last:]
        self._shown.append(shown)
        return shown

    def _mark(self, numbers: str) -> str:
        shown = ""
        for number in _expand(numbers):
            if 1 <= number <= len(self._hits):
                at = number - 1
                self._marks.append((len(self._plain), at))
                shown += marker(self._numbers.setdefault(at, len(self._numbers) + 1))
            else:
                self.dropped.append(marker(number))
                shown += dropped(number)
        return shown


def cite(number: int, hit: Hit, start: int, end: int) -> Citation:
    """Cite `hit.article.text[start:end]`, with whoever says it."""
    who = speaker(hit.article, start, end)
    return Citation(number, hit.article, hit.passage, start, end, who, hit.warning)


def _expand(numbers: str) -> Iterator[int]:
    """Spell out "1, 3-5" as 1, 3, 4, 5; a range backwards or too long counts as its ends."""
    for item in re.split(r"[,;]", numbers.replace("^", "")):
        bounds = _RANGE.search(item)
        if not bounds:
            yield int(item)
            continue
        first, last = int(bounds[1]), int(bounds[2])
        yield from range(first, last + 1) if 0 <= last - first < _MOST_OF_A_RANGE else (first, last)


def _used(hit: Hit, sentences: Sequence[str]) -> tuple[int, int]:
    """The stretch of the passage that holds, for each sentence, the words most like it."""
    text, passage = hit.article.text, hit.passage
    spans = sentence_spans(text, passage.start, passage.end) or [(passage.start, passage.end)]
    best = [max(spans, key=lambda span: _likeness(sentence, text, span)) for sentence in sentences]
    if not best:
        return passage.start, passage.end
    return min(start for start, _ in best), max(end for _, end in best)


def _likeness(sentence: str, text: str, span: tuple[int, int]) -> float:
    ours, theirs = set(stems(sentence)), set(stems(text[span[0] : span[1]]))
    return len(ours & theirs) / (len(ours | theirs) or 1)
