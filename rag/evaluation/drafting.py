"""Articles -> questions to edit: a first file for `byline eval` over one's own folder.

Each is made by a rule from words that stand in an article, with the evidence beside it, so that a
person can check it in seconds. They are easy ones: the harder ones are to be written by hand.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from rag.schema import Article, printed_day
from rag.speakers.attribution import quotations
from rag.speakers.cast import is_body
from rag.text.dates import MONTHS
from rag.text.sentences import article_sentences
from rag.text.words import plain_words

Draft = dict[str, Any]
_QUOTED = 5  # words of a quotation worth asking for
_ASKED_OF = 5  # words of the quotation that the answer must hold
_SENTENCE = (8, 45)  # words of a sentence worth asking for
_FIGURE = re.compile(r"\b\d[\d.,]*\d\b|\b\d\b")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATED = re.compile(rf"\b(?:{'|'.join(map(str.capitalize, MONTHS))})\b")  # its figure is a day's
_GAP = "____"


def drafts(articles: Sequence[Article], count: int) -> list[Draft]:
    """Up to `count` questions over `articles`, of each kind by turns, spread over the articles."""
    makers = (_said, _figures, _credits)
    turns = [_spread([maker(article) for article in articles]) for maker in makers]
    mixed = itertools.chain.from_iterable(itertools.zip_longest(*turns, _strangers(articles)))
    found = [draft for draft in mixed if draft is not None]
    unique = {draft["question"]: draft for draft in found}
    return [
        {"id": f"q-{number:02}", **draft}
        for number, draft in enumerate(itertools.islice(unique.values(), count), start=1)
    ]


def as_jsonl(found: Sequence[Draft]) -> str:
    """The text of a file of questions."""
    return "".join(f"{json.dumps(item, ensure_ascii=False)}\n" for item in found)


def _spread(by_article: Sequence[Iterator[Draft]]) -> Iterator[Draft]:
    """The first of every article, then the second of every article, and so on."""
    rounds = itertools.zip_longest(*by_article)
    yield from (draft for some in rounds for draft in some if draft is not None)


def _said(article: Article) -> Iterator[Draft]:
    """What a person is quoted as saying."""
    asked: set[str] = set()
    for item in quotations(article):
        words = article.text[item.start : item.end]
        name = item.speaker or ""
        person = name.count(" ") >= 1 and not is_body(name.split())
        if item.direct and person and name not in asked and len(words.split()) >= _QUOTED:
            asked.add(name)
            evidence = " ".join(words.split())
            yield {
                "question": f"What did {name} say?",
                "type": "who_said",
                "must_contain": [[" ".join(evidence.split()[:_ASKED_OF])]],
                "sources": [article.path],
                "evidence": [evidence],
                "speaker": [name],
                "note": "Say about what; keep the words that any right answer must hold.",
            }


def _figures(article: Article) -> Iterator[Draft]:
    """A sentence with one figure, that figure left out."""
    for start, end in article_sentences(article):
        sentence = " ".join(article.text[start:end].split())
        figures = [figure for figure in _FIGURE.findall(sentence) if not _YEAR.fullmatch(figure)]
        long_enough = _SENTENCE[0] <= len(plain_words(sentence)) <= _SENTENCE[1]
        is_prose = (
            long_enough and sentence.endswith((".", "”", '"')) and not _DATED.search(sentence)
        )
        if is_prose and len(figures) == 1 and sentence.count(figures[0]) == 1:
            yield {
                "question": f"Which figure is missing: {sentence.replace(figures[0], _GAP)}",
                "type": "fact",
                "must_contain": [[figures[0]]],
                "sources": [article.path],
                "evidence": [sentence],
                "note": "Ask for it in your own words: How many …? How much …?",
            }


def _credits(article: Article) -> Iterator[Draft]:
    """Who wrote it, and when it was published."""
    if article.title and article.author:
        names = [name.split()[-1] for name in re.split(r",| and ", article.author) if name.strip()]
        yield {
            "question": f"Who wrote “{article.title}”?",
            "type": "metadata",
            "must_contain": [[name] for name in names],
            "sources": [article.path],
        }
    if article.title and article.published:
        yield {
            "question": f"When was “{article.title}” published?",
            "type": "metadata",
            "must_contain": [[printed_day(article.published)]],
            "sources": [article.path],
        }


def _strangers(articles: Sequence[Article]) -> Iterator[Draft]:
    """A person of one article on the subject of another that does not name them."""
    for article, other in itertools.pairwise(articles):
        names = [item.speaker for item in quotations(article) if item.speaker and item.direct]
        name = next((n for n in names if " " in n and n.split()[-1] not in other.text), None)
        if name and other.title:
            yield {
                "question": f"What did {name} say about “{other.title}”?",
                "type": "unanswerable",
                "must_abstain": True,
                "note": "Check that no article answers it.",
            }
