"""A model's opinion on the sentences that the rules doubt, or cannot judge in another language.

    checked answer -> sentences in question -> one call -> their verdicts, labelled as the model's

What the model does not settle stays as the rules have it.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace

from rag.answering.citations import closest
from rag.checking.support import OTHER_LANGUAGE
from rag.errors import LLMError, ModelError
from rag.models.entailment import Entailment
from rag.models.llm import LanguageModel
from rag.models.prompts import verify_messages, visible
from rag.models.thinking import spoken
from rag.schema import Answer, Event, Hit, Sentence, Support, Token
from rag.text.sentences import Span, article_sentences

Opinions = Mapping[int, tuple[Support, str]]  # by the sentence's place: its verdict and the reason

_VERDICTS: dict[str, Support] = {
    "supported": "supported", "partial": "partial", "partially": "partial", "partly": "partial",
    "unsupported": "unsupported", "not": "unsupported", "contradicted": "unsupported",
}  # fmt: skip
_LINE = re.compile(
    r"^[ \t>*_#(\[{\"'-]*(?:claim[ \t]*)?(?P<number>\d{1,3})[ \t*_()\].:|\"'–—-]+"
    r"(?P<verdict>supported|partial(?:ly)?|partly|unsupported|contradicted"
    r"|not(?=[ \t]+supported))\b(?:[ \t]+supported\b)?[ \t*_)\]}.,:;|\"'–—-]*(?P<reason>.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_LONGEST = 300  # characters of a reason
_WINDOW = 120  # words of a passage that are judged at once
_WINDOWS = 6  # of them for each sentence


def second_opinion(
    answer: Answer, judge: LanguageModel | Entailment
) -> Generator[Event, None, Answer]:
    """`answer` with what `judge` finds of the sentences in question; a note says if it failed."""
    asked = [at for at, item in enumerate(answer.sentences) if _is_in_question(item)]
    if not asked:
        return answer
    try:
        if isinstance(judge, Entailment):
            found = _by_inference(answer, asked, judge)
        else:
            found = yield from _by_language_model(answer, asked, judge)
    except (LLMError, ModelError) as error:
        note = f"A second opinion on the checks failed, and those of the rules stand: {error}"
        return replace(answer, notes=(*answer.notes, note))
    sentences = tuple(
        _judged(item, found[at], judge.name) if at in found else item
        for at, item in enumerate(answer.sentences)
    )
    return replace(answer, sentences=sentences)


def _is_in_question(item: Sentence) -> bool:
    """Whether it cites something, and the rules doubt it or could not judge it."""
    return bool(item.citations) and (item.support != "supported" or OTHER_LANGUAGE in item.reasons)


def _judged(item: Sentence, opinion: tuple[Support, str], judge: str) -> Sentence:
    support, reason = opinion
    return replace(item, support=support, reasons=(reason,) if reason else (), judged_by=judge)


def _cited(item: Sentence, answer: Answer) -> dict[int, Hit]:
    """The passages that a sentence cites, by number."""
    return {
        it.number: Hit(it.passage, it.article, 0.0)
        for it in answer.citations
        if it.number in item.citations
    }


# --- by the language model


def _by_language_model(
    answer: Answer, asked: Sequence[int], model: LanguageModel
) -> Generator[Event, None, Opinions]:
    items = [answer.sentences[at] for at in asked]
    evidence = {number: hit for item in items for number, hit in _cited(item, answer).items()}
    claims = [(item.text, item.citations) for item in items]
    pieces = list[str]()
    with closing(model.stream(verify_messages(claims, dict(sorted(evidence.items()))))) as stream:
        for piece in stream:
            pieces.append(piece)
            yield Token("")  # whoever reads along may leave
    given = _read(spoken("".join(pieces)), len(asked))
    if not given:
        raise LLMError(f"{model.name} gave no verdict.")
    return {asked[number - 1]: opinion for number, opinion in given.items()}


def _read(reply: str, claims: int) -> dict[int, tuple[Support, str]]:
    """The verdicts of a reply by the number of the claim; none where it gives two."""
    found: dict[int, set[Support]] = {}
    reasons: dict[int, str] = {}
    for match in _LINE.finditer(visible(reply)):
        number = int(match["number"])
        if 1 <= number <= claims:
            found.setdefault(number, set()).add(_VERDICTS[match["verdict"].lower()])
            reasons[number] = " ".join(match["reason"].split()).rstrip(" .*_|")[:_LONGEST]
    return {
        number: (next(iter(verdicts)), reasons[number])
        for number, verdicts in found.items()
        if len(verdicts) == 1
    }


# --- by inference


def _by_inference(answer: Answer, asked: Sequence[int], judge: Entailment) -> Opinions:
    windows = {at: list(_windows(answer.sentences[at], answer)) for at in asked}
    pairs = [(text, answer.sentences[at].text) for at in asked for text, _ in windows[at]]
    judged = iter(judge.judge(pairs))
    found: dict[int, tuple[Support, str]] = {}
    for at in asked:
        given = [(next(judged), nearest) for _, nearest in windows[at]]
        bearing = [one.chance for one, _ in given if one.label == "entailment"]
        against = [one.chance for one, nearest in given if one.label == "contradiction" and nearest]
        if bearing:
            found[at] = "supported", f"it follows from the cited text ({max(bearing):.2f})"
        elif against:
            found[at] = "unsupported", f"the cited text contradicts it ({max(against):.2f})"
    return found


def _windows(item: Sentence, answer: Answer) -> Iterator[tuple[str, bool]]:
    """The stretches of the cited passages most like the sentence; the likeliest of each is told."""
    found = []
    for hit in _cited(item, answer).values():
        (start, end), like = closest(hit, item.text)
        for first, last in _cut(hit):
            holds = first <= start and end <= last
            known = f"{hit.passage.header}\n" if hit.passage.header else ""
            found.append((like if holds else 0.0, known + hit.article.text[first:last], holds))
    found.sort(key=lambda window: -window[0])
    yield from ((text, holds) for _, text, holds in found[:_WINDOWS])


def _cut(hit: Hit) -> Iterator[Span]:
    """A passage in stretches of whole sentences, each of at most so many words, or one sentence."""
    text, passage = hit.article.text, hit.passage
    first = last = None
    for start, end in article_sentences(hit.article, passage.start, passage.end):
        if first is not None and last is not None and len(text[first:end].split()) > _WINDOW:
            yield first, last
            first = start
        first, last = start if first is None else first, end
    if first is not None and last is not None:
        yield first, last
