"""How an answer grows from the events of the pipeline, and what of it a page is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import pytest

from rag.schema import (
    Answer,
    Checked,
    Done,
    Event,
    Preview,
    Restarted,
    Searched,
    Sentence,
    Token,
    Turn,
)
from rag.web import conversation
from rag.web.ask_tab import BROKEN, _drawn, _paced
from rag.web.conversation import INTERRUPTED, STOPPED, Exchange
from rag.web.html import answers
from rag.web.theme import static
from tests.unit.building import hit, model_answer

HITS = (hit("One."), hit("Two."), hit("Three."))
ANSWER = Answer("x", "x", "answered", "Two. [1]", (), (), HITS, (), "m")


def after(*events: Event) -> Exchange:
    exchange = Exchange("x", searched=18)
    for event in events:
        exchange = conversation.advanced(exchange, event)
    return exchange


def test_only_the_passages_that_are_read_are_shown() -> None:
    found = after(Searched("x", HITS, HITS[:2], 7, {}))
    assert (found.found, found.searched, found.hits) == (True, 7, HITS[:2])


def test_text_grows_until_it_is_withdrawn() -> None:
    checked = Checked(Sentence("a", (), "supported"))
    assert after(Token("a"), checked, Token("b")).written == "ab"
    assert after(Token("a"), Restarted("why"), Token("b")).written == "b"


def test_what_is_cited_so_far_grows_and_is_withdrawn_with_the_text() -> None:
    one = model_answer("It is so [1].", HITS[:1]).citations
    assert after(Token("It is so [1].", one), Token("!")).cited == one
    assert after(Token("It is so [1].", one), Restarted("why"), Token("b")).cited == ()


def test_a_preview_is_not_the_answer() -> None:
    shown = after(Preview(ANSWER))
    assert (shown.preview, shown.answer) == (ANSWER, None)
    assert after(Preview(ANSWER), Done(ANSWER)).answer == ANSWER


def test_only_answered_questions_are_history() -> None:
    turns = (Exchange("x", answer=ANSWER), Exchange("y", problem="Stopped."))
    assert conversation.history(turns) == [Turn("x", "Two. [1]")]


def test_what_is_sent_ends_with_all_that_was_written_and_misses_no_step() -> None:
    def growing() -> Iterator[Exchange]:
        exchange = Exchange("x", found=True)
        yield exchange
        for letter in "abcdefgh" * 500:
            exchange = replace(exchange, written=exchange.written + letter)
            yield exchange

    sent = list(_paced(growing()))
    assert sent[0] == Exchange("x", found=True)
    assert sent[-1].written == "abcdefgh" * 500
    assert len(sent) < 4000
    done = list(_paced(iter([*growing(), Exchange("x", answer=ANSWER)])))
    assert done[-1].answer == ANSWER


def test_what_a_stopped_answer_sent_after_the_stop_is_not_taken_for_one_under_way() -> None:
    (turn,) = _drawn((Exchange("x", written="Half", id="1"),))
    assert not turn["busy"]
    assert "Stopped before the answer was complete." in turn["html"]
    assert turn["id"] == "1"


def test_a_turn_that_cannot_be_drawn_is_ended_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = answers.turn

    def broken(exchange: Exchange, number: int) -> str:
        if exchange.answer:
            raise ValueError("a bug")
        return draw(exchange, number)

    monkeypatch.setattr(answers, "turn", broken)
    first, second = _drawn((Exchange("Who?", answer=ANSWER, id="1"), Exchange("And?", problem="x")))
    assert BROKEN in unescape(first["html"])
    assert "Who?" in first["html"]
    assert (first["busy"], first["id"]) == (False, "1")
    assert "x" in second["html"]


def test_what_a_visitor_ended_himself_is_no_error() -> None:
    script = static("chat_kept.js")
    for words in (STOPPED, INTERRUPTED):  # the page says them itself, before the server can
        assert f'"{words}"' in script
        assert "failed ended" in answers.turn(Exchange("Who?", problem=words), 1)
    assert "failed ended" not in answers.turn(Exchange("Who?", problem="It is broken."), 1)
