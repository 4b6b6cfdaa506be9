"""Questions for what somebody said on something: "What did Marit Oldane say about the cranes?".

Made of what an article quotes or paraphrases, and of what the article itself calls its matters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rag.schema import Article
from rag.speakers.attribution import Quotation, quotations
from rag.speakers.cast import CALENDAR, OPENERS, PLACES, is_body, split_titles, tokens
from rag.speakers.people import cast_of
from rag.text import lexicon
from rag.text.names import TITLES, countries
from rag.text.words import fold, stem, stems, without_possessive
from vectorstore.index import Index

_SHORTEST = 6  # words of what was said
_LONGEST = 900  # characters of it
_OFTEN = 2  # so often an article speaks of what it is worth asking about
_BARE = 4  # "the Guard" is called so where one in so many of its mentions has the article
_HEADLINES = 2_000  # that are looked at, from throughout
_SHARED = 0.05  # share of the headlines that have a word which all of the articles are about
_NOBODY = frozenset("center centre comptroller community international global trail".split())
_OFFICES = lexicon.words("titles", "offices")
_PARTICLES = lexicon.words("titles", "particles")
_STOP = (
    r"(?:of|in|on|at|to|for|from|by|with|is|was|were|are|has|had|have|will|would|could|can|and|or"
    r"|but|that|which|who|as|after|before|when|if|than|into|over)"
)
_MATTER = re.compile(
    rf"\b[Tt]he\s+(?P<of>[a-z][a-z-]+(?:\s+[a-z][a-z-]+)?)(?=[,.;:?’'”\")]|\s+{_STOP}\b)"
)
_ASKED = re.compile(r"\b[Tt]he\s+(?P<of>[a-z][a-z-]{2,})\b")
_NAME = re.compile(
    r"(?<=[a-z,]\s)(?P<the>[Tt]he\s+)?(?P<name>[A-Z][\w’-]*[a-z](?:\s+[A-Z][\w’-]*[a-z])*)"
)
_REPORTS = re.compile(
    r"\b(?:said|says|told|warned|added|argued|insisted|claimed|wrote|announced|confirmed|denied"
    r"|promised|called|believes|thinks|expects)\b"
)
# Too common to say what is meant.
_VAGUE = frozenset(
    """day days week weeks month months year years time times way ways people person man woman
    men women boy girl world country nation state city town area place region end start
    beginning first second last next same other others rest most least number numbers
    level kind sort part fact case point thing things question issue problem problems
    situation reason result moment past future present morning afternoon evening night
    weekend story article report statement news interview group company team members one
    ones two three public media community family families side sides head top bottom
    middle back front left right rights north south east west hour minute word words idea
    new old lot bit whole latter former following opposite truth matter work job life
    lives department office agency university house line room table phone email letter
    video photo process system program programme effort efforts event events ground
    government president minister mayor governor official officials spokesman spokeswoman
    author reporter reporters making needs lead face health history option source risk
    position county list judge representatives count decision move site herring leader leaders
    because sent come building project text show page season game match season field role""".split()
)
_NO_NOUN = re.compile(r"(?:ly|ed|est)$")


@dataclass(frozen=True, slots=True)
class SayingAsked:
    """A question, and the quotation that it was made of."""

    question: str
    article: Article
    said: Quotation
    about: str  # "the cranes", "Gannet Dock"

    @property
    def speaker(self) -> str:
        """Whose words are asked for."""
        return self.said.speaker or ""


def shared(titles: Sequence[str]) -> frozenset[str]:
    """Stems that so many of these headlines have that all of the articles are about them."""
    counts = Counter(word for title in titles for word in set(stems(title)))
    least = max(2, _SHARED * len(titles))
    return frozenset(word for word, count in counts.items() if count >= least)


def shared_in(index: Index) -> frozenset[str]:
    """As `shared`, of what an index holds; reckoned once for a state of it."""
    return _shared_in(index, index.state())


@lru_cache(maxsize=2)
def _shared_in(index: Index, _: str) -> frozenset[str]:
    return shared([item.title or "" for item in index.catalogue().every().throughout(_HEADLINES)])


def saying_questions(
    article: Article, known: frozenset[str], *, asked: Sequence[str] = ()
) -> Iterator[SayingAsked]:
    """Questions for what people are quoted or paraphrased as saying, on matters of the article.

    Those of its headline, or of all articles: `known` are the stems of these. Where matters are
    `asked` for, on these first, if the article speaks of them.
    """
    if article.language not in (None, "en"):
        return
    own = matters(article, known | frozenset(stems(article.title or "")))
    things = (*(item for item in asked if _has(article, item)), *own)
    for said in quotations(article) if things else ():
        who, words = said.speaker or "", article.text[said.start : said.end]
        if len(words) > _LONGEST or len(words.split()) < _SHORTEST or who not in people_of(article):
            continue
        if about := next((it for it in things if _is_on(it, said, words, who)), ""):
            yield SayingAsked(f"What did {who} say about {about}?", article, said, about)


def is_person(name: str) -> bool:
    """Whether it is a person's first and last name, without titles: "Marit Oldane"."""
    words = name.split()
    if not 2 <= len(words) <= 4 or split_titles(words)[0] or is_body(words):
        return False
    if any(word.casefold() in OPENERS | CALENDAR | _NOBODY for word in words):
        return False
    plain = all(word[0].isupper() or word in _PARTICLES for word in words)
    called = countries([stem(words[-1])]) or any(word.casefold() in _OFFICES for word in words)
    return plain and not called and not re.search(r"[\d,()]|\b[A-Z]{2,}\b", name)


@lru_cache(maxsize=64)
def people_of(article: Article) -> frozenset[str]:
    """Those whom the article surely shows to be people, of those whom it quotes.

    It tells what they are, or calls them by the surname alone.
    """
    who = {said.speaker for said in quotations(article) if said.speaker}
    cast = cast_of(tokens(article.text)).people
    return frozenset(
        name
        for name in who
        if is_person(name)
        and ((name in cast and cast[name].offices) or _by_surname(name, article.text))
    )


def _by_surname(name: str, text: str) -> bool:
    first, last = name.split()[-2], name.split()[-1]
    return bool(re.search(rf"(?<!{re.escape(first)}\s)\b{re.escape(last)}\b", text))


def _is_on(matter: str, said: Quotation, words: str, who: str) -> bool:
    """Whether words say something of a matter, and are not its own."""
    behind = 0
    if not said.direct:
        reports = _REPORTS.search(words)
        behind = reports.end() if reports else len(words)
    last = re.escape(matter.split()[-1].removesuffix("s"))
    held = re.search(rf"\b{last}s?\b", words[behind:], re.IGNORECASE)
    return bool(held) and not set(stems(matter)) & set(stems(who))


@lru_cache(maxsize=64)
def matters(article: Article, known: frozenset[str]) -> tuple[str, ...]:
    """What the article speaks of often and that is `known`, the most telling first."""
    things = Counter(
        match["of"].casefold() for match in _MATTER.finditer(article.text) if _is_thing(match["of"])
    )
    every = Counter(stems(article.text))
    found = {
        f"the {words}": every[stem(words.split()[-1])]
        for words, count in things.items()
        if count >= _OFTEN or (" " not in words and every[stem(words)] > _OFTEN)
    }
    found |= _names_of(article)
    fit = [item for item in found if set(stems(item)) and set(stems(item)) <= known]
    return tuple(sorted(fit, key=lambda item: (-len(item.split()), -found[item])))


def _has(article: Article, matter: str) -> bool:
    """Whether an article uses the words for a matter, and a noun for one that has no name."""
    own = re.escape(matter.removeprefix("the "))
    behind = "" if own != own.lower() else rf"(?=[,.;:’'”\")]|\s+{_STOP}\b)"
    return bool(re.search(rf"\b{own}{behind}", article.text))


def matters_of(question: str) -> list[str]:
    """What a question speaks of, as it puts it: "the cranes", "the Adams case", "Gannet Dock"."""
    things = [f"the {m['of']}" for m in _ASKED.finditer(question) if _is_thing(m["of"])]
    for match in _NAME.finditer(question):
        name = without_possessive(match["name"])
        noun = re.match(r"\s([a-z]{3,})\b", question[match.end() :]) if match["the"] else None
        if noun and not re.fullmatch(_STOP, noun[1]):
            things.append(f"the {name} {noun[1]}")
        elif not _no_matter(name):
            things.append(f"{'the ' if match['the'] else ''}{name}")
    return things


def _is_thing(words: str) -> bool:
    every = words.casefold().split()
    if any(word in _VAGUE for word in every) or _NO_NOUN.search(every[-1]):
        return False
    return len(every) == 1 or not (every[-1] in _verbs() or re.fullmatch(_STOP, every[-1]))


@cache
def _verbs() -> frozenset[str]:
    """Verbs that no ending tells, in every form: "went" of "the batteries went"."""
    return frozenset(word for forms in lexicon.groups("irregular", "forms") for word in forms)


def _names_of(article: Article) -> dict[str, int]:
    """Bodies and places that the article names often, with "the" where it is printed with it."""
    people = {word for said in quotations(article) for word in (said.speaker or "").split()}
    credit = fold(f"{article.outlet or ''} {article.author or ''}")
    counts: Counter[str] = Counter()
    with_the: Counter[str] = Counter()
    for match in _NAME.finditer(article.text):
        name = without_possessive(match["name"])
        counts[name] += 1
        with_the[name] += bool(match["the"])
    parts = {word for name in counts if " " in name for word in name.split()}
    return {
        f"the {name}" if _BARE * with_the[name] >= count else name: count
        for name, count in counts.items()
        if count >= _OFTEN
        and name not in parts
        and not (people & set(name.split()) or fold(name) in credit or _no_matter(name))
    }


def _no_matter(name: str) -> bool:
    """Whether a name says no more than where or when something was said."""
    words = [word.casefold() for word in name.split()]
    if len(words) == 1 and countries([stem(words[0])]) - {stem(words[0])}:
        return True  # "French"
    return any(word in CALENDAR | TITLES | OPENERS | PLACES for word in words)
