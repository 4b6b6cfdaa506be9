"""A follow-up question -> one that stands alone, by rule.

A pronoun stands for somebody or something of the right kind in the last two turns; a fragment
("And in Paris?") takes the place of its like in the question before. What is clear by itself stays
as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.schema import Turn
from rag.speakers.cast import BODIES, PLACES, bare, tokens
from rag.speakers.people import cast_of
from rag.text import lexicon
from rag.text.names import TITLES, names
from rag.text.sentences import sentence_spans
from rag.text.words import fold

Kind = Literal["person", "body", "group", "place", "thing"]

_BACK = 2  # turns that a pronoun may reach back to
_LEAD = re.compile(r"^[^.!?\n]{0,120}?:\s+")  # "Jane Roe, The Gazette, 4 March 2024: …"
_MARKER = re.compile(r"\s*\[\d+\]")

_AUXILIARY = (
    r"(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|must|might|may)"
)
_WH = r"(?:who|whom|whose|what|which|when|where|why|how(?:\s+(?:many|much|long|old|far|often))?)"
_OPENING = re.compile(
    r"^(?:(?:and|but|so|also|then|ok(?:ay)?)\b[\s,]*)*(?:(?:what|how)\s+about\b\s*)?", re.IGNORECASE
)
# Said to whoever answers, or about the archive: nothing in them points back.
_ALONE = re.compile(
    r"^\W*(?:thanks?|thank\s+you|cheers|hello|hi|hey|good\s+\w+|bye|goodbye|ok(?:ay)?|yes|no|great|"
    r"i|i['’]m|i\s+am|we|my|you|can\s+you|could\s+you|who\s+are\s+you|what\s+can\s+you|please|"
    r"summari[sz]e|list|show|tell|give|compare|find|timeline)\b",
    re.IGNORECASE,
)
_HE = re.compile(r"\b(?:(?P<he>he|him|his|himself)|(?P<she>she|hers|her|herself))\b", re.IGNORECASE)
_THEY = re.compile(r"\b(?:they|them|their|theirs|themselves)\b", re.IGNORECASE)
_IT = re.compile(
    r"\bit(?:s|self)?\b(?!\s+(?:true|right|correct|possible|likely|clear|the\s+case|takes?)\b)"
    r"|\b(?:this|that|these|those)(?=\s*[?.!]*$)",
    re.IGNORECASE,
)
# What stands for all that was said: "Did that hold?".
_ALL_THAT = re.compile(rf"^{_AUXILIARY}\s+(?:this|that)\b(?!\s+(?:the|a|an)\b)", re.IGNORECASE)
_THERE = re.compile(
    r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )\bthere\b"
    rf"(?!\s+{_AUXILIARY}\b)",
    re.IGNORECASE,
)
_OWNER = frozenset("his her its their".split())
_BEHIND_OBJECT = frozenset(
    "in on at to for from by with of and or when after before about as into".split()
)
_BARE_WH = re.compile(
    rf"^(?P<wh>(?:(?:by|on|in|at|for|with|from|to|since)\s+)?{_WH}|how\s+come|what\s+for)(?:\s+(?:then|exactly|so|not|else))?\s*[?!.]*$",
    re.IGNORECASE,
)
_ASKED = re.compile(
    rf"^(?:(?:in|on|at|by|for|since)\s+)?{_WH}\b(?=\s+{_AUXILIARY}\b)", re.IGNORECASE
)
_YEAR = re.compile(r"\b(?:1[6-9]|2[01])\d\d\b")
_IN = re.compile(
    r"^(?P<prep>in|at|on|from|for|to|by|with|near|since|after|before)\s+", re.IGNORECASE
)
_PLACED = re.compile(r"\b(?:in|at|near|from|to|of)\s+(?:the\s+)?$", re.IGNORECASE)
_AGED = re.compile(r"^,\s+(?:\d{2}\b|who\b)")
_COUNTED = re.compile(
    rf"\b(?:how\s+many|which|what)\s+(?P<what>(?:(?!{_AUXILIARY}\b)[\w'’-]+\s+){{0,3}}?"
    rf"(?!{_AUXILIARY}\b)[\w'’-]*s|people|men|women|"
    r"children|police|staff)\b",
    re.IGNORECASE,
)
# "When did the pay deal expire in March?": what stands between auxiliary and verb.
_SUBJECT = re.compile(
    rf"\b(?P<aux>{_AUXILIARY})\s+(?P<np>(?:the|a|an)\s+.+?)"
    r"(?=\s+(?:who|that|which|in|on|at|to|for|from|by|with|about|after|before|during|since|because|when|as|"
    r"between|and|according)\b|\s*[?.!,;]*$|,)",
    re.IGNORECASE,
)
_OBJECT = re.compile(
    r"\b(?P<np>(?:the|a|an|his|her|its|their)\s+[\w'’-]+(?:\s+(?!(?:in|on|at|to|for|from|by|with|about|after|before|"
    r"during|since|when|as|between|and|or)\b)[\w'’-]+)?)\s*[?.!]*$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\b(?:[A-Z]\w+\s+)*[A-Za-z]{4,}\s+\d+(?:\.\d+)?\b")  # "resolution 2118"
_BE = frozenset("is are was were".split())
_FORMS = frozenset(
    form for line in lexicon.groups("irregular", "forms") for form in line
) | frozenset("open shut closed due over".split())
_COUNTRIES = frozenset(word for line in lexicon.groups("peoples", "same") for word in line)
_VERB = re.compile(rf"\b{_AUXILIARY}\b", re.IGNORECASE)
_HUMANS = frozenset("man woman boy girl child person".split())
_FEW_WORDS = 4


@dataclass(frozen=True, slots=True)
class _Referent:
    """Something that a turn names, as it is to be printed in the question."""

    text: str
    kind: Kind
    sure: bool = True  # of the kind
    named: bool = True


def by_rule(question: str, history: Sequence[Turn]) -> str:
    """`question` as it would be asked without the turns before it, oldest first.

    What points back to nothing that is known keeps its words, the question before it in brackets.
    """
    turns = _resolved(history)
    return _rewritten(question, turns) if turns else question


def _resolved(history: Sequence[Turn]) -> list[Turn]:
    """The last turns, their questions standing alone."""
    turns: list[Turn] = []
    for turn in history[-2 * _BACK :]:
        asked = _rewritten(turn.question, turns) if turns else turn.question
        turns = [*turns, Turn(asked, turn.answer)][-_BACK:]
    return turns


def _rewritten(question: str, turns: Sequence[Turn]) -> str:
    match = _OPENING.match(question)
    opened = match[0] if match else ""
    body = question[len(opened) :].strip()
    if not body or (_ALONE.match(question) and not opened.strip()):
        return question
    last = turns[-1].question
    if wh := _BARE_WH.match(body):
        return _asked_anew(wh["wh"], body, last)
    pointed = _pointed(body, turns)
    if pointed is not None:
        return _begun(pointed) if opened.strip() else pointed
    if opened.strip() and not _is_clause(body):
        return _replaced(body, last)
    short = len(body.split()) <= _FEW_WORDS and not names(body)
    if short and not (_is_clause(body) and _VERB.search(body)):
        return _with_topic(body, last)
    return _begun(body) if opened.strip() else question


# --- pronouns


def _pointed(body: str, turns: Sequence[Turn]) -> str | None:
    """`body` with its first pronoun replaced; None: no pronoun in it points back."""
    pointers: tuple[tuple[re.Pattern[str], tuple[Kind, ...]], ...] = (
        (_HE, ("person",)),
        (_THEY, ("group", "body")),
        (_THEY, ("person",)),
        (_IT, ("thing", "body", "place")),
        (_THERE, ("place",)),
    )
    text, unclear = body, False
    for pattern, kinds in pointers:
        match = pattern.search(text)
        if match is None or (text == body and _has_own(body[: match.start()], kinds)):
            continue
        if _ALL_THAT.match(body):
            return _with_topic(body, turns[-1].question)
        meant = _meant(match[0].casefold(), kinds, turns)
        if meant is None or meant in text:
            unclear = True
        else:
            text = text[: match.start()] + _printed(match, text, meant) + text[match.end() :]
    if text == body:
        return _with_topic(body, turns[-1].question) if unclear else None
    return text


def _has_own(before: str, kinds: Sequence[Kind]) -> bool:
    """Whether the question itself names what the pronoun may stand for, before it."""
    return bool(names(before)) or (
        "thing" in kinds and bool(re.search(r"\b(?:the|a|an)\s+\w", before, re.IGNORECASE))
    )


def _meant(pronoun: str, kinds: Sequence[Kind], turns: Sequence[Turn]) -> str | None:
    """What of the last turns is meant: of the question, then of its answer, then further back.

    A person who is named comes before one who is called by an office.
    """
    for turn in reversed(turns):
        said = _first_sentence(turn.answer)
        context = f"{turn.question}\n{said}"
        found = [
            (not item.named and "person" in kinds, last, not item.sure, text.find(item.text), item)
            for last, text in enumerate((turn.question, said))
            for item in _referents(text, context)
            if item.kind in kinds
        ]
        fits = [each for each in found if _agrees(each[-1], pronoun, said)] or found
        if fits:
            return min(fits, key=lambda each: each[:-1])[-1].text
    return None


def _agrees(item: _Referent, pronoun: str, said: str) -> bool:
    """Whether nothing in the answer speaks of the person as of the other sex."""
    if item.kind != "person" or pronoun not in ("he", "she", "him", "her", "his"):
        return True
    person = cast_of(tokens(said)).people.get(item.text)
    of = "he" if pronoun in ("he", "him", "his") else "she"
    return person is None or person.gender in (None, of)


def _printed(match: re.Match[str], body: str, meant: str) -> str:
    word, behind = match[0].casefold(), body[match.end() :].split()
    if match.start() and re.match(r"(?:The|An?)\s+[a-z]", meant):
        meant = meant[:1].lower() + meant[1:]  # it stood at the beginning of a sentence
    if word == "there":
        return meant if _PLACED.search(body[: match.start()]) else f"at {meant}"
    follows = behind[0].strip("?.,!").casefold() if behind else ""
    owns = word in _OWNER and (word != "her" or (follows and follows not in _BEHIND_OBJECT))
    if not owns or (word == "his" and not follows):
        return meant
    return _owned(meant)


def _owned(name: str) -> str:
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def _first_sentence(answer: str) -> str:
    """The first sentence of an answer without who published it and without its markers."""
    text = _LEAD.sub("", _MARKER.sub("", answer))
    spans = sentence_spans(text)
    return text[slice(*spans[0])] if spans else ""


def _referents(text: str, context: str) -> Iterator[_Referent]:
    """The names, things and groups of a question or a sentence, in order of what is told first."""
    people = cast_of(tokens(context)).people
    numbered = _NUMBERED.search(text)
    for name in names(text):
        if numbered and name in numbered[0]:
            continue
        yield _kind_of(name, text, people)
    if counted := _COUNTED.search(text):
        yield _Referent(f"the {counted['what'].strip()}", "group", named=False)
    if thing := numbered[0] if numbered else _thing(text):
        last = bare(thing.split()[-1]).casefold()
        is_group = last.endswith("s") and not last.endswith("ss")
        kind: Kind = "body" if last in BODIES else "group" if is_group else "thing"
        office = last in TITLES or last in lexicon.words("titles", "offices") or last in _HUMANS
        owner = re.match(r"(?:his|her|their)\s+", thing)
        if owner and (named := names(text)):
            thing = f"{_owned(named[0])} {thing[owner.end() :]}"
        yield _Referent(thing, "person" if office else kind, named=False)


def _kind_of(name: str, text: str, people: object) -> _Referent:
    words = [bare(word) for word in name.split()]
    at = text.find(name)
    low = [fold(word) for word in words]
    if BODIES & {low[0], low[-1]}:
        return _Referent(name, "body")
    if low[-1] in PLACES | _COUNTRIES or (at > 0 and _PLACED.search(text[:at])):
        return _Referent(
            name, "place", low[-1] in _COUNTRIES or len(words) == 1 or low[-1] in PLACES
        )
    known = isinstance(people, dict) and any(
        name in full.split() or name == full for full in people
    )
    told = at >= 0 and bool(_AGED.match(text[at + len(name) :]))
    asked = bool(re.match(r"who(?:['’]s|\s+(?:is|was))\s+", text, re.IGNORECASE))
    titled = low[0] in TITLES
    return _Referent(name, "person", known or told or asked or titled or len(words) > 1)


def _thing(question: str) -> str | None:
    """What a question is about where that is no name: "the strike", "resolution 2118"."""
    subject = _SUBJECT.search(question)
    if subject is None:
        found = _OBJECT.search(question)
        return found["np"] if found else None
    words = subject["np"].split()
    verb = fold(words[-1])
    has_verb = subject["aux"].casefold() not in _BE or verb.endswith("ed") or verb in _FORMS
    if len(words) > 2 and has_verb:
        words = words[:-1]
    return " ".join(words)


# --- fragments


def _is_clause(body: str) -> bool:
    """Whether it is a question of its own, with a question word or a verb in front."""
    return bool(re.match(rf"(?:\w+\s+)?(?:{_WH}|{_AUXILIARY})\b", body, re.IGNORECASE))


def _asked_anew(wh: str, body: str, last: str) -> str:
    """The last question with another question word: "Why?" -> "Why did the talks collapse?"."""
    bare_wh = body.casefold().rstrip("?!. ") == wh.casefold()
    if bare_wh and wh.casefold() not in ("who", "what", "which", "whom", "whose", "how many"):
        if _ASKED.match(last):
            return _begun(_ASKED.sub(wh.casefold(), last, count=1))
        if re.match(rf"{_AUXILIARY}\b", last, re.IGNORECASE):
            return f"{_begun(wh)} {last[:1].lower()}{last[1:]}"
    return _with_topic(body, last)


def _replaced(body: str, last: str) -> str:
    """`last` with the fragment in place of its like: a year, a place, a name; else both."""
    part = body.rstrip(" ?.!")
    prep = _IN.match(part)
    if _YEAR.search(part) and _YEAR.search(last):
        return _YEAR.sub(_YEAR.findall(part)[-1], last, count=1)
    named, own = names(last), names(part)
    if prep and own:
        there = re.compile(rf"\b{prep['prep']}\s+(?:the\s+)?(?:{_any(named)})", re.IGNORECASE)
        if named and there.search(last):
            return there.sub(lambda _: part, last, count=1)
        return f"{last.rstrip(' ?.!')} {part}?"
    if own and named and len(own) == 1 and own[0] == part:
        like = [n for n in named if _kind_of(n, last, {}).kind == _kind_of(part, part, {}).kind]
        return last.replace((like or named)[0], part, 1)
    return _with_topic(body, last)


def _any(named: Sequence[str]) -> str:
    return "|".join(map(re.escape, named)) or r"\w+"


def _with_topic(body: str, last: str) -> str:
    return f"{_begun(body).rstrip(' ?.!')} ({last.rstrip(' ?.!')})?"


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]
