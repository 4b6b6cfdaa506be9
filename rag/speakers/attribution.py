"""Who is speaking in a stretch of an article: a quoted or paraphrased person, a reader, or None.

None means the author's own words or unknown: unknown rather than wrong. An article is read once
from top to bottom; every sentence gets the speaker of the reporting clause that governs it
(`rag.speakers.reporting`), a quotation without one the speaker of its surroundings. Pronouns and
offices stand for whoever the sentences before named. A stretch then has the speaker of most of its
words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from rag.schema import Article, Part
from rag.speakers.cast import Cast, Token, bare, cast_of, is_body, run_at, split_titles, tokens
from rag.speakers.reporting import Clause, Subject, clauses, switches
from rag.text.quotation_marks import masked, quoted_spans
from rag.text.sentences import Span, sentence_spans, trim

READER = "reader comment"

_LINE = re.compile(r"[^\r\n]+")
_LABEL = re.compile(r"[*_]*(?P<label>[^\W\d_][\w.’'-]*(?: [\w.’'-]+){0,3})[*_]*:[*_]*\s+(?=\S)")
_QUESTION = frozenset("q question interviewer reporter".split())
_ANSWER = frozenset("a answer interviewee".split())
_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Oo]ur|[Uu]s|[Mm]y)\b")
_SPEECH_AHEAD = re.compile(
    r"\b(?:sa(?:y|id|ys)|wr(?:ote|ites)|told|stat(?:ed|ing|es)|address|speech|statement|words|"
    r"declared|explained|added|warned|remarks|announced|put it|interviews?)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W_]")
_PARAGRAPH = re.compile(r"\s*\n\s*[“\"„«‘']?")  # in a quotation: the mark that opens it again
_SENTENCE_END = re.compile(r"[.!?…][\"”’»)\]]*$")
_NOBODY = frozenset(
    """nobody everybody everyone somebody someone anybody people neither none it they we you i there
    this that who what officials experts analysts critics supporters opponents researchers
    scientists residents authorities sources witnesses observers economists lawyers doctors voters
    readers""".split()
)
_KINDS_OF_BODY = frozenset(
    """ministry department agency commission authority inspectorate guild union federation chamber
    committee court council bureau university museum institute foundation association""".split()
)
_LONGEST_LINE = 20_000  # characters; nothing longer is prose
_LONGEST_BLOCK = 8  # paragraphs of a block quotation without marks
_LEAST_LEAD = 12  # words of a line without a full stop that may introduce one
_SCARE = 2  # words of a quotation that may be the author's own distance


@dataclass(frozen=True, slots=True)
class Quotation:
    """What somebody is reported to say, `article.text[start:end]`.

    Direct: the words inside quotation marks, the outer marks left out, or a paragraph in somebody's
    own words such as an interview's answer. Otherwise the sentence, or the part of one, that
    gives what was said in other words, with the clause that says so ("Roe said that …") and
    perhaps a few quoted words. `speaker` None: somebody whom the article does not name, or whom
    we cannot tell.
    """

    start: int
    end: int
    speaker: str | None
    direct: bool


def speaker(article: Article, start: int, end: int) -> str | None:
    """Who says most of `article.text[start:end]`; None: the author, or unknown.

    A comment's words are its reader's, "gull47 (reader comment)"; words within quotation marks in
    a comment are "Roe, quoted in a reader comment" where it says whose they are.
    """
    start, end = trim(article.text, max(0, start), min(end, len(article.text)))
    said: Counter[str] = Counter()
    for item in _said(article):
        shared = min(item.end, end) - max(item.start, start)
        if shared > 0 and item.speaker:
            said[item.speaker] += shared
    if not said:
        return None
    name, length = said.most_common(1)[0]
    return name if 2 * length > end - start else None


def quotations(article: Article) -> list[Quotation]:
    """What people are quoted or paraphrased as saying in an article, in its order, disjoint.

    Readers' comments, and what they quote, are not among them.
    """
    found: list[Quotation] = []
    for item in _said(article):
        if READER in (item.speaker or ""):
            continue
        for piece in _pieces(article.text, item):
            last = found[-1] if found else None
            if last and _goes_on(article.text, last, piece):
                found[-1] = replace(last, end=piece.end)
            else:
                found.append(piece)
    worded = (item for item in found if _WORDS.search(article.text, item.start, item.end))
    return [_trimmed(article.text, item) for item in worded]


# --- the pieces of an article with a speaker of their own


@dataclass(frozen=True, slots=True)
class _Said:
    """A stretch that somebody says; `quoted`: what of it stands between quotation marks."""

    start: int
    end: int
    speaker: str | None
    quoted: tuple[Span, ...] = ()
    own: bool = False  # the words are the speaker's own though without quotation marks


def _pieces(text: str, item: _Said) -> Iterator[Quotation]:
    """The quoted words of a stretch if they are most of it, else all of it."""
    if item.own:
        yield Quotation(item.start, item.end, item.speaker, direct=True)
        return
    quoted = sum(stop - start for start, stop in item.quoted)
    if item.quoted and 3 * quoted >= item.end - item.start:
        for start, stop in item.quoted:
            yield Quotation(start, stop, item.speaker, direct=True)
    elif text[item.start : item.end].strip():
        yield Quotation(item.start, item.end, item.speaker, direct=False)


def _goes_on(text: str, last: Quotation, piece: Quotation) -> bool:
    """Whether `piece` only continues `last`: nothing or a paragraph's end lies between."""
    if last.speaker != piece.speaker or last.direct != piece.direct:
        return False
    between = text[last.end : piece.start]
    return not between or bool(piece.direct and _PARAGRAPH.fullmatch(between))


def _trimmed(text: str, item: Quotation) -> Quotation:
    start, end = trim(text, item.start, item.end)
    return replace(item, start=start, end=end)


@lru_cache(maxsize=64)
def _said(article: Article) -> tuple[_Said, ...]:
    found: list[_Said] = []
    for part in article.parts or (Part("body", 0, len(article.text)),):
        if part.kind == "comment":
            found += _comment(article, part)
        else:
            found += _read(article, part.start, part.end)
    return tuple(found)


def _comment(article: Article, part: Part) -> Iterator[_Said]:
    """A comment is its reader's, but for the words that it quotes and says whose they are."""
    reader = f"{part.author} ({READER})" if part.author else READER
    at = part.start
    for item in _read(article, part.start, part.end):
        for start, end in item.quoted if item.speaker else ():
            yield _Said(at, start, reader)
            yield _Said(start, end, f"{item.speaker}, quoted in a {READER}")
            at = end
    yield _Said(at, part.end, reader)


def _read(article: Article, start: int, end: int) -> list[_Said]:
    """Everything said in one part of an article, which knows nothing of the other parts."""
    text = article.text
    lines = [
        trim(text, *line.span())
        for line in _LINE.finditer(text, start, end)
        if line.group().strip() and len(line.group()) <= _LONGEST_LINE
    ]
    quoted = quoted_spans(text, start, end)
    flat = masked(text, start, end, quoted)
    items = tokens(flat)
    flow = _Flow(text, flat, start, items, [item.start for item in items], quoted, cast_of(items))
    labels = _labels(article, lines, flow)
    found: list[_Said] = []
    at = 0
    while at < len(lines):
        block = _block(flow, lines, at, labels)
        if block:
            stop, who = block
            found += [_Said(begin, until, who, (), own=True) for begin, until in lines[at:stop]]
            flow.turn_over(who)
            at = stop
            continue
        found += _paragraph(flow, *lines[at])
        at += 1
    return _filled(found, [span for span in quoted if "\n" in text[slice(*span)]])


@dataclass(slots=True)
class _Flow:
    """One part of an article as it is read, and whom it has last spoken of.

    `flat` is the part's text with quoted words blotted out; its tokens' offsets count from `base`.
    """

    text: str
    flat: str
    base: int
    items: list[Token]
    starts: list[int]
    quoted: list[Span]
    cast: Cast
    focus: str | None = None  # whom the current paragraph is about
    said: str | None = None  # who spoke last in the current paragraph
    people: list[str] = field(default_factory=list)  # named in the current paragraph
    before: list[str] = field(default_factory=list)  # whom the last paragraph was about: best first
    lead: str | None = None  # who speaks in the next paragraph: "Roe told reporters:"
    answered: str | None = None  # who had the last word, if in quotation marks

    def within(self, start: int, end: int) -> list[Token]:
        """The tokens of `text[start:end]`."""
        first = bisect_left(self.starts, start - self.base)
        return self.items[first : bisect_left(self.starts, end - self.base)]

    def turn_over(self, focus: str | None = None) -> None:
        """A paragraph has ended."""
        about = [name for name in (focus, self.focus, *reversed(self.people)) if name]
        self.before = list(dict.fromkeys(about)) or self.before
        self.focus, self.said, self.people = None, None, []

    def gendered(self, names: Iterable[str | None], pronoun: str) -> str | None:
        """The first of `names` that "he" or "she" can mean."""
        for name in names:
            person = self.cast.people.get(name) if name else None
            if name and person and person.gender in (None, pronoun):
                return name
            if name and not person and not is_body(name.split()):
                return name
        return None


# --- paragraphs


def _paragraph(flow: _Flow, start: int, end: int) -> list[_Said]:
    found: list[_Said] = []
    lead, flow.lead = flow.lead, None
    answered, flow.answered = flow.answered, None
    for begin, stop in _sentences(flow, start, end):
        items = flow.within(begin, stop)
        opening = lead or answered if begin == start else None
        of_sentence = _sentence(flow, begin, stop, items, opening, bool(lead))
        found += of_sentence
        _look(flow, items, of_sentence)
        if stop == end:
            flow.lead = _introduced(flow, begin, stop, items, of_sentence)
    last = found[-1] if found else None
    flow.answered = last.speaker if last and last.quoted and last.end >= end - 1 else None
    flow.turn_over()
    return found


def _sentences(flow: _Flow, start: int, end: int) -> Iterator[Span]:
    """Spans of the paragraph's sentences; a quotation belongs to one sentence."""
    base = flow.base
    for begin, stop in sentence_spans(flow.flat, start - base, end - base):
        yield begin + base, stop + base


def _look(flow: _Flow, items: Sequence[Token], said: Sequence[_Said]) -> None:
    """Note whom a sentence was about: who spoke in it, else the first person it names."""
    named = list(_people(flow.cast, items))
    flow.people += named
    speakers = [item.speaker for item in said if item.speaker]
    if speakers:
        flow.said = flow.focus = speakers[-1]
    elif named:
        flow.focus = named[0]


def _people(cast: Cast, items: Sequence[Token]) -> Iterator[str]:
    """The people that a sentence names outside quotations, possessives left out."""
    at = 0
    while at < len(items):
        stop = run_at(items, at) if items[at].is_capital else at
        if stop > at and not items[stop - 1].is_possessive:
            _, name = split_titles([item.text for item in items[at:stop]])
            who = cast.person(name, items[at].start) if name else None
            if who is None and len(name) > 1 and at == 0:
                who = cast.person(name[1:], items[at].start)
            if who:
                yield who
        at = max(stop, at + 1)


def _introduced(
    flow: _Flow, start: int, end: int, items: Sequence[Token], said: Sequence[_Said]
) -> str | None:
    """Who speaks in the next paragraph, if the last sentence of one leads up to it."""
    text = flow.text[start:end]
    colon = text.endswith(":")
    if not colon and (_SENTENCE_END.search(text) or len(items) < _LEAST_LEAD):
        return None
    if said:
        return said[-1].speaker if colon else None
    people = list(dict.fromkeys(_people(flow.cast, items)))
    return people[0] if len(people) == 1 and _SPEECH_AHEAD.search(text) else None


# --- sentences


def _sentence(
    flow: _Flow, start: int, end: int, items: Sequence[Token], opening: str | None, led: bool
) -> list[_Said]:
    """What is said in one sentence; `opening`: who speaks on if it begins with a quotation."""
    quoted = _within(flow.quoted, start, end)
    found = clauses(items, flow.cast)
    if found:
        return _governed(flow, start, end, items, found, quoted)
    if not quoted:
        return []
    who = _context(flow, start, end, items, quoted, opening, led)
    if who is None and not _is_all_quoted(start, end, quoted):
        return []
    return [_Said(start, end, who, quoted)]


def _within(quoted: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """The parts of quotations that lie in `start:end`."""
    first = bisect_left(quoted, start, key=lambda span: span[1])
    found = []
    for begin, stop in quoted[first:]:
        if begin >= end:
            break
        if min(stop, end) > max(begin, start):
            found.append((max(begin, start), min(stop, end)))
    return tuple(found)


def _is_all_quoted(start: int, end: int, quoted: Sequence[Span]) -> bool:
    return sum(stop - begin for begin, stop in quoted) >= end - start - 4


def _context(
    flow: _Flow,
    start: int,
    end: int,
    items: Sequence[Token],
    quoted: Sequence[Span],
    opening: str | None,
    led: bool,
) -> str | None:
    """Who says the quotation of a sentence that does not tell."""
    if _is_all_quoted(start, end, quoted):
        words = len(flow.text[quoted[0][0] : quoted[-1][1]].split())
        if opening and (led or words > _SCARE):
            return opening
        return flow.said if flow.said == flow.focus else (None if flow.said else flow.focus)
    before = flow.text[start : quoted[0][0] - 1].rstrip()
    if not before.endswith(":"):
        return None
    people = list(_people(flow.cast, items))
    if people:
        return people[0]
    first = items[0].low if items else ""
    return _pronoun(flow, first, []) if first in ("he", "she") else None


def _governed(
    flow: _Flow,
    start: int,
    end: int,
    items: Sequence[Token],
    found: Sequence[Clause],
    quoted: Sequence[Span],
) -> list[_Said]:
    """The statements of a sentence with whoever the clause that governs each one names."""
    bounds = [start, *_bounds(flow, items, found), end]
    said: list[_Said] = []
    carried: Subject | None = None
    waiting = start  # statements from here on have no clause yet
    for begin, stop in zip(bounds, bounds[1:], strict=False):
        inside = [item for item in found if begin <= item.start + flow.base < stop]
        tails = [item for item in inside if item.place == "tail"]
        if tails:
            carried = None
            subject = tails[-1].subject
            leads = [item.subject for item in inside if item.place == "lead"]
            if leads and subject.words[-1:] and subject.words[-1] in _KINDS_OF_BODY:
                subject = leads[0]  # "The minister said …, the ministry said" are his words
            said.append(_by(flow, subject, waiting, stop, items, quoted))
        elif inside:
            carried = inside[0].subject
            at = inside[0].start + flow.base
            opens = len(flow.within(begin, at)) <= 4
            said.append(_by(flow, carried, begin if opens else at, stop, items, quoted))
        elif carried:
            said.append(_by(flow, carried, begin, stop, items, quoted))
        else:
            continue
        waiting = stop
    return said


def _bounds(flow: _Flow, items: Sequence[Token], found: Sequence[Clause]) -> list[int]:
    """Where another statement begins: after ";" and the like, or "and" before another clause."""
    places = set(switches(items))
    starts = {item.start for item in found[1:] if item.place == "lead"}
    places |= {
        item.start
        for before, item in zip(items, items[1:], strict=False)
        if before.low == "and" and item.start in starts
    }
    return sorted(place + flow.base for place in places)


def _by(
    flow: _Flow,
    subject: Subject,
    start: int,
    end: int,
    items: Sequence[Token],
    quoted: Sequence[Span],
) -> _Said:
    inside = [(max(b, start), min(e, end)) for b, e in quoted if b < end and e > start]
    return _Said(start, end, _resolved(flow, subject, items), tuple(inside))


# --- who is meant


def _resolved(flow: _Flow, subject: Subject, items: Sequence[Token]) -> str | None:
    """The name of whoever a clause's subject means; None if it cannot be told."""
    if subject.kind == "name":
        opens = bool(items) and subject.start == items[0].start
        return _name(flow.cast, subject.words, subject.start, opens=opens)
    if subject.kind == "pronoun" and subject.words[0] in ("he", "she", "him"):
        earlier = [item for item in items if item.start < subject.start]
        pronoun = "she" if subject.words[0] == "she" else "he"
        return _pronoun(flow, pronoun, list(_people(flow.cast, earlier)))
    if subject.kind == "office":
        return _office(flow, subject.words)
    return None


def _name(cast: Cast, words: Sequence[str], at: int, *, opens: bool) -> str | None:
    """A name in full, as the article first gives it; None for "Officials" and the like."""
    name = " ".join(words).split()
    name[-1] = bare(name[-1])
    who = cast.person(name, at)
    if who or len(name) > 1:
        return who or " ".join(name)
    (word,) = name
    if word.casefold() in _NOBODY or (opens and word.endswith("s") and not word.isupper()):
        return None
    return cast.bodies.get(word.casefold(), word)


def _pronoun(flow: _Flow, pronoun: str, earlier: Sequence[str]) -> str | None:
    """Whom "he" or "she" means: whom the paragraph is about, else the sentence, else the last."""
    inside = [flow.focus, *reversed(flow.people)] if flow.focus else []
    return flow.gendered([*inside, *earlier, *flow.before], pronoun)


def _office(flow: _Flow, words: Sequence[str]) -> str | None:
    """Whom "the minister" means: the last one named who is one, else the only one."""
    if not words:
        return None
    people = flow.cast.people
    holders = [name for name, person in people.items() if words[-1] in person.offices]
    recent = [flow.focus, *reversed(flow.people), *flow.before]
    for name in recent:
        if name in holders:
            return name
    if len(holders) == 1:
        return holders[0]
    is_body_alone = len(words) == 1 and words[0] in _KINDS_OF_BODY
    return flow.cast.bodies.get(words[0]) if is_body_alone and not holders else None


# --- words without quotation marks: block quotations and interviews


def _block(
    flow: _Flow, lines: Sequence[Span], at: int, labels: dict[int, str | None]
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


def _block_end(flow: _Flow, lines: Sequence[Span], at: int, who: str) -> int:
    """The block lasts as long as it says "we" or "I", and never beyond its speaker's own name."""
    stop = at + 1
    for place in range(at + 1, min(len(lines), at + _LONGEST_BLOCK)):
        start, end = lines[place]
        if flow.text[start] in '“"„«' or _speaks_of(flow, who, lines[place]):
            break
        if _FIRST_PERSON.search(flow.text, start, end):
            stop = place + 1
    return stop


def _speaks_of(flow: _Flow, who: str | None, line: Span) -> bool:
    """Whether a paragraph names `who`, and so is not in that person's words."""
    return who is not None and who.split()[-1] in flow.text[line[0] : line[1]]


def _labels(article: Article, lines: Sequence[Span], flow: _Flow) -> dict[int, str | None]:
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


def _labelled(article: Article, flow: _Flow, label: str) -> str | None:
    """The person that an interview's label stands for; None: the interviewer, or unknown."""
    if label.casefold() in _QUESTION or label in (article.author or ""):
        return None
    people = flow.cast.people
    if label.casefold() in _ANSWER:
        named = Counter(_people(flow.cast, flow.items))
        return named.most_common(1)[0][0] if named else None
    initials = [name for name in people if "".join(w[0] for w in name.split()) == label]
    return initials[0] if len(initials) == 1 else flow.cast.person(label.split(), flow.base)


def _filled(found: Sequence[_Said], quoted: Sequence[Span]) -> list[_Said]:
    """A quotation over several paragraphs is one speaker's, wherever the article says whose."""
    filled = list(found)
    for start, end in quoted:
        places = [n for n, item in enumerate(filled) if item.start < end and item.end > start]
        names = {filled[n].speaker for n in places} - {None}
        if len(places) > 1 and len(names) == 1:
            (who,) = names
            for place in places:
                filled[place] = replace(filled[place], speaker=filled[place].speaker or who)
    return filled
