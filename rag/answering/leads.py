"""What stands before an article's own words in an answer: who says them, where and when."""

from __future__ import annotations

from dataclasses import dataclass

from rag.schema import Article, Hit, printed_day
from rag.speakers.attribution import READER, speaker
from rag.text.words import last_stem, stems

_LONGEST = 60  # characters of a headline


@dataclass(frozen=True, slots=True)
class Lead:
    """What is printed before words, and whose they are; `shown`: the text says it."""

    text: str
    article: str  # its id
    speaker: str
    shown: bool

    def covers(self, other: Lead) -> bool:
        """Whether `other`, next in the answer, need not be said after this one."""
        same = self.speaker == other.speaker or not (self.shown or other.shown)
        return self.article == other.article and same


def lead(hit: Hit, start: int, end: int) -> Lead:
    """Whose words `hit.article.text[start:end]` are: "Jane Doe, The Gazette, 4 March 2024".

    Of somebody quoted or paraphrased whom the words do not name: "Lavrov, in The Gazette, …".
    """
    article, who = hit.article, speaker(hit.article, start, end) or ""
    if hit.passage.kind == "comment":
        return Lead(_of_a_reader(article, who), article.id, who, shown=True)
    if not who or _names(article.text[start:end], who):
        by = article.author
        where = article.outlet or ("" if by else _headline(article))
        return Lead(_joined(by, where, _day(article)), article.id, who, shown=False)
    where = article.outlet or _headline(article)
    return Lead(f"{who}, in {_joined(where, _day(article))}", article.id, who, shown=True)


def credit(article: Article) -> str:
    """Outlet and day, as far as known: "The Courier (3 May 2024)"; its headline without outlet."""
    day = printed_day(article.published)
    return f"{article.outlet or f'“{article.name}”'}{f' ({day})' if day else ''}"


def _of_a_reader(article: Article, who: str) -> str:
    who = who.removesuffix(f" ({READER})").removesuffix(READER)
    what = f"reader comment under {_headline(article)}"
    if who.endswith(" in a "):  # "Roe, quoted in a reader comment"
        return f"{who}{what}"
    return f"{who}, in a {what}" if who else f"A {what}"


def _names(words: str, who: str) -> bool:
    return bool(last_stem(who)) and last_stem(who) <= set(stems(words))


def _day(article: Article) -> str:
    """When it was published, as far as it says so, and what its text calls itself."""
    unread = f"dated {article.dated}" if article.dated else "undated"
    day = printed_day(article.published) or unread
    return f"{day} ({article.label})" if article.label else day


def _headline(article: Article) -> str:
    name = article.name
    short = name if len(name) <= _LONGEST else f"{name[:_LONGEST].rsplit(' ', 1)[0]} …"
    return f"“{short}”"


def _joined(*known: str | None) -> str:
    return ", ".join(filter(None, known))
