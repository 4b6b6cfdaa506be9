"""What a summary, a timeline or a comparison is to be of: articles that are named, or a topic.

Query, Found, the index's catalogue -> Subject
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rag.models.embedding import Embedder
from rag.retrieval.query import Query
from rag.retrieval.search import Found
from rag.schema import Article, Filters
from rag.text import lexicon
from rag.text.dates import MONTH
from rag.text.words import LIGHT, STOP, fold, plain_words, stem
from vectorstore.holdings import Chosen
from vectorstore.index import Index
from vectorstore.selecting import OPINION

_PIECE = (
    r"(?:articles?|pieces?|stor(?:y|ies)|reports?|columns?|editorials?|interviews?|op-?eds?|essays?"
    r"|commentar(?:y|ies)|letters?|reviews?|analys[ie]s|texts?|posts?|corrections?)"
)
_WRITTEN = (
    r"(?:articles?|pieces?|columns?|editorials?|interviews?|op-?eds?|essays?|commentar(?:y|ies))"
)
# "the story by", "Roe's report", "the Courier article": something that was written. "The story" is
# no more than what happened.
_NAMES_PIECE = re.compile(
    rf"\b{_PIECE}\s+(?:by|from|about|titled|entitled|called|headed|headlined)\b"
    r"|\b(?:this|that|her|his|(?!(?:what|that|it|here|who|there|how)\b)[\w.-]+['’]s)\s+"
    rf"(?:[^\s.?!,;]+\s+){{0,2}}{_PIECE}\b"
    rf"|\b(?:the|an?)\s+(?:[^\s.?!,;]+\s+){{0,3}}{_WRITTEN}\b|\b{_PIECE}\s*[“\"]",
    re.IGNORECASE,
)
_KINDS = (
    (
        OPINION,
        re.compile(r"\b(?:opinions?|op-?eds?|columns?|editorials?|commentar(?:y|ies))\b", re.I),
    ),
    ("interview", re.compile(r"\binterviews?\b", re.I)),
    ("correction", re.compile(r"\bcorrections?\b", re.I)),
)
_TITLE_SHARE = 0.75  # of the subject's words in a headline that is meant …
_TITLE_WORDS = 3  # … by so many words at least …
_TITLE_BACK = 0.5  # … that are such a share of the headline's, if an article is asked for
_HELD = 0.6  # share of the subject's words, the rare ones counting more, that an article on it has
_ALIKE, _HELD_LESS = 0.5, 0.3  # cosine of a headline with the topic; then so much is enough
_ENOUGH = 3  # articles on a topic with its very words
_CANDIDATES = 200  # articles named by author, outlet or kind among which the best is sought
_NEAR_TOPIC = 60  # articles with the best words for a topic


@dataclass(frozen=True, slots=True)
class Subject:
    """Articles that a question names (`is_named`), the likeliest first, or those on its topic.

    `topic`: the question's words without those that say what kind of answer is wanted, and without
    names of authors and outlets that chose the articles; empty if nothing is left. `is_one`: it
    names one, which is likeliest the first.
    """

    articles: tuple[Article, ...]
    topic: str = ""
    is_named: bool = False
    is_one: bool = False


def subject(query: Query, found: Found, index: Index, embedder: Embedder) -> Subject:
    """What the question is of; no articles where nothing is found of it."""
    topic = topic_words(query)
    named = _named(query, topic, found, index, embedder)
    if named is not None:
        return replace(named, is_one=not _is_plural(query.text))
    ids = [hit.article.id for hit in found.hits]
    ids += [
        item for item, _ in index.whole(topic or query.text, _NEAR_TOPIC, _passing(query, index))
    ]
    near = list(index.articles(dict.fromkeys(ids)).values())
    return Subject(tuple(about(topic, near, index, embedder)), topic)


def named_article(query: Query, found: Found, index: Index, embedder: Embedder) -> Article | None:
    """The one article in which the answer is sought: "What does the Courier article say of …?"."""
    is_sought = query.quoted or _NAMES_PIECE.search(query.text) or query.scope.searched == 1
    if not is_sought or _is_plural(query.text):
        return None
    named = _named(query, topic_words(query), found, index, embedder)
    return named.articles[0] if named and named.articles else None


def asks_theses(query: Query) -> bool:
    """Whether it asks what somebody argues, not what happened."""
    return bool(
        re.search(
            r"\b(?:argu\w+|thes[ie]s|claims?|opinions?|think\w*|case for)\b", query.text, re.I
        )
    )


def topic_words(query: Query) -> str:
    """The words of the question that are neither common nor say what kind of answer is wanted."""
    frame = _frame(query.intent)
    kept = [word for word in _WORD.findall(query.text) if not _is_frame(word, frame)]
    return " ".join(kept)


def share(topic: str, text: str, index: Index) -> float:
    """The share (0..1) of the topic's words, the rare ones counting more, that `text` has."""
    rarity = index.rarity(index.words(topic))
    own = set(index.words(_DAY_OF_MONTH.sub(" ", text)))  # "4 March" is no march
    total = sum(rarity.values())
    return sum(value for word, value in rarity.items() if word in own) / total if total else 0.0


def about(
    topic: str, articles: Iterable[Article], index: Index, embedder: Embedder
) -> list[Article]:
    """Those of `articles` that have the topic's words at their head, best first.

    An article is about what its headline and first paragraphs speak of; what it mentions further
    down alone it is not about. Where few are, a headline like the topic and
    some of its words are enough.
    """
    every = list(articles)
    vectors = embedder.documents([topic, *(item.title or "" for item in every)])
    near = vectors[1:] @ vectors[0]
    held = [head_share(topic, item, index) for item in every]
    weighed = [
        (own + alike, at) for at, (own, alike) in enumerate(zip(held, near.tolist(), strict=True))
    ]
    surely = [(weight, at) for weight, at in weighed if held[at] >= _HELD]
    if len(surely) < _ENOUGH:
        surely = [
            (weight, at)
            for weight, at in weighed
            if held[at] >= _HELD or (near[at] >= _ALIKE and held[at] >= _HELD_LESS)
        ]
    return [every[at] for _, at in sorted(surely, key=lambda pair: -pair[0])]


def head_share(topic: str, article: Article, index: Index) -> float:
    """The share (0..1) of the topic's words that the headline and the first lines have."""
    return share(topic, f"{article.title or ''}\n{article.text[:_HEAD]}", index)


_HEAD = 1200  # characters of an article that say what it is about
_DAY_OF_MONTH = re.compile(rf"\b\d{{1,2}}\s+{MONTH}\b|\b{MONTH}\.?\s+\d{{1,4}}\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:[’'&.-][^\W_]+)*")


def _named(
    query: Query, topic: str, found: Found, index: Index, embedder: Embedder
) -> Subject | None:
    """The articles that the question names by headline, author, outlet or kind; None: none."""
    by_title = _by_title(query, topic, found, index)
    if by_title:
        return Subject((by_title,), topic, is_named=True)
    if query.scope.searched == 1:
        only = _passing(query, index).ids(1) or []
        return Subject(tuple(index.articles(only).values()), topic, True)
    rest = without(topic, [*query.boosts.authors, *query.boosts.outlets])
    meant = _by_facts(query, rest, _passing(query, index))
    if meant is not None:
        newest = [item.id for item in meant.facts("newest", _CANDIDATES)]
        held = sorted(index.articles(newest).values(), key=lambda item: item.id)
        best = _best(rest, held, found, index, embedder)
        return Subject(tuple(best), rest, is_named=True) if best else None
    if _NAMES_PIECE.search(query.text) and not _is_plural(query.text):
        first = _best(rest, [hit.article for hit in found.hits], found, index, embedder)
        return Subject(tuple(first[:1]), rest, is_named=True) if first else None
    return None


def _by_title(query: Query, topic: str, found: Found, index: Index) -> Article | None:
    quoted = [fold(item) for item in query.quoted]
    for hit in found.hits:
        if any(item in fold(hit.article.title or "") for item in quoted):
            return hit.article
    wanted, is_piece = set(index.words(topic)), bool(_NAMES_PIECE.search(query.text))
    for hit in found.hits:
        title = set(index.words(hit.article.title or ""))
        common = len(wanted & title)
        back = _TITLE_BACK if is_piece else _TITLE_SHARE
        enough = common >= _TITLE_WORDS and common >= back * len(title)
        if enough and common >= _TITLE_SHARE * len(wanted):
            return hit.article
    return None


def _passing(query: Query, index: Index) -> Chosen:
    return index.catalogue().chosen(query.filters)


def _by_facts(query: Query, rest: str, every: Chosen) -> Chosen | None:
    """The articles by an author, of an outlet or a kind that the question names; None: it does not.

    An outlet or a kind chooses only where something written is spoken of, and so does an author
    where the order of events is asked for.
    """
    is_piece = bool(_NAMES_PIECE.search(query.text)) or not rest
    limits = Filters(
        authors=query.boosts.authors if is_piece or query.intent != "timeline" else (),
        outlets=query.boosts.outlets if is_piece else (),
        since=query.boosts.dates[0][0] if is_piece and len(query.boosts.dates) == 1 else None,
        until=query.boosts.dates[0][1] if is_piece and len(query.boosts.dates) == 1 else None,
    )
    label = next((kind for kind, words in _KINDS if words.search(query.text)), None)
    label = label if is_piece else None
    if limits == Filters() and label is None:
        return None
    allowed = every.also(limits)
    if label is None:
        return allowed
    labelled = allowed.labelled(label)
    return labelled if limits == Filters() or labelled.count() else allowed


def _best(
    topic: str, articles: Sequence[Article], found: Found, index: Index, embedder: Embedder
) -> list[Article]:
    """Those of `articles` on the topic, or all where there is none, as found and then by date."""
    order = {id_: at for at, id_ in enumerate(dict.fromkeys(h.article.id for h in found.hits))}
    held = sorted(articles, key=lambda item: order.get(item.id, len(order)))
    if not topic:
        return list(dict.fromkeys(held))
    on_it = about(topic, dict.fromkeys(held), index, embedder)
    return on_it or [item for item in held if share(topic, item.text, index) >= _HELD][:1]


def _is_plural(text: str) -> bool:
    return bool(
        re.search(
            r"\b(?:articles|pieces|stories|reports|columns|editorials|interviews)\b", text, re.I
        )
    )


def without(topic: str, names: Iterable[str]) -> str:
    """`topic` without the words of these names."""
    known = {word for name in names for word in plain_words(name)}
    kept = (word for word in topic.split() if not set(plain_words(word)) <= known)
    return " ".join(kept)


def _is_frame(word: str, frame: frozenset[str]) -> bool:
    plain = plain_words(word)
    return not plain or all(item in STOP or item in LIGHT or stem(item) in frame for item in plain)


def _frame(intent: str) -> frozenset[str]:
    """Stems of what says what kind of answer is wanted, or that something written is meant."""
    keys = {"summary": "summary", "timeline": "timeline", "comparison": "comparison"}
    lists = ("pieces", "summary", *([keys[intent]] if intent in keys else ()))
    return frozenset(stem(word) for key in lists for word in lexicon.words("framing", key))
