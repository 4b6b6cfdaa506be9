"""What one browser tab sets for itself, over a real server; its key is in nothing that is shown."""

from __future__ import annotations

import copy
import json
import logging
import traceback
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from rag.errors import LLMError, SettingsError
from rag.export import contract, evidence_pack
from rag.indexing import doctor
from rag.models.keys import Key
from rag.models.llm import open_model
from rag.pipeline import answer, ingest
from rag.resources import Resources, open_resources
from rag.schema import Done
from rag.settings import Settings
from rag.web import ask_tab, start
from rag.web.session import (
    NO_OVERRIDES,
    Session,
    not_asked,
    resources_for,
    settings_for,
    with_key,
    with_model,
    with_values,
)
from rag.web.settings_tab import OWN_WORDS, STANCES, Actions, set_stance, stance_of
from tests.llm_server import LLMServer, llm_server

SECRET = "tab-4711-geheim-Xyz"
TEXT = "The Tarn Pass was closed at noon on Sunday after 42 centimetres of snow fell in six hours."
QUESTION = "How much snow fell on the Tarn Pass?"


@pytest.fixture(scope="module")
def server() -> Iterator[LLMServer]:
    with llm_server() as running:
        running.key = SECRET
        yield running


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Resources]:
    folder = tmp_path_factory.mktemp("articles")
    (folder / "storm.txt").write_text(f"Storm closes Tarn Pass\n\n3 May 2021\n\n{TEXT}")
    with open_resources(Settings(index=tmp_path_factory.mktemp("index")), create=True) as opened:
        ingest(folder, opened)
        yield opened


@pytest.fixture
def resources(opened: Resources, server: LLMServer, monkeypatch: pytest.MonkeyPatch) -> Resources:
    """As a server that is set to a model whose key the environment lacks."""
    settings = replace(opened.settings, llm="openai:honest", llm_base_url=server.url)
    return replace(opened, settings=settings, model=open_model(settings))


def ask(resources: Resources) -> Done:
    *_, done = answer(QUESTION, resources)
    assert isinstance(done, Done)
    return done


def test_a_tab_that_sets_nothing_has_the_servers_resources(resources: Resources) -> None:
    assert resources_for(NO_OVERRIDES, resources) == resources


def test_a_tabs_own_figures_are_its_own(resources: Resources) -> None:
    session = with_values(Session(), passages=3, answer_sentences=99, threshold=-1, preview=False)
    own = resources_for(session, resources).settings
    assert (own.passages, own.answer_sentences, own.threshold, own.preview) == (3, 8, 0.0, False)
    assert type(own.passages) is int
    assert resources.settings.passages == Settings().passages
    assert resources_for(session, resources).index is resources.index
    for wrong in ("5", None, float("nan")):
        with pytest.raises(SettingsError):
            with_values(Session(), passages=wrong)  # type: ignore[arg-type]


def test_a_tabs_key_reaches_the_model_and_no_other_tab(
    resources: Resources, server: LLMServer
) -> None:
    session = with_key(Session(), f" {SECRET}\n", resources.settings)
    assert ask(resources_for(session, resources)).answer.model == "openai:honest"
    without = ask(resources_for(NO_OVERRIDES, resources)).answer
    assert without.model == "extractive"  # the server refuses who has no key
    assert without.notes
    forgotten = with_key(session, "", resources.settings)
    assert forgotten == NO_OVERRIDES


def test_another_model_is_opened_for_the_tab_alone(resources: Resources) -> None:
    session = with_key(Session(), SECRET, resources.settings)
    session = with_model(session, "openai:inventing", resources.settings)
    assert session.key.value == SECRET  # the same provider
    own = resources_for(session, resources)
    assert (own.settings.llm, own.model.name if own.model else "") == ("openai:inventing",) * 2
    assert resources.model is not None
    assert resources.model.name == "openai:honest"
    assert with_model(session, "openai:honest", resources.settings).llm is None


def test_a_key_and_a_servers_address_stay_with_their_provider(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = with_key(Session(), SECRET, resources.settings)
    alone = with_model(session, "extractive", resources.settings)
    assert alone.key.value == ""
    assert settings_for(alone, resources.settings).llm_base_url == ""
    assert resources_for(alone, resources).model is None
    other = Session(llm="mistral:large", key=Key("k"))
    assert settings_for(other, resources.settings).llm_base_url == ""
    with pytest.raises(SettingsError, match="Choose a model first"):
        with_key(alone, SECRET, resources.settings)


@pytest.mark.parametrize("key", ["two words", "schlüssel", "a\nb"])
def test_what_is_no_key_is_refused_without_repeating_it(resources: Resources, key: str) -> None:
    with pytest.raises(SettingsError) as caught:
        with_key(Session(), key, resources.settings)
    assert key not in str(caught.value)


def test_a_model_that_cannot_be_used_is_said(resources: Resources) -> None:
    for wrong in ("nonsense", "openai:", ":x", "nobody:model"):
        with pytest.raises((SettingsError, LLMError)):
            with_model(Session(), wrong, resources.settings)


# --- the key is shown nowhere


def test_the_key_is_in_nothing_that_is_printed_or_exported(
    resources: Resources, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    session = with_key(Session(), SECRET, resources.settings)
    own = resources_for(session, resources)
    done = ask(own)
    pack = evidence_pack.pack(
        [done.answer], evidence_pack.provenance(own, [done.answer]), "https://news.example"
    )
    shown = [
        repr(session), str(session), repr(session.key), repr(own), repr(own.model),
        json.dumps(contract.answer_json(done.answer, "")), json.dumps(pack), caplog.text,
        repr(copy.deepcopy(session.key)), repr(asdict(own.settings)),
    ]  # fmt: skip
    assert all(SECRET not in text for text in shown)


def test_a_refused_key_is_not_repeated(
    resources: Resources, server: LLMServer, caplog: pytest.LogCaptureFixture
) -> None:
    """The server of these tests repeats the key that it refuses, as careless ones do."""
    caplog.set_level(logging.DEBUG)
    wrong = "wrong-0815-Abc"
    session = with_key(Session(), wrong, resources.settings)
    own = resources_for(session, resources)
    assert own.model is not None
    with pytest.raises(LLMError) as caught:
        own.model.reply([("human", "Hello?")])
    assert "refused the key of this tab" in str(caught.value)
    printed = "".join(traceback.format_exception(caught.value))
    done = ask(own).answer
    verdicts = list(doctor.look_at_model(own.settings, session.key))
    assert not verdicts[-1].ok
    for text in (printed, caplog.text, str(done), *map(str, verdicts)):
        assert wrong not in text


def test_the_settings_tab_returns_no_key(resources: Resources) -> None:
    tab = Actions(resources)
    session, verdict, field, said, button = tab.use_key(NO_OVERRIDES, SECRET)
    assert session.key.value == SECRET
    assert field == ""
    assert "A key is set for this tab" in said
    assert SECRET not in f"{verdict}{said}{button}{session}"
    assert "openai:honest answers" in list(tab.choose(session, "openai:honest"))[-1][1]
    after, _, field, said, _ = tab.forget_key(session)
    assert (after, field) == (NO_OVERRIDES, "")
    assert "no key of its own" in said
    refused = tab.use_key(NO_OVERRIDES, "two words")
    assert refused[2] == ""
    assert "two words" not in str(refused)


def test_the_settings_tab_checks_a_model_and_keeps_the_one_before(resources: Resources) -> None:
    tab = Actions(resources)
    session = with_key(Session(), SECRET, resources.settings)
    *_, (kept, verdict, *_) = tab.choose(session, "nobody:model")
    assert (kept.llm, kept.key, kept.model) == (session.llm, session.key, session.model)
    assert "not ready" in verdict
    assert not_asked(kept, resources).startswith("nobody:model was not asked.")
    assert not_asked(kept, resources).endswith("openai:honest answers instead.")
    *_, (changed, verdict, *_) = tab.choose(session, "openai:inventing")
    assert changed.llm == "openai:inventing"
    assert "ready" in verdict
    assert "openai:inventing answers" in verdict
    assert not_asked(with_model(kept, "extractive", resources.settings), resources) == ""
    own = replace(resources.settings, llm="openai:honest")
    assert "openai:honest" in doctor.choices(own)


def test_a_model_that_waits_for_a_key_is_named_by_the_answer_until_it_has_one(
    opened: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    tab = Actions(opened)
    *_, (waiting, verdict, *_) = tab.choose(NO_OVERRIDES, "openai:gpt-4o")
    assert "openai:gpt-4o: It needs a key. Paste one below." in verdict
    assert not_asked(waiting, opened) == (
        "openai:gpt-4o was not asked. It needs a key. Paste one in the Settings tab. "
        "These are the articles' own sentences instead."
    )
    starting = start.Actions(opened, start.Finding(opened))
    *_, (shown, _) = ask_tab.Actions(opened, starting).ask(QUESTION, (), waiting)
    assert "openai:gpt-4o was not asked." in shown[-1]["html"]
    keyed = with_key(waiting, SECRET, opened.settings)
    assert keyed.llm == "openai:gpt-4o"
    assert not_asked(keyed, opened) == ""
    *_, (reset, *_) = tab.choose(waiting, OWN_WORDS)  # as the list calls it
    assert not_asked(reset, opened) == ""


def test_what_the_fields_say_makes_the_session_that_a_server_has_lost(
    resources: Resources,
) -> None:
    tab = Actions(resources)
    settings = resources.settings
    plain = (settings.answer_sentences, settings.passages, "Balanced", settings.preview)
    assert tab.restored(settings.llm, *plain)[0] == NO_OVERRIDES
    session, verdict, *_ = tab.restored("openai:inventing", 1, settings.passages, "Bold", False)
    assert (session.llm, session.answer_sentences, session.passages) == (
        "openai:inventing",
        1,
        None,
    )
    assert (session.threshold, session.preview) == (STANCES["Bold"], False)
    assert "openai:inventing: press Check" in verdict
    wrong, verdict, *_ = tab.restored("nobody:model", *plain)
    assert "not ready" in verdict
    assert "nobody:model" in not_asked(wrong, resources)
    assert tab.restored(None, None, None, None, None)[0].llm == "extractive"


def test_how_sure_an_answer_must_be_has_words() -> None:
    assert stance_of(Settings().threshold) == "Balanced"
    assert all(stance_of(chance) == words for words, chance in STANCES.items())
    assert [*STANCES.values()] == sorted(STANCES.values(), reverse=True)
    assert stance_of(0.35) == "Careful"
    assert set_stance(NO_OVERRIDES, "Only when sure").threshold == STANCES["Only when sure"]
    with pytest.raises(SettingsError, match="none of"):
        set_stance(NO_OVERRIDES, "0.35")


def test_the_models_to_choose_from_are_those_that_the_server_lists(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    found = doctor.choices(resources.settings)
    assert found[:2] == ["extractive", "openai:honest"]
    assert "openai:inventing" in found
    assert "openai" in doctor.ready()


def test_a_path_is_no_session_setting(tmp_path: Path) -> None:
    assert {"index", "chroma", "llm_base_url", "allow_urls", "auth"}.isdisjoint(
        Session.__dataclass_fields__
    )
