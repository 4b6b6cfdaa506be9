"""Models that never end, flood or ask to wait; whose key pays; and that no key is shown."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from rag.models.allowed_models import is_shared
from rag.models.llm import open_model
from rag.pipeline import answer
from rag.resources import Resources
from rag.schema import EXTRACTIVE, Answer, Done, Restarted, Turn
from rag.settings import Settings
from rag.web.room import COMPUTING, WRITING
from tests.attacks.attacking import QUESTION as QUESTION_HERE
from tests.attacks.attacking import Server, running
from tests.attacks.visiting import Tab
from tests.integration.test_llm_answers import QUESTION, extractive
from tests.llm_server import LLMServer, llm_server

_SENT = re.compile(r'"data": "([\w+/=]{40,})"')  # a file for the browser to save
__all__ = ["extractive"]  # the fixture: an index of a few articles

OUT_OF_TIME = "did not finish within"
LONG = 60.0  # seconds: a deadline that no test reaches
ENDLESS = {
    "dripping": OUT_OF_TIME, "pondering": OUT_OF_TIME, "reasoning_on": OUT_OF_TIME,
    "calling_on": OUT_OF_TIME, "keeping_alive": OUT_OF_TIME, "silent": OUT_OF_TIME,
    "flooding": "wrote more than 20,000 characters",
    "flooding_thoughts": "wrote more than 200,000 characters",
    "flooding_calls": "wrote more than 200,000 characters",
}  # fmt: skip


@pytest.fixture
def server() -> Iterator[LLMServer]:
    with llm_server() as running:
        model = open_model(Settings(llm="openai:good", llm_base_url=running.url))
        assert model is not None
        model.reply([("human", "Hello?")])  # its libraries take a while the first time
        running.requests.clear()
        yield running


def with_model(
    extractive: Resources,  # noqa: F811
    server: LLMServer,
    name: str,
    deadline: float,
) -> Resources:
    settings = replace(
        extractive.settings, llm=f"openai:{name}", llm_base_url=server.url, llm_deadline=deadline
    )
    return replace(extractive, settings=settings, model=open_model(settings))


def ask(resources: Resources, *history: Turn) -> tuple[Answer, list[str]]:
    """The answer, and why its text began anew."""
    events = list(answer(QUESTION, resources, history=history))
    done = events[-1]
    assert isinstance(done, Done)
    return done.answer, [event.reason for event in events if isinstance(event, Restarted)]


# --- every reply ends


@pytest.mark.parametrize(("name", "words"), ENDLESS.items())
def test_an_endless_reply_is_cut_and_its_connection_closed(
    extractive: Resources,  # noqa: F811
    server: LLMServer,
    name: str,
    words: str,
) -> None:
    deadline = 1.0 if words == OUT_OF_TIME else LONG
    got, restarts = ask(with_model(extractive, server, name, deadline))
    assert server.gone.get(timeout=10) == name
    alone, _ = ask(extractive)
    assert (got.model, got.sentences, got.citations) == (
        EXTRACTIVE, alone.sentences, alone.citations
    )  # fmt: skip
    assert got.notes == tuple(restarts)
    (note,) = got.notes
    assert words in note
    assert note.startswith(f"openai:{name} ")
    assert note.endswith("These are the articles' own sentences instead.")


def test_the_deadline_is_one_for_the_whole_question(
    extractive: Resources,  # noqa: F811
    server: LLMServer,
) -> None:
    """Making the question stand alone uses it up: the answer is not even asked for."""
    resources = with_model(extractive, server, "dripping", 2.0)
    got, restarts = ask(resources, Turn("Who?", "Ilse Brandt."))
    assert len(restarts) == 1
    assert OUT_OF_TIME in got.notes[0]
    assert server.gone.get(timeout=10) == "dripping"
    assert len(server.requests) == 1


def test_a_provider_that_says_come_back_tomorrow_is_not_waited_for(
    extractive: Resources,  # noqa: F811
    server: LLMServer,
) -> None:
    got, restarts = ask(with_model(extractive, server, "later", LONG))
    assert len(server.requests) == 1
    assert "asks for fewer requests" in restarts[0]
    assert got.notes == tuple(restarts)


def test_waiting_to_ask_again_is_within_the_deadline(
    extractive: Resources,  # noqa: F811
    server: LLMServer,
) -> None:
    server.retry_after = "9"
    got, _ = ask(with_model(extractive, server, "later", 2.0))
    assert len(server.requests) == 1
    assert OUT_OF_TIME in got.notes[0]


@pytest.mark.parametrize("said", ["Wed, 21 Oct 2099 07:28:00 GMT", "soon", "-1", "1e9", "9" * 40])
def test_any_other_word_for_later_is_not_waited_for(
    extractive: Resources,  # noqa: F811
    server: LLMServer,
    said: str,
) -> None:
    server.retry_after = said
    ask(with_model(extractive, server, "later", LONG))
    assert len(server.requests) == 1


def test_who_stops_reading_closes_the_connection(
    extractive: Resources,  # noqa: F811
    server: LLMServer,
) -> None:
    model = with_model(extractive, server, "keeping_alive", LONG).model
    assert model is not None
    reply = model.stream([("human", "Is it so?")])
    while not server.requests:
        assert next(reply) == ""  # silent for a moment: a chance to leave
    reply.close()
    assert server.gone.get(timeout=10) == "keeping_alive"


# --- nobody waits for somebody else's model


def test_three_endless_replies_keep_no_fourth_waiting(tmp_path: Path) -> None:
    with llm_server() as llm:
        settings = {"llm": "openai:dripping", "llm_base_url": llm.url, "llm_deadline": 100}
        with running(tmp_path, calls=100_000, **settings) as server:
            for _ in range(3):
                Tab(server).send("ask", QUESTION_HERE)
            assert [llm.asked.get(timeout=60) for _ in range(3)] == ["dripping"] * 3
            keyless, other = Tab(server), Tab(server)
            assert "own words: no language model" in keyless.act("choose", "extractive")
            assert "412 crowns" in keyless.act("ask", QUESTION_HERE)
            assert "answers" in other.act("choose", "openai:honest")
            assert "412 crowns" in other.act("ask", QUESTION_HERE)
            assert llm.asked.get(timeout=60) == "honest"
            assert llm.gone.empty()  # the three are still at it


def test_where_models_write_as_many_answers_as_fit_the_articles_own_words_come(
    tmp_path: Path,
) -> None:
    with llm_server() as llm:
        settings = {"llm": "openai:dripping", "llm_base_url": llm.url, "llm_deadline": 100}
        with running(tmp_path, calls=100_000, **settings) as server:
            for _ in range(WRITING):
                Tab(server).send("ask", QUESTION_HERE)
            assert [llm.asked.get(timeout=60) for _ in range(WRITING)] == ["dripping"] * WRITING
            said = Tab(server).act("ask", QUESTION_HERE)
            assert f"Language models are writing {WRITING} answers already" in said
            assert "412 crowns" in said
            assert llm.asked.empty()


def test_whoever_leaves_gives_the_place_back(tmp_path: Path) -> None:
    with llm_server() as llm:
        settings = {"llm": "openai:keeping_alive", "llm_base_url": llm.url, "llm_deadline": 100}
        with running(tmp_path, calls=100_000, **settings) as server:
            for _ in range(COMPUTING + 1):
                tab = Tab(server)
                tab.send("ask", QUESTION_HERE)
                assert llm.asked.get(timeout=60) == "keeping_alive"
                tab.leave()
                assert llm.gone.get(timeout=60) == "keeping_alive"
            keyless = Tab(server)
            keyless.act("choose", "extractive")
            assert "412 crowns" in keyless.act("ask", QUESTION_HERE)


# --- whose key pays

SERVERS, VISITORS, WRONG = "sk-of-the-server-0815", "tab-4711-geheim-Xyz", "wrong-1234-Abcdef"
USER = "ada:a long enough password"


@dataclass(frozen=True)
class Shop:
    """A page with users, its own key and two models on it, and who answers for the models."""

    server: Server
    llm: LLMServer
    folder: Path


@contextmanager
def shop_in(folder: Path, **more: object) -> Iterator[Shop]:
    with pytest.MonkeyPatch.context() as patch, llm_server() as llm:
        for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "GROQ_API_KEY"):
            patch.setenv(name, SERVERS)
        settings = {
            "llm": "openai:honest", "llm_base_url": llm.url, "models": "openai:inventing,mistral:x",
            "auth": USER, "calls": 100_000,
        }  # fmt: skip
        with running(folder, **{**settings, **more}) as server:
            yield Shop(server, llm, folder)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with shop_in(tmp_path_factory.mktemp("shop")) as one:
        yield one


def paid(llm: LLMServer) -> list[tuple[str, str]]:
    """Models asked since the last time, each with the key that paid for it."""
    asked = [str(request["model"]) for request in llm.requests]
    found = list(zip(asked, llm.keys, strict=True))
    llm.requests.clear()
    llm.keys.clear()
    return found


def test_a_visitor_spends_no_key_of_the_servers_on_a_model_that_is_not_listed(shop: Shop) -> None:
    llm, tab = shop.llm, Tab(shop.server, user=USER)
    for name in ("openai:good", "openai:GPT-4", "anthropic:dear", "google:dear"):
        assert "not among the models that this server pays for" in tab.act("choose", name)
    for name in ("ollama:huge", "groq:dear", "bedrock:dear", "huggingface:dear", "nobody:x"):
        assert "not offered here" in tab.act("choose", name)
    assert "openai:good" not in tab.act("offer")
    assert paid(llm) == []
    assert "412 crowns" in tab.act("ask", QUESTION_HERE)
    assert paid(llm) == [("honest", SERVERS)]
    assert "openai:inventing answers" in tab.act("choose", "openai:inventing")
    assert paid(llm) == [("inventing", SERVERS)]


def test_a_visitors_own_key_works_for_his_tab_alone(shop: Shop) -> None:
    llm, tab, other = shop.llm, Tab(shop.server, user=USER), Tab(shop.server, user=USER)
    assert "Paste a key of your own" in tab.act("choose", "openai:good")
    assert "A key is set for this tab" in tab.act("use_key", VISITORS)
    tab.act("ask", QUESTION_HERE)
    assert ("good", VISITORS) in (found := paid(llm))
    assert {key for _, key in found} == {VISITORS}
    other.act("ask", QUESTION_HERE)
    assert paid(llm) == [("honest", SERVERS)]
    assert "not among the models that this server pays for" in tab.act("forget_key")
    assert "412 crowns" in tab.act("ask", QUESTION_HERE)
    assert paid(llm) == []  # in the articles' own sentences


def test_a_key_is_not_taken_where_the_servers_credentials_would_go_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", f"Authorization: Bearer {SERVERS}")
    with shop_in(tmp_path) as shop:
        llm, tab = shop.llm, Tab(shop.server, user=USER)
        assert "a key of your own cannot be used" in tab.act("choose", "openai:good")
        tab.act("use_key", VISITORS)
        tab.act("ask", QUESTION_HERE)
        assert {model for model, _ in paid(llm)} == {"honest"}


def test_alone_at_his_machine_the_operator_has_every_model(tmp_path: Path) -> None:
    with shop_in(tmp_path, auth="") as shop:
        assert "openai:good answers" in Tab(shop.server).act("choose", "openai:good")
        assert paid(shop.llm) == [("good", SERVERS)]


@pytest.mark.parametrize(
    ("settings", "others"),
    [
        ({}, False), ({"host": "localhost"}, False), ({"host": "::1"}, False),
        ({"host": "0.0.0.0"}, True), ({"host": "byline.example"}, True), ({"auth": "a:b"}, True),
        ({"users": "users.txt"}, True), ({"proxy_user_header": "X-User"}, True),
    ],
)  # fmt: skip
def test_when_others_may_be_at_the_page(settings: dict[str, str], others: bool) -> None:
    assert is_shared(replace(Settings(), **settings)) is others  # type: ignore[arg-type]


# --- a key is shown nowhere


def test_a_visitors_key_is_in_no_log_no_message_and_no_file(shop: Shop) -> None:
    """The provider of this test repeats the key that it refuses, as careless ones do."""
    llm, server, tab = shop.llm, shop.server, Tab(shop.server, user=USER)
    tab.act("choose", "openai:locked")
    tab.act("use_key", WRONG)
    assert "openai:locked: The key was refused" in tab.act("choose", "openai:locked")
    assert "refused the key of this tab" in tab.act("ask", QUESTION_HERE)
    tab.act("rate", event={"turn": 1, "verdict": "bad", "reason": "why"})
    tab.act("choose", "openai:good")
    tab.act("use_key", VISITORS)
    assert "openai:good answers" in tab.act("choose", "openai:good")
    tab.act("ask", QUESTION_HERE)
    assert {key for _, key in paid(llm)} == {WRONG, VISITORS}
    files: list[str] = []
    for form in (".json", ".md"):
        sent = tab.act("export", event={"turn": 0, "form": form})
        files += [base64.b64decode(data).decode() for data in _SENT.findall(sent)]
    assert len(files) >= 2
    assert all(QUESTION_HERE.rstrip("?") in text for text in files)
    tab.act("use_key", "two words 4711-geheim")
    config = server.ask("GET", "/config", cookie=tab.cookie).text
    other = Tab(server, user=USER)
    other.act("offer")
    said = [*tab.said, *other.said, *files, config]
    said += [f.read_bytes().decode("latin-1") for f in shop.folder.rglob("*") if f.is_file()]
    assert any("openai:good" in text for text in said)
    assert not [secret for secret in (SERVERS, VISITORS, WRONG, "4711-geheim") for text in said
                if secret in text]  # fmt: skip
