"""Names in a sentence that the passages it cites do not have, or do not join like that.

"Mr Lavrov" is "Sergei Lavrov" where the article calls him so, "UN" is "United Nations", and
"Russian" is of "Russia".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.checking.atoms import Cased, atoms, initial, undotted
from rag.text import lexicon
from rag.text.names import TITLES, countries
from rag.text.words import fold, stem, without_possessive, words

_TITLES = frozenset("executive officer mother i ok tv".split()).union(
    TITLES, lexicon.words("titles", "attributes")
)
# Country -> adjectives and people, where more than an ending differs; the rest goes by prefix.
_SAME = {word: forms[0] for forms in lexicon.groups("peoples", "same") for word in forms}
_NO_FIRST_NAMES = _TITLES | _SAME.keys()


@dataclass(frozen=True, slots=True)
class Names:
    """What a text offers to compare names with."""

    stems: frozenset[str]  # of all words
    countries: frozenset[str]
    peoples: frozenset[str]
    initials: frozenset[str]  # of runs of capitalised words: "un" for "United Nations"
    shorts: frozenset[str]  # acronyms as printed, dots left out: "un"
    joined: frozenset[tuple[str, str]]  # neighbouring words, one of a name
    firsts: dict[str, frozenset[str]]  # name -> the capitalised words right before it


@lru_cache(maxsize=128)
def names_of(text: str) -> Names:
    """Read `text` (a passage, or its whole article) once."""
    text = undotted(text)
    every = words(text)
    stems = tuple(word.stem for word in every)
    peoples = frozenset(_SAME[key] for word in every if (key := _bare(word.text)) in _SAME)
    shorts = frozenset(_bare(m) for m in re.findall(r"\b(?:[A-Z]\.){2,}|\b[A-Z]{2,}s?\b", text))
    near = {*zip(stems, stems[1:], strict=False), *zip(stems, stems[2:], strict=False)}
    firsts: dict[str, set[str]] = {}
    for one, two in zip(every, every[1:], strict=False):
        if two.text[0].isupper():
            ours = one.text[0].isupper() and text[one.end : two.start].isspace()
            if ours and one.weighty and _bare(one.text) not in _NO_FIRST_NAMES:
                firsts.setdefault(two.stem, set()).add(one.stem)
    return Names(
        frozenset(stems),
        countries(stems),
        peoples,
        frozenset(_initials(text)),
        shorts,
        frozenset(near),
        {name: frozenset(before) for name, before in firsts.items()},
    )


def wrong_names(
    sentence: str, passages: Sequence[str], articles: Sequence[str], cased: Cased | None = None
) -> Iterator[str]:
    """The names of `sentence` that stand in none of `passages`, as reasons.

    `articles` are the whole texts: a first name or what an acronym stands for may be given there.
    """
    near = [names_of(text) for text in passages]
    spelled = _spelled_out(sentence, near)
    for name in _claimed(undotted(sentence), cased or Cased.of([*passages, *articles])):
        if name in spelled:
            continue
        parts = [part for part in words(undotted(name)) if _bare(part.text) not in _TITLES]
        missing = [part.text for part in parts if not _known(part.text, name, near)]
        if not missing and _all_joined(name, near):
            continue
        far = [names_of(text) for text in articles]  # read only where the passage does not do
        if len(missing) < len(parts) > 1 and _all_joined(name, far):
            continue  # the passage has the surname, the article the whole name
        if missing:
            yield f"the name {name if len(parts) > 1 else missing[0]} is not in the cited text"
        elif _mixed([part.stem for part in parts], [*near, *far]):
            yield f"the name {name} is not in the cited text"


def _claimed(sentence: str, cased: Cased) -> Iterator[str]:
    """The names of `sentence`, without words before them that have small letters elsewhere."""
    for atom in atoms(sentence, cased):
        if atom.kind == "name":
            parts = atom.text.split()
            while len(parts) > 1 and stem(fold(parts[0])) in cased.lower:
                parts = parts[1:]
            yield without_possessive(" ".join(parts))


def _known(part: str, name: str, near: Sequence[Names]) -> bool:
    """Whether a word of `name`, or what it is short for, stands in a passage."""
    bare, short = _bare(part), "".join(map(initial, re.findall(r"[A-Z][\w’'-]*", name))).lower()
    people = _SAME.get(bare)
    for item in near:
        if stem(fold(part)) in item.stems or bare in item.shorts or bare in item.initials:
            return True
        if countries([stem(fold(part))]) & item.countries:
            return True
        if people in item.peoples or (len(short) > 1 and short in item.shorts):
            return True
        # "Syrians" and "Syria", "Drennicker" and "Drennick", "Congress" and "congressional"
        if len(bare) > 4 and any(w[:5] == bare[:5] and _akin(w, bare) for w in item.stems):
            return True
        if any(len(w) > 4 and len(bare) > 4 and bare.startswith(w) for w in item.stems):
            return True
        if any(len(bare) > 4 and w.startswith(bare) for w in item.stems):
            return True
        if all(piece and stem(piece) in item.stems for piece in re.split(r"[-’'&]", fold(part))):
            return True
    return False


def _akin(one: str, other: str) -> bool:
    """Whether one is the other with an ending of peoples."""
    short, long = sorted((one, other), key=len)
    common = len(short) - 1 if short[-1] in "aeoy" else len(short)
    return (
        long.startswith(short[:common])
        and re.fullmatch(
            r"(?:a|e|y|o)?(?:n|ns|an|ans|ian|ians|er|ers|ese|ish|i|is|s|ic)?", long[common:]
        )
        is not None
    )


def _all_joined(name: str, known: Sequence[Names]) -> bool:
    """Whether the words of `name` stand together somewhere; one word always does."""
    own = [word.stem for word in words(undotted(name)) if _bare(word.text) not in _TITLES]
    pairs = list(zip(own, own[1:], strict=False))
    return not pairs or any(all(pair in item.joined for pair in pairs) for item in known)


def _mixed(own: Sequence[str], known: Sequence[Names]) -> bool:
    """Whether these are a first name and a surname that always has another first name."""
    if len(own) != 2 or any((own[0], own[1]) in item.joined for item in known):
        return False
    before = {first for item in known for first in item.firsts.get(own[1], ())}
    return bool(before)


def _spelled_out(sentence: str, near: Sequence[Names]) -> str:
    """The names of `sentence` whose initials a passage has: "Food and Drug Administration"."""
    shorts = frozenset[str]().union(*(item.shorts for item in near))
    return "\n".join(name for letters, name in _runs(sentence) if letters in shorts)


_LONGEST = 7  # letters of an acronym
_LONG_NAME = re.compile(
    r"\b[A-Z][\w’'-]+(?:[\s-]+(?:(?:of|and|the|for|on|in|&)\s+){0,2}[A-Z][\w’'-]+)+"
)


def _initials(text: str) -> Iterator[str]:
    """First letters of runs of capitalised words, "of" and "and" passed over."""
    return (letters for letters, _ in _runs(text))


def _runs(text: str) -> Iterator[tuple[str, str]]:
    """Every run of two or more capitalised words: its initials, folded, and the run itself."""
    for match in _LONG_NAME.finditer(text):
        found = list(re.finditer(r"[A-Z][\w’'-]+", match[0]))
        for start in range(len(found)):
            for end in range(start + 2, min(start + _LONGEST, len(found)) + 1):
                letters = "".join(map(initial, (word[0] for word in found[start:end]))).lower()
                yield letters, match[0][found[start].start() : found[end - 1].end()]


def _bare(word: str) -> str:
    return without_possessive(word).replace(".", "").lower()
