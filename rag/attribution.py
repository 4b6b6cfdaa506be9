"""Who is speaking in a stretch of an article: a quoted or paraphrased person, a reader, or None.

None means the author's own words or unknown: unknown rather than wrong.
"""

from __future__ import annotations

import re

from rag.schema import Article
from rag.sentences import sentence_spans

READER = "reader comment"

_WORD = r"[A-ZÀ-ÖØ-Þ][\w’'-]+"
_NAME = rf"(?:{_WORD}|[A-Z]\.)(?:\s+(?:(?:al|de|der|van|von|bin|la|le)\s+)?(?:{_WORD}|[A-Z]\.))*"
_VERBS = (
    r"(?:said|says|told|tells|added|adds|warned|warns|declared|declares|stated|states|argued|"
    r"argues|insisted|insists|claimed|claims|explained|explains|noted|notes|announced|announces|"
    r"confirmed|confirms|wrote|writes|asked|asks|replied|replies|stressed|stresses|called|urged|"
    r"urges|suggested|suggests|denied|denies|acknowledged|admitted|admits|recalled|predicted|"
    r"inferred|expressed|informed)"
)
_TITLE = re.compile(
    r"(?:The|A|An|In|On|At|But|And|As|For|According|Mr|Mrs|Ms|Dr|Sir|President|Minister|Secretary|"
    r"Senator|General|Colonel|Maj|Gen|Col|Capt|Captain|Spokesman|Spokeswoman|Chief|Chairman|"
    r"Chairwoman|Director|Mayor|Governor|Judge|Professor|Ambassador|Commissioner|Inspector|"
    r"Representative|Leader|King|Queen|Prince|Princess|[A-Z.]{2,})\.?"
)
_BEFORE = re.compile(
    rf"(?P<name>{_NAME})(?:,[^,.“”\"]{{1,80}},|,)?\s+(?:also\s+|then\s+)?{_VERBS}\b"
)
_AFTER = re.compile(rf"\b{_VERBS}\s+(?P<name>{_NAME})")
_ACCORDING = re.compile(
    rf"\b(?:[Aa]ccording to|as (?:stated|said|informed) by)\s+(?:[a-z][\w -]*\s)?(?P<name>{_NAME})"
)
_PRONOUN = re.compile(rf"\b(?:he|she|He|She)\s+(?:also\s+)?{_VERBS}\b")
_OPEN_QUOTE = re.compile(r"[“\"]")
_CLOSED_QUOTE = re.compile(r"[“\"][^“”\"]+[”\"]")
_LOOK_BACK = 3  # sentences in which a pronoun's name or an opening quotation's speaker is sought


def speaker(article: Article, start: int, end: int) -> str | None:
    """Who says `article.text[start:end]`: the person that the sentence or the one before names."""
    part = article.part_at(start)
    if part is not None and part.kind == "comment":
        return f"{part.author} ({READER})" if part.author else READER
    words = article.text[start:end]
    named = _named(words)
    if named is None and (_PRONOUN.search(words) or _is_bare_quotation(words)):
        named = _named_before(article, start)
    return _full_name(article.text, named) if named else None


def _named(words: str) -> str | None:
    """The speaker that `words` itself names outside its quotation marks."""
    outside = _CLOSED_QUOTE.sub(" ” ", words)
    for pattern in (_BEFORE, _AFTER, _ACCORDING):
        for match in pattern.finditer(outside):
            name = _without_titles(match["name"])
            if name:
                return name
    return None


def _named_before(article: Article, start: int) -> str | None:
    """The nearest speaker that one of the sentences before `start` names."""
    begin = max(0, start - 1500)
    before = sentence_spans(article.text, begin, start)[-_LOOK_BACK:]
    for sentence_start, sentence_end in reversed(before):
        name = _named(article.text[sentence_start:sentence_end])
        if name:
            return name
    return None


def _is_bare_quotation(words: str) -> bool:
    return bool(_OPEN_QUOTE.match(words)) and not _CLOSED_QUOTE.sub("", words).strip(' .,”"')


def _without_titles(name: str) -> str:
    """What follows the last title or office in `name`."""
    words = name.split()
    titles = [at for at, word in enumerate(words) if _TITLE.fullmatch(word)]
    words = words[titles[-1] + 1 :] if titles else words
    return " ".join(words).removesuffix("’s").removesuffix("'s")


def _full_name(text: str, name: str) -> str:
    """A lone surname as the article first gives it in full: "Lavrov" -> "Sergei Lavrov"."""
    if " " in name:
        return name
    for match in re.finditer(rf"(?P<first>{_WORD})\s+{re.escape(name)}\b", text):
        if not _TITLE.fullmatch(match["first"]) and not match["first"].endswith(("’s", "'s")):
            return match.group()
    return name
