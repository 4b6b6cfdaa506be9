"""Which side a sentence takes on what a question asks: for or against it, yes or no.

A sentence must say it of the same subject and the same object, in words whose side is plain
(`rag.answering.stances`); all else is no position.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answering.stances import Verb, breaks, joined, span, turned, verbs
from rag.answering.topics import DETERMINERS, FEW, Topic
from rag.schema import Article
from rag.speakers.attribution import speaker
from rag.speakers.pronouns import helped
from rag.text.dates import CALENDAR, WEEKDAYS
from rag.text.names import TITLES, names
from rag.text.quotation_marks import quoted_spans
from rag.text.sentences import sentence_spans
from rag.text.words import Word, fold, stem, words

_FIRST = 3  # words, at which a sentence begins with its subject
_PLANS = frozenset(
    "plan plans proposal proposals project idea scheme bill construction building construct build "
    "motion law measure move call calls".split()
)
_NOTHING = frozenset("nothing no none little few nobody neither".split())
_IN_NAME = re.compile(r"['’]?\s(?:(?:of|for)\s(?:the\s)?)?")
_HE, _IT, _I = (frozenset(group.split()) for group in ("he she", "it they", "i we"))
_REACH = 300  # characters before the sentence in which its subject and object may stand
_REST, _STRICT = 0.5, 0.7  # share of the question's other words that must be there
_MAY_FOLLOW = frozenset(WEEKDAYS) | frozenset(
    "yesterday today tomorrow tonight now again too either anyway altogether plan plans "
    "project proposal scheme bill".split()
)


@dataclass(frozen=True, slots=True)
class Position:
    """What a sentence says: `text` word for word, of whom, and on which side.

    `unnamed`: `text` does not say of whom, though anybody was asked for: "I will vote for it".
    """

    text: str
    holder: str
    side: bool
    unnamed: bool = False


def position(article: Article, start: int, end: int, topic: Topic) -> Position | None:
    """The side that `article.text[start:end]`, one sentence, takes; None if none or both."""
    text = article.text[start:end]
    every = words(text)
    place = _Place(article, start, text, every)
    found = [item for verb in verbs(text, every, topic.axis) if (item := _read(place, verb, topic))]
    return found[0] if len({item.side for item in found}) == 1 else None


@dataclass(frozen=True, slots=True)
class _Place:
    """A sentence where it stands."""

    article: Article
    start: int
    text: str
    every: Sequence[Word]

    @property
    def before(self) -> str:
        """The headline and what stands before the sentence."""
        near = self.article.text[max(0, self.start - _REACH) : self.start]
        return f"{self.article.title or ''}\n{near}"

    def quoted(self, index: int) -> bool:
        """Whether word `index` stands within quotation marks."""
        at = self.start + self.every[index].start
        stretch = quoted_spans(self.article.text, self.start, self.start + len(self.text))
        return any(first <= at < last for first, last in stretch)


def _read(place: _Place, verb: Verb, topic: Topic) -> Position | None:
    """What the sentence says by one verb, if it is of the topic's subject and object."""
    turn = turned(place.text, place.every, verb.subject)
    holder = _holder(place, verb)
    if turn is None or holder is None or not _fits(place, holder, verb, topic):
        return None
    last = _object(place, verb, topic) if topic.what else _others(place, verb, topic)
    if last is None:
        return None
    first, stop = span(place.text, place.every, verb, last)
    if turn >= 0:
        first = place.every[turn].start
    elif not topic.subject:
        first = place.every[holder.at].start
    said = " ".join(place.text[first:stop].split())
    unnamed = not topic.subject and not said.startswith(holder.name)
    return Position(said, holder.name, verb.side != (turn >= 0), unnamed)


@dataclass(frozen=True, slots=True)
class _Holder:
    """Of whom or what a verb is said, and the word where that begins; -1: before the sentence."""

    name: str
    at: int


def _holder(place: _Place, verb: Verb) -> _Holder | None:
    """The subject of a verb, pronouns resolved where only one can be meant."""
    at, every = verb.subject, place.every
    if at < 0:
        return None
    if breaks(place.text, every[at], every[verb.first]):
        at = _before_apposition(place, at, verb.first)
        if at < 0:
            return None
    word = _uncontracted(every[at])
    if word in _I:
        said = place.start + every[at].start, place.start + every[verb.last].end
        who = speaker(place.article, *said) if place.quoted(at) else None
        return _Holder(who, at) if who else None
    if word in _HE:
        return None if place.quoted(at) else _he(place, at)
    if word in ("and", "but"):
        alone = _named_alone(place, at)
        return alone if alone and alone.at < _FIRST else None
    if every[at].text[0].isupper() and word not in _IT:
        return _name(place, at)
    return _Holder(word, at)


def _uncontracted(word: Word) -> str:
    """Of "it's" the "it"."""
    return re.sub(r"'(?:s|m|re|ve|ll|d)$", "", fold(word.text))


def _before_apposition(place: _Place, at: int, first: int) -> int:
    """Of "Roe, the mayor of Port Vale, backs" the index of "Roe"; -1 if it is nothing like that."""
    every = place.every
    if place.text[every[at].end : every[first].start].strip() != ",":
        return -1
    for index in range(at, 0, -1):
        between = place.text[every[index - 1].end : every[index].start].strip()
        if between:
            return index - 1 if between == "," and every[index - 1].text[0].isupper() else -1
    return -1


def _name(place: _Place, last: int) -> _Holder:
    """The run of capitals that ends at word `last`: "Chamber of Trade", "Anglers' Union"."""
    first, every = last, place.every
    while first:
        back = 2 if first > 1 and fold(every[first - 1].text) in ("of", "for") else 1
        between = place.text[every[first - back].end : every[first].start]
        if not every[first - back].text[0].isupper() or not _IN_NAME.fullmatch(between):
            break
        first -= back
    return _Holder(place.text[every[first].start : every[last].end], first)


def _he(place: _Place, at: int) -> _Holder | None:
    """The only one named before "he" or "she", in the sentence or, if none is, before it."""
    if _named(place, at):
        return _named_alone(place, at)
    whole = helped(place.article, place.start, place.start + len(place.text))
    meant = re.search(r"\b[Ss]?[Hh]e \[([^\]]+)\]", whole)
    return _Holder(meant[1], -1) if meant else None


def _named_alone(place: _Place, at: int) -> _Holder | None:
    """The only one named in the sentence before word `at`."""
    named = _named(place, at)
    if len(named) != 1:
        return None
    begins = place.text.index(named[0])
    index = next(i for i, word in enumerate(place.every) if word.end > begins)
    return _Holder(named[0], index)


def _named(place: _Place, at: int) -> list[str]:
    """Names before word `at`, each once, without days and months and whatever has a "the"."""
    before = place.text[: place.every[at].start]
    found = dict.fromkeys(names(before))
    return [
        name
        for name in found
        if fold(name) not in CALENDAR and not re.search(rf"\bthe {re.escape(name)}", before)
    ]


def _fits(place: _Place, holder: _Holder, verb: Verb, topic: Topic) -> bool:
    """Whether the verb is said of what the question asks about."""
    if verb.passive != topic.passive and not (verb.adjective or topic.either):
        return topic.passive and bool(topic.subject) and _is_object(place, verb, topic)
    if not topic.subject:
        return holder.at >= 0 and holder.name[0].isupper()
    if topic.named:
        return _same_name(holder.name, topic.subject)
    if holder.name in _IT:
        return _lately(place, stem(topic.subject[-1]))
    return _same_thing(place, verb.subject, topic)


def _is_object(place: _Place, verb: Verb, topic: Topic) -> bool:
    """Of "The court cleared Jane Roe", asked whether she was cleared."""
    every = place.every
    for index in range(verb.last + 1, min(verb.last + 1 + FEW, len(every))):
        if not joined(place.text, every[index - 1], every[index]):
            return False
        if every[index].stem == stem(fold(topic.subject[-1])):
            if not topic.named:
                return _same_thing(place, index, topic)
            return _same_name(_name(place, index).name, topic.subject)
        if not (every[index].text[0].isupper() or fold(every[index].text) in DETERMINERS):
            return False
    return False


def _same_name(name: str, wanted: Sequence[str]) -> bool:
    """The same last word; no other first name."""
    own, stems = words(name), [stem(fold(word)) for word in wanted]
    if not own or own[-1].stem != stems[-1]:
        return False
    other = {word.stem for word in own[:-1] if fold(word.text) not in TITLES} - set(stems)
    return not other or len(stems) == 1


def _lately(place: _Place, head: str) -> bool:
    """Whether the sentence before begins with the thing that "it" may stand for."""
    spans = sentence_spans(place.article.text, max(0, place.start - _REACH), place.start)
    last = place.article.text[spans[-1][0] : spans[-1][1]] if spans else ""
    return head in [word.stem for word in words(last)[:FEW]]


def _same_thing(place: _Place, at: int, topic: Topic) -> bool:
    """Whether the subject that ends at word `at` has the head.

    No word before it may say that another one is meant: "the second plant", "Ohio's plant".
    """
    head, every = stem(topic.subject[-1]), place.every
    known = topic.rest | {head} | {stem(fold(word)) for word in topic.subject}
    for index in range(at, max(-1, at - FEW), -1):
        if every[index].stem == head:
            qualifier = every[index - 1] if index else None
            alone = qualifier is None or not joined(place.text, qualifier, every[index])
            return alone or _says_nothing(qualifier, known)
        if index and not joined(place.text, every[index - 1], every[index]):
            return False
    return False


def _says_nothing(word: Word | None, known: frozenset[str] | set[str]) -> bool:
    """Whether a word before a noun leaves open which one is meant, or is the question's own."""
    return word is None or fold(word.text) in DETERMINERS or word.stem in known


def _object(place: _Place, verb: Verb, topic: Topic) -> int | None:
    """Index of the word that a stance is towards, or of "it"; None: it is towards another thing."""
    every, known = place.every, topic.rest | {topic.what}
    for index in range(verb.last + 1, min(verb.last + 1 + FEW, len(every))):
        word, before = every[index], every[index - 1]
        if not joined(place.text, before, word):
            return None
        if index == verb.last + 1 and fold(word.text) in ("it", "them"):
            return index if topic.what in _stems(place.before) else None
        if word.stem == topic.what:
            return index if _is_whole(place, index, topic) else None
        joins = fold(before.text) in _PLANS and fold(word.text) in ("of", "for", "to")
        if not (joins or _says_nothing(word, known) or fold(word.text) in _PLANS):
            return None
    return None


def _stems(text: str) -> set[str]:
    return {word.stem for word in words(text)}


def _is_whole(place: _Place, index: int, topic: Topic) -> bool:
    """Whether word `index` ends the object, and what else the question says of it is about."""
    following = place.every[index + 1] if index + 1 < len(place.every) else None
    if following is not None and joined(place.text, place.every[index], following):
        plain = fold(following.text)
        light = not following.weighty or plain in _MAY_FOLLOW or plain.endswith("ly")
        if not (light or following.stem in topic.rest):
            return False  # "the tunnel workers"
    return _enough(topic.rest, _stems(f"{place.before}\n{place.text}"), _REST)


def _others(place: _Place, verb: Verb, topic: Topic) -> int | None:
    """The verb's last word, if the sentence has what else the question says.

    What was said before will do where the sentence ends its clause with the verb.
    """
    every, own = place.every, _stems(place.text)
    if _other_days(own, topic) or _is_empty(every, verb.last + 1):
        return None
    ends = verb.last + 1 == len(every) or breaks(place.text, every[verb.last], every[verb.last + 1])
    if not ends and _of_another(place, verb.last, topic.goal):
        return None
    if topic.listed and ends:
        own = own | _stems(place.before)
    return verb.last if _enough(topic.rest, own, _REST if topic.listed else _STRICT) else None


def _of_another(place: _Place, last: int, goal: frozenset[str]) -> bool:
    """Of "safe to drink", asked whether it is safe to swim in."""
    every, said = place.every, set[str]()
    for index in range(last + 1, min(last + 1 + FEW, len(every))):
        if breaks(place.text, every[index - 1], every[index]):
            break
        if every[index].content:
            said.add(every[index].stem)
    return bool(goal and said) and not goal & said


def _is_empty(every: Sequence[Word], at: int) -> bool:
    """Whether the verb's object denies what it says: "knew nothing"."""
    return at < len(every) and fold(every[at].text) in _NOTHING


def _other_days(own: set[str], topic: Topic) -> bool:
    """Whether the question gives a figure or year that the sentence has not."""
    asked = {item for item in topic.rest if item[0].isdigit()}
    return bool(asked) and not asked & own


def _enough(wanted: frozenset[str], there: set[str], share: float) -> bool:
    return len(wanted & there) >= share * len(wanted)
