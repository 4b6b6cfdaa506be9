"""Words made comparable: case, shapes of quotation marks, endings and irregular forms.

Pure functions, shared by everything that asks whether two texts say the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

STOP = frozenset(
    (
        "a an the of in on at to for and or but is are was were be been being by with from as "
        "that this these those it its his her their he she they who whom which what when where "
        "why how did does do has have had not no nor so than then there here i we you our your "
        "also said says will would can could may might about into over after before more most"
    ).split()
)
# Words that join or grade others, or say little: a retelling may add or drop them.
LIGHT = frozenset(
    (
        "due owing despite among amongst amid alongside along yet off out such any should must "
        "non within throughout toward towards upon via per across around besides beyond during "
        "except regarding concerning including excluding according thus hence therefore whereas "
        "while although though however because since until unless whether both either neither "
        "each every all some few several many much less least other another same own only just "
        "even still already ever once again very too quite rather well up down back away under "
        "between through against if one ones them him us me himself herself itself themselves "
        "soon now later also do doing done get getting go going come coming take taking make "
        "making put let like s t d ll re ve"
    ).split()
)
# Each line: the plain form, then the forms that no ending explains.
_IRREGULAR = """
arise arose arisen|bear bore borne|beat beaten|become became|begin began begun|bind bound
bite bit bitten|blow blew blown|break broke broken|bring brought|build built|buy bought
catch caught|choose chose chosen|come came|deal dealt|draw drew drawn|drink drank drunk
drive drove driven|eat ate eaten|fall fell fallen|feed fed|feel felt|fight fought|find found
flee fled|fly flew flown|forbid forbade forbidden|forget forgot forgotten|freeze froze frozen
get got gotten|give gave given|go went gone|grow grew grown|hang hung|hear heard|hide hid hidden
hold held|keep kept|know knew known|lead led|leave left|lend lent|lie lay lain|lose lost
make made|mean meant|meet met|pay paid|ride rode ridden|rise rose risen|run ran|see saw seen
seek sought|sell sold|send sent|shake shook shaken|shoot shot|show shown|shrink shrank shrunk
sing sang sung|sink sank sunk|sit sat|sleep slept|speak spoke spoken|spend spent|stand stood
steal stole stolen|strike struck|swear swore sworn|swim swam swum|take took taken|teach taught
tear tore torn|tell told|think thought|throw threw thrown|understand understood|use used using
wake woke woken|wear wore worn|win won|withdraw withdrew withdrawn|write wrote written
die died dying|agree agreed agrees|man men|woman women|child children|person people|life lives
good better best|bad worse worst|datum data|free freed
"""
_PLAIN = {
    form: forms[0]
    for line in re.split(r"[|\n]", _IRREGULAR)
    if (forms := line.split())
    for form in forms[1:]
}
_ENDINGS = ("ingly", "edly", "ing", "ies", "ied", "ed", "es", "ly", "s")  # the first that fits
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, `text[start:end]`, and what it is compared by."""

    text: str
    stem: str
    start: int
    end: int

    @property
    def content(self) -> bool:
        """Whether it carries meaning of its own: no figure and none of the commonest words."""
        return self.text.casefold() not in STOP and not self.text[0].isdigit()

    @property
    def weighty(self) -> bool:
        """Whether a sentence says something else without it."""
        return self.content and fold(self.text) not in LIGHT


def words(text: str) -> tuple[Word, ...]:
    """Every word and figure of `text`, in order."""
    return tuple(
        Word(found[0], stem(fold(found[0])), found.start(), found.end())
        for found in _WORD.finditer(text)
    )


def fold(text: str) -> str:
    """Case, white space, dashes and the shapes of quotation marks made equal."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub(r"[“”„‟«»]", '"', re.sub(r"[‘’‚‛]", "'", plain))
    return " ".join(re.sub(r"[‐-―−]", "-", plain).split())


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A folded word without its commonest endings: "voted" and "votes" give the same."""
    word = re.sub(r"'s?$", "", word)
    word = _PLAIN.get(word, word)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + ("y" if ending in ("ies", "ied") else "")
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouylsz":
        word = word[:-1]  # "stopped"
    return word[:-1] if len(word) > 3 and word[-1] == "e" else word


def stems(text: str) -> Iterator[str]:
    """Content words, without their commonest endings, so that "voted" finds "vote"."""
    return (word.stem for word in words(text) if word.content)


def word_share(sentence: str, known: frozenset[str]) -> float:
    """Share (0..1) of the content words of `sentence` that are among `known`; 1 if it has none."""
    own = list(stems(sentence))
    return sum(word in known for word in own) / len(own) if own else 1.0
