"""`[n]` markers in a streamed text -> Citations, numbered in order of first use.

Knows nothing of models: text comes in pieces cut anywhere, and the same text in other pieces
gives the same result. A number that no passage has is shown as dropped, never passed on.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from rag.checking.support import check
from rag.schema import Citation, Hit, Sentence
from rag.speakers.attribution import speaker
from rag.text.sentences import Span, article_sentences, sentence_spans
from rag.text.words import stems

_LONGEST = 80  # characters between the brackets of a marker; what is longer is text
_OPENED = re.compile(rf"[\[【][^\[\]【】\n]{{0,{_LONGEST}}}$")
_BRACKETED = re.compile(rf"\[[^\[\]【】\n]{{1,{_LONGEST}}}\]|【[^\[\]【】\n]{{1,{_LONGEST}}}】")
_NUMBER = r"\s*(?:passages?\s*)?\^?\d{1,3}\s*"
_INSIDE = re.compile(
    rf"({_NUMBER}(?:(?:[,;&–—-]|and){_NUMBER})*)(?:†.*)?",  # 【1†source】: a habit of some models
    re.IGNORECASE,
)
_APART = re.compile(r"[,;&]|and", re.IGNORECASE)
_MOST_OF_A_RANGE = 20
_ENDS = tuple(".,;:!?…")  # a space that a marker leaves before one of these is dropped


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
        # Offset in the plain text, index in `hits`; None: no such passage.
        self._marks: list[tuple[int, int | None]] = []
        self._numbers: dict[int, int] = {}  # index in `hits` -> number shown
        self.dropped: list[str] = []

    def feed(self, piece: str) -> str:
        """Take the next piece; return what may be shown now."""
        text = self._held + piece
        opened = _OPENED.search(text)
        cut = opened.start() if opened else len(text)
        self._held = text[cut:]
        return self._show(text[:cut])

    def finish(self) -> str:
        """The stream has ended: whatever is still held back is plain text."""
        text, self._held = self._held, ""
        return self._show(text)

    @property
    def text(self) -> str:
        """All that was shown."""
        return "".join(self._shown)

    def sentences(self, known: int = 0) -> list[Sentence]:
        """The sentences after the first `known`, without markers, with their numbers, checked."""
        return self._checked(_spans(self._plain), known)

    def settled(self, known: int) -> list[Sentence]:
        """The sentences after the first `known` that no further text can change.

        Those are the ones before the last line that holds a word: a line break ends a sentence,
        and a marker may still follow on a line of its own.
        """
        spans = _spans(self._plain)
        last = self._plain.rfind("\n", 0, spans[-1][0]) if spans else -1
        return self._checked(spans, known, sum(end <= last for _, end in spans))

    def _checked(
        self, spans: Sequence[Span], first: int, stop: int | None = None
    ) -> list[Sentence]:
        cited: list[list[int]] = [[] for _ in spans]
        offsets: list[list[int]] = [[] for _ in spans]
        for offset, at in self._marks:
            owner = _owner(self._plain, spans, offset)
            if owner is not None:
                offsets[owner].append(offset)
                cited[owner] += [at] if at is not None else []
        return [
            self._sentence(spans[n], dict.fromkeys(cited[n]), offsets[n])
            for n in range(len(spans))[first:stop]
        ]

    def _sentence(self, span: Span, cited: Iterable[int], marks: Sequence[int]) -> Sentence:
        words = _words(self._plain, span, marks)
        support, reasons = check(words, [self._hits[at] for at in cited])
        return Sentence(words, tuple(self._numbers[at] for at in cited), support, reasons)

    def citations(self, sentences: Sequence[Sentence]) -> list[Citation]:
        """One citation per cited passage, by number; its quote covers what `sentences` use."""
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
        for match in _BRACKETED.finditer(text):
            inside = _INSIDE.fullmatch(match.group()[1:-1])
            if inside is None:
                continue
            plain = text[last : match.start()]
            self._plain += plain
            shown += plain + self._mark(inside[1])
            last = match.end()
        self._plain += text[last:]
        shown += text[last:]
        self._shown.append(shown)
        return shown

    def _mark(self, numbers: str) -> str:
        shown = ""
        for number in dict.fromkeys(_expand(numbers)):
            if 1 <= number <= len(self._hits):
                at = number - 1
                self._marks.append((len(self._plain), at))
                shown += marker(self._numbers.setdefault(at, len(self._numbers) + 1))
            else:
                self._marks.append((len(self._plain), None))
                self.dropped.append(marker(number))
                shown += dropped(number)
        return shown


def _spans(plain: str) -> list[Span]:
    """Where the sentences are; rows of dashes and lone bullets are none."""
    return [
        (start, end)
        for start, end in sentence_spans(plain)
        if any(letter.isalnum() for letter in plain[start:end])
    ]


def _owner(plain: str, spans: Sequence[Span], offset: int) -> int | None:
    """Which sentence a marker at `offset` belongs to: the one that it ends or stands in.

    A marker before the first word of a line belongs to the sentence after it ("- [1] The port …").
    """
    following = bisect_left(spans, offset, key=lambda span: span[0])
    if following == len(spans):
        return following - 1 if spans else None
    line = plain.rfind("\n", 0, offset) + 1
    opens = not any(letter.isalnum() for letter in plain[line:offset])
    if following == 0 or (opens and "\n" not in plain[offset : spans[following][0]]):
        return following
    return following - 1


def _words(plain: str, span: Span, marks: Sequence[int]) -> str:
    """The sentence's words, without the space that a marker leaves before a full stop."""
    words, last = "", span[0]
    for offset in sorted(set(marks)):
        if span[0] < offset < span[1]:
            words += plain[last:offset]
            last = offset
            words = words.rstrip() if plain.startswith(_ENDS, offset) else words
    return " ".join((words + plain[last : span[1]]).split())


def cite(number: int, hit: Hit, start: int, end: int) -> Citation:
    """Cite `hit.article.text[start:end]`, with whoever says it."""
    who = speaker(hit.article, start, end)
    return Citation(number, hit.article, hit.passage, start, end, who, hit.warning)


def _expand(numbers: str) -> Iterator[int]:
    """Spell out "1, 3-5" as 1, 3, 4, 5; a range backwards or too long counts as its ends."""
    for item in _APART.split(numbers):
        values = [int(digits) for digits in re.findall(r"\d+", item)]
        if len(values) == 2 and 0 <= values[1] - values[0] < _MOST_OF_A_RANGE:
            yield from range(values[0], values[1] + 1)
        else:
            yield from values


def _used(hit: Hit, sentences: Sequence[str]) -> tuple[int, int]:
    """The stretch of the passage that holds, for each sentence, the words most like it."""
    text, passage = hit.article.text, hit.passage
    spans = article_sentences(hit.article, passage.start, passage.end) or [
        (passage.start, passage.end)
    ]
    best = [max(spans, key=lambda span: _likeness(sentence, text, span)) for sentence in sentences]
    if not best:
        return passage.start, passage.end
    return min(start for start, _ in best), max(end for _, end in best)


def _likeness(sentence: str, text: str, span: tuple[int, int]) -> float:
    ours, theirs = set(stems(sentence)), set(stems(text[span[0] : span[1]]))
    return len(ours & theirs) / (len(ours | theirs) or 1)
