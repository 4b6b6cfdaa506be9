"""Somebody's own words without quotation marks: answers of an interview, block quotations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rag.schema import Article
from rag.speakers.discourse import Flow, people_in
from rag.text.sentences import Span

_LABEL = re.compile(r"[*_]*(?P<label>[^\W\d_][\w.’'-]*(?: [\w.’'-]+){0,3})[*_]*:[*_]*\s+(?=\S)")
_QUESTION = frozenset("q question interviewer reporter".split())
_ANSWER = frozenset("a answer interviewee".split())
_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Oo]ur|[Uu]s|[Mm]y)\b")
_LONGEST_BLOCK = 8  # paragraphs of a block quotation without marks


def block_at(
    flow: Flow, lines: Sequence[Span], at: int, labels: dict[int, str | None]
) -> tuple[int, str | None] | None:
    """Where the block of somebody's own words that begins at line `at` ends, and whose it is."""
    if at in labels:
        who = labels[at]
        stop = at + 1
        while stop < len(lines) and stop not in labels and not _speaks_of(flow, who, lines[stop]):
            stop += 1
        return stop, who
    who, start = flow.lead, lines[at][0]
    if who is None or flow.text[start] in "“\"„«‘'":
        return None
    flow.lead = None
    return _block_end(flow, lines, at, who), who


def _block_end(flow: Flow, lines: Sequence[Span], at: int, who: str) -> int:
    """The block lasts as long as it says "we" or "I", and never beyond its speaker's own name."""
    stop = at + 1
    for place in range(at + 1, min(len(lines), at + _LONGEST_BLOCK)):
        start, end = lines[place]
        if flow.text[start] in '“"„«' or _speaks_of(flow, who, lines[place]):
            break
        if _FIRST_PERSON.search(flow.text, start, end):
            stop = place + 1
    return stop


def _speaks_of(flow: Flow, who: str | None, line: Span) -> bool:
    """Whether a paragraph names `who`, and so is not in that person's words."""
    return who is not None and who.split()[-1] in flow.text[line[0] : line[1]]


def labels_of(article: Article, lines: Sequence[Span], flow: Flow) -> dict[int, str | None]:
    """Line -> who speaks, for the lines of an interview that begin "Q:" or "Roe:"."""
    found: dict[int, str] = {}
    for place, (start, end) in enumerate(lines):
        match = _LABEL.match(article.text, start, end)
        if match:
            found[place] = match["label"]
    count = Counter(found.values())
    known = {label: _labelled(article, flow, label) for label in count}
    used = {n: known[label] for n, label in found.items() if known[label] or count[label] > 1}
    spoken = [label for label in count if known[label] or label.casefold() in _QUESTION]
    return used if spoken and any(used.values()) and len(used) > 2 else {}


def _labelled(article: Article, flow: Flow, label: str) -> str | None:
    """The person that an interview's label stands for; None: the interviewer, or unknown."""
    if label.casefold() in _QUESTION or label in (article.author or ""):
        return None
    people = flow.cast.people
    if label.casefold() in _ANSWER:
        named = Counter(people_in(flow.cast, flow.items))
        return named.most_common(1)[0][0] if named else None
    initials = [name for name in people if "".join(w[0] for w in name.split()) == label]
    return initials[0] if len(initials) == 1 else flow.cast.person(label.split(), flow.base)
