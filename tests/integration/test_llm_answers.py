"""Question -> answer by a language model, through a socket, over a real index.

The model's name says how it behaves: see tests/llm_server.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from rag.models.llm import open_model
from rag.models.prompts import REFUSAL
from rag.pipeline import answer, ingest
from rag.resources import Resources, open_resources
from rag.schema import (
    EXTRACTIVE,
    Answer,
    Checked,
    Done,
    Event,
    Preview,
    Restarted,
    Searched,
    Token,
    Turn,
)
from rag.settings import Settings
from tests.llm_server import LLMServer, honest, llm_server, passages

# All invented.
ARTICLES = [
    {"id": "storm", "title": "Storm closes Tarn Pass", "outlet": "The Fell Courier",
     "authors": ["Ada Fenwick"], "published": "2021-05-03",
     "text": "The Tarn Pass was closed at noon on Sunday after 42 centimetres of snow fell in six "
     "hours. Roads chief Ilse Brandt said “nobody should drive up tonight”."},
    {"id": "open", "title": "Tarn Pass open again", "outlet": "Lakeside Post",
     "published": "2021-05-05",
     "text": "The Tarn Pass was opened to lorries on Tuesday evening after ploughs cleared the "
     "snow. Drivers need chains until Thursday, the county said."},
    {"id": "cost", "title": "What the snow cost", "outlet": "Lakeside Post",
     "published": "2021-05-09",
     "text": "Clearing the snow from the Tarn Pass cost the county 18,000 crowns, its treasurer "
     "said. The council had set aside 12,000 crowns for the whole winter."},
    {"id": "bread", "title": "Bakery prize goes to Lindow", "outlet": "The Fell Courier",
     "published": "2021-06-09",
     "text": "The bakery of Jonas Lindow won the golden loaf for its rye bread on Friday. The jury "
     "of seven praised the crust."},
]  # fmt: skip
QUESTION = "How much snow closed the Tarn Pass?"
FAILING = {
    "locked": "refused the key", "missing": "no such model", "busy": "fewer requests",
    "broken_down": "failed", "tiny": "cannot read so much", "cut": "in the middle",
    "cut_later": "in the middle", "empty": "empty answer", "blank": "empty answer",
    "signs": "empty answer", "endless": "thoughts or tool calls", "calling": "empty answer",
}  # fmt: skip
AS_HONEST = ["honest", "slow", "reasoning", "unopened", "caller"]
STRAIGHT = ["honest", "slow", "reasoning", "caller", "long", "good", "broken", "miscited"]
SECOND_IN_VAIN = ["inventing", "worsening", "giving_up"]
OTHERS = ["good", "inventing", "miscited", "broken", "mending", "worsening", "giving_up", "long"]


@pytest.fixture(scope="module")
def server() -> Iterator[LLMServer]:
    with llm_server() as running:
        yield running


@pytest.fixture(scope="module")
def extractive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Resources]:
    folder = tmp_path_factory.mktemp("articles")
    lines = "\n".join(json.dumps(item) for item in ARTICLES)
    (folder / "news.jsonl").write_text(lines, encoding="utf-8")
    with open_resources(Settings(index=tmp_path_factory.mktemp("index")), create=True) as opened:
        ingest(folder, opened)
        yield opened


def with_model(extractive: Resources, server: LLMServer, name: str, **other: float) -> Resources:
    settings = replace(extractive.settings, llm=f"openai:{name}", llm_base_url=server.url, **other)  # type: ignore[arg-type]
    server.requests.clear()
    return replace(extractive, settings=settings, model=open_model(settings))


def last_text(events: Sequence[Event]) -> list[Event]:
    """The events since the last time that a text was withdrawn."""
    starts = [n for n, event in enumerate(events) if isinstance(event, Restarted | Searched)]
    return list(events[starts[-1] + 1 :])


def ask(resources: Resources, question: str = QUESTION, *history: Turn) -> tuple[Answer, list[str]]:
    """The answer, whose form is checked, and why its text began anew."""
    events = list(answer(question, resources, history=history))
    done = events[-1]
    assert isinstance(done, Done)
    got, shown = done.answer, last_text(events)
    assert "".join(e.text for e in shown if isinstance(e, Token)).strip() == got.text
    assert [e.sentence for e in shown if isinstance(e, Checked)] == list(got.sentences)
    numbers = [item.number for item in got.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {n for item in got.sentences for n in item.citations} == set(numbers)
    assert {int(n) for n in re.findall(r"\[(\d+)\]", got.text)} == set(numbers)
    for item in got.citations:
        assert item.article.text[item.quote_start : item.quote_end] == item.quote
    return got, [event.reason for event in events if isinstance(event, Restarted)]


@pytest.mark.parametrize("name", [*FAILING, *AS_HONEST, *OTHERS, "narrow"])
def test_the_form_holds_whatever_a_model_does(
    extractive: Resources, server: LLMServer, name: str
) -> None:
    got, restarts = ask(with_model(extractive, server, name))
    assert got.status == "answered"
    assert got.sentences
    assert all(item.support != "supported" for item in got.sentences if not item.citations)
    assert "think" not in got.text
    assert "tool_call" not in got.text
    assert bool(restarts) == (name not in (*STRAIGHT, *SECOND_IN_VAIN))
    silent = (*STRAIGHT, *SECOND_IN_VAIN, "unopened")
    assert bool(got.notes) == (name not in silent or name in ("long", "giving_up"))


def test_an_honest_model_is_believed(extractive: Resources, server: LLMServer) -> None:
    resources = with_model(extractive, server, "honest")
    got, restarts = ask(resources)
    assert got.text == honest(server.requests[0])
    assert [item.support for item in got.sentences] == ["supported", "supported"]
    assert "42 centimetres" in got.citations[0].quote
    assert (got.model, got.notes, restarts) == ("openai:honest", (), [])
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", AS_HONEST)
def test_only_what_is_meant_for_the_reader_is_shown(
    extractive: Resources, server: LLMServer, name: str
) -> None:
    got, _ = ask(with_model(extractive, server, name))
    assert got.text == honest(server.requests[0])
    assert got.dropped_markers == ()


def test_an_answer_that_goes_beyond_the_passages_is_asked_for_again(
    extractive: Resources, server: LLMServer
) -> None:
    got, restarts = ask(with_model(extractive, server, "mending"))
    first, second = server.requests
    assert got.text == honest(first)
    assert restarts == list(got.notes)
    assert "Written a second time. Corrected or left out: “It was 98,765" in restarts[0]
    roles = [message["role"] for message in second["messages"]]
    assert roles == ["system", "user", "assistant", "user"]
    assert second["messages"][:2] == first["messages"]
    assert "98,765" in second["messages"][3]["content"]


def test_unsupported_sentences_are_marked_where_asking_again_does_not_help(
    extractive: Resources, server: LLMServer
) -> None:
    got, restarts = ask(with_model(extractive, server, "inventing"))
    supported, *_, wrong = got.sentences
    assert supported.support == "supported"
    assert wrong.support == "unsupported"
    assert "4,321" in wrong.text
    assert "4,321" in " ".join(wrong.reasons)
    assert (restarts, got.notes, len(server.requests)) == ([], (), 2)


@pytest.mark.parametrize("name", ["worsening", "giving_up"])
def test_the_better_text_is_kept(extractive: Resources, server: LLMServer, name: str) -> None:
    got, restarts = ask(with_model(extractive, server, name))
    assert "4,321" in got.text
    assert restarts == []
    assert bool(got.notes) == (name == "giving_up")
    assert all("A second text was asked for and failed" in note for note in got.notes)


def test_asking_again_is_a_setting(extractive: Resources, server: LLMServer) -> None:
    _, restarts = ask(with_model(extractive, server, "inventing", retry_unsupported=1.0))
    assert (len(restarts), len(server.requests)) == (0, 1)


def test_a_number_leads_to_the_passage_that_the_model_meant(
    extractive: Resources, server: LLMServer
) -> None:
    resources = with_model(extractive, server, "miscited", retry_unsupported=1.0)
    got, _ = ask(resources)
    shown = dict(passages(server.requests[0]))
    numbers = [*range(2, len(shown) + 1), 1]
    assert [item.passage.text for item in got.citations] == [shown[n] for n in numbers]
    assert not all(item.support == "supported" for item in got.sentences)


def test_broken_markers_are_text_and_unknown_numbers_are_shown_as_dropped(
    extractive: Resources, server: LLMServer
) -> None:
    got, _ = ask(with_model(extractive, server, "broken", retry_unsupported=1.0))
    assert got.dropped_markers == ("[77]",)
    assert "[77: no such passage]" in got.text
    assert got.text.endswith(" [1-] 【 [] [1] [1")
    assert len(got.citations) == 1
    assert [item.support for item in got.sentences[:3]] == ["supported"] * 3


@pytest.mark.parametrize(("name", "words"), FAILING.items())
def test_the_articles_own_sentences_stand_in_for_a_model_that_fails(
    extractive: Resources, server: LLMServer, name: str, words: str
) -> None:
    got, restarts = ask(with_model(extractive, server, name))
    alone, _ = ask(extractive)
    assert got.model == EXTRACTIVE
    assert (got.sentences, got.citations) == (alone.sentences, alone.citations)
    assert got.notes == (restarts[-1],)
    assert words in got.notes[0]
    assert f"openai:{name}" in got.notes[0]
    assert got.notes[0].endswith("These are the articles' own sentences instead.")


def test_a_model_with_a_narrow_window_is_asked_with_fewer_passages(
    extractive: Resources, server: LLMServer
) -> None:
    got, restarts = ask(with_model(extractive, server, "narrow"))
    many, few = (len(passages(request)) for request in server.requests)
    assert (many, few) == (len(ARTICLES), len(ARTICLES) // 2)
    assert len(got.hits) == few
    assert f"the best {few} of {many} places found" in got.notes[0]
    assert "asked with fewer" in restarts[0]
    assert got.model == "openai:narrow"


def test_passages_are_fitted_to_the_window_beforehand(
    extractive: Resources, server: LLMServer
) -> None:
    got, restarts = ask(with_model(extractive, server, "honest", llm_context=1500))
    (request,) = server.requests
    shown = [number for number, _ in passages(request)]
    assert shown == list(range(1, len(shown) + 1))
    assert 0 < len(shown) == len(got.hits) < len(ARTICLES)
    assert sum(len(message["content"]) for message in request["messages"]) < 1500 * 3 / 4 * 3
    assert (restarts, got.notes) == ([], ())


def test_a_model_that_reaches_its_limit_of_length_is_named(
    extractive: Resources, server: LLMServer
) -> None:
    got, _ = ask(with_model(extractive, server, "long"))
    assert "limit of length" in got.notes[0]


@pytest.mark.parametrize("around", ["", '"', "**"])
def test_a_refusing_model_means_not_in_the_articles(
    extractive: Resources, server: LLMServer, around: str
) -> None:
    server.reply = list(f"{around}{REFUSAL}{around}\n")
    got, restarts = ask(with_model(extractive, server, "refusing"))
    assert (got.status, got.text, got.sentences, restarts) == ("not_in_articles", REFUSAL, (), [])


def test_a_follow_up_that_the_model_cannot_rewrite_is_rewritten_by_rule(
    extractive: Resources, server: LLMServer
) -> None:
    server.reply = ["Sure! Here are some thoughts.\n\n1. It might be about snow.\n2. Or a road."]
    resources = with_model(extractive, server, "rambling")
    got, _ = ask(resources, "And what did it cost?", Turn(QUESTION, "42 centimetres [1]."))
    assert "Tarn Pass" in got.standalone_question
    assert "thoughts" not in got.standalone_question


def test_the_articles_own_words_come_before_the_models(
    extractive: Resources, server: LLMServer
) -> None:
    by_model = with_model(extractive, server, "honest")
    events = list(answer(QUESTION, by_model, preview=True))
    kinds = [type(event) for event in events]
    (preview,) = [event for event in events if isinstance(event, Preview)]
    assert kinds.index(Preview) == kinds.index(Searched) + 1
    *_, alone = answer(QUESTION, extractive, preview=True)
    assert isinstance(alone, Done)
    assert preview.answer.sentences == alone.answer.sentences
    assert preview.answer.citations == alone.answer.citations
    assert preview.answer.model == EXTRACTIVE
    assert isinstance(events[-1], Done)
    assert events[-1].answer.model == "openai:honest"


def test_there_is_no_preview_where_none_is_asked_for_or_no_model_writes(
    extractive: Resources, server: LLMServer
) -> None:
    by_model = with_model(extractive, server, "honest")
    for events in (answer(QUESTION, by_model), answer(QUESTION, extractive, preview=True)):
        assert not any(isinstance(event, Preview) for event in events)
