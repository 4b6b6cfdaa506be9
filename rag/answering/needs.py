"""What a question needs of the passages that answer it, and whether they have it.

The reranker tells whether a passage is about what is asked; it is easily content with a figure of
another thing, or with a person who did something else. So a question for a figure needs one beside
the word that it counts, one for somebody's age an age beside the name, one for what somebody said
about something such words in that person's sentences; and "Why did Jane Roe resign?" needs an
article that says that she did. Pure functions over text; a need that cannot be told is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag.answering.positions import position
from rag.answering.topics import topic
from rag.retrieval.asking import counted
from rag.schema import Hit
from rag.text.names import names
from rag.text.numbers import SCALES, TENS, UNITS
from rag.text.sentences import sentence_spans
from rag.text.words import beginning, fold, stems

Test = Callable[["Window"], bool]


@dataclass(frozen=True, slots=True)
class Need:
    """Something that one of the windows must hold.

    `lacking` goes on from "None of the articles found": "gives the age of Jane Roe". `sure`:
    without it there is no answer; otherwise it only speaks against one. `asked`: it is what the
    question asks, yes or no, so that words for either side will do.
    """

    lacking: str
    holds: Test
    sure: bool = True
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """A sentence of a passage, and the same with its neighbours and the headline around it."""

    sentence: str  # folded, see rag.checking.support.fold
    around: str
    stems: frozenset[str]  # of the sentence
    stems_around: frozenset[str]


@dataclass(frozen=True, slots=True)
class Weighed:
    """The needs of a question that the passages meet, and those that they do not."""

    met: tuple[Need, ...]
    missing: tuple[Need, ...]


def weigh(question: str, hits: Sequence[Hit]) -> Weighed:
    """Hold the question's needs against the passages of `hits`."""
    wanted = list(needs(question))
    there = [window for hit in hits for window in windows(hit)] if wanted else []
    met = [
        need
        for need in wanted
        if any(need.holds(window) for window in there) or (need.asked and _sided(question, hits))
    ]
    return Weighed(tuple(met), tuple(need for need in wanted if need not in met))


def _sided(question: str, hits: Sequence[Hit]) -> bool:
    """Whether a sentence takes a side in what is asked: "opposes" where "back" is."""
    about = topic(question)
    return about is not None and any(
        position(hit.article, start, end, about)
        for hit in hits
        if hit.passage.kind != "comment"
        for start, end in sentence_spans(hit.article.text, hit.passage.start, hit.passage.end)
    )


def needs(question: str) -> Iterator[Need]:
    """What a question for an age, a sum, a number, an event, a statement or a thing needs."""
    plain = " ".join(question.split())
    for read in (_age, _counted, _measured, _money, _event, _statement, _thing):
        yield from read(plain)


def windows(hit: Hit) -> Iterator[Window]:
    """One window for each sentence of the passage."""
    text = hit.passage.text
    found = [fold(text[start:end]) for start, end in sentence_spans(text)]
    head = fold(hit.passage.header)
    for at, sentence in enumerate(found):
        around = " ".join([head, *found[max(0, at - 1) : at + 2]])
        yield Window(sentence, around, frozenset(stems(sentence)), frozenset(stems(around)))


# --- ages, numbers, sums

_NUMBER = (
    rf"(?:\d[\d.,]*|\b(?:an?|{'|'.join((*UNITS, *TENS))}|(?:{'|'.join(SCALES)})s?|scores|half|"
    r"third|quarter|fifth|tenth|all|both|every|most|pair|couple|no|none|few|several)\b)"
)
SUM = re.compile(
    r"[$€£¥]\s?\d|(?:\d|\b(?:million|billion|thousand|hundred))[\d.,]*\s*(?:million|billion|"
    r"thousand|bn|m|k)?\s*-?\s*(?:us )?(?:dollar|euro|pound|crown|franc|mark|yen|yuan|rouble|"
    r"ruble|rupee|cent|pence|peso|real|rand|won|lira|shilling|usd|eur|gbp|chf)|\bunpaid\b"
)
# Articles call them by many names: "marchers", "the dead".
_ANY_PEOPLE = frozenset("people persons men women children times".split())
_MEASURES: dict[str, re.Pattern[str]] = {
    "how (?:far|high|tall|deep|wide|long is)": re.compile(
        _NUMBER + r"[\s-]*(?:\w+\s)?(?:k?m\b|km|metre|meter|kilomet|mile|feet|foot|ft\b|inch|cm\b|"
        r"yard|hour|minute|stor)"
    ),
    "how long": re.compile(
        r"\b(?:second|minute|hour|day|week|fortnight|month|year|decade|centur)s?\b|\bsince\b|\buntil\b"
    ),
    "what (?:share|percentage|proportion)": re.compile(
        r"%|per ?cent|\b(?:half|third|quarter|fifth|tenth|majority|all)s?\b"
    ),
    "(?:population|inhabitants)": re.compile(
        _NUMBER + r"[^.]{0,40}\b(?:people|inhabitants|residents)|\bpopulation\b[^.]{0,40}" + _NUMBER
    ),
}
_PAYING = {
    "pay": "pay paid wage salar earn receiv fee rate remuner bonus",
    "paid": "pay paid wage salar earn receiv fee rate remuner bonus",
    "sell": "sell sold sale buy bought price acquir purchas",
    "sold": "sell sold sale buy bought price acquir purchas",
    "buy": "sell sold sale buy bought price acquir purchas",
    "earn": "pay paid wage salar earn receiv income",
    "cost": "cost loss lost lose damag pric expens spend spent charg bear worth los paid pay bill",
}


_OLD = re.compile(r"\bhow old (?:is|was)\b|\b(?:what|which) age\b|\bthe age of\b", re.IGNORECASE)
_YEARS = r"\d{1,3}"
_NO_AGE = r"(?!\s*(?:per|%|,\d|million|days|hours))"


def _age(question: str) -> Iterator[Need]:
    found = names(question) if _OLD.search(question) else []
    if found:
        yield Need(f"gives the age of {found[-1]}", _has_age(fold(found[-1]).split()[-1]))


def _has_age(surname: str) -> Test:
    last = re.escape(surname)
    pattern = re.compile(
        rf"{last}[^.]{{0,40}}?(?:,|\(|\baged?\b|\bturn(?:s|ed)\b|\bis\b|\bwas\b)\s*"
        rf"(?:now |aged |the )?{_YEARS}\b{_NO_AGE}"
        rf"|{_YEARS}[- ]years?[- ]old[^.]{{0,60}}{last}"
        rf"|{last}[^.]{{0,60}}{_YEARS}[- ]years?[- ]old"
    )
    return lambda window: bool(pattern.search(window.around))


def _counted(question: str) -> Iterator[Need]:
    words = counted(question)
    head = next(stems(words[-1]), "") if words else ""
    if not head or words[-1].casefold() in _ANY_PEOPLE:
        return
    owned = names(question[question.casefold().find("how many") :])
    owners = [_key(name) for name in owned]

    def holds(window: Window) -> bool:
        named = not owners or any(owner <= window.stems_around for owner in owners)
        return named and _counts(window.sentence, head)

    yield Need(f"gives a number of {' '.join(words)}{_of(owned)}", holds)


def _counts(sentence: str, head: str) -> bool:
    """Whether a number stands up to four words before the counted word, or close behind it."""
    beside = rf"{_NUMBER}(?:[\s-]+[\w'-]+){{0,4}}?[\s-]+{beginning(head)}"
    behind = rf"\b{beginning(head)}\w*(?:\s+[\w'-]+){{0,3}}\s+{_NUMBER}"
    return bool(re.search(beside, sentence) or re.search(behind, sentence))


def _measured(question: str) -> Iterator[Need]:
    for asked, pattern in _MEASURES.items():
        match = re.search(rf"\b{asked}\b", question, re.IGNORECASE)
        if match:
            what = match[0].casefold()
            yield Need(f"gives a figure for “{what}”", _searches(pattern))
            return


def _searches(pattern: re.Pattern[str]) -> Test:
    return lambda window: bool(pattern.search(window.sentence))


def _money(question: str) -> Iterator[Need]:
    asked = re.search(
        r"\bhow much\b(?! (?:of|time|longer|more|water|snow|rain))", question, re.IGNORECASE
    )
    if not asked:
        return
    words = fold(question).split()
    family = next((_PAYING[word] for word in words if word in _PAYING), "")
    if not family and not re.search(
        r"\bmoney\b|\bfor how much\b|\bworth\b", question, re.IGNORECASE
    ):
        return
    verbs = family.split()
    named = [_key(name) for name in names(question)]

    def holds(window: Window) -> bool:
        acts = not verbs or any(stem.startswith(tuple(verbs)) for stem in window.stems)
        about = not named or any(name <= window.stems_around for name in named)
        return acts and about and bool(SUM.search(window.sentence))

    yield Need("gives the sum", holds)


# --- events, statements, things

_DID = re.compile(r"\b(?:did|does|do)\s+(?P<the>the\s+)?", re.IGNORECASE)
_VERB = re.compile(r"(?:['’]s)?\s+(?:[a-z]+ly\s+)?([a-z]+)\b")
_DULL = frozenset(
    (
        "say tell think want make get give go take call have do be become come see know feel use "
        "mean try keep let put seem need ask answer describe mention claim believe not ever still "
        "also really actually then just respond react reply expect plan hope consider refer write "
        "speak talk argue suggest report explain warn like find look work show help add announce"
    ).split()
)
_PEOPLE = re.compile(r"(?:[iae]an|ish|ese|ch|Greek|Thai|Arab|Iraqi)$")  # Russian, British
_HE = re.compile(r"\b(?:he|she|it|they|who|which)\b")
_SAID = re.compile(
    r"\b(?:did|does|do|has|have)\s+(?P<who>[^,;]+?)\s+(?:say|said|tell|told|think|claim|write|"
    r"written|remark|comment)\b(?P<rest>.*)"
)
_ABOUT = re.compile(r"\b(?:about|on|of|regarding|concerning)\s+(?P<what>.+?)[?.]*$", re.IGNORECASE)
_WHICH = re.compile(
    r"\b(?:which|what)\s+(?P<noun>[a-z]+(?: [a-z]+)?)\s+"
    r"(?:did|does|do|is|was|were|are|has|have|had|will|would|[a-z]+ed)\b"
)


def _event(question: str) -> Iterator[Need]:
    """Of "Why did Jane Roe resign as mayor?" that she did resign."""
    found = [] if _SAID.search(question) else names(question)
    for match in _DID.finditer(question):
        rest = question[match.end() :].rstrip("?. ")
        subject = next((name for name in found if rest.startswith(name)), None)
        if subject is None or (" " not in subject and _PEOPLE.search(subject)):
            continue  # "the Russian operation"
        verb = _VERB.match(rest, len(subject))
        if verb is None or verb[1] in _DULL:
            continue
        claim = f"{match['the'] or ''}{subject} did {rest[len(subject) :].strip()}"
        holds = _does(_key(subject), _forms(verb[1]))
        yield Need(f"says that {claim}", holds, asked=match.start() == 0)
        return


def _does(who: frozenset[str], acts: frozenset[str]) -> Test:
    return lambda window: _present(who, window) and bool(acts & window.stems)


def _key(name: str) -> frozenset[str]:
    """The stem that stands for a name: of its last word."""
    return frozenset(list(stems(name))[-1:])


def _present(who: frozenset[str], window: Window) -> bool:
    """Whether the sentence names them, or has a pronoun with the name beside it."""
    near = bool(_HE.search(window.sentence)) and who <= window.stems_around
    return who <= window.stems or near


def _of(names_: Sequence[str]) -> str:
    return f" for {' and '.join(names_)}" if names_ else ""


def _forms(verb: str) -> frozenset[str]:
    return frozenset([*stems(verb), *stems("death" if verb == "die" else "")])


def _statement(question: str) -> Iterator[Need]:
    """Of "What did Jane Roe say about the bridge?" a sentence of hers, or on her, on the bridge."""
    asked = said_about(question)
    if asked is None:
        return
    person, about = asked
    who = _key(person)
    what = [word for word in dict.fromkeys(stems(about)) if word not in who]
    if not what:
        return
    least = max(1, len(what) // 3)

    def holds(window: Window) -> bool:
        return who <= window.stems_around and len(set(what) & window.stems_around) >= least

    yield Need(f"has words of {person} about {about}", holds)


def said_about(question: str) -> tuple[str, str] | None:
    """Of "What did Jane Roe say about the bridge?" the person and "the bridge"; None: not asked."""
    match = _SAID.search(question)
    people = names(match["who"]) if match else []
    about = _ABOUT.search(match["rest"]) if match else None
    return (people[-1], about["what"].rstrip("?. ")) if about and people else None


def _thing(question: str) -> Iterator[Need]:
    """Of "Which law firm …?" the words "law firm"; the answer may do without, so it is not sure."""
    match = _WHICH.search(question[:1].lower() + question[1:])
    words = list(stems(match["noun"])) if match else []
    if match is None or len(words) < 2 or len(match["noun"].split()) < 2:
        return
    pattern = re.compile(rf"\b{beginning(words[0])}\w*[\s-]+{beginning(words[-1])}")
    yield Need(
        f"names a {match['noun']}",
        lambda window: bool(pattern.search(window.around)),
        sure=False,
    )
