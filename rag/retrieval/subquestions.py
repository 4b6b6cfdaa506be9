"""The questions within a question, each standing alone.

A question is split where a second question begins, at a list of days or years, at a list behind a
colon, and between two people or two verbs; never within a name or a noun phrase.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.schema import Turn
from rag.speakers.cast import BODIES, bare
from rag.speakers.coreference import by_rule
from rag.text.dates import MONTH
from rag.text.names import TITLES, names
from rag.text.sentences import sentence_spans

_MOST = 6  # parts; a longer list is one question
_LONGEST = 60  # words; a longer question is read whole

_WH = r"(?:who|whom|whose|what|when|where|why|which|how)"
_AUX = r"(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should)"
_PRONOUN = r"(?:he|she|it|they|we|you|the|this|these|those|his|her|its|their)"
_PREP = r"(?:(?:by|in|on|at|for|to|from|with|since|of|about)\s+)?"
_JOIN = (
    r"(?:\s*[,;]?\s*\b(?:and|as\s+well\s+as|plus|or)\b(?:\s+(?:also|if\s+so,?))?\s+|\s*;\s*"
    r"|,\s+(?:then\s+)?)"
)
_SUBJECT = r"(?:he|she|it|they|there|this|that|the|a|an|his|her|its|their|[A-Z]\w+)"
# Where a second question begins: at a question word, or at a verb with its subject behind it.
_SECOND = re.compile(
    rf"{_JOIN}(?=(?i:{_PREP}{_WH})\b(?!\s+(?:and|or)\b)|(?i:{_AUX})\s+{_SUBJECT}\b)",
)
_COMMA_ONLY = re.compile(r"^,\s+$")
_OPENS = re.compile(rf"^{_PREP}(?:{_WH}|{_AUX})\b", re.IGNORECASE)
_ASKS = re.compile(rf"\b(?:{_WH}|{_AUX})\b", re.IGNORECASE)
_CLAUSE = re.compile(rf"\b(?:{_WH}|{_AUX})\b", re.IGNORECASE)
# "When and where was it signed?"
_TWO_WORDS = re.compile(
    rf"^(?P<one>{_PREP}{_WH}(?:\s+(?:many|much|long|old|far|often))?)\s+and\s+"
    rf"(?P<two>{_PREP}{_WH}(?:\s+(?:many|much|long|old|far|often))?)\s+(?P<rest>{_AUX}\b.+)$",
    re.IGNORECASE,
)
_ELLIPTICAL = re.compile(
    r"^(?P<wh>how\s+(?:many|much)|when|where|why)\s+(?P<rest>(?P<prep>according|in|on|at|by|for|from|"
    r"after|before|during|since|to|of(?!\s+(?:it|them)\b))\b.+)$",
    re.IGNORECASE,
)
_NUMBER = r"\d{1,2}(?:st|nd|rd|th)?"
_DAYS = re.compile(
    rf"(?:\bthe\s+)?(?P<days>{_NUMBER}(?:\s*,\s*{_NUMBER})*\s*,?\s*(?:and|or|&)\s*{_NUMBER})\s+(?:of\s+)?"
    rf"(?P<month>{MONTH})\b(?P<year>,?\s+\d{{4}})?",
    re.IGNORECASE,
)
_DAYS_BEHIND = re.compile(
    rf"\b(?P<month>{MONTH})\s+(?P<days>{_NUMBER}(?:\s*,\s*{_NUMBER})*\s*,?\s*(?:and|or|&)\s*{_NUMBER})"
    r"\b(?P<year>,?\s+\d{4})?",
    re.IGNORECASE,
)
_YEARS = re.compile(r"\bin\s+(?P<years>\d{4}(?:\s*,\s*\d{4})*\s*,?\s*(?:and|or)\s*\d{4})\b")
_A_SPAN = re.compile(r"\b(?:between|from)\s+(?:the\s+)?$", re.IGNORECASE)
_COLON = re.compile(r"^(?P<head>[^:]{8,}?):\s+(?P<items>[^:]+)$")
_THESE = re.compile(
    r"\b(?:(?:each|all)\s+of\s+)?(?:the\s+following|these)(?:\s+\w+)??(?=\s*$|\s+(?:happen|take|begin|"
    r"start|end|say|said|think|want|cost|come|go|do|did|was|were|is|are)\b)|\bthe\s+following\s+\w+|"
    r"\bthese\b",
    re.IGNORECASE,
)
_ITEMS = re.compile(r"\s*[,;]\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+", re.IGNORECASE)
_PERSON = r"(?:[A-ZÀ-Þ][\w’'-]*(?:\s+(?:al|el|van|von|de|bin)\b)?\s+)+[A-ZÀ-Þ][\w’'-]*"
_PARTY = rf"(?:{_PERSON}|[A-ZÀ-Þ][\w’'-]*|the\s+[\w’'-]+(?:\s+(?:of\s+)?(?!and\b)[\w’'-]+){{0,3}}?)"
_TWO_PEOPLE = re.compile(
    rf"\b(?P<one>{_PARTY})\s+(?:and|as\s+well\s+as)\s+(?P<two>{_PARTY})(?=\s+(?:say|said|think|want|"
    r"propose|earn|doing|work|write|believe|demand|offer|put)\b|\s*\?*$)"
)
_ABOUT_TWO = re.compile(
    r"^(?:who\s+(?:is|are|was|were)|how\s+old\s+(?:is|are)|(?:what|how\s+many|how\s+much)\s+"
    r"(?:do|does|did)|(?:compare|contrast)(?:\s+what)?)\s+$",
    re.IGNORECASE,
)
_OF_PERSONS = re.compile(r"^(?:who|how\s+old)\b", re.IGNORECASE)
_TWO_VERBS = re.compile(
    rf"^(?P<head>(?:when|where|why|how)\s+{_AUX}\s+(?:the\s+)?[\w’'-]+(?:\s+[\w’'-]+){{0,4}}?)\s+"
    r"(?P<one>begin|start|open|arrive|leave|resign|walk\s+out)\s+and\s+"
    r"(?P<two>end|finish|stop|close|leave|depart|return|die)(?P<rest>\W*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One question of several: `text` stands alone; `label` is how it is called in the answer."""

    text: str
    label: str


def split(question: str) -> tuple[Part, ...]:
    """The parts of a question, in its order; none of a question with one part."""
    asked = " ".join(question.split())
    if len(asked.split()) > _LONGEST or re.search(r"[“\"«]", asked):
        return ()
    for find in (_questions, _days, _items, _people, _verbs, _clauses):
        found = tuple(find(asked))
        if 1 < len(found) <= _MOST:
            return found
    return ()


def _questions(asked: str) -> Iterator[Part]:
    """Each of several sentences that end in a question mark."""
    sentences = [asked[slice(*span)] for span in sentence_spans(asked)]
    marked = [one for one in sentences if one.endswith("?")]
    if len(marked) > 1:
        for one in _standing_alone(marked):
            inner = list(_clauses(one))
            yield from inner if len(inner) > 1 else [Part(one, _label(one))]


def _clauses(asked: str) -> Iterator[Part]:
    """The clauses with a question word, or a verb and its subject, of their own."""
    if two := _TWO_WORDS.match(asked):
        for word in (two["one"], two["two"]):
            text = f"{_begun(word)} {two['rest']}"
            yield Part(text, _label(text))
        return
    pieces = _cut(asked)
    if len(pieces) > 1:
        for text in _standing_alone(pieces):
            yield Part(text, _label(text))


def _cut(asked: str) -> list[str]:
    """`asked` cut at each place where another question begins."""
    pieces, begin = list[str](), 0
    for match in _SECOND.finditer(asked):
        before = asked[begin : match.start()]
        lone_comma = bool(_COMMA_ONLY.match(match[0]))
        follows = asked[match.end() :]
        if lone_comma and not re.match(rf"(?i:what|when|where|why|how)\s+(?i:{_AUX})\b", follows):
            continue
        if re.match(rf"{_PREP}{_WH}\s+{_PRONOUN}\b", follows, re.IGNORECASE):
            continue  # "what they cost": no question of its own
        asks = _ASKS if asked.endswith("?") else _OPENS
        if not asks.search(before):
            continue
        if re.search(rf"\b(?:between|whether|if|of|to|for|that|{_WH})\s*$", before, re.IGNORECASE):
            continue
        if re.match(r"(?i:which|who|whose|where|when)\b", follows) and _is_relative(
            before, match[0]
        ):
            continue
        pieces.append(before)
        begin = match.end()
    return [*pieces, asked[begin:]]


def _is_relative(before: str, join: str) -> bool:
    """Whether "and who …" goes on a relative clause: "the man who fell and who …"."""
    words = re.findall(rf"\b{_WH}\b", before, re.IGNORECASE)
    return "or" in join.split() or (len(words) > 1 and not re.match(_WH, before, re.IGNORECASE))


def _standing_alone(pieces: Sequence[str]) -> list[str]:
    """Each piece as a question, what it points back to put in."""
    found: list[str] = []
    for piece in pieces:
        bare = piece.strip(" ?,;.")
        turns = [Turn(f"{one}?", "") for one in found]
        whole = _filled(bare, found[-1]) if found else bare
        found.append(_begun(by_rule(f"{whole}?", turns).rstrip(" ?")))
    return [f"{one}?" for one in found]


def _filled(piece: str, before: str) -> str:
    """A piece such as "how many according to the union" with what is asked before it."""
    elliptical = _ELLIPTICAL.match(piece)
    if elliptical is None or not before.casefold().startswith(elliptical["wh"].casefold()):
        return piece
    same = re.search(rf"\s+{elliptical['prep']}\b", before, re.IGNORECASE)
    return f"{before[: same.start()] if same else before} {elliptical['rest']}"


def _days(asked: str) -> Iterator[Part]:
    """The same question of each day, or each year, of a list."""
    match = _DAYS.search(asked) or _DAYS_BEHIND.search(asked)
    if match and not _A_SPAN.search(asked[: match.start()]):
        for day in re.findall(_NUMBER, match["days"]):
            printed = f"{day} {match['month']}{match['year'] or ''}"
            text = asked[: match.start()] + printed + asked[match.end() :]
            yield Part(text, printed)
        return
    years = _YEARS.search(asked)
    if years:
        for year in re.findall(r"\d{4}", years["years"]):
            yield Part(f"{asked[: years.start('years')]}{year}{asked[years.end('years') :]}", year)


def _items(asked: str) -> Iterator[Part]:
    """The question before a colon of each item behind it."""
    match = _COLON.match(asked)
    if match is None or not _CLAUSE.search(match["head"]):
        return
    for item in filter(None, _ITEMS.split(match["items"].strip(" ?."))):
        head = match["head"].strip()
        text, count = _THESE.subn(lambda _, item=item: item, head, count=1)
        yield Part(f"{text}?" if count else f"{head}: {item}?", item)


def _people(asked: str) -> Iterator[Part]:
    """The same question of each of two people called by their full names."""
    match = _TWO_PEOPLE.search(asked)
    if match is None or not _ABOUT_TWO.match(asked[: match.start()]):
        return
    head, rest = asked[: match.start()], asked[match.end() :]
    if not _are_two(match["one"], match["two"], persons=bool(_OF_PERSONS.match(head))):
        return
    head = re.sub(r"\bare\b", "is", re.sub(r"\bwere\b", "was", head))
    head = re.sub(r"\bdo\b|^(?:compare|contrast)\b(?:\s+what)?", "does", head, flags=re.IGNORECASE)
    head = head if head[:1].isupper() else f"What {head}"
    for who in (match["one"], match["two"]):
        yield Part(f"{head}{who}{rest.rstrip(' ?.!')}?", who)


def _are_two(one: str, two: str, *, persons: bool) -> bool:
    """Whether two people or bodies are named, and not one by a name with "and" in it."""
    full = all(len(who.split()) > 1 and names(who) == [who] for who in (one, two))
    if full and not BODIES & {bare(who.split()[-1]).casefold() for who in (one, two)}:
        return True
    first = two.split()[0].casefold()
    return not persons and (first == "the" or first in TITLES)


def _verbs(asked: str) -> Iterator[Part]:
    """The same question of each of two verbs: "When did the strike begin and end?"."""
    if match := _TWO_VERBS.match(asked):
        for verb in (match["one"], match["two"]):
            text = f"{match['head']} {verb}?"
            yield Part(text, _label(text))


def _label(text: str) -> str:
    """How a part is called in the answer: without what stands in brackets to be searched too."""
    return re.sub(r"\s*\([^()]*\)$", "", text.rstrip(" ?."))


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]
