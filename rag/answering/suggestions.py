"""Questions to ask next, made of what an answer rests on and of what else its people said.

Other sources on the same figure, what somebody else said on the matter, what who is quoted said in
other articles, what happened then. Kept only if the reranker is sure that the words that a question
was made of answer it; what those words are is shown by no answer yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from rag.answering.describing import describes
from rag.answering.disagreement import given
from rag.answering.figure_questions import figure_questions
from rag.answering.saying_questions import (
    SayingAsked,
    is_person,
    matters_of,
    people_of,
    saying_questions,
    shared_in,
)
from rag.answering.starters import WORDS, is_told
from rag.models.reranking import Reranker
from rag.resources import Resources
from rag.retrieval.asking import wanted
from rag.schema import Answer, Article, Hit
from rag.text.names import names
from rag.text.sentences import article_sentences
from rag.text.words import fold, stem, stems
from vectorstore.index import Index

_SURE = 0.7  # chance (0..1) that the words answer the question, below which it is not offered
_SCORED = 10  # questions of which that is asked: a tenth of a second on two cores
_READ = 5  # articles that are read for what is said in them
_ELSEWHERE = 12  # passages that name somebody, of which other articles are taken
_HEAD, _HELD = 600, 2  # characters of its head, and words of the question that it has there
_ASKING = frozenset(
    map(
        stem, "many much long say said tell happen happened know known people year day time".split()
    )
)
_AFTER = 60  # days in which what happened then is sought

Kind = Literal["source", "others", "elsewhere", "figure", "who", "then"]


@dataclass(frozen=True, slots=True)
class Next:
    """A question, and the words that should answer it; none where its answer is sure."""

    kind: Kind
    question: str
    words: str = ""
    about: str = ""  # the same for questions of which one is enough
    bare: str = ""  # the question that the words are held against, if not this one


def follow_ups(answer: Answer, asked: Sequence[str], resources: Resources, count: int) -> list[str]:
    """Up to `count` questions that follow from `answer`, one of each kind first.

    None that was `asked` before, and none about the same twice.
    """
    if resources.reranker is None:
        return []
    found = list(islice(_distinct(_candidates(answer, resources.index), asked), _SCORED))
    sure = [item for item in found if _is_sure(item, resources.reranker)]
    first: dict[Kind, Next] = {}
    for item in sure:
        first.setdefault(item.kind, item)
    ordered = [*first.values(), *(item for item in sure if item not in first.values())]
    return [item.question for item in ordered[:count]]


def _is_sure(item: Next, reranker: Reranker) -> bool:
    if not item.words:
        return True
    logits = reranker.logits(item.bare or item.question, [item.words])
    return reranker.probability(logits[0]) >= _SURE


def _distinct(found: Iterable[Next], asked: Sequence[str]) -> Iterator[Next]:
    """Each question once, about each thing once, and none that was asked."""
    seen = {fold(question) for question in asked}
    for item in found:
        keys = {fold(item.question), fold(item.about or item.question)}
        if not keys & seen:
            seen |= keys
            yield item


def _candidates(answer: Answer, index: Index) -> Iterator[Next]:
    """The questions of each kind, those that are nearest to what was asked first."""
    known = shared_in(index)
    near = _articles(answer)
    yield from _other_sources(answer)
    yield from _others(answer, near, known)
    yield from _elsewhere(answer, near, known, index)
    yield from _figures(answer, near)
    yield from _who(answer, near)
    yield from _then(answer)


def _articles(answer: Answer) -> list[Article]:
    """The articles that the answer cites, then those that were found for it."""
    every = [*(c.article for c in answer.citations), *(hit.article for hit in answer.hits)]
    return list({article.id: article for article in every}.values())[:_READ]


# --- the same figure


def _other_sources(answer: Answer) -> Iterator[Next]:
    """The question once more, put to an outlet that gives a figure and is not cited yet."""
    of = wanted(answer.question)
    if of is None or of.kind == "date" or answer.disagreements or "according" in answer.question:
        return
    heard = {item.article.outlet for item in answer.citations}
    for hit in answer.hits:
        outlet = hit.article.outlet
        if outlet is None or outlet in heard:
            continue
        for words in _sentences(hit):
            if given(of, words, hit.article.published):
                question = f"{answer.question.rstrip('? ')}, according to {outlet}?"
                yield Next("source", question, words, outlet, answer.question)


def _sentences(hit: Hit) -> Iterator[str]:
    for start, end in article_sentences(hit.article, hit.passage.start, hit.passage.end):
        yield hit.article.text[start:end]


# --- what people said


def _others(answer: Answer, near: Sequence[Article], known: frozenset[str]) -> Iterator[Next]:
    """What people whom the answer does not quote said: on what was asked, then where it cites."""
    quoted, asked = _quoted(answer), matters_of(answer.standalone_question)
    cited = {item.article.id for item in answer.citations}
    found = [
        item
        for article in near
        if cited == {article.id} or _is_on(article, answer, 1)
        for item in saying_questions(article, known, asked=asked)
        if item.speaker not in quoted and _is_new(item, answer)
    ]
    for item in sorted(found, key=lambda item: item.about not in asked):
        if item.about in asked or item.article.id in cited:
            yield _saying("others", item)


def _elsewhere(
    answer: Answer, near: Sequence[Article], known: frozenset[str], index: Index
) -> Iterator[Next]:
    """What people whom the answer quotes said in other articles."""
    cited = {item.article.id for item in answer.citations}
    for person in _quoted(answer):
        found = index.passages(id_ for id_, _ in index.lexical(person, _ELSEWHERE)).values()
        ids = dict.fromkeys(p.article_id for p in found if person in p.text)
        others = index.articles(id_ for id_ in ids if id_ not in cited)
        for article in islice(others.values(), _READ):
            for item in saying_questions(article, known | _topic(answer)):
                if item.speaker == person and _is_new(item, answer):
                    yield _saying("elsewhere", item)


def _quoted(answer: Answer) -> list[str]:
    """The people whose words the answer shows, or whom its question names."""
    speakers = dict.fromkeys(item.speaker or "" for item in answer.citations)
    return [name for name in speakers if is_person(name)]


def _is_new(item: SayingAsked, answer: Answer) -> bool:
    """Whether the words are not too many, nothing cited shows them, and nobody asked for them."""
    words = item.article.text[item.said.start : item.said.end]
    shown = any(
        cited.article.id == item.article.id
        and cited.quote_start < item.said.end
        and item.said.start < cited.quote_end
        for cited in answer.citations
    )
    named = item.speaker.split()[-1] in answer.standalone_question
    same = named and set(stems(item.about)) <= set(stems(answer.standalone_question))
    return len(words.split()) <= WORDS and not (shown or same)


def _saying(kind: Kind, item: SayingAsked) -> Next:
    article, said = item.article, item.said
    around = [
        span for span in article_sentences(article) if span[0] < said.end and said.start < span[1]
    ]
    start, end = (around[0][0], around[-1][1]) if around else (said.start, said.end)
    words = f"{article.title or ''}\n{item.speaker}: {article.text[start:end]}"
    return Next(kind, item.question, words, item.speaker)


# --- other figures, and what came after


def _figures(answer: Answer, near: Sequence[Article]) -> Iterator[Next]:
    """Figures that the articles cited give beside, of what was asked about."""
    cited, topic = {item.article.id for item in answer.citations}, _topic(answer)
    for article in (item for item in near if item.id in cited):
        for item in figure_questions(article):
            shown = any(
                c.article.id == article.id and c.quote_start < item.end and item.start < c.quote_end
                for c in answer.citations
            )
            same = set([*stems(item.thing)][-1:]) <= topic
            if not shown and not same and len(topic & set(stems(item.question))) >= _HELD:
                yield Next("figure", item.question, article.text[item.start : item.end], item.thing)


def _who(answer: Answer, near: Sequence[Article]) -> Iterator[Next]:
    """Who those are that the answer names and does not tell of."""
    shown = [item.quote for item in answer.citations]
    told = f"{answer.standalone_question} " + " ".join(shown)
    people = dict.fromkeys(name for article in near for name in sorted(people_of(article)))
    for person in people:
        named = any(person in words for words in shown)
        if named and person not in answer.question and not describes(told, person):
            for words in _telling(person, near):
                yield Next("who", f"Who is {person}?", words, person)


def _telling(person: str, near: Sequence[Article]) -> Iterator[str]:
    """The sentences that say who somebody is."""
    for article in near:
        for start, end in article_sentences(article) if person in article.text else ():
            if describes(article.text[start:end], person):
                yield article.text[start:end]


def _then(answer: Answer) -> Iterator[Next]:
    """The next article on what was asked that was found, after all that are cited."""
    last = max((c.article.published for c in answer.citations if c.article.published), default=None)
    later = {
        hit.article.id: hit.article
        for hit in answer.hits
        if last and hit.article.published and 0 < (hit.article.published - last).days <= _AFTER
    }
    for article in sorted(later.values(), key=lambda item: (item.published, item.id)):
        worth_it = is_told(article.title, article.language, article.label, len(article.text))
        if worth_it and (_is_on(article, answer, _HELD) or _is_of_one(article, answer)):
            yield Next("then", f"Summarise “{article.title}”", about="then")


def _is_on(article: Article, answer: Answer, least: int) -> bool:
    """Whether the head of an article has all names of what was asked, and `least` words of it."""
    question = answer.standalone_question
    head = set(stems(_head(article)))
    named = [set(stems(name)) for name in names(question)]
    return all(name <= head for name in named) and len(_topic(answer) & head) >= least


def _is_of_one(article: Article, answer: Answer) -> bool:
    """Whether an article tells of the matter of one that is cited: their heads share names."""
    own = set(names(_head(article)))
    return any(len(own & set(names(_head(item.article)))) >= _HELD for item in answer.citations)


def _head(article: Article) -> str:
    return f"{article.title}\n{article.text[:_HEAD]}"


def _topic(answer: Answer) -> frozenset[str]:
    """The stems of what was asked about, without those that only ask."""
    return frozenset(stems(answer.standalone_question)) - _ASKING
