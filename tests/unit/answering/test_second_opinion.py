"""Who is asked about which sentences, and what of the reply counts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.answering.second_opinion import second_opinion
from rag.checking.support import OTHER_LANGUAGE
from rag.models.entailment import Entailment
from rag.models.llm import LanguageModel
from rag.schema import Answer, Citation, Event, Sentence
from tests.tiny_entailment import make_tiny_entailment
from tests.unit.answering.test_generate import Chunk
from tests.unit.building import article, hit

PORT = hit(article("The port closed on Monday. Nobody was hurt.", title="Port", path="a.txt"))
SHIPS = hit(article("Three ships were turned away.", title="Ships", path="b.txt"))
SENTENCES = (
    Sentence("The port closed.", (1,), "supported"),
    Sentence("It cost 99.", (1,), "unsupported", ("the figure 99 is not in the cited text",)),
    Sentence("Nobody asked.", (), "unsupported", ("no citation",)),
    Sentence("Ships were turned away by Ann.", (2, 1), "partial", ("the name Ann is not in it",)),
    Sentence("Drei Schiffe kehrten um.", (2,), "supported", (OTHER_LANGUAGE,)),
)
ANSWER = Answer(
    "Why?", "Why?", "answered", "", SENTENCES,
    tuple(
        Citation(n, h.article, h.passage, h.passage.start, h.passage.end)
        for n, h in enumerate((PORT, SHIPS), start=1)
    ),
    (PORT, SHIPS), (), "test:model",
)  # fmt: skip


class Chat:
    """Replies with one text; keeps what it was asked."""

    def __init__(self, reply: str) -> None:
        self.reply = reply
        self.asked: list[list[tuple[str, str]]] = []

    async def astream(self, messages: list[tuple[str, str]]) -> AsyncIterator[Chunk]:
        self.asked.append(messages)
        yield Chunk(self.reply)
        yield Chunk("", "stop")


def told(writing: Generator[Event, None, Answer]) -> Answer:
    while True:
        try:
            next(writing)
        except StopIteration as end:
            answer: Answer = end.value
            return answer


def by(reply: str, answer: Answer = ANSWER) -> tuple[Answer, Chat]:
    chat = Chat(reply)
    return told(second_opinion(answer, LanguageModel("test:model", chat, 9))), chat


def verdicts(answer: Answer) -> list[tuple[str, str]]:
    return [(item.support, item.judged_by) for item in answer.sentences]


def test_what_is_doubted_or_unchecked_is_asked_about_in_one_call() -> None:
    got, chat = by(
        "1: unsupported – passage 1 gives no cost\n2: partial – Ann is not named\n"
        "3: supported – “Three ships were turned away”"
    )
    assert verdicts(got) == [
        ("supported", ""),
        ("unsupported", "test:model"),
        ("unsupported", ""),
        ("partial", "test:model"),
        ("supported", "test:model"),
    ]
    assert got.sentences[1].reasons == ("passage 1 gives no cost",)
    assert got.sentences[4].reasons == ("“Three ships were turned away”",)
    assert (got.text, got.notes, got.citations) == (ANSWER.text, (), ANSWER.citations)
    ((_, (_, human)),) = chat.asked
    assert '<claim number="1" passages="1">It cost 99.</claim>' in human
    assert '<claim number="2" passages="2, 1">Ships' in human
    assert "The port closed.</claim>" not in human
    assert "Nobody asked" not in human
    assert human.count("<passage number=") == 2


def test_only_the_passages_that_such_a_sentence_cites_are_shown() -> None:
    fewer = replace(ANSWER, sentences=SENTENCES[4:])
    _, chat = by("1: supported", fewer)
    assert "The port closed on Monday" not in chat.asked[0][1][1]


def test_nobody_is_asked_about_an_answer_that_the_rules_support() -> None:
    sound = replace(ANSWER, sentences=(SENTENCES[0], SENTENCES[2]))
    got, chat = by("1: unsupported", sound)
    assert (got, chat.asked) == (sound, [])


@pytest.mark.parametrize(
    ("line", "support", "reason"),
    [
        ("1: supported", "supported", ""),
        ("**1.** **Supported** – it says so.", "supported", "it says so"),
        ("Claim 1: not supported: no cost given", "unsupported", "no cost given"),
        ("1 | partially supported | half of it", "partial", "half of it"),
        ("- [1] Unsupported — [2] says 40", "unsupported", "[2] says 40"),
        ('"1": "contradicted - says 40"', "unsupported", 'says 40"'),
        ("<think>1: supported</think>\n1: unsupported", "unsupported", ""),
    ],
)
def test_verdicts_are_read_in_whatever_form(line: str, support: str, reason: str) -> None:
    got, _ = by(f"Here are the verdicts:\n{line}\n")
    assert (got.sentences[1].support, got.sentences[1].judged_by) == (support, "test:model")
    assert got.sentences[1].reasons == ((reason,) if reason else ())


@pytest.mark.parametrize(
    "line", ["4: supported", "0: supported", "1: not sure", "1: supported\n1: unsupported", "one"]
)
def test_what_the_reply_does_not_settle_stays_the_rules(line: str) -> None:
    got, _ = by(f"{line}\n2: supported")
    assert got.sentences[1] == SENTENCES[1]
    assert got.sentences[3].support == "supported"


def test_a_reply_without_a_verdict_leaves_all_as_it_was_and_says_so() -> None:
    got, _ = by("I am sorry, I cannot do that.")
    assert got.sentences == SENTENCES
    assert got.notes == (
        "A second opinion on the checks failed, and those of the rules stand: test:model gave no "
        "verdict.",
    )


@pytest.mark.parametrize(("always", "support"), [(0, "supported"), (1, None), (2, "unsupported")])
def test_a_model_of_inference_settles_what_it_does_not_call_neutral(
    tmp_path: Path, always: int, support: str | None
) -> None:
    judge = Entailment(make_tiny_entailment(tmp_path / "nli", always=always))
    got = told(second_opinion(ANSWER, judge))
    for before, after in zip(SENTENCES, got.sentences, strict=True):
        doubted = before in (SENTENCES[1], SENTENCES[3], SENTENCES[4])
        if not doubted or support is None:
            assert after == before
        else:
            assert (after.support, after.judged_by) == (support, "nli")
            assert "cited text" in after.reasons[0]


def test_a_model_that_cannot_be_loaded_leaves_the_rules_and_says_so(tmp_path: Path) -> None:
    judge = Entailment(make_tiny_entailment(tmp_path / "nli"))
    (tmp_path / "nli" / "model.safetensors").unlink()
    got = told(second_opinion(ANSWER, judge))
    assert got.sentences == SENTENCES
    assert "those of the rules stand: verify: nli cannot be loaded" in got.notes[0]
