"""What a browser keeps of a conversation, and what comes of it when it is handed back."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.schema import Answer, Article, Citation, Disagreement, Scope, Sentence, Side
from rag.web import restoring
from rag.web.conversation import Exchange
from tests.unit.building import article, hit

TEXT = "The quay closed on Monday. Nobody knew why.\n\nIt opened in May, the harbour said."
SOURCE = article(TEXT, path="quay.txt", title="Quay <closed>", published=date(2024, 3, 4))


def exchange(source: Article = SOURCE, **changes: Any) -> Exchange:
    first, second = hit(source, 0, 43), hit(source, 27, len(TEXT), origin="o")
    answer = Answer(
        question="Why?",
        standalone_question="Why did the quay close?",
        status="answered",
        text="Nobody knew. [1]",
        sentences=(Sentence("Nobody knew.", (1, 2), "partial", ("because",)),),
        citations=(
            Citation(1, source, first.passage, 27, 43, "Ada Quill"),
            Citation(2, source, second.passage, 45, 61, None, "looks odd"),
        ),
        hits=(first, second),
        dropped_markers=("[9]",),
        model="fake:model",
        seconds={"total": 0.25},
        scope=Scope(3, 18, "outlet X", "", date(2024, 1, 1), date(2024, 5, 1)),
        chance=0.75,
        disagreements=(Disagreement("days", (Side("Monday", 1), Side("May", 2, newest=True))),),
        notes=("A note.",),
    )
    return replace(
        Exchange("Why?", searched=3, found=True, answer=answer, verdict="good"), **changes
    )


def held(*articles: Article) -> restoring.Held:
    def look_up(ids: Sequence[str]) -> Mapping[str, Article]:
        return {item.id: item for item in articles if item.id in ids}

    return look_up


def through_a_browser(*exchanges: Exchange) -> list[Any]:
    return [json.loads(restoring.kept(item) or "null") for item in exchanges]


def recalled(entries: Any, look_up: restoring.Held) -> tuple[Exchange, ...]:
    return restoring.recalled(json.dumps(entries), look_up)


def test_what_is_kept_comes_back_the_same() -> None:
    stopped = Exchange("And then?", problem="Stopped.", written="Half", hits=(hit(SOURCE, 0, 26),))
    previewed = Exchange("Then?", problem="Stopped.", preview=exchange().answer)
    turns = (exchange(), stopped, previewed, exchange(verdict="bad", reason="wrong"))
    assert recalled(through_a_browser(*turns), held(SOURCE)) == turns


def test_no_text_of_an_article_is_kept_beyond_its_passages() -> None:
    long = replace(SOURCE, text=TEXT + " Unread." * 1000)
    assert "Unread" not in (restoring.kept(exchange(long)) or "")
    assert recalled(through_a_browser(exchange(long)), held(long)) == (exchange(long),)


def test_an_answer_under_way_is_not_kept() -> None:
    assert restoring.kept(Exchange("Why?", written="Half")) is None


def test_an_article_that_has_gone_still_shows_the_words_that_were_cited() -> None:
    (back,) = recalled(through_a_browser(exchange()), held())
    assert back.answer is not None
    for citation, before in zip(back.answer.citations, exchange().answer.citations, strict=True):
        assert citation.quote == before.quote
        assert citation.article.title == "Quay <closed>"
    for found in back.answer.hits:
        start, end = found.passage.start, found.passage.end
        assert found.article.text[start:end] == found.passage.text


def test_what_another_version_kept_is_said_to_be_so() -> None:
    entry = through_a_browser(exchange())[0]
    del entry["answer"]["model"]
    (back,) = recalled([entry], held(SOURCE))
    assert (back.question, back.answer, back.problem) == ("Why?", None, restoring.UNREADABLE)


@pytest.mark.parametrize("place", [(-1, 3), (0, 10**12), (5, 2), (0, 4)])
def test_impossible_places_are_not_believed(place: tuple[int, int]) -> None:
    entry = through_a_browser(exchange())[0]
    passage = entry["answer"]["hits"][0]["passage"]
    passage["start"], passage["end"] = place
    (back,) = recalled([entry], held())
    assert back.problem == restoring.UNREADABLE


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


@given(JSON)
def test_anything_may_come_back(value: Any) -> None:
    for turn in recalled(value, held(SOURCE)):
        assert turn.answer is None


@given(st.data())
def test_any_one_thing_may_be_changed(data: st.DataObject) -> None:
    entry = copy.deepcopy(through_a_browser(exchange())[0])
    at: Any = entry
    while isinstance(at, dict | list) and at:
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(at[key], dict | list) or data.draw(st.booleans()):
            at[key] = data.draw(JSON)
            break
        at = at[key]
    (back,) = recalled([entry], held(SOURCE))
    assert isinstance(back, Exchange)


def test_only_so_many_are_taken_back() -> None:
    many = [{"question": str(n), "problem": "x"} for n in range(restoring.MOST + 5)]
    back = recalled(many, held())
    assert [back[0].question, back[-1].question] == ["5", str(restoring.MOST + 4)]


@given(st.text(max_size=20))
def test_any_text_may_come_back(text: str) -> None:
    assert isinstance(restoring.recalled(text, held()), tuple)


def test_deep_nesting_is_no_conversation() -> None:
    assert restoring.recalled("[" * 100_000, held()) == ()
