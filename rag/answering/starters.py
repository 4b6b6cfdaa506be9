"""What can be asked first: questions made of the articles, each asked and well answered before.

One of each kind where the articles give it: a figure, what sources give differently, what somebody
said, a summary. None is better than a bad one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Literal

from rag.answering.disagreement import given
from rag.answering.figure_questions import FigureAsked, figure_questions
from rag.answering.saying_questions import SayingAsked, saying_questions, shared_in
from rag.checking.figures import Figure, read
from rag.retrieval.asking import wanted
from rag.schema import EXTRACTIVE, Answer, Article, Citation
from rag.text.words import stems
from vectorstore.holdings import Chosen
from vectorstore.index import Index
from vectorstore.selecting import Facts

MOST = 4  # questions
_NOTED = "starters"  # the name under which the index keeps them
_RULES = 1  # rises when other questions would be found
_READ = 32  # articles that questions are made of: the newest, and others from throughout
_TOLD = 200  # articles among which one is sought that can be summarised: the newest
_TRIES = 5  # questions of a kind that are asked at most
_SURE = 0.6  # chance (0..1) that the articles answer, below which a question is not offered
_LONGEST = 1800  # characters of an answer that is easily read
WORDS = 55  # of what comes first in an answer, at most
_GOES_ON = frozenset("but and so yet or nor then which that he she it they".split())
_TITLE = (15, 90)  # characters of a headline that a question can hold
_LENGTH = 700  # characters of an article that is worth a summary
_SENTENCES = 3  # of a summary at least
_FEW = 60  # articles of which a question that names nothing can be understood
_ONE_TIME = 3  # days between articles that tell of one thing
_FAR = 10  # figures that differ more are of different things
_SEARCHED = 16  # passages whose articles may give another figure of the same thing …
_LEAD = 3000  # … in so many characters

Kind = Literal["figure", "difference", "saying", "summary"]
# The order in which they are shown, and that in which they are tried: what there is more of stands
# in for a kind that the articles do not give.
_SHOWN: tuple[Kind, ...] = ("figure", "difference", "saying", "summary")
_TRIED: tuple[Kind, ...] = ("figure", "difference", "saying", "summary", "saying", "figure")

Ask = Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question, how a good answer to it is told, and of which article it was made."""

    question: str
    good: Callable[[Answer], bool]
    article: str


def starters(index: Index, ask: Ask, pause: Callable[[], None] = lambda: None) -> list[str]:
    """Up to `MOST` questions that `ask` was seen to answer well.

    `ask` answers in the articles' own words; `pause` is called between articles that are read.
    """
    candidates = _candidates(index, pause)
    taken: list[tuple[Kind, Candidate]] = []
    tried: dict[str, Answer] = {}
    for kind in _TRIED:
        others = {item.question: item.article for _, item in taken}
        found = _first_good(candidates[kind], others, tried, ask) if len(taken) < MOST else None
        taken += [(kind, found)] if found else []
    taken.sort(key=lambda pair: _SHOWN.index(pair[0]))
    return [item.question for _, item in taken]


def kept(index: Index) -> tuple[str, ...] | None:
    """The starters that were found for what the index holds now; None: nobody has looked."""
    try:
        found = json.loads(index.noted(_NOTED) or "{}")
    except ValueError:
        return None
    return tuple(found["questions"]) if found.get("of") == _of(index.state()) else None


def keep(index: Index, state: str, questions: Sequence[str]) -> None:
    """Remember what was found for the `state` of an index. Raises StoreUnavailable."""
    found = {"of": _of(state), "questions": list(questions)}
    index.note(_NOTED, json.dumps(found, ensure_ascii=False))


def _of(state: str) -> str:
    return f"{state}-{_RULES}"


def _first_good(
    candidates: Sequence[Candidate], others: Mapping[str, str], tried: dict[str, Answer], ask: Ask
) -> Candidate | None:
    """The first that is answered well, not yet taken, of other articles first.

    `others`: the articles of those taken, by question; `_TRIES` are asked.
    """
    fresh = [item for item in candidates if item.question not in others]
    left = _TRIES
    for item in sorted(fresh, key=lambda item: item.article in others.values()):
        if item.question not in tried:
            if not left:
                continue
            left -= 1
            tried[item.question] = ask(item.question)
        answer = tried[item.question]
        if is_sound(answer) and item.good(answer):
            return item
    return None


# --- questions


def _candidates(index: Index, pause: Callable[[], None]) -> Mapping[Kind, list[Candidate]]:
    """Questions of each kind, the most promising first."""
    every, known = index.catalogue().every(), shared_in(index)
    few = every.count() <= _FEW
    figures: list[FigureAsked] = []
    sayings: list[SayingAsked] = []
    for item in _spread(every):
        pause()
        article = index.articles([item.id]).get(item.id)
        if article is not None:
            figures += [it for it in figure_questions(article) if it.named or few]
            sayings += [it for it in saying_questions(article, known) if it.said.direct]
    figures.sort(key=_promise, reverse=True)
    sayings.sort(key=_worth, reverse=True)
    differing = islice((item for item in figures if _is_given_otherwise(item, index)), _TRIES)
    return {
        "figure": [Candidate(i.question, _gives(i), i.article.id) for i in figures],
        # What sources differ on may come to light as well when a figure is asked for.
        "difference": [
            Candidate(i.question, _differs, i.article.id) for i in (*differing, *figures)
        ],
        "saying": [Candidate(i.question, _quotes(i), i.article.id) for i in sayings],
        "summary": [_summary(item) for item in every.facts("newest", _TOLD) if _told(item)],
    }


def _spread(every: Chosen) -> list[Facts]:
    """`_READ` articles: the newest half of them, and others from throughout."""
    half = _READ // 2
    first = every.facts("newest", half)
    rest = [item for item in every.throughout(_READ) if item not in first]
    step = max(1, len(rest) // half)
    return [*first, *rest[::step][:half]]


def _promise(item: FigureAsked) -> tuple[bool, bool, bool]:
    """Questions that say where, for a figure that is worth asking for, neither long nor bare."""
    return item.named, item.figure.value > _FAR, 7 <= len(item.question.split()) <= 12


def _worth(item: SayingAsked) -> tuple[bool, int]:
    """Questions on what has a name of several words; for words that say something."""
    return len(item.about.split()) > 1, min(item.said.end - item.said.start, 120)


def _summary(item: Facts) -> Candidate:
    def good(answer: Answer) -> bool:
        return len(answer.sentences) >= _SENTENCES and all(
            citation.article.id == item.id for citation in answer.citations
        )

    return Candidate(f"Summarise “{item.title}”", good, item.id)


def _told(item: Facts) -> bool:
    return is_told(item.title, item.language, item.label, item.characters)


def is_told(title: str | None, language: str | None, label: str | None, characters: int) -> bool:
    """Whether an article of this headline and length can be asked for, and is worth a summary."""
    name = title or ""
    plain = not set(name) & set('“”"') and language in (None, "en")
    long = _TITLE[0] <= len(name) <= _TITLE[1] and characters >= _LENGTH
    return plain and long and label in (None, "analysis", "interview")


def _is_given_otherwise(item: FigureAsked, index: Index) -> bool:
    """Whether another source gives another figure of the same thing, at nearly the same time."""
    asked = wanted(item.question)
    if asked is None or not item.thing:
        return False
    found = index.passages(id_ for id_, _ in index.lexical(item.question, _SEARCHED)).values()
    near = {
        other.id: other
        for other in index.articles(passage.article_id for passage in found).values()
        if _is_near(item.article, other)
    }
    origins = index.origins([item.article.id, *near])
    own = origins.get(item.article.id, item.article.id)
    return any(
        not item.figure.low <= middle <= item.figure.high
        and item.figure.value / _FAR <= middle <= item.figure.value * _FAR
        for other in near.values()
        if origins.get(other.id) != own
        for value in given(asked, other.text[:_LEAD], other.published)
        if (middle := sum(value.range) / 2)
    )


def _is_near(one: Article, other: Article) -> bool:
    if one.id == other.id or one.published is None or other.published is None:
        return False
    return abs((one.published - other.published).days) <= _ONE_TIME


# --- answers


def is_sound(answer: Answer) -> bool:
    """Whether an answer is cited throughout, undoubted, without remarks, and of a fair length."""
    return (
        answer.status == "answered"
        and answer.model == EXTRACTIVE
        and bool(answer.citations)
        and all(item.support == "supported" and item.citations for item in answer.sentences)
        and not (answer.notes or answer.reworded or any(c.warning for c in answer.citations))
        and (answer.chance is None or answer.chance >= _SURE)
        and len(answer.text) <= _LONGEST
    )


def _gives(asked: FigureAsked) -> Callable[[Answer], bool]:
    """Whether the figure comes first, and nothing else of the thing is counted behind it."""

    def good(answer: Answer) -> bool:
        first, *rest = answer.sentences
        of = wanted(asked.question)
        others = [value for item in rest for value in (given(of, item.text, None) if of else ())]
        return holds(asked.figure, first.text) and not (others or answer.disagreements)

    return good


def holds(figure: Figure, text: str) -> bool:
    """Whether a text gives the figure."""
    return any(
        item.kind == figure.kind and abs(item.value - figure.value) <= 1e-6 * abs(figure.value)
        for item in read(text)
    )


def _differs(answer: Answer) -> bool:
    """Whether sources are shown to differ, at nearly the same time."""
    articles = {item.number: item.article for item in answer.citations}
    return any(
        _is_near(articles[one.number], articles[other.number])
        for found in answer.disagreements
        for one, other in combinations(found.sides, 2)
        if one.value != other.value
    )


def _quotes(asked: SayingAsked) -> Callable[[Answer], bool]:
    """Whether all of it is theirs, and words of theirs on the matter come first."""

    def good(answer: Answer) -> bool:
        own = {item.number for item in answer.citations if is_of(asked.speaker, item)}
        first = answer.citations[0].quote
        on_it = set(stems(asked.about)) <= set(stems(first)) and is_clear(first)
        return (
            on_it
            and set(first) & set('“"') != set()
            and all(own & set(item.citations) for item in answer.sentences)
        )

    return good


def is_clear(words: str) -> bool:
    """Whether words are read easily by themselves."""
    every = words.split()
    return len(every) <= WORDS and every[0].strip('“"').casefold() not in _GOES_ON


def is_of(person: str, citation: Citation) -> bool:
    """Whether the cited words are a person's."""
    return (citation.speaker or "").split(",")[0].endswith(person.split()[-1])
