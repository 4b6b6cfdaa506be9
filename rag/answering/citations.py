"""Citations of a model's text, numbered in order of first use, and its sentences held against them.

Knows nothing of models: text comes with each citation as one private character, see
`rag.answering.markers`. A number that no passage has is shown as dropped, never passed on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.answering.markers import MARK, number
from rag.answering.paragraphs import Segment
from rag.checking.support import check
from rag.schema import Citation, Hit, Sentence
from rag.speakers.attribution import speaker
from rag.text.sentences import Span, article_sentences
from rag.text.words import stems

_RUN = re.compile(f"{MARK.pattern}+")
_LONGEST = 1_000  # characters of a sentence that is checked: some rules take the cube of its length
_TOO_LONG = "too long for one sentence to be checked"


def marker(number: int) -> str:
    """How a citation is written in an answer's text."""
    return f"[{number}]"


def dropped(number: int) -> str:
    """How a number without a passage is shown in an answer's text."""
    return f"[{number}: no such passage]"


class MarkedText:
    """Collects an answer's text as it is shown: renumbers its citations, drops unknown ones."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        """`hits`: the numbered passages, number 1 first, as the model was shown them."""
        self._hits = hits
        self._numbers: dict[int, int] = {}  # index in `hits` -> number shown
        self.text = ""  # all that was shown
        self.dropped: list[str] = []

    @property
    def cites(self) -> bool:
        """Whether any passage was cited."""
        return bool(self._numbers)

    def add(self, text: str) -> tuple[str, list[Citation]]:
        """Take the next piece; return what is shown, and the citations that are new in it.

        These cover their whole passages: which words of them are meant is known at the end.
        """
        before, shown, last = len(self._numbers), "", 0
        for match in _RUN.finditer(text):
            shown += text[last : match.start()] + "".join(self._marked(match[0]))
            last = match.end()
        shown += text[last:]
        self.text += shown
        fresh = list(self._numbers.items())[before:]
        return shown, [_whole(number, self._hits[at]) for at, number in fresh]

    def _marked(self, marks: str) -> Iterator[str]:
        for given in dict.fromkeys(map(number, marks)):
            if 1 <= given <= len(self._hits):
                yield marker(self._numbers.setdefault(given - 1, len(self._numbers) + 1))
            else:
                self.dropped.append(marker(given))
                yield dropped(given)

    def checked(self, item: Segment, language: str | None = None) -> Sentence:
        """The sentence, held against what it cites. `language`: the answer's; None: unknown."""
        hits = {shown: self._hits[at] for at, shown in self._numbers.items()}
        numbers = tuple(shown for shown in item.numbers if shown in hits)
        cited = [hits[shown] for shown in numbers]
        if cited and len(item.words) > _LONGEST:
            return Sentence(item.words, numbers, "unsupported", (_TOO_LONG,))
        support, reasons = check(item.words, cited, language)
        return Sentence(item.words, numbers, support, reasons)

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


def cite(number: int, hit: Hit, start: int, end: int) -> Citation:
    """Cite `hit.article.text[start:end]`, with whoever says it."""
    who = speaker(hit.article, start, end)
    return Citation(number, hit.article, hit.passage, start, end, who, hit.warning)


def _whole(number: int, hit: Hit) -> Citation:
    return cite(number, hit, hit.passage.start, hit.passage.end)


def _used(hit: Hit, sentences: Sequence[str]) -> tuple[int, int]:
    """The stretch of the passage that holds, for each sentence, the words most like it."""
    best = [closest(hit, sentence)[0] for sentence in sentences]
    if not best:
        return hit.passage.start, hit.passage.end
    return min(start for start, _ in best), max(end for _, end in best)


def closest(hit: Hit, sentence: str) -> tuple[Span, float]:
    """Where the sentence of a passage stands that is most like `sentence`, and how much (0..1)."""
    text, passage = hit.article.text, hit.passage
    spans = article_sentences(hit.article, passage.start, passage.end) or [
        (passage.start, passage.end)
    ]
    found = [(span, _likeness(sentence, text, span)) for span in spans]
    return max(found, key=lambda item: item[1])


def _likeness(sentence: str, text: str, span: tuple[int, int]) -> float:
    ours, theirs = set(stems(sentence)), set(stems(text[span[0] : span[1]]))
    return len(ours & theirs) / (len(ours | theirs) or 1)
