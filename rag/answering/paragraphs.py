"""The sentences of a paragraph, an item or a cell of an answer, each with what it cites.

words in styles, and markers -> Segments
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.text.sentences import Span, sentence_spans, trim

_STOP = re.compile(r"[.!?…]+(?=\s+[\"“‘„«]?[A-ZÄÖÜÉÈÀÁÍÓÚÑ])")
_ENDS = tuple(".,;:!?…")  # a space that a marker leaves before one of these is dropped
_ANSWER = re.compile(  # what it answers is said by the sentence behind it
    r"\W*(?:yes|no|correct|ja|nein|oui|non|sí|no|sì|sim|não|nee)\W*", re.IGNORECASE
)
_LEADING = 5  # words before a marker that a sentence may begin with: "According to [1], …"
_LEAD_IN = re.compile(  # "Based on the passages provided, "
    r"""\s*[^\W\d]\w*(?:\s[a-zà-ÿ’']+){0,5}\s
    (?i:passages?|articles?|sources?|texts?|documents?|excerpts?|contexte?|information
      |textstellen|textpassagen|passagen|artikeln?|quellen|texten?|dokumenten?|extraits|textes
      |artículos|pasajes|fuentes|textos|articoli|fonti|brani|testi|artigos|fontes|artikelen|bronnen)
    (?:\s(?:provided|given|above|shown|supplied|available|here|retrieved|fournis|donnés|disponibles
      |proporcionad[oa]s|facilitad[oa]s|dad[oa]s|forniti|fornite|fornecid[oa]s|you|have))*
    \s*[,:]\s+(?=\S)""",
    re.VERBOSE,
)
_NAMING = re.compile(  # before it
    r"\W*(?:according\sto|as|in|per|from|based\son|laut|gemäß|nach|wie|selon|d['’]après|comme|según"
    r"|como|secondo|come|volgens|zoals|segundo)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\s*(?:[a-zà-ÿ]+\s?){0,2}[,:]\s+(?=\S)")  # behind "According to [1]"
_SAYING = re.compile(r"\s*(?:[a-zà-ÿ]+\sthat|:)\s+(?=\S)")  # behind "[1]" in front: "says that "
_BETWEEN = re.compile(r"(?:\s?[,;])+(?:\s(?:and|und|et|y|e|&))?(?=[.!?]*$)")  # "[1], [2] and [3]."


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one style, or a citation: `number` is 0 for words and for one that was dropped."""

    text: str
    styles: tuple[str, ...] = ()
    number: int = 0
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence: `words` as they are checked, without marks and label; `numbers` that it cites.

    `label`: it says nothing of its own by its form, as a heading does. `block`: counts the
    paragraphs, list items and rows of a table.
    """

    runs: tuple[Run, ...]
    words: str
    numbers: tuple[int, ...] = ()
    label: bool = False
    block: int = 0

    @property
    def bare(self) -> str:
        """Its own words, without the head of its row and without markers."""
        return " ".join("".join(run.text for run in self.runs if not is_marker(run)).split())

    @property
    def cites(self) -> bool:
        """Whether a marker stands in the segment itself; else its numbers were credited to it."""
        return any(run.number for run in self.runs)

    @property
    def drops(self) -> bool:
        """Whether it cites a number that no passage has."""
        return any(run.dropped for run in self.runs)


def sentences(runs: Sequence[Run], block: int, language: str | None = None) -> list[Segment]:
    """The sentences of a paragraph, an item or a heading; without a word: one of no words.

    `language` (ISO 639-1; None: English) tells where they end.
    """
    plain = "".join(run.text for run in runs if not is_marker(run))
    spans = [
        (start, end)
        for start, end in _spans(plain, runs, language)
        if any(letter.isalnum() for letter in plain[start:end])
    ]
    if not spans:
        numbers = tuple(run.number for run in runs if run.number)
        return [Segment(tuple(runs), "", tuple(dict.fromkeys(numbers)), True, block)]
    parts = _parted(runs, plain, spans)
    begins = [0, *(start for start, _ in spans[1:])]
    return [
        _segment(part, plain, (begin, end), marks, block)
        for (part, marks), begin, (_, end) in zip(parts, begins, spans, strict=True)
    ]


def _spans(plain: str, runs: Sequence[Run], language: str | None) -> list[Span]:
    """Where the sentences are. A full stop behind a marker ends one: "on 19 May [1]. Prices …"."""
    at, ends = 0, set[int]()
    for run in runs:
        if is_marker(run) and (stop := _STOP.match(plain, at)):
            ends.add(stop.end())
        at += 0 if is_marker(run) else len(run.text)
    spans = list[Span]()
    for start, end in sentence_spans(plain, language=language):
        edges = [start, *sorted(edge for edge in ends if start < edge < end), end]
        spans += [trim(plain, *edge) for edge in pairwise(edges)]
    return spans


def is_marker(run: Run) -> bool:
    """Whether it is a citation, also one of a passage that there is none of."""
    return bool(run.number) or run.dropped


def _parted(
    runs: Sequence[Run], plain: str, spans: Sequence[Span]
) -> list[tuple[list[Run], list[int]]]:
    """For each span the runs that are shown with it, and where in `plain` its markers stand."""
    starts = [0, *(start for start, _ in spans[1:]), len(plain)]
    parts: list[tuple[list[Run], list[int]]] = [([], []) for _ in spans]
    leads = _leads(runs, plain, spans)
    at = 0
    for run in runs:
        if is_marker(run):
            owner = _owner(plain, spans, at, leads)
            parts[owner][0].append(run)
            parts[owner][1].append(at)
            continue
        end = at + len(run.text)
        while at < end:
            owner = bisect_left(starts, at + 1) - 1
            upto = min(end, starts[owner + 1])
            parts[owner][0].append(replace(run, text=plain[at:upto]))
            at = upto
    return parts


def _leads(runs: Sequence[Run], plain: str, spans: Sequence[Span]) -> bool:
    """Whether markers stand before their sentences: the first thing is one, the last is none."""
    worded = [run for run in runs if is_marker(run) or any(map(str.isalnum, run.text))]
    return len(spans) > 1 and is_marker(worded[0]) and not is_marker(worded[-1])


def _owner(plain: str, spans: Sequence[Span], offset: int, leads: bool) -> int:
    """Which sentence a marker at `offset` belongs to: the one that it ends or stands in.

    A marker before the first word of a line belongs to the sentence after it ("- [1] The port …").
    """
    following = bisect_left(spans, offset, key=lambda span: span[0])
    if following == len(spans):
        return following - 1
    line = plain.rfind("\n", 0, offset) + 1
    opens = not any(letter.isalnum() for letter in plain[line:offset])
    if following == 0 or (opens and "\n" not in plain[offset : spans[following][0]]):
        return following
    between = offset >= spans[following - 1][1]
    return following if leads and between else following - 1


def _segment(
    runs: Sequence[Run], plain: str, span: Span, marks: Sequence[int], block: int
) -> Segment:
    numbers = tuple(dict.fromkeys(run.number for run in runs if run.number))
    start, end = span[0] + _label(runs), span[1]
    start = start if start < end else span[0]
    start = _behind_lead_in(plain, (start, end), marks)
    words = _words(plain, (start, end), marks)
    opens = words.endswith(":") and not _has_digit(words)
    label = not numbers and (opens or _is_bold(runs) or bool(_ANSWER.fullmatch(words)))
    return Segment(tuple(runs), words, numbers, label, block)


def _label(runs: Sequence[Run]) -> int:
    """How many characters bold words with a colon take that stand in front: "**Precedent**: …"."""
    label = ""
    for run in runs:
        if is_marker(run):
            return 0
        bold = "strong" in run.styles or not run.text.strip()
        colon = re.match(r"\s*:\s", run.text) if label.strip() and not bold else None
        label += run.text if bold else colon[0] if colon else ""
        if label.rstrip().endswith(":"):
            return len(label)
        if not bold:
            return 0
    return 0


def _behind_lead_in(plain: str, span: Span, marks: Sequence[int]) -> int:
    """Where a sentence goes on that begins by naming its source: "According to [1], …"."""
    if lead := _LEAD_IN.match(plain, *span):
        return lead.end()
    for at in marks:
        before = plain[span[0] : at].strip() if span[0] <= at else ""
        if before and not _NAMING.match(before):
            break
        behind = (_NAMED if before else _SAYING).match(plain, at, span[1])
        named = any(word[:1].isupper() for word in before.split()[1:]) or _has_digit(before)
        if behind and len(before.split()) < _LEADING and not named:
            return behind.end()
    return span[0]


def _words(plain: str, span: Span, marks: Sequence[int]) -> str:
    """The sentence's words, without the space that a marker leaves before a full stop."""
    words, last = "", span[0]
    for offset in sorted(set(marks)):
        if span[0] < offset < span[1]:
            words += plain[last:offset]
            last = offset
            words = words.rstrip() if plain.startswith(_ENDS, offset) else words
    joined = " ".join((words + plain[last : span[1]]).split())
    return _BETWEEN.sub("", joined)


def _is_bold(runs: Sequence[Run]) -> bool:
    worded = [run for run in runs if any(map(str.isalnum, run.text))]
    ends = "".join(run.text for run in runs).rstrip(" *_\n").endswith((".", "!", "?"))
    return bool(worded) and all("strong" in run.styles for run in worded) and not ends


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def cell(runs: Sequence[Run], block: int) -> Segment:
    """A cell as one segment, however many sentences it has."""
    plain = "".join(run.text for run in runs if not is_marker(run))
    numbers = tuple(dict.fromkeys(run.number for run in runs if run.number))
    marks, at = [], 0
    for run in runs:
        marks += [at] if is_marker(run) else []
        at += 0 if is_marker(run) else len(run.text)
    words = _words(plain, (0, len(plain)), marks)
    worded = any(map(str.isalnum, words))
    return Segment(tuple(runs), words if worded else "", numbers, not worded, block)
