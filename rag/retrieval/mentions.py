"""Outlets, authors and dates that a question names. Pure functions; nothing here is searched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.text import lexicon
from vectorstore.selecting import people, plain, short_outlets

_TOKEN = re.compile(r"[^\W_]+")
_GAP = re.compile(r"[\s'’&.!|/:–—-]{0,4}")  # what may stand between two words of a name
_BROADCASTER = re.compile(r"([A-Z]{3,5}) News")
# A capital behind one of these, at the start of a sentence, begins a name; it does not go on.
_OPENERS = lexicon.words("openers", "sentence") | lexicon.words("openers", "question")
_OUTLETS_OWN = frozenset("article articles column magazine news online report reports".split())
_SAYS = frozenset(
    (
        "article articles claimed claims describes described magazine or piece report "
        "reported reports s said says story suggested suggests writes wrote"
    ).split()
)
_WRITES = frozenset("argued argues reported reports writes wrote".split())
_WRITTEN = frozenset(
    (
        "analysis article articles authored column columns editorial essay interview opinion "
        "piece report reported review story written"
    ).split()
)


def mentioned_outlets(question: str, outlets: Sequence[str]) -> tuple[str, ...]:
    """Those of `outlets` that the question names, in its order, spelt as in `outlets`.

    A name of one common word counts only with a capital ("Wired", not "wired"); "The" may be
    left out; of "CNBC | World Business News" the first part is enough. A part of another, longer
    name does not count ("Time Warner").
    """
    return _mentioned(question, _outlet_forms(tuple(outlets)), _names_outlet)


def mentioned_authors(question: str, authors: Sequence[str]) -> tuple[str, ...]:
    """Those of `authors` of whom the question names one, spelt as in `authors`.

    A surname alone counts only where it is said to have written: "article by Roe", "Roe's column".
    """
    return _mentioned(question, _author_forms(tuple(authors)), _names_author)


# --- names


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the question, `question[start:end]`."""

    text: str
    plain: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        return not self.text[0].islower()


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to write a name."""

    words: tuple[str, ...]  # plain
    name: str
    exact: str = ""  # counts in these very letters alone
    camel: bool = False  # no common word in whatever case: "TechCrunch"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a form stands in the question: `words[first:last]`."""

    question: str
    words: Sequence[_Word]
    first: int
    last: int

    @property
    def content(self) -> Sequence[_Word]:
        """The name's words without a leading "the"."""
        found = self.words[self.first : self.last]
        return found[1:] if len(found) > 1 and found[0].plain == "the" else found

    def word(self, at: int) -> str:
        """The plain word `at` places behind the form (0: the next) or before it (-1)."""
        there = self.last + at if at >= 0 else self.first + at
        return self.words[there].plain if 0 <= there < len(self.words) else ""

    @property
    def opens(self) -> bool:
        """Whether a sentence begins here, and a capital therefore says nothing."""
        return self.first == 0 or bool(re.search(r"[.?!]\s*$", self._before(self.first)))

    @property
    def in_longer_name(self) -> bool:
        """Whether a capitalised word right before or behind makes it another name."""
        before = self.words[self.first - 1] if self.first else None
        if before and before.capital and self._before(self.first) == " ":
            opener = _Place(self.question, self.words, self.first - 1, self.first).opens
            if not (opener and before.plain in _OPENERS):
                return True
        if self.last == len(self.words) or self._before(self.last) not in (" ", "-"):
            return False
        behind = self.words[self.last]
        return behind.capital and behind.text.isalpha() and behind.plain not in _OUTLETS_OWN

    def _before(self, at: int) -> str:
        """What stands between the word `at` and the one before it."""
        start = self.words[at - 1].end if at else 0
        return self.question[start : self.words[at].start]

    @property
    def fits(self) -> bool:
        """Whether no more than spaces and the signs of a name stand between its words."""
        return all(_GAP.fullmatch(self._before(at)) for at in range(self.first + 1, self.last))

    @property
    def cased(self) -> bool:
        """Whether it has the capital of a name, or the question has no capitals at all."""
        return self.content[0].capital or not any(word.capital for word in self.words[1:])


_Forms = dict[str, list[_Form]]  # by first word, the longest first


def _mentioned(
    question: str, forms: _Forms, counts: Callable[[_Form, _Place], bool]
) -> tuple[str, ...]:
    question = unicodedata.normalize("NFC", question)
    words = [_Word(m[0], plain(m[0]), *m.span()) for m in _TOKEN.finditer(question)]
    folded = tuple(word.plain for word in words)
    found: dict[str, None] = {}
    at = 0
    while at < len(words):
        taken = 0
        for form in forms.get(folded[at], ()):
            size = len(form.words)
            if size < taken or folded[at : at + size] != form.words:
                continue
            place = _Place(question, words, at, at + size)
            if place.fits and counts(form, place):
                found[form.name], taken = None, size
        at += taken or 1
    return tuple(found)


def _names_outlet(form: _Form, place: _Place) -> bool:
    content = place.content
    if form.camel:
        return True
    if form.exact:
        return content[0].text == form.exact and not place.in_longer_name
    if len(content) > 1:
        return place.cased
    if not content[0].capital or place.in_longer_name:
        return False
    if place.last - place.first > 1:  # with "the": The Age, but not The Age of Reason
        return place.word(0) != "of"
    return not place.opens or place.word(0) in _SAYS


def _names_author(form: _Form, place: _Place) -> bool:
    if len(form.words) > 1:
        return place.cased
    if not place.content[0].capital or place.in_longer_name:
        return False
    if place.word(-1) == "by" and place.word(-2) in _WRITTEN:
        return True
    return place.word(0) in _WRITES or (place.word(0) == "s" and place.word(1) in _WRITTEN)


@lru_cache(maxsize=4)
def _outlet_forms(outlets: tuple[str, ...]) -> _Forms:
    return _by_first_word(form for name in outlets for form in _ways_to_write(name))


def _ways_to_write(outlet: str) -> Iterator[_Form]:
    short = short_outlets(outlet)
    for text in dict.fromkeys((outlet, *short)):
        words = _words(text)
        camel = bool(re.search(r"[a-z][A-Z]", text)) and " " not in text
        yield _Form(words, outlet, camel=camel)
        if len(words) > 1 and words[0] == "the":
            yield _Form(words[1:], outlet, camel=camel)
    if match := _BROADCASTER.match(short[0]):
        yield _Form((plain(match[1]),), outlet, exact=match[1])


@lru_cache(maxsize=4)
def _author_forms(authors: tuple[str, ...]) -> _Forms:
    return _by_first_word(
        _Form(words, author)
        for author in authors
        for name in people(author)
        for words in {_words(name), _words(name)[-1:]}
    )


def _by_first_word(forms: Iterable[_Form]) -> _Forms:
    found: _Forms = {}
    for form in dict.fromkeys(forms):
        if form.words:
            found.setdefault(form.words[0], []).append(form)
    for listed in found.values():
        listed.sort(key=lambda form: -len(form.words))
    return found


def _words(text: str) -> tuple[str, ...]:
    return tuple(plain(word) for word in _TOKEN.findall(unicodedata.normalize("NFC", text)))


# --- dates: each finder yields (start, end, days); days of None: looked like a date and is none
