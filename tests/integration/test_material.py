"""What a language model is asked with, through a socket, over the sample articles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from rag.models.llm import open_model
from rag.models.prompts import contained
from rag.pipeline import answer
from rag.resources import Resources
from rag.schema import EXTRACTIVE, Answer, Done, Filters, Preview, Searched, Turn
from tests import samples
from tests.llm_server import LLMServer, llm_server, passages

TODAY = date(2026, 11, 26)
_ARTICLE = re.compile(r"<article>\n(.*?)\n</article>", re.DOTALL)


@pytest.fixture(scope="module")
def keyless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Resources]:
    with samples.opened(tmp_path_factory.mktemp("sample") / "index") as opened:
        yield opened


@pytest.fixture
def server() -> Iterator[LLMServer]:
    with llm_server() as running:
        yield running


def by(keyless: Resources, server: LLMServer, name: str = "honest", **more: Any) -> Resources:
    settings = replace(
        keyless.settings,
        llm=f"openai:{name}",
        llm_base_url=server.url,
        retry_unsupported=1.0,
        **more,
    )
    return replace(keyless, settings=settings, model=open_model(settings))


def ask(question: str, resources: Resources, *history: Turn, **more: Any) -> Answer:
    *_, done = answer(question, resources, history=history, today=TODAY, **more)
    assert isinstance(done, Done)
    return done.answer


def prompt(server: LLMServer) -> str:
    """What the model was last asked."""
    return str(server.requests[-1]["messages"][1]["content"])


def heads(server: LLMServer) -> list[dict[str, str]]:
    """What stands above the passages of each article."""
    found = []
    for article in _ARTICLE.findall(prompt(server)):
        lines = article.partition("<passage")[0].strip().splitlines()
        found.append(dict(line.split(": ", 1) for line in lines))
    return found


def squeezed(text: str) -> str:
    return " ".join(text.split())


# --- whom it is asked of


@pytest.mark.parametrize(
    "question",
    [
        "How old is Tobin Raskey?",
        "What is the capital of Australia?",
        "Why did Lucan Ferreby resign as minister during the strike?",
        "Summarise the article “Court refuses to ban harbour strike”.",
        "Give me a timeline of the strike.",
        "Compare what Tobin Raskey and Gerrard Voss-Tellin said about the settlement.",
        "Compare what the Chamber of Commerce and Professor Dellmore say about the cost.",
        "How high is the strike pay, and how long will the union's fund last?",
        "How many days lie between the beginning of the strike and the settlement?",
        "What do the reader comments on the Chamber's figure say?",
    ],
)
def test_the_model_decides_and_writes(keyless: Resources, server: LLMServer, question: str) -> None:
    got = ask(question, by(keyless, server))
    assert (got.status, got.model) == ("answered", "openai:honest")
    assert len(server.requests) == 1
    texts = [text for _, text in passages(server.requests[0])]
    assert sorted(texts) == sorted(contained(hit.passage.text) for hit in got.hits)
    assert [contained(item.passage.text) for item in got.citations] == texts[: len(got.citations)]


@pytest.mark.parametrize(
    "question",
    [
        "Which articles did Slackwater Weekly publish?",
        "What are these articles about?",
        "thanks, that helps",
        "Which article says: “Negotiations to end the harbour strike were broken off at 11.40 pm”?",
    ],
)
def test_what_byline_itself_knows_is_told_without_the_model(
    keyless: Resources, server: LLMServer, question: str
) -> None:
    got, alone = ask(question, by(keyless, server)), ask(question, keyless)
    assert (got.text, got.model) == (alone.text, EXTRACTIVE)
    assert server.requests == []


def test_it_is_not_asked_where_nothing_was_found(keyless: Resources, server: LLMServer) -> None:
    nothing = Filters(since=date(2030, 1, 1))
    got = ask("How high is the strike pay?", by(keyless, server), filters=nothing)
    assert got.status == "not_in_articles"
    assert server.requests == []


def test_what_the_rules_suspect_is_a_hint_to_the_model_alone(
    keyless: Resources, server: LLMServer
) -> None:
    got = ask("How old is Tobin Raskey?", by(keyless, server))
    hint = prompt(server).rpartition("\nNote of the search: ")[2]
    doubt = "The passages may not answer the question."
    assert hint == f"{doubt} No sentence found gives the age of Tobin Raskey."
    assert "No sentence found" not in got.text
    assert got.notes == ()
    ask("How high is the strike pay?", by(keyless, server))
    assert "Note of the search" not in prompt(server)


def test_there_is_no_preview_of_a_refusal(keyless: Resources, server: LLMServer) -> None:
    events = list(answer("How old is Tobin Raskey?", by(keyless, server), preview=True))
    assert not any(isinstance(event, Preview) for event in events)


def test_a_model_that_fails_where_the_rules_decline_is_told(
    keyless: Resources, server: LLMServer
) -> None:
    got = ask("How old is Tobin Raskey?", by(keyless, server, "locked"))
    assert got.status == "not_in_articles"
    assert got.notes[0].endswith("Without it, no sentence was found that answers.")


# --- what it is shown


def test_an_article_that_is_named_is_shown_whole(keyless: Resources, server: LLMServer) -> None:
    ask("Summarise the article “Court refuses to ban harbour strike”.", by(keyless, server))
    (head,) = heads(server)
    assert head["headline"] == "Court refuses to ban harbour strike"
    article = next(
        item
        for item in keyless.index.articles(
            keyless.index.catalogue().every().ids(1000) or ()
        ).values()
        if item.title == head["headline"]
    )
    parts = article.parts or ()
    body = [article.text[p.start : p.end] for p in parts if p.kind == "body"] or [article.text]
    shown = " ".join(text for _, text in passages(server.requests[0]))
    assert squeezed(shown) == squeezed(" ".join(body))
    assert "[…]" not in prompt(server)


def test_a_question_to_a_named_article_has_the_whole_of_it(
    keyless: Resources, server: LLMServer
) -> None:
    ask("What does the Freight & Fairway article say about the bottleneck?", by(keyless, server))
    first = _ARTICLE.findall(prompt(server))[0]
    assert "outlet: Freight & Fairway" in first
    assert "[…]" not in first
    assert len(heads(server)) > 1


def test_of_a_topic_every_source_is_shown(keyless: Resources, server: LLMServer) -> None:
    ask("Give me a timeline of the strike.", by(keyless, server))
    outlets = [head["outlet"] for head in heads(server)]
    assert len(outlets) >= 12
    assert len(set(outlets)) >= 6


def test_each_side_of_a_comparison_is_searched(keyless: Resources, server: LLMServer) -> None:
    ask(
        "Compare what Tobin Raskey and Cordelia Wynstrake say about the cranes.",
        by(keyless, server, evidence_words=280),
    )
    said = " ".join(text for _, text in passages(server.requests[0]))
    assert "Raskey" in said
    assert "Cordelia Wynstrake" in said


def test_each_part_of_a_question_is_shown(keyless: Resources, server: LLMServer) -> None:
    ask(
        "How high is the strike pay, and how long did Judge Marchbank hear the case?",
        by(keyless, server, evidence_words=260),
    )
    assert "strike pay" in prompt(server)
    assert "Marchbank" in prompt(server)


def test_articles_and_comments_say_whose_they_are(keyless: Resources, server: LLMServer) -> None:
    ask("What do readers say about the Chamber's figure?", by(keyless, server))
    shown = heads(server)
    assert all({"date", "kind"} <= head.keys() for head in shown)
    assert "kind: reader comment\nreader: HarbourHeights\n" in prompt(server)
    ask("How many contract workers came on the barge Marigold?", by(keyless, server))
    assert "date: unknown" in prompt(server)
    labels = {head["kind"] for head in heads(server)}
    assert labels & {"article, opinion", "article, correction", "article, interview"}


def test_what_is_left_out_within_an_article_is_marked(
    keyless: Resources, server: LLMServer
) -> None:
    got = ask("How high is the strike pay?", by(keyless, server))
    order = {contained(hit.passage.text): hit for hit in got.hits}
    shown = [order[text] for _, text in passages(server.requests[0])]
    gaps = sum(
        bool(one.article.text[one.passage.end : other.passage.start].strip())
        for one, other in pairwise(shown)
        if one.article.id == other.article.id
    )
    assert prompt(server).count("\n[…]\n") == gaps > 0


def test_all_that_was_reranked_is_shown_where_it_fits(
    keyless: Resources, server: LLMServer
) -> None:
    ask("How high is the strike pay?", by(keyless, server, llm_context=32_000))
    words = sum(len(text.split()) for _, text in passages(server.requests[0]))
    assert words > 2_000
    ask("How high is the strike pay?", by(keyless, server, evidence_words=500))
    assert sum(len(text.split()) for _, text in passages(server.requests[1])) <= 500


def test_what_is_read_is_told_before_it_is_written_from(
    keyless: Resources, server: LLMServer
) -> None:
    question = "How high is the strike pay?"
    for resources in (by(keyless, server), keyless):
        first, *_, done = answer(question, resources)
        assert isinstance(first, Searched)
        assert isinstance(done, Done)
        assert first.read == done.answer.hits
    assert len(passages(server.requests[0])) > keyless.settings.passages


@pytest.mark.parametrize("context", [4_096, 8_192, 32_768, 200_000])
def test_what_is_asked_fits_the_window_beside_a_reply(
    keyless: Resources, server: LLMServer, context: int
) -> None:
    resources = by(keyless, server, llm_context=context)
    for question in ("How high is the strike pay?", "Give me a timeline of the strike."):
        got = ask(question, resources)
        asked = server.requests[-1]["messages"]
        tokens = sum(len(message["content"]) for message in asked) / 3
        assert tokens <= context - min(1024, context // 4)
        assert sum(len(text.split()) for _, text in passages(server.requests[-1])) <= 6_000
        assert got.notes == ()
        assert len(got.hits) >= 5


# --- how it is asked


def test_the_day_and_the_question_as_typed_are_told(keyless: Resources, server: LLMServer) -> None:
    question = "How high is the strike pay? Use bullet points."
    got = ask(question, by(keyless, server))
    rules = server.requests[0]["messages"][0]["content"]
    assert "Today is Thursday, 26 November 2026;" in rules
    assert prompt(server).endswith(f"Question: {question}")
    assert got.standalone_question == "How high is the strike pay?"
    assert not got.reworded


def test_a_question_in_another_language_is_searched_in_that_of_the_articles(
    keyless: Resources, server: LLMServer
) -> None:
    server.reply = ["How many cranes will be put up at Gannet Dock?"]
    question = "Wie viele Kräne werden am Gannet Dock aufgestellt?"
    got = ask(question, by(keyless, server, "condensing"))
    condensing, _ = server.requests
    assert "Write it in English." in condensing["messages"][0]["content"]
    assert condensing["messages"][1]["content"] == f"Last question: {question}"
    assert got.standalone_question == server.reply[0]
    assert prompt(server).endswith(
        f"Question: {question}\nUnderstood as: How many cranes will be put up at Gannet Dock?"
    )
    assert any("crane" in hit.passage.text for hit in got.hits[:3])


def test_a_follow_up_in_another_language_is_translated_too(
    keyless: Resources, server: LLMServer
) -> None:
    server.reply = ["How long will the union's strike fund last?"]
    turn = Turn("How high is the strike pay?", "It is 60 crowns a day [1].")
    got = ask("Und wie lange reicht das Geld noch?", by(keyless, server, "condensing"), turn)
    assert "Question: How high is the strike pay?" in server.requests[0]["messages"][1]["content"]
    assert got.standalone_question == server.reply[0]


def test_where_it_cannot_be_translated_the_model_is_asked_all_the_same(
    keyless: Resources, server: LLMServer
) -> None:
    question = "Wie viele Kräne werden am Gannet Dock aufgestellt?"
    got = ask(question, by(keyless, server))  # its reply is no question of one line
    assert got.model == "openai:honest"
    failing = ask(question, by(keyless, server, "locked"))
    assert failing.text == ask(question, keyless).text
    assert failing.text.startswith("Die Artikel hier sind nicht auf Deutsch")


def test_as_typed_nothing_is_taken_away_or_translated(
    keyless: Resources, server: LLMServer
) -> None:
    question = "Wie viele Kräne werden am Gannet Dock aufgestellt? In zwei Sätzen."
    got = ask(question, by(keyless, server), as_typed=True)
    assert len(server.requests) == 1
    assert got.standalone_question == question
