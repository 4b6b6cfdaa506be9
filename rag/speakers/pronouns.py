"""Whom "he" and "she" mean in words taken out of their article, where that is clear."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.schema import Article
from rag.speakers.attribution import READER, speaker
from rag.speakers.cast import Cast, bare, is_body, tokens
from rag.speakers.people import cast_of
from rag.text.names import names
from rag.text.quotation_marks import masked, quoted_spans
from rag.text.sentences import article_sentences

_PRONOUN = re.compile(r"\b(?P<who>[Hh]e|[Ss]he)\b(?!['’])")
_BACK = 2  # sentences before the words in which the name is sought
_REACH = 700  # characters before them


def helped(article: Article, start: int, end: int) -> str:
    """`article.text[start:end]`, line breaks folded, "[Lavrov]" behind a first "he" that means him.

    Only where no person is named before the pronoun, and one person alone can be meant: the one
    who says these words, or the only one named in the sentence before that fits. Else the words
    as they stand.
    """
    text = article.text
    match = _PRONOUN.search(masked(text, start, end, quoted_spans(text, start, end)))
    if match is None:
        return _folded(text[start:end])
    at, behind = start + match.start(), start + match.end()
    if list(_people(article, start, at)):
        return _folded(text[start:end])
    name = _meant(article, start, end, match["who"].lower())
    if name is None:
        return _folded(text[start:end])
    return _folded(f"{text[start:behind]} [{name}]{text[behind:end]}")


def _meant(article: Article, start: int, end: int, pronoun: str) -> str | None:
    who = speaker(article, start, end)
    cast = _cast(article)
    if who and READER not in who and _fits(cast, who, pronoun):
        return who
    before = article_sentences(article, max(0, start - _REACH), start)[-_BACK:]
    for first, last in reversed(before):
        named = {n for n in _people(article, first, last) if _fits(cast, n, pronoun)}
        if named:
            unsure = _may_be_people(article.text[first:last], article.language) - set(cast.people)
            return named.pop() if len(named) == 1 and not unsure else None
    return None


def _may_be_people(words: str, language: str | None) -> set[str]:
    """Names of two words and more that are no organisation's."""
    return {name for name in names(words, language) if " " in name and not is_body(name.split())}


def _fits(cast: Cast, name: str, pronoun: str) -> bool:
    """Whether `name` is a person whom the article does not call by the other pronoun."""
    person = cast.people.get(name)
    return person is not None and person.gender in (None, pronoun)


def _people(article: Article, start: int, end: int) -> list[str]:
    """Full names of the people named in `article.text[start:end]`, in order."""
    cast, found = _cast(article), list[str]()
    for item in tokens(article.text, start, end):
        if item.is_capital and (who := cast.person([bare(item.text)], item.start)):
            found.append(who)
    return found


@lru_cache(maxsize=16)
def _cast(article: Article) -> Cast:
    return cast_of(tokens(article.text))


def _folded(text: str) -> str:
    return " ".join(text.split())
