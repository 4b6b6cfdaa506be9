"""What was said in a recording, from the pieces that programs cut it into: one article.

Pieces become sentences and paragraphs again; each paragraph keeps the time at which it begins, and
the name that the file prints before a speaker's words.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from rag.articles.assembling import join, make_article
from rag.articles.cleaning import one_line
from rag.articles.drafts import Block, Meta
from rag.articles.personal_names import is_name, tidy_name
from rag.errors import ArticleError
from rag.schema import Article, Place
from rag.text.language import language_of

_EMPTY = "Nobody says a word in the file: save the transcript again from where it came."
_VOICE = re.compile(r"<v(?:\.[\w.-]+)?\s+(?P<who>[^>]+)>")
_TAG = re.compile(r"\{\\[^{}]*\}|</?[a-zA-Z][^<>]{0,200}>|<\d[\d:.]*>|\\[Nnh]")
_SOUND = (
    r"[\[(*](?:[♪♫\s]|\w+ )*(?:music|musik|musique|applause|applaus|laughter|laughs|"
    r"gelächter|rires|silence|noise|inaudible|no audio|blank_audio|cheering)(?: \w+)*[♪♫\s]*[\])*]"
)
_MUSIC = re.compile(rf"[♪♫#\s]+|{_SOUND}", re.IGNORECASE)
_SOUNDS = re.compile(_SOUND, re.IGNORECASE)
_LABEL = re.compile(
    r"(?P<turn>(?:>>+|[-–—])\s*)?(?:\[(?P<in_brackets>[^\[\]:]{2,40})\]:?|"
    r"(?P<who>[^\W\d_][\w.’'()/ -]{0,40}?)\s?:)(?:\s+|$)"
)
_TURN = re.compile(r">>+\s*|(?:[-–—]\s*)(?=\S)")
_ROLE = re.compile(
    r"(?:speaker|sprecher(?:in)?|person|voice|participant|locuteur|intervenant)[ _]?\w{1,2}|q|a|"
    r"(?:the )?(?:interviewer|interviewee|reporter|moderator|host|narrator|anchor|presenter|caller|"
    r"audience|question|answer|judge|witness|counsel|chair(?:man|woman)?|operator|translator|"
    r"frage|antwort|moderatorin|reporterin)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…。？！][\"”’'»)\]]*$")
_PARAGRAPH = 60  # words after which a paragraph ends with its sentence
_LONGEST = 100  # words after which it ends wherever it is: nothing punctuates some transcripts
_PAUSE = 4.0  # seconds without a word: a paragraph ends there with its sentence
_CUES_A_LABEL = 60  # with fewer labels than that, a label holds for its own sentence alone
_ROLLING = 0.3  # of the pieces; live captions repeat the line before


@dataclass(frozen=True, slots=True)
class Cue:
    """A piece of a recording: when it begins (seconds), what is said, and who says it.

    `end` is when it ends, if the file says so.
    """

    start: float
    text: str
    who: str | None = None
    end: float | None = None


def article_of_cues(
    cues: Sequence[Cue], path: str, known: Meta | None = None, *, own_labels: bool = True
) -> Article:
    """One article of a recording's pieces; `own_labels`: "ROE: …" in them says who speaks.

    Raises:
        ArticleError: no words are in them.

    """
    known = known or Meta()
    turns = _turns(
        [line for cue in _without_repeats(cues) for line in _lines(cue)], own_labels=own_labels
    )
    blocks = [block for _, turn in groupby(turns, key=_number) for block in _paragraphs(list(turn))]
    if not blocks:
        raise ArticleError(_EMPTY)
    return spoken_article(path, blocks, known)


def article_of_lines(lines: Sequence[str], path: str) -> Article:
    """One article of a recording's pieces without times.

    Raises:
        ArticleError: no words are in them.

    """
    turns = _turns([line for text in lines for line in _lines(Cue(0, text))], own_labels=True)
    blocks = [block for _, turn in groupby(turns, key=_number) for block in _paragraphs(list(turn))]
    if not blocks:
        raise ArticleError(_EMPTY)
    return spoken_article(path, [replace(block, place=None) for block in blocks], Meta())


def spoken_article(path: str, blocks: list[Block], known: Meta) -> Article:
    """An article of which every block is somebody's spoken or sent words: nothing is furniture."""
    if known.title:
        blocks = [Block(known.title), *blocks]
    text, parts, _, places = join(blocks)
    return make_article(
        path,
        title=known.title,
        author=known.author,
        outlet=known.outlet,
        published=known.published,
        url=known.url,
        text=text,
        parts=parts,
        language=known.language or language_of(text),
        dated=known.dated,
        places=places,
    )


# --- what is said


def _lines(cue: Cue) -> Iterator[Cue]:
    """The lines of a piece, without tags; two people may speak in one."""
    who = cue.who
    text = html.unescape(cue.text)
    for raw in re.split(r"\r?\n|\\N", text):
        if voice := _VOICE.search(raw):
            who = one_line(html.unescape(voice["who"]))
        line = one_line(_TAG.sub(" ", raw) if "<" in raw or "{" in raw or "\\" in raw else raw)
        line = "" if _MUSIC.fullmatch(line) else one_line(_SOUNDS.sub(" ", line))
        if line:
            yield replace(cue, text=line, who=who)


def _without_repeats(cues: Sequence[Cue]) -> list[Cue]:
    """Pieces of live captions, each of which shows the line before once more."""
    shown = [[line.text for line in _lines(cue)] for cue in cues]
    repeats = [bool(one and two and one[-1] == two[0]) for one, two in pairwise(shown)]
    if len(cues) < 4 or sum(repeats) < _ROLLING * len(cues):
        return list(cues)
    kept = [replace(cues[0], text="\n".join(shown[0]))]
    for cue, lines, repeat in zip(cues[1:], shown[1:], repeats, strict=True):
        kept.append(replace(cue, text="\n".join(lines[1:] if repeat else lines)))
    return kept


# --- who says it


@dataclass(frozen=True, slots=True)
class _Said:
    turn: int
    cue: Cue


def _number(said: _Said) -> int:
    return said.turn


def _turns(cues: list[Cue], *, own_labels: bool) -> list[_Said]:
    """Pieces with the numbers of their turns, each given to whom the file names."""
    labels = [_label(cue.text) if own_labels and not cue.who else None for cue in cues]
    count = Counter(label[0] for label in labels if label)
    sure = [label if label and _is_label(*label, count) else None for label in labels]
    is_whole = _is_whole(sure, cues)
    found: list[_Said] = []
    number, who, ended = 0, None, True
    for cue, label in zip(cues, sure, strict=True):
        turns_over = _TURN.match(cue.text) if not label else None
        if cue.who:
            number, who = number + (cue.who != who), cue.who
        elif label and who == _named(label[0]):  # some programs name the speaker in each piece
            turns_over = _LABEL.match(cue.text)
        elif label:
            number, who = number + 1, _named(label[0])
        elif turns_over or (who and ended and not is_whole):
            number, who = number + 1, None
        text = cue.text[turns_over.end() :] if turns_over else cue.text.removeprefix(">> ")
        ended = _SENTENCE_END.search(text) is not None
        found.append(_Said(number, replace(cue, text=text, who=who)))
    return found


def _is_whole(labels: Sequence[tuple[str, str] | None], cues: Sequence[Cue]) -> bool:
    """Whether the file names whoever begins to speak, so that a name holds until the next."""
    names = {label[0] for label in labels if label}
    labelled = sum(1 for label in labels if label)
    return len(names) > 1 and len(cues) <= _CUES_A_LABEL * labelled


def _label(text: str) -> tuple[str, str] | None:
    """The words that may say who speaks, and the mark that a turn begins."""
    match = _LABEL.match(text)
    if not match:
        return None
    mark = "[" if match["in_brackets"] else (match["turn"] or "").strip()
    return one_line(match["in_brackets"] or match["who"]), mark


def _is_label(name: str, mark: str, count: Counter[str]) -> bool:
    """Whether they do: capitals, a role, a person's name, or one word that comes again."""
    words = name.split()
    is_big = name.isupper() and len(words) <= 5 and len(name) > 1
    if _ROLE.fullmatch(name) or is_name(tidy_name(re.sub(r"\s*\(.*?\)", "", name))):
        return True
    if mark == "[":
        return False
    return (
        is_big or mark.startswith(">>") or (len(words) == 1 and count[name] > 1 and name.istitle())
    )


def _named(name: str) -> str:
    if _ROLE.fullmatch(name):
        return name.capitalize() if name.isupper() else name
    return tidy_name(name) if name.isupper() else name


# --- paragraphs


def _paragraphs(turn: list[_Said]) -> Iterator[Block]:
    """The words of one turn behind its speaker's name, a paragraph ending with a sentence."""
    who = turn[0].cue.who
    if who and who.casefold() not in turn[0].cue.text[: len(who) + 3].casefold():
        first = replace(turn[0].cue, text=f"{who}: {turn[0].cue.text}")
        turn = [replace(turn[0], cue=first), *turn[1:]]
    waiting: list[Cue] = []
    for cue in (said.cue for said in turn):
        if waiting and _is_full(waiting, cue):
            yield _paragraph(waiting)
            waiting = []
        waiting.append(cue)
    if waiting:
        yield _paragraph(waiting)


def _is_full(waiting: list[Cue], after: Cue) -> bool:
    words = sum(len(cue.text.split()) for cue in waiting)
    ends = _SENTENCE_END.search(waiting[-1].text) is not None
    end = waiting[-1].end
    is_pause = end is not None and after.start - end >= _PAUSE
    return words >= _LONGEST or (ends and (words >= _PARAGRAPH or is_pause))


def _paragraph(cues: list[Cue]) -> Block:
    text = one_line(" ".join(cue.text for cue in cues))
    return Block(text, author=cues[0].who, place=Place(0, time=clock(cues[0].start)))


def clock(seconds: float) -> str:
    """Hours, minutes and seconds: "00:01:12"."""
    whole = max(0, int(seconds))
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def seconds(time: str) -> float:
    """Seconds of "1:02:03.5", "02:03,500" and the like."""
    total = 0.0
    for figures in re.findall(r"\d+(?:[.,]\d+)?", time):
        total = 60 * total + float(figures.replace(",", "."))
    return total
