"""Questions for a figure, made of the sentence that gives it: "How many ships were diverted?".

Only where the sentence's own order of words makes an English question that stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.checking.cited_dates import mentions
from rag.checking.figures import Figure, read
from rag.schema import Article
from rag.speakers.cast import split_titles
from rag.text import lexicon
from rag.text.dates import WEEKDAYS
from rag.text.names import names
from rag.text.numbers import SCALES, TENS, UNITS
from rag.text.quotation_marks import quoted_spans
from rag.text.sentences import article_sentences

_LONGEST = 400  # characters of a sentence that is read
_WORDS = (6, 16)  # of a question, the least and the most
_ALONE = 9  # words from which a question without a name may tell what it is of

_PLURAL = r"(?:people|men|women|children|[a-z]{2,}[^\Wsu]s)"
_THING = rf"(?P<thing>(?:(?!of\b)[A-Za-z][\w’'-]*\s+){{0,3}}?{_PLURAL})"
_VERB = (
    r"(?:were|are|have|had|will|would|took|died|lost|won|came|went|fled|lay|stood|left|attended"
    r"|gathered|marched|joined|participated|voted|survived|escaped|signed|applied|lined|responded)"
)
_ASIDE = r"(?:,\s[^,;:()“”\"]{3,90},)?"
_SUBJECT = re.compile(rf"\s+{_THING}{_ASIDE}\s+(?P<rest>{_VERB}\s+.+)")
_THERE = re.compile(r"(?:^|\s)[Tt]here\s+(?P<verb>were|are)\s+$")
_PLACED = re.compile(rf"\s+{_THING}\s+(?P<rest>(?:on|in|at|aboard)\s+.+)")
_ROUGHLY = (
    r"(?:(?:about|around|roughly|approximately|some|an estimated|at least|no fewer than|more than"
    r"|over|nearly|almost|close to|just under|up to|fewer than|a total of|all)\s+)?"
)
# Before a figure that opens its clause: nothing, an opening that a comma ends, or who says so.
_OPENING = re.compile(
    rf"(?:^|^[A-Z][^,.;:“”\"]{{2,60}},\s+|\b(?:said|says|that)\s+){_ROUGHLY}$", re.IGNORECASE
)
_NAMED = r"(?:The\s+)?[A-Z][\w’'.-]*(?:\s+(?:(?:of|and|for|the)\s+)*[A-Z][\w’'-]*)*"
# "The Harbour Authority counted 58 ships": who did it, and the verb.
_DID = re.compile(
    rf"^(?:(?:In|On|At|Since|During)\s[^,.;:“”\"]{{2,60}},\s+)?(?P<who>{_NAMED})\s+"
    rf"(?:(?P<aux>has|have|had|will|would)\s+)?(?P<verb>[a-z]{{3,}})\s+{_ROUGHLY}$"
)
_WHERE = r"(?:in|on|at|for|from|during|to|into|near|across|against|aboard|with|by|of|per|among)"
_OBJECT = re.compile(rf"\s+{_THING}(?P<of>\s+of\s[^,;:.]+)?(?P<rest>\s+{_WHERE}\s.*|[,.;:]?\s*$)")
_COST = re.compile(
    r"^(?P<of>(?:The|A|An|[A-Z])(?:(?!\b(?:and|was|were|is|are|had|has|that|which)\b)[\w’' -])"
    r"{3,60}?)\s+(?P<verb>costs?|will cost|would cost|has cost|have cost)\s+"
    rf"(?P<others>(?:(?:the|its|their)\s+[\w’'-]+\s+)?){_ROUGHLY}$"
)
_A_DAY = re.compile(r"\s+(?:an?|per|each|every)\s+(?:day|week|month|year|head|person|ton|tonne)\b")
_HOW = {"costs": "does", "cost": "did"}
_CUT = re.compile(
    r"\s*(?:[,;:()“”\"–—]|\s-\s|\b(?:and|but|while|after|before|when|as|because|which|who|that"
    r"|where|since|according|with|amid|although|though|than|if|until|so|including|through|ever"
    r"|instead|pending|(?:over|in|during|for|within) the (?:past|last|next))\b).*$",
    re.IGNORECASE,
)
_NUMBER = re.compile(rf"\d|\b(?:{'|'.join((*UNITS, *TENS, *SCALES, 'dozen'))})\b", re.IGNORECASE)
_DAYS = "|".join(WEEKDAYS)
_OF_DAY = re.compile(rf"\b(?:{_DAYS})['’]s\b", re.IGNORECASE)
_WHEN = re.compile(
    rf"\s+(?:(?:on|by|since|late|early)\s+)*(?:(?:{_DAYS})(?:\s+(?:morning|afternoon|evening|night))?"
    r"|yesterday|today|tonight|earlier|overnight|this (?:week|month|year)"
    r"|last (?:week|month|year|night)|at the time|so far"
    r"|(?:by|at) \d[\d.:]*(?: [ap]\.?m\b\.?)?)\s*",
    re.IGNORECASE,
)
# Words that mean something outside of the question.
_LEANS = re.compile(
    r"\b(?:he|she|it|they|we|i|you|him|them|us|his|her|hers|its|their|our|your|my|this|that|these"
    r"|those|such|same|others?|another|more|here|former|latter|both|each|additional|further|there"
    r"|then|now|also|ago|not|never|only|just|still|already|again|too|even|eventually|respectively"
    r"|different|similar)\b",
    re.IGNORECASE,
)
_NO_THINGS = frozenset(
    """years days months weeks hours minutes seconds times points percent ways parts kinds types
    things steps reasons examples degrees miles kilometres metres feet inches pounds dollars euros
    crowns goals runs yards series news""".split()
)
_DANGLING = frozenset(
    "of in on at to for from by into about over under near the a an were are was is been be".split()
)
# What -ed stands behind as it is ("count", "load", "discover"), and where a verb lost its e.
_WHOLE = re.compile(
    r"(?:[^aeiou](?<![rnd]g)(?<![rl]v)[^aeiouvcgzsl]|[aeiou]{2}[^aeiouvcgzs]|ss|ll|[aeo][wy]|er|en|it)$"
)
_SILENT = re.compile(r"(?:[aeiou][^aeiouwxy]|[aeiou]{2}[vcgzs]|[rnd]g|[rl]v|[nr]c|rs|[bpdtgk]l|u)$")


@dataclass(frozen=True, slots=True)
class FigureAsked:
    """A question, and `article.text[start:end]`: the sentence that it was made of.

    `figure`: what an answer must hold; `thing`: what is counted, empty for a sum.
    """

    question: str
    article: Article
    start: int
    end: int
    figure: Figure
    thing: str = ""

    @property
    def named(self) -> bool:
        """Whether it names anybody or any place."""
        return bool(names(_told(self.question)))


def figure_questions(article: Article) -> Iterator[FigureAsked]:
    """Questions for figures that sentences of the article's own text give."""
    if article.language not in (None, "en"):
        return
    seen = set()
    for start, end in article_sentences(article):
        part, words = article.part_at(start), article.text[start:end]
        if end - start > _LONGEST or (part and part.kind != "body") or words[-1] not in ".!?":
            continue
        if not _NUMBER.search(words) or quoted_spans(article.text, start, end):
            continue
        for question, figure, thing in asked(words):
            if question not in seen and _is_named_right(question, words, article.text):
                seen.add(question)
                yield FigureAsked(question, article, start, end, figure, thing)


def _is_named_right(question: str, sentence: str, text: str) -> bool:
    """Whether a word that opens the sentence has its capital elsewhere too: not "Officials"."""
    first = sentence.split()[0]
    if f" {first} " not in question or not re.search(rf"\b{re.escape(first.lower())}\b", text):
        return True
    return bool(re.search(rf"(?<=[a-z,]\s){re.escape(first)}\b", text))


def asked(sentence: str) -> Iterator[tuple[str, Figure, str]]:
    """The questions that a sentence answers, each with its figure and what is counted."""
    for figure in read(sentence):
        made = _count(sentence, figure) or _sum(sentence, figure)
        if made and _stands_alone(made[0]) and not _is_dated(sentence, figure):
            yield made[0], figure, made[1]


def _is_dated(sentence: str, figure: Figure) -> bool:
    """Whether the figure belongs to a date."""
    dated = mentions(sentence, None)
    return any(day.start < figure.end and figure.start < day.end for day in dated)


def _count(sentence: str, figure: Figure) -> tuple[str, str] | None:
    if figure.kind != "number" or figure.text.casefold() in ("one", "1"):
        return None
    before, behind = sentence[: figure.start], sentence[figure.end :]
    made = None
    if (there := _THERE.search(before)) and (match := _PLACED.match(behind)):
        made = f"{match['thing']} {there['verb']} {_clause(match['rest'])}"
    elif (did := _DID.search(before)) and (match := _OBJECT.match(behind)):
        made = _done(did, match)
    elif _OPENING.search(before) and (match := _SUBJECT.match(behind)):
        made = f"{match['thing']} {_clause(match['rest'])}"
    if not made or match is None or match["thing"].split()[-1].casefold() in _NO_THINGS:
        return None
    return _asking(f"How many {made}"), match["thing"]


def _done(did: re.Match[str], what: re.Match[str]) -> str:
    """Of "The Authority counted 58 ships": "ships did the Authority count"."""
    verb = did["verb"] if did["aux"] else base(did["verb"])
    if not verb:
        return ""
    return (
        f"{what['thing']}{_CUT.sub('', what['of'] or '')} {did['aux'] or 'did'} "
        f"{_who(did['who'])} {verb} {_CUT.sub('', what['rest'])}"
    )


def _who(name: str) -> str:
    """A name within a question: a person's without titles."""
    words = name.split()
    if words[0] == "The":
        return " ".join(["the", *words[1:]])
    titles, rest = split_titles(words)
    return " ".join(rest if titles and len(rest) > 1 else words)


def base(past: str) -> str:
    """The plain form of a verb in the past: "counted" -> "count"; empty where that is not sure."""
    for plain, *forms in lexicon.groups("irregular", "forms"):
        if past in forms[:1]:
            return plain
    if not past.endswith("ed"):
        return ""
    if past.endswith("ied"):
        return f"{past[:-3]}y"
    cut = past[:-2]
    if len(cut) > 2 and cut[-1] == cut[-2] and cut[-1] not in "sl":
        return cut[:-1]
    return cut if _WHOLE.search(cut) else past[:-1] if _SILENT.search(cut) else ""


def _sum(sentence: str, figure: Figure) -> tuple[str, str] | None:
    before = sentence[: figure.start].rstrip("$£€ ")
    match = _COST.search(f"{before} ") if figure.currency else None
    if match is None:
        return None
    first, *rest = match["of"].split(" ")
    of = " ".join([first.lower() if first in ("The", "A", "An") else first, *rest])
    verb = _HOW.get(match["verb"]) or match["verb"].split()[0]
    each = _A_DAY.match(sentence[figure.end :])
    return _asking(f"How much {verb} {of} cost {match['others']}{each[0] if each else ''}"), ""


def _clause(words: str) -> str:
    """As much of what is told as belongs to the question."""
    head, *more = words.split(" ", 1)
    return f"{head} {_CUT.sub('', more[0])}" if more else head


def _asking(words: str) -> str:
    """`words` as a question, without days that only the article's own date makes clear."""
    plain = _WHEN.sub(" ", f"{_OF_DAY.sub('the', words)} ")
    return " ".join(plain.split()).rstrip(" .!?") + "?"


def _told(question: str) -> str:
    return question.split(" ", 2)[2]


def _stands_alone(question: str) -> bool:
    """Whether it is of a fair length, leans on nothing outside, and says of what it is."""
    words = question.rstrip("?").split()
    if not _WORDS[0] <= len(words) <= _WORDS[1] or _LEANS.search(question):
        return False
    if words[-1].casefold() in _DANGLING:
        return False
    return len(words) >= _ALONE or bool(names(_told(question)))
