"""Somebody's own words without quotation marks: answers of an interview, block quotations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rag.schema import Article
from rag.speakers.discourse import Flow, people_in
from rag.text.sentences import Span

_WORDS = r"[^\W\d_][\w.’'-]*(?: [\w.’'-]+){0,3}"
_LABEL = re.compile(
    rf"(?:>>+ ?)?[*_]*(?:(?P<label>{_WORDS})[*_]* ?:[*_]*|\[(?P<boxed>{_WORDS})\]:?)\s+(?=\S)"
)
_QUESTION = frozenset(
    """q question interviewer reporter journalist moderator host f frage interviewerin reporterin
    pregunta entrevistador domanda intervistatore pergunta vraag interviewster""".split()
)
_ANSWER = frozenset(
    "a answer interviewee antwort réponse respuesta risposta resposta antwoord".split()
)
_FIELDS = frozenset(  # what stands before a colon and speaks no word
    """contact contacts phone telephone tel mobile fax email e-mail mail web website date time place
    venue note notes source photo caption location address subject section byline length headline
    language load-date publication-type copyright edition page tags url link from to cc sent re
    kontakt telefon datum ort quelle betreff foto hinweis""".split()
)
_NUMBERED = re.compile(r"(?:speaker|sprecher(?:in)?|witness|participant|voice) \w{1,2}", re.I)
_SIGNATURE = re.compile(
    r"[—–―-]{1,2} ?(?P<name>[^\W\d_][\w.’'-]+(?: [\w.’'-]+){1,3}?)(?:[,(].{0,80})?"
)
_PAIR = re.compile(  # two capitals in a row: where nouns have them too, hardly anything but a name
    r"\b(?!(?:D(?:er|ie|as|en|em|es|ieser?)|Eine?|Wir|Sie|Er|Es|I[mn]|Am|Auf|Für|Mit|Bei|"
    r"Nach|Und|Aber|Les?|La|Une?|Il|Elle|Nous|El|Los|Las|De)\b)[A-ZÄÖÜÉ][\w’'-]+ [A-ZÄÖÜÉ][\w’'-]+"
)
_OPENS, _CLOSES = '“"„«‘‹»', '”"“»’›«.,'
_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Oo]ur|[Uu]s|[Mm]y)\b")
_LEAST_PROSE = 6  # words of a line that is no headline and no byline
_LONGEST_BLOCK = 8  # paragraphs of a block quotation without marks


def block_at(
    flow: Flow, lines: Sequence[Span], at: int, labels: dict[int, str | None]
) -> tuple[int, str | None] | None:
    """Where the block of somebody's own words that begins at line `at` ends, and whose it is."""
    if at in labels:
        who = labels[at]
        stop = at + 1
        while stop < len(lines) and stop not in labels and not _speaks_of(flow, who, lines[stop]):
            stop += 1
        return stop, who
    who, start = flow.lead, lines[at][0]
    if who is None or flow.text[start] in "“\"„«‘'":
        return None
    flow.lead = None
    return _block_end(flow, lines, at, who), who


def _block_end(flow: Flow, lines: Sequence[Span], at: int, who: str) -> int:
    """The block lasts as long as it says "we" or "I", and never beyond its speaker's own name."""
    stop = at + 1
    for place in range(at + 1, min(len(lines), at + _LONGEST_BLOCK)):
        start, end = lines[place]
        if flow.text[start] in '“"„«' or _speaks_of(flow, who, lines[place]):
            break
        if _FIRST_PERSON.search(flow.text, start, end):
            stop = place + 1
    return stop


def _speaks_of(flow: Flow, who: str | None, line: Span) -> bool:
    """Whether a paragraph names `who`, and so is not in that person's words."""
    return who is not None and who.split()[-1] in flow.text[line[0] : line[1]]


def labels_of(article: Article, lines: Sequence[Span], flow: Flow) -> dict[int, str | None]:
    """Line -> who speaks, for the lines of an interview that begin "Q:", "Roe:" or "[Jane Roe]"."""
    found: dict[int, str] = {}
    for place, (start, end) in enumerate(lines):
        match = _LABEL.match(article.text, start, end)
        label = (match["label"] or match["boxed"]) if match else ""
        if label and label.casefold() not in _FIELDS:
            found[place] = label
    if not found:
        return {}
    count = Counter(found.values())
    asking = {label for label in count if _asks(article, label)}
    turns = [n for n, label in found.items() if label in asking or label.casefold() in _ANSWER]
    answers = _introduced(article, flow, lines[: turns[0]]) if turns else None
    known = dict.fromkeys(asking) | _spelt_out(count, asking)
    for label in count.keys() - asking:
        is_answer = label.casefold() in _ANSWER
        known[label] = answers if is_answer else _person(flow, label) or known.get(label)
    used = {n: known[label] for n, label in found.items() if known[label] or count[label] > 1}
    spoken = [label for label in count if known[label] or label.casefold() in _QUESTION]
    return used if spoken and any(used.values()) and len(used) > 2 else {}


def _asks(article: Article, label: str) -> bool:
    """Whether a label is the interviewer's."""
    authors = set((article.author or "").casefold().replace(",", "").split())
    return label.casefold() in _QUESTION or set(label.casefold().split()) <= authors


def _spelt_out(count: Counter[str], asking: set[str]) -> dict[str, str | None]:
    """Labels that are names by themselves, as a transcript prints them before each turn."""
    names = {label: name for label in count.keys() - asking if (name := _name(label))}
    again = any(count[label] > 1 for label in names)
    turns = sum(count[label] for label in (*names, *asking))
    return dict(names) if again and turns > 2 else {}


def _name(label: str) -> str | None:
    """The name in "JON KERR" or "Jon Kerr", "Speaker 1" as it is; None for anything else."""
    if _NUMBERED.fullmatch(label):
        return label
    words = label.split()
    is_big = all(word[0].isupper() for word in words)
    if label.isupper() and 0 < len(words) <= 3 and len(label) > 3:
        return label.title()
    return label if is_big and 2 <= len(words) <= 3 and not label.isupper() else None


def _introduced(article: Article, flow: Flow, lines: Sequence[Span]) -> str | None:
    """Who answers: the one person whom the sentences before an interview name most."""
    told = [line for line in lines if len(flow.text[slice(*line)].split()) >= _LEAST_PROSE]
    authors = (article.author or "").split(", ")
    names = [name for line in told for name in people_in(flow.cast, flow.within(*line))]
    if not names:  # the cast is read off English sentences
        names = [it for line in told for it in _PAIR.findall(flow.text, *line)]
    named = Counter(name for name in names if name not in authors).most_common(2)
    is_one = len(named) == 1 or (len(named) == 2 and named[0][1] > named[1][1])
    return named[0][0] if is_one else None


def _person(flow: Flow, label: str) -> str | None:
    """The person of the article that a label stands for, by name or by initials."""
    people = flow.cast.people
    initials = [name for name in people if "".join(w[0] for w in name.split()) == label]
    return initials[0] if len(initials) == 1 else flow.cast.person(label.split(), flow.base)


def signatures(text: str, lines: Sequence[Span]) -> Iterator[tuple[Span, str]]:
    """Quotations that fill a paragraph, and the name printed below: "— Jane Roe, mayor"."""
    for (start, end), (begin, stop) in pairwise(lines):
        match = _SIGNATURE.fullmatch(text[begin:stop])
        if not match or text[start] not in _OPENS or text[end - 1] not in _CLOSES:
            continue
        words = match["name"].split()
        if words[0][0].isupper() and words[-1][0].isupper():
            yield (start, end), match["name"]
