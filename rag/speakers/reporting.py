"""The clauses of a sentence that say who said it: "Roe said", "said Roe", "according to Roe".

Works on one sentence whose quoted words are blotted out (`masked`, in `quotemarks`), so that
nothing inside a quotation is taken for a clause. People are told from organisations in `cast`;
whom a pronoun or an office means is found in `rag.speakers.attribution`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.speakers.cast import (
    BODIES,
    CALENDAR,
    OPENERS,
    Cast,
    Token,
    bare,
    body_span,
    domain_of,
    is_body,
    name_in,
    name_of,
    run_at,
    run_back,
    split_titles,
)
from rag.text.dates import WEEKDAYS
from rag.text.quotation_marks import BLOT

_SAY = frozenset(
    """said says say told tells tell added adds add warned warns warn declared declares declare
    stated states argued argues argue insisted insists insist claimed claims claim explained
    explains explain noted notes announced announces announce confirmed confirms confirm wrote
    writes written replied replies reply stressed stresses stress suggested suggests suggest denied
    denies deny acknowledged acknowledges admitted admits admit recalled recalls predicted predicts
    predict inferred infers conceded concedes contended contends maintained maintains reiterated
    reiterates remarked remarks commented comments responded responds asserted asserts observed
    observes emphasised emphasized emphasises emphasizes vowed vows pledged pledges boasted boasts
    complained complains lamented laments joked jokes quipped quips mused muses reckoned reckons
    reckon estimated estimates mentioned mentions urged urges urge described describes describe
    testified testifies tweeted posted retorted countered counters cautioned cautions concluded
    concludes repeated repeats reported reports promised promises informed shouted cried whispered
    murmured answered answers advised advises appealed demanded demands proposed proposes praised
    criticised criticized condemned concurs agreed agrees clarified clarifies alleged alleges
    accused accuses expressed expresses asked asks""".split()
)
_THAT = frozenset(  # verbs that report only before "that"
    """found finds held holds ruled rules expects expect expected believes believe believed thinks
    think thought hoped hopes hope feared fears fear revealed reveals pointed points felt feels
    showed shows decided decides knows know knew""".split()
)
_PARTICIPLES = frozenset("saying stating revealing warning declaring claiming insisting".split())
_CALLED = ("on", "for", "it", "the", "him", "her", "them", "a", "an", BLOT)
_ASKED = ("whether", "why", "if", "how", "when", "what", "who", "us", BLOT)
_PHRASES: dict[str, tuple[str, ...]] = {  # verb -> words of which one must follow soon
    "put": ("at",),
    "puts": ("at",),
    "called": _CALLED,
    "calls": _CALLED,
    "spoke": ("of",),
    "speaks": ("of",),
    "asked": (*_ASKED, "the"),
    "asks": _ASKED,
    "posted": (BLOT,),
    "described": ("as", "how", BLOT),
    "describes": ("as", "how", BLOT),
    **dict.fromkeys(
        """agreed agrees reported reports repeated repeats proposed proposes demanded demands
        maintained maintains answered comments states""".split(),
        ("that", BLOT),
    ),
}
_IMMEDIATE = frozenset("added adds add recalled recalls observed responded responds".split())
_BEHIND_A_NAME = frozenset("of in at on for from with who whose and during after before".split())
_NOUNS_TOO = frozenset(
    """calls claims claim reports report notes demands demand promises comments states posts answers
    asks warns estimates estimate stress repeats urge advises""".split()
)
_INVERTED = _SAY - frozenset("told tells tell urged informed accused posted".split())
_SKIPPED = frozenset(
    """also then later only merely again repeatedly has had have just once simply still further
    reportedly recently previously publicly never always already now even rightly openly flatly
    angrily quietly bluntly not did does would could""".split()
)
_PASSIVE = frozenset("is was were are be been being get got".split())
_PRONOUNS = frozenset("he she they i we it you".split())
_DETERMINERS = frozenset(
    """the a an his her its their our my this that these those some several many most one two three
    another other no every each both all""".split()
)
_PREPOSITIONS = frozenset(
    "of for at from in on with to by against behind under near inside outside within over".split()
)
_DOCUMENTS = frozenset(
    """letter memorandum memo report document statement paper study article book resolution law text
    agreement notice sign poster banner rule survey poll website charter newspaper note email
    leaflet contract treaty bill plan column editorial caption review leak source sources papers
    documents reports records files minutes message""".split()
)
_FIGURES = frozenset("figures data estimates numbers statistics figure count estimate".split())
_TOPICS = frozenset("what how why where who".split())  # "told us what": no word of what was said
_SPEECH = frozenset(
    """allegation allegations claim claims statement statements view warning warnings assertion
    assertions remark remarks argument suggestion insistence admission promise belief opinion
    accusation accusations prediction""".split()
)
_OWN_WORDS = frozenset("words view opinion estimate count reckoning judgment eyes account".split())
_SWITCHES = frozenset("while whereas but although though yet".split())
_WHEN = frozenset(
    (*WEEKDAYS, *"yesterday today earlier later last afterwards recently me us".split())
)
_STOPS = frozenset(".;:")
_COMMAS = frozenset(",—–-")
_MARKS = frozenset("“”\"„«»‘’'‹›")
_LONGEST = 300  # words and signs of a sentence; a longer one is a list or a table
_FAR = 14  # words of an office, at most

Kind = Literal["name", "pronoun", "office", "unnamed"]
Place = Literal["lead", "tail"]


@dataclass(frozen=True, slots=True)
class Subject:
    """Who a clause says is speaking: a name's words, a pronoun, an office ("minister"), or none."""

    kind: Kind
    words: tuple[str, ...] = ()
    start: int = 0


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause that reports, `[start, end)`; a "lead" governs what follows, a "tail" all before."""

    start: int
    end: int
    subject: Subject
    place: Place


Found = tuple[int, Subject]  # where the subject's first word stands among the tokens

UNNAMED = Subject("unnamed")
_TRIGGERS = _SAY | _THAT | _PARTICIPLES | frozenset(_PHRASES) | {"according", "as", "in", "by"}


def clauses(items: Sequence[Token], cast: Cast) -> list[Clause]:
    """The reporting clauses of one sentence, in its order."""
    found: list[Clause] = []
    if len(items) > _LONGEST:
        return found
    for at, item in enumerate(items):
        if item.low not in _TRIGGERS and not item.is_possessive:
            continue
        clause = _according(items, at, cast) or _possessive(items, at) or _verb(items, at, cast)
        if clause and not (found and clause.start < found[-1].end and item.low != "according"):
            found.append(clause)
    return found


def switches(items: Sequence[Token]) -> Iterator[int]:
    """Offsets at which another statement begins: behind ";", or ", while", ", but" and the like."""
    for before, item in zip(items, items[1:], strict=False):
        if before.text == ";" or (before.text == "," and item.low in _SWITCHES):
            yield item.start


# --- according to X, as stated by X, in the words of X, X's claim that


def _according(items: Sequence[Token], at: int, cast: Cast) -> Clause | None:
    behind = _source_follows([item.low for item in items[at : at + 4]])
    if not behind or at + behind >= len(items):
        return None
    subject = _forward(items, at + behind, cast)
    if subject is None:
        return None
    place: Place = "tail" if at and _content_before(items, at) else "lead"
    return Clause(items[at].start, items[at + behind - 1].end, subject, place)


def _source_follows(words: Sequence[str]) -> int:
    """How many of `words` introduce a source: "according to", "as said by", "in the words of"."""
    if list(words[:2]) == ["according", "to"]:
        return 2
    if len(words) > 2 and words[0] == "as" and words[1] in _SAY and words[2] == "by":
        return 3
    if len(words) < 4 or words[0] not in ("in", "by") or words[3] != "of":
        return 0
    return 4 if words[1] == "the" and words[2] in _OWN_WORDS else 0


def _possessive(items: Sequence[Token], at: int) -> Clause | None:
    """A claim of somebody's: "Roe's claim that …"."""
    if at + 2 >= len(items) or not (items[at].is_possessive and items[at].is_capital):
        return None
    if items[at + 1].low not in _SPEECH or items[at + 2].low != "that":
        return None
    start = at
    while start and items[start - 1].is_capital:
        start -= 1
    _, name = split_titles([bare(item.text) for item in items[start : at + 1]])
    subject = Subject("name", tuple(name), items[start].start) if name else UNNAMED
    return Clause(items[start].start, items[at + 2].end, subject, "lead")


def _content_before(items: Sequence[Token], at: int) -> bool:
    """Whether a statement, not just "In Paris," or "But", stands before the clause at `at`."""
    return at > 4 or any(item.text[0] == BLOT or item.text in _MARKS for item in items[:at])


# --- X said, said X


def _verb(items: Sequence[Token], at: int, cast: Cast) -> Clause | None:
    word = items[at].low
    if word in _PARTICIPLES:
        return _participle(items, at, cast)
    if not _is_verb(items, at):
        return None
    left = at - 1
    while left >= 0 and items[left].low in _SKIPPED | CALENDAR:
        dated = items[left].low in CALENDAR and left and items[left - 1].low in ("on", "last")
        left -= 2 if dated else 1
    if left >= 0 and items[left].low in _PASSIVE:
        return None
    if word in _NOUNS_TOO and not _has_subject(items, left):
        return None
    begin, subject = at, None
    if left < 0 or items[left].text in _MARKS or _inverts(items, left, at):
        subject = _forward(items, at + 1, cast) if word in _INVERTED else None
    elif found := _backward(items, left, cast):
        begin, subject = found
    if subject is None:
        return None
    place: Place = "tail" if _is_tail(items, begin, at) else "lead"
    return Clause(items[begin].start, items[at].end, subject, place)


def _is_verb(items: Sequence[Token], at: int) -> bool:
    """Whether the word at `at` reports speech, going by itself and what stands around it."""
    word = items[at].low
    if word not in _SAY and word not in _THAT and word not in _PHRASES:
        return False
    if at and items[at - 1].low in _DETERMINERS | {"to"}:
        return False
    window = items[at + 1 : at + (19 if word in ("put", "puts") else 5)]
    following = [BLOT if item.text[0] == BLOT else item.low for item in window]
    follows = following[0] if following else "."
    if word in _IMMEDIATE:
        alone = at and (items[at - 1].text == "," or items[at - 1].text in _MARKS)
        return bool(alone) or follows in _MARKS or follows in ("that", ",", ".", ":")
    if word in _PHRASES:
        quoted = follows in (".", ",") and any(item.text[0] == BLOT for item in items[:at])
        return quoted or any(sign in following for sign in _PHRASES[word])
    if word in _SAY:
        return not any(sign in _TOPICS for sign in following[:3])
    return "that" in following[:3]


def _has_subject(items: Sequence[Token], left: int) -> bool:
    """Whether a word that may be a noun has a subject before it, and so is a verb."""
    if left < 0 or items[left].is_possessive:
        return False
    first = items[left]
    if first.is_capital or first.low in _PRONOUNS | {"who"} or first.text == ",":
        return True
    while left >= 0 and _is_common(items[left]) and items[left].low not in _DETERMINERS:
        left -= 1
    return left >= 0 and items[left].low in _DETERMINERS


def _participle(items: Sequence[Token], at: int, cast: Cast) -> Clause | None:
    """A clause without a finite verb: "with Roe revealing that", "quoted Roe as saying"."""
    left = at - 1
    while left >= 0 and (items[left].low in _SKIPPED or items[left].low == "as"):
        left -= 1
    if left < 0 or not items[left].is_capital:
        return None
    found = _backward(items, left, cast)
    if found is None or found[1].kind != "name":
        return None
    return Clause(items[found[0]].start, items[at].end, found[1], "lead")


def _inverts(items: Sequence[Token], left: int, at: int) -> bool:
    """Whether a comma before the verb ends a statement, so that the speaker comes behind it."""
    if items[left].text not in _COMMAS or at + 1 >= len(items) or items[at].low not in _INVERTED:
        return False
    stop = run_at(items, at + 1)
    if stop > at + 1:  # a name, and no verb behind it
        return stop == len(items) or items[stop].low in _BEHIND_A_NAME or not _is_word(items[stop])
    if items[at + 1].low not in ("the", "one", "a", "its", "their", "his", "her"):
        return False
    commas = any(item.text == "," for item in items[:left])
    return not commas or _backward(items, left, None) is None


def _is_tail(items: Sequence[Token], begin: int, verb: int) -> bool:
    """Whether the clause stands behind or within what it reports, rather than before it."""
    if not _content_before(items, begin):
        return False
    while begin and _is_word(items[begin - 1]):
        begin -= 1
    before = items[begin - 1].text if begin else ""
    if before not in _MARKS and before not in _COMMAS:
        return False
    following = [item for item in items[verb + 1 : verb + 7] if item.low != "reporters"]
    if not following or following[0].text in _MARKS | {",", "."} or begin == verb:
        return True
    low = following[0].low
    adverbial = low != "that" and (low in _PREPOSITIONS or low in _WHEN)
    return adverbial and all(item.low != "that" for item in following)


def _is_word(item: Token) -> bool:
    return item.text[0].isalpha() and item.text[0] != BLOT


# --- backwards: what stands before "said"


def _backward(items: Sequence[Token], at: int, cast: Cast | None) -> Found | None:
    """The subject that ends at `at`."""
    if at < 0:
        return None
    item = items[at]
    if item.low in _PRONOUNS:
        return at, Subject("pronoun", (item.low,), item.start)
    if item.low in ("who", "which") and at:
        return _backward(items, at - 2 if items[at - 1].text == "," else at - 1, cast)
    if item.text in (",", ")"):
        return _around_apposition(items, at, cast)
    if item.is_capital and not item.is_possessive:
        return _name_backward(items, at, cast)
    if _is_word(item) and item.low not in _PREPOSITIONS:
        return _office_backward(items, at, cast)
    return None


def _around_apposition(items: Sequence[Token], comma: int, cast: Cast | None) -> Found | None:
    """The subject of "Its director, X, said" and of "X, its director, said"."""
    opening = next(
        (place for place in range(comma - 1, -1, -1) if items[place].text in (",", "(", "—", "–")),
        None,
    )
    if opening is None or opening == comma - 1:
        return None
    inner, outer = items[opening + 1 : comma], _backward(items, opening - 1, cast)
    if outer and outer[1].kind == "name" and cast and cast.person(outer[1].words, outer[1].start):
        return outer
    if inner[-1].is_capital and not any(item.low in _PREPOSITIONS for item in inner):
        found = _name_backward(items, comma - 1, cast)
        if found and found[1].kind == "name" and not is_body(found[1].words):
            return found
    return outer


def _name_backward(items: Sequence[Token], at: int, cast: Cast | None) -> Found | None:
    """The person, the organisation or the office whose last capitalised word stands at `at`."""
    start = run_back(items, at)
    while start < at and items[start].low in OPENERS:
        start += 1
    words = [item.text for item in items[start : at + 1]]
    titles, name = split_titles(words)
    domain = domain_of(items, start)
    if domain and not titles and len(words) > 1:
        titles, name = [domain], name[-2:] if len(name) > 2 else name[-1:]
    first, stop = body_span(items, start, at + 1)
    head = None if titles and name else _head_of_phrase(items, first, cast)
    if head:
        return head
    if not domain and first > 1 and items[first - 1].low == "and" and items[first - 2].is_capital:
        return first, UNNAMED  # two speak: "Roe and Poe said"
    if first < start or is_body(name or words):
        return first, Subject("name", (name_of(items, first, stop),), items[first].start)
    return _person_backward(items, start, name, words, cast)


def _person_backward(
    items: Sequence[Token], start: int, name: list[str], words: list[str], cast: Cast | None
) -> Found | None:
    if not name:
        return start, Subject("office", (words[-1].casefold(),), items[start].start)
    if cast:
        name = name_in(words, cast, items[start].start) if len(name) == 1 else name
        if start == 0 or items[start - 1].low in _PREPOSITIONS:
            name = _without_first(name, cast, items[start].start)
        known = cast.person(name, items[start].start)
        if start == 0 and len(name) == 1 and not known and name[0].endswith(("ly", "ing", "ed")):
            return None
    return start, Subject("name", tuple(name), items[start].start)


def _without_first(name: list[str], cast: Cast, at: int) -> list[str]:
    """The name without a word that opens the sentence or ends a phrase: "In Skelwick Roe said"."""
    if len(name) == 1 or cast.person(name, at) or not cast.person(name[1:], at):
        return name
    return name[1:]


def _head_of_phrase(items: Sequence[Token], start: int, cast: Cast | None) -> Found | None:
    """The subject whose complement begins at `start`: "X of the Federation", "a man from Y"."""
    before = start - 1
    while before >= 0 and (items[before].low in _DETERMINERS or items[before].is_possessive):
        before -= 1
    if before < 1 or items[before].low not in ("of", "for", "at", "from", "in", "with"):
        return None
    head = items[before - 1]
    if head.low in _DETERMINERS or not _is_word(head):
        return None
    if head.is_capital and items[before].low in ("of", "for") and head.low in BODIES:
        return None
    return _backward(items, before - 1, cast)


def _office_backward(items: Sequence[Token], at: int, cast: Cast | None) -> Found | None:
    """The phrase of common nouns that ends at `at`: "the minister", "her office", "officials"."""
    start = at
    while start and at - start < 6 and _is_common(items[start]) and _is_common(items[start - 1]):
        start -= 1
        if items[start].low in _DETERMINERS:
            break
    head = _head_of_phrase(items, start, cast)
    if head is None and start and items[start - 1].is_capital:
        start = run_back(items, start - 1)
        head = _head_of_phrase(items, start, cast) or (start, UNNAMED)
    return head or (start, _office(items[start : at + 1]))


def _is_common(item: Token) -> bool:
    """Whether a word may belong to a phrase of common nouns."""
    low = item.low
    if low in _DETERMINERS:
        return True
    other = low in _PREPOSITIONS or low in _PRONOUNS or low in ("and", "or") or low[0] == BLOT
    return item.text[0].islower() and not other


def _office(items: Sequence[Token]) -> Subject:
    last = items[-1]
    if items[0].low in ("the", "this", "that") and last.low not in _DOCUMENTS:
        return Subject("office", tuple(item.low for item in items[1:]), last.start)
    return UNNAMED


# --- forwards: what follows "according to" or "said"


def _forward(items: Sequence[Token], at: int, cast: Cast) -> Subject | None:
    """The subject that begins at `at`; None if nothing there can speak."""
    if at >= len(items):
        return None
    first = items[at]
    if first.low in _PRONOUNS or first.low == "him":
        return Subject("pronoun", (first.low,), first.start)
    if first.low in _PREPOSITIONS or not _is_word(first):
        return None
    begin = at
    while begin < len(items) and items[begin].low in _DETERMINERS:
        begin += 1
    named = _named_forward(items, begin, cast) if run_at(items, begin) > begin else None
    person = named or _person_forward(items, begin, cast)
    return person or _of_figures(items, begin, cast) or _common(items, at)


def _named_forward(items: Sequence[Token], at: int, cast: Cast) -> Subject | None:
    """A name at `at`, unless it only says whose or which office follows."""
    stop = run_at(items, at)
    words = [item.text for item in items[at:stop]]
    if words[-1].endswith(("’s", "'s")):
        return None
    name = name_in(words, cast, items[at].start)
    follows = items[stop] if stop < len(items) else None
    known = name and cast.person(name, items[at].start)
    if follows and _is_common(follows) and not known and (is_body(words) or len(words) == 1):
        return None
    first, last = body_span(items, at, stop)
    if is_body(words) or last > stop:
        person = _person_forward(items, stop, cast) if follows and follows.text == "," else None
        return person or Subject("name", (name_of(items, first, last),), items[at].start)
    if name:
        return Subject("name", tuple(name), items[at].start)
    return _person_forward(items, at, cast)


def _person_forward(items: Sequence[Token], at: int, cast: Cast) -> Subject | None:
    """The first person named behind an office: "the head of the Guild, X", "a lasher, X"."""
    place = at
    while place < len(items) and items[place].text not in _STOPS | _MARKS:
        stop = run_at(items, place)
        if stop > place:
            _, name = split_titles([bare(item.text) for item in items[place:stop]])
            before = items[place - 1].low if place else ""
            is_new = before not in _PREPOSITIONS and before not in _DETERMINERS
            if name and is_new and not is_body(name) and cast.person(name, items[place].start):
                return Subject("name", tuple(name), items[place].start)
        elif items[place].text == "," and not any(
            item.is_capital for item in items[place + 1 : place + 2]
        ):
            return None
        place = max(stop, place + 1)
    return None


def _of_figures(items: Sequence[Token], at: int, cast: Cast) -> Subject | None:
    """The source of "figures of the Harbour Authority"."""
    if at + 2 >= len(items) or items[at].low not in _FIGURES:
        return None
    if items[at + 1].low not in ("of", "from", "by"):
        return None
    return _forward(items, at + 2, cast)


def _common(items: Sequence[Token], at: int) -> Subject:
    stop = at
    while stop < len(items) and stop - at < _FAR and _is_common(items[stop]):
        stop += 1
    return _office(items[at:stop]) if stop > at else UNNAMED
