"""What can be held against a passage in any language: figures, dates, names and quoted words.

What else a sentence says cannot be compared across languages, and is not: neither its words and
opposites, nor whom a figure belongs to and who said what.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.checking import cited_dates, cited_figures
from rag.checking import figures as figuring
from rag.checking.atoms import undotted
from rag.checking.figures import Figure
from rag.checking.quotations import pieces, quotations
from rag.checking.sources import Source
from rag.text import lexicon
from rag.text.language import written_in
from rag.text.names import countries, names
from rag.text.numbers import TENS
from rag.text.translated import in_english, places
from rag.text.words import LIGHT, STOP, fold, plain_words, stem, stems, words

READ = frozenset(("en", *lexicon.LANGUAGES))  # of other languages no figure is read
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d.,]|\w)")  # "15,000" in a German text
_NO_BREAK = "\u202f"  # parts thousands in all of these languages
_HALF_DAY = 12
_TWELVE = (  # how articles call it, and how it is read
    ("12:00", re.compile(r"\b(?:noon|midday|mittags?|midi|mediodía|mezzogiorno|meio-dia)\b")),
    ("0:00", re.compile(r"\b(?:midnight|mitternacht|minuit|medianoche|mezzanotte)\b")),
)
_PERSON = 2  # words, from which a name may be plainly a person's
_BESIDE = 2  # words behind a name among which a verb may say that it is a person's
_SAYING = frozenset("said says told adds added warned argued".split())
_NAMING = frozenset("mr mrs ms".split())
_OPENERS = frozenset("the a an".split())
_ALIKE = 4  # letters at the beginning that a country and its people have in common
_LIKE = (
    ("tsch", "č"), ("tch", "č"), ("sch", "š"), ("sh", "š"), ("ch", "č"), ("ph", "f"), ("ou", "u"),
    ("w", "v"), ("z", "s"), ("c", "k"), ("q", "k"), ("x", "ks"), ("y", "i"), ("j", "i"),
)  # fmt: skip


def wrong(sentence: str, language: str, sources: Sequence[Source]) -> Iterator[str]:
    """Why a sentence in `language` is not borne out, each reason enough for "unsupported"."""
    yield from _wrong_quotations(sentence, sources)
    # A model may print figures as English does, whatever language it writes.
    printed = [_GROUPED.sub(lambda match: match[0].replace(",", _NO_BREAK), sentence), sentence]
    readings = [in_english(text, language) for text in dict.fromkeys(printed)]
    yield from min((list(_wrong_values(text, sources)) for text in readings), key=len)
    yield from _wrong_persons(sentence, language, sources)


def doubtful(sentence: str, language: str, sources: Sequence[Source]) -> Iterator[str]:
    """Why it is only partly borne out: countries and towns that its sources do not name."""
    there = _places_of(sources)
    for name, own in _named_places(sentence, language).items():
        known = countries([stem(own)]) or {own}
        if not known & there and not _alluded(own, sources):
            yield f"the name {name} is not in the cited text"


def _wrong_quotations(sentence: str, sources: Sequence[Source]) -> Iterator[str]:
    """Quoted words in the language of the sources that stand in none; others are translated."""
    theirs = {source.language for source in sources}
    for quoted in quotations(sentence):
        held = all(any(piece in source.folded for source in sources) for piece in pieces(quoted))
        if not held and written_in(quoted) in theirs:
            yield f"the words “{quoted}” are not in the cited text"


def _wrong_values(sentence: str, sources: Sequence[Source]) -> Iterator[str]:
    """The figures and dates of a sentence, as English prints them, that no source has."""
    dates = cited_dates.mentions(sentence, None)
    evidence = [item for source in sources for item in (*source.figures, *_hours(source))]
    told = cited_figures.Wording(evidence=frozenset().union(*(source.stems for source in sources)))
    own = figuring.read(cited_dates.without(sentence, dates))
    for claim in own:
        meant = [claim, *_scaled(claim, own)]
        if not _is_vague(claim) and not any(_stands(a, b) for a in meant for b in evidence):
            yield from cited_figures.wrong_figures([claim], evidence, told)
    found = [item for source in sources for item in source.dates]
    yield from cited_dates.wrong_dates([item for item in dates if not item.relative], found)


def _scaled(claim: Figure, own: Sequence[Figure]) -> Iterator[Figure]:
    """The figure in the scale of the next: "de 1.200 a 1.400 millones"."""
    following = next((item for item in own if item.start >= claim.end), None)
    if following and following.scaled and not claim.scaled:
        unit = figuring.unit_of(following)
        yield replace(claim, value=claim.value * unit, low=claim.low * unit, high=claim.high * unit)


def _is_vague(claim: Figure) -> bool:
    """Whether it may be half of a number in words: "treinta y cinco", "soixante et onze"."""
    return cited_figures.loose(claim) or claim.text.split("-")[0].split()[0].lower() in TENS


def _stands(claim: Figure, item: Figure) -> bool:
    """Whether a figure bears out another that may stand in another form: "der 3. Platz", "15 h"."""
    if cited_figures.bears_out(claim, item):
        return True
    kinds = {claim.kind, item.kind}
    if kinds == {"number", "ordinal"}:
        return claim.value == item.value
    return kinds == {"number", "time"} and _hour(claim) == _hour(item)


def _hour(item: Figure) -> float:
    """On a clock's face; what is no hour keeps its value."""
    value = item.value / 60 if item.kind == "time" else item.value
    return value % _HALF_DAY if value <= 2 * _HALF_DAY else value


def _hours(source: Source) -> Iterator[Figure]:
    """Noon and midnight as times of day."""
    for time, called in _TWELVE:
        if called.search(source.folded):
            yield from figuring.read(time)


# --- names


def _wrong_persons(sentence: str, language: str, sources: Sequence[Source]) -> Iterator[str]:
    """Names that are plainly a person's and of which no part stands in the cited articles."""
    there = {_sound(word) for source in sources for word in _capitalised(source)}
    for run in names(sentence, language):
        name = _without_verb(run, language)
        own = [word for word in name.split() if _may_be_of_a_name(word)][-_PERSON:]
        if len(own) < _PERSON or places(name, language) or not _is_person(sentence, name, language):
            continue
        short = _sound("".join(word[0] for word in own))
        if not any(_sound(word) in there for word in (*own, short)):
            yield f"the name {name} is not in the cited text"


def _is_person(sentence: str, name: str, language: str) -> bool:
    """Whether somebody of that name speaks or is addressed; what has an article is no person."""
    start = sentence.find(name)
    before, behind = plain_words(sentence[:start]), plain_words(sentence[start + len(name) :])
    openers = lexicon.words(language, "openers") if language in lexicon.LANGUAGES else _OPENERS
    if start and sentence[start - 1] in "’'-" or (before and before[-1] in openers):
        return False
    saying, naming = _saying(language)
    return bool({*before[-1:], *behind[:_BESIDE]} & saying or {*before[-1:]} & naming)


def _may_be_of_a_name(word: str) -> bool:
    return word[0].isupper() and fold(word) not in STOP | LIGHT


def _saying(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """What a person does beside the name, and what stands right before one alone."""
    if language not in lexicon.LANGUAGES:
        return _SAYING, _NAMING
    return lexicon.words(language, "saying"), lexicon.words(language, "naming")


def _without_verb(name: str, language: str) -> str:
    """The name without what opens the sentence before it: "Laut Anna Kuhn", "Dijo Juan Pérez"."""
    first, _, rest = name.partition(" ")
    return rest if rest and fold(first) in frozenset().union(*_saying(language)) else name


def _capitalised(source: Source) -> Iterator[str]:
    text = undotted(f"{source.shown}\n{source.article.text}")
    return (word.text for word in words(text) if word.text[0].isupper())


def _sound(word: str) -> str:
    """A name without what languages spell differently: "Selenskyj" and "Zelensky" give the same."""
    bare = unicodedata.normalize("NFKD", fold(word))
    plain = "".join(letter for letter in bare if letter.isalpha())
    for letters, one in _LIKE:
        plain = plain.replace(letters, one)
    return re.sub(r"(.)\1+", r"\1", plain[:1] + re.sub("[aeiou]", "", plain[1:]))


def _named_places(sentence: str, language: str) -> dict[str, str]:
    """The countries and towns that a sentence names, each with its English name."""
    if language in lexicon.LANGUAGES:
        return places(sentence, language)
    upper = [word for word in words(sentence) if word.text[0].isupper()]
    return {word.text: word.plain for word in upper if word.plain in _CALLED}


def _places_of(sources: Sequence[Source]) -> set[str]:
    """Countries and towns that the cited articles name, by their English names."""
    found = set[str]()
    for source in sources:
        text = undotted(f"{source.shown}\n{source.article.text}")
        own = {*stems(text), *map(stem, places(text, source.language).values())}
        found |= own | countries(own)
    return found


def _alluded(own: str, sources: Sequence[Source]) -> bool:
    """Whether a source has a word of the same beginning: "deutsche" for "Deutschland"."""
    forms = {
        form[:_ALIKE]
        for source in sources
        if source.language in lexicon.LANGUAGES
        for name, called in lexicon.sides(source.language, "places")
        if name[0] == own
        for form in called
    }
    spelt = {word[:_ALIKE] for source in sources for word in plain_words(source.article.text)}
    return bool(forms & spelt)


_CALLED = frozenset(
    name[0] for language in lexicon.LANGUAGES for name, _ in lexicon.sides(language, "places")
)
