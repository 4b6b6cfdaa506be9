"""What becomes of a model's text, however it is cut, whatever it holds."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.generate import Writing, written
from rag.answering.refusal import refusal
from rag.models.llm import LanguageModel
from rag.models.prompts import REFUSAL, Asked, answer_messages
from rag.schema import Answer, Checked, Event, Restarted, Scope, Token
from tests.unit.building import article, hit

WHY = Asked("Why?", date(2026, 11, 26))
HITS = (
    hit(article("The port closed on Monday. Nobody was hurt.", path="a.txt")),
    hit(article("Three ships were turned away. The mayor protested.", path="b.txt")),
)


class Chunk:
    """What a chat model streams, as far as Byline reads it."""

    def __init__(self, text: str, ended: str = "") -> None:
        self.text = text
        self.response_metadata = {"finish_reason": ended} if ended else {}


class Chat:
    """Streams the next of `replies`, each a list of pieces; keeps what it was asked."""

    def __init__(self, *replies: Sequence[str], ended: str = "stop") -> None:
        self.replies, self.ended = list(replies), ended
        self.asked: list[list[tuple[str, str]]] = []

    async def astream(self, messages: list[tuple[str, str]]) -> AsyncIterator[Chunk]:
        self.asked.append(messages)
        for piece in self.replies.pop(0):
            yield Chunk(piece)
        yield Chunk("", self.ended)


def blank(scope: Scope = Scope(2, 2)) -> Answer:  # noqa: B008
    return Answer("Why?", "Why?", "answered", "", (), (), HITS, (), "test:model", scope=scope)


def extractive() -> Writing:
    yield Token("The port closed on Monday. [1]")
    return blank()


def tell(
    chat: Chat,
    *,
    retry: float = 1.0,
    context: int = 8192,
    scope: Scope = Scope(2, 2),  # noqa: B008
) -> tuple[Answer, list[Event]]:
    """The answer and its events, which must agree."""
    model = LanguageModel("test:model", chat, 9, context)
    writing, events = written(blank(scope), WHY, model, extractive, retry_unsupported=retry), []
    while True:
        try:
            events.append(next(writing))
        except StopIteration as end:
            answer: Answer = end.value
            break
    last = max((n for n, event in enumerate(events) if isinstance(event, Restarted)), default=-1)
    shown = events[last + 1 :]
    if not any("instead" in note for note in answer.notes):
        assert "".join(e.text for e in shown if isinstance(e, Token)).rstrip() == answer.text
        assert [e.sentence for e in shown if isinstance(e, Checked)] == list(answer.sentences)
    return answer, events


PIECE = st.sampled_from(
    [
        "The port closed on Monday", " [1]", ". ", "Three ships were turned away", " [2].", "[9]",
        "[Passage 1", ", 2]", "[", "]", "\n", "\n\n- ", "| a [1] | b |\n", "**", "`x[0]`", "<thi",
        "<think>", "</think>", "<tool_call>", "</tool_call>", REFUSAL, REFUSAL[:20], '"', "99", "é",
        " ", "\x1b[2J", "\u202e",
    ]
)  # fmt: skip


@given(st.lists(PIECE, max_size=25), st.data())
def test_the_answer_does_not_depend_on_where_the_stream_is_cut(
    parts: list[str], data: st.DataObject
) -> None:
    text = "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=10)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    whole, _ = tell(Chat([text]))
    assert tell(Chat(pieces))[0] == whole
    assert tell(Chat(list(text)))[0] == whole
    assert "\x1b" not in whole.text


@given(st.lists(st.lists(PIECE, max_size=12), min_size=2, max_size=2))
def test_of_two_texts_the_one_with_fewer_faults_is_kept(texts: list[list[str]]) -> None:
    chat = Chat(*texts)
    got, _ = tell(chat, retry=0.0)
    alone = [tell(Chat(text))[0] for text in texts]
    if len(chat.asked) < 2:
        assert got == alone[0]
    else:
        assert got.text in {item.text for item in alone}
        assert faults(got) <= faults(alone[0])
        assert got.text == alone[0].text or faults(got) < faults(alone[0])


def faults(answer: Answer) -> int:
    weak = [item for item in answer.sentences if item.support == "unsupported"]
    bare = sum(item.reasons == ("no citation",) for item in weak)
    return len(weak) + max(0, len(answer.dropped_markers) - bare)


def test_sentences_are_checked_while_the_text_still_comes() -> None:
    _, events = tell(Chat(["The port closed on Monday [1].\n", "\nNobody was hurt [1]."]))
    kinds = [type(event).__name__ for event in events]
    assert kinds == ["Token", "Token", "Checked", "Checked"]


def test_a_refusal_is_shown_with_what_limited_the_search() -> None:
    scope = Scope(1, 9, filters="since 2020")
    got, events = tell(Chat([f"“{REFUSAL[:9]}".strip("“"), REFUSAL[9:]]), scope=scope)
    assert got.status == "not_in_articles"
    assert got.text == refusal(scope) != REFUSAL
    assert events == [Token(got.text)]


def test_a_text_that_begins_like_the_refusal_is_shown_whole() -> None:
    got, _ = tell(Chat([*REFUSAL[:-1], " in full, but the port closed [1]."]))
    assert got.text.startswith(REFUSAL[:-1])
    assert got.status == "answered"


def test_thinking_aloud_is_withdrawn() -> None:
    got, events = tell(Chat(["Perhaps [2]? No. ", "So?</think>", "The port closed on Monday [1]."]))
    assert got.text == "The port closed on Monday [1]."
    assert [type(event) for event in events].count(Restarted) == 1


@pytest.mark.parametrize("share", [0.4, 0.6])
def test_only_a_larger_share_of_unsupported_sentences_is_written_again(share: float) -> None:
    chat = Chat(["The port closed on Monday [1]. It cost 99 [1]."], ["The port closed [1]."])
    got, _ = tell(chat, retry=share)
    assert len(chat.asked) == (2 if share < 0.5 else 1)
    assert bool(got.notes) == (share < 0.5)


def test_the_model_is_told_what_is_wrong_in_its_own_numbers() -> None:
    chat = Chat(["Three ships were turned away [2]. It cost the mayor 99 [2]."], [""])
    tell(chat, retry=0.0)
    *_, (_, before), (_, request) = chat.asked[1]
    assert before == "Three ships were turned away [2]. It cost the mayor 99 [2]."
    assert "“It cost the mayor 99.” Reason: the figure 99 is not in the cited text" in request
    assert "“The mayor protested.”" in request
    assert "“Three ships were turned away.” Reason" not in request


def test_a_sentence_without_a_citation_is_shown_where_it_may_be_from() -> None:
    chat = Chat(["Three ships were turned away. I own a dog."], [""])
    tell(chat, retry=0.0)
    request = chat.asked[1][-1][1]
    assert "no citation.\n  Passage 2 says: “Three ships were turned away.”" in request
    assert "“I own a dog.” Reason: no citation.\n\n" in request


def test_what_is_only_partly_borne_out_is_not_written_again() -> None:
    chat = Chat(["The port closed on Monday [1]. Mr Quillfeather watched it close [1]."])
    got, _ = tell(chat, retry=0.0)
    assert [item.support for item in got.sentences] == ["supported", "partial"]
    assert len(chat.asked) == 1


def test_a_number_that_no_passage_has_is_a_fault() -> None:
    chat = Chat(["The port closed on Monday [1][9]."], ["The port closed on Monday [1]."])
    got, _ = tell(chat, retry=0.0)
    assert "[9]: there is no such passage; they are numbered 1 to 2." in chat.asked[1][-1][1]
    assert got.dropped_markers == ()
    assert got.notes == (
        "Written a second time, since the first text cited sources that there are none of.",
    )


def test_a_second_text_that_loses_what_was_right_is_dropped_without_a_word() -> None:
    first = "The port closed on Monday [1]. Three ships were turned away [2]. It cost 99 [1]."
    got, events = tell(Chat([first], ["The port closed on Monday [1]."]), retry=0.0)
    assert got.text == first
    assert got.notes == ()
    assert not any(isinstance(event, Restarted) for event in events)


def test_the_note_says_what_was_taken_back_and_why() -> None:
    first = "The port closed on Monday [1]. It cost 99 [1]. Nobody was hurt [1]."
    second = "The port closed on Monday [1]. Nobody was hurt [1]."
    got, events = tell(Chat([first], [second]), retry=0.0)
    assert got.text == second
    note = (
        "Written a second time. Corrected or left out: “It cost 99.” (the figure 99 is not in the "
        "cited text)."
    )
    assert got.notes == (note,)
    assert [event.reason for event in events if isinstance(event, Restarted)] == [note]


def test_a_model_may_take_all_of_it_back() -> None:
    got, _ = tell(Chat(["It cost 99 [1]."], ["NOT_IN_ARTICLES"]), retry=0.0)
    assert got.status == "not_in_articles"
    assert "It cost 99." in got.notes[0]


def test_keeping_what_is_marked_changes_nothing() -> None:
    said = "The port closed on Monday [1]. It cost 99 [1]."
    got, events = tell(Chat([said], [said]), retry=0.0)
    assert (got.text, got.notes) == (said, ())
    assert not any(isinstance(event, Restarted) for event in events)


def window(passages: int) -> int:
    """Tokens that hold just so many passages beside a reply, three characters a token."""
    asked = answer_messages(WHY, HITS[:passages])
    return math.ceil(sum(len(text) for _, text in asked) / 3 * 4 / 3)


@pytest.mark.parametrize(
    ("context", "shown"), [(8192, 2), (window(2), 2), (window(2) - 9, 1), (window(1), 1), (1, 1)]
)
def test_passages_are_dropped_from_the_end_until_they_fit(context: int, shown: int) -> None:
    chat = Chat(["The port closed on Monday [1]."])
    got, _ = tell(chat, context=context)
    assert chat.asked[0] == answer_messages(WHY, HITS[:shown])
    assert got.hits == HITS[:shown]
    assert bool(got.notes) == (shown == 1)


@pytest.mark.parametrize("reply", [[], [""], [" \n"], ["<think>Hm"], ["***"], ["[1]"], ["[9]"]])
def test_an_answer_without_a_sentence_is_a_failure(reply: list[str]) -> None:
    got, events = tell(Chat(reply))
    assert "These are the articles' own sentences instead." in got.notes[0]
    assert isinstance(events[-2], Restarted)


def test_a_text_cut_at_its_limit_says_so() -> None:
    got, _ = tell(Chat(["The port closed on"], ended="length"))
    assert "limit of length" in got.notes[0]


def test_two_texts_cut_at_their_limit_say_so_once() -> None:
    chat = Chat(["It cost 99 [1]."], ["The port closed [1]."], ended="length")
    got, _ = tell(chat, retry=0.0)
    assert len(chat.asked) == 2
    assert sum("limit of length" in note for note in got.notes) == 1
