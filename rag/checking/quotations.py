"""Quoted words: whether they stand in the passages, and whether the right person says them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.checking.attributed import claimed, may_be_one
from rag.schema import Hit
from rag.speakers.attribution import speaker
from rag.text.sentences import article_sentences, sentence_spans
from rag.text.words import fold

_QUOTED = re.compile(r"[“„\"]([^“”„\"]+)[”“\"]|«([^«»]+)»|(?<!\w)‘((?:[^‘’]|’(?=\w))+)’(?!\w)")
_LEFT_OUT = re.compile(r"\s*(?:\[[^\]]*\]|\(?\.\.\.\)?|…)\s*")
_EDGES = " .,;:!?-"
_FEWEST = 3  # words; fewer may be anyone's


def quotations(sentence: str) -> list[str]:
    """What stands between quotation marks, in order."""
    return [next(filter(None, found.groups())) for found in _QUOTED.finditer(sentence)]


def pieces(quoted: str) -> list[str]:
    """What stands between the places where words are left out, folded."""
    return [fold(piece).strip(_EDGES) for piece in _LEFT_OUT.split(quoted)]


def wrong_quotations(sentence: str, hits: Sequence[Hit], folded: str) -> Iterator[str]:
    """Why quoted words of `sentence` are not borne out. `folded`: the passages' text, folded."""
    for quoted in quotations(sentence):
        if not all(piece in folded for piece in pieces(quoted)):
            yield f"the words “{quoted}” are not in the cited text"
        elif len(quoted.split()) >= _FEWEST:
            yield from _of_another(sentence, quoted, hits)


def _of_another(sentence: str, quoted: str, hits: Sequence[Hit]) -> Iterator[str]:
    """The reason, if every cited article that has the words gives them to another person."""
    own = _speaker_in(sentence, quoted)
    if own is None or not hits:
        return
    givers = {who for hit in hits for who in _speakers(hit, quoted)}
    if givers and None not in givers and not any(may_be_one(own, who) for who in givers if who):
        yield f"the article gives these words to {' and '.join(sorted(map(str, givers)))}"


def _speaker_in(sentence: str, quoted: str) -> str | None:
    """Who says `quoted` according to `sentence` alone."""
    start = sentence.find(quoted)
    spans = [span for span in sentence_spans(sentence) if span[0] <= start < span[1]]
    return claimed(sentence, *spans[0]) if spans else None


def _speakers(hit: Hit, quoted: str) -> Iterator[str | None]:
    """Who says the words where they stand in the passage, between quotation marks or not."""
    article, passage = hit.article, hit.passage
    longest = max(_LEFT_OUT.split(quoted), key=len)
    pattern = r"\W+".join(map(re.escape, re.findall(r"\w+", longest)))
    for match in re.finditer(pattern, article.text, re.IGNORECASE):
        if passage.start <= match.start() and match.end() <= passage.end:
            for start, end in article_sentences(article, passage.start, passage.end):
                if start <= match.start() < end:
                    yield speaker(article, start, end)
