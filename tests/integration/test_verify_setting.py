"""The setting `verify`, and answers in another language, from a question to what is printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.checking.support import OTHER_LANGUAGE
from rag.cli import main
from rag.errors import ModelError
from rag.models.llm import open_model
from rag.pipeline import answer, ingest
from rag.resources import Resources, open_resources
from rag.schema import Answer, Done
from rag.settings import Settings
from tests.llm_server import LLMServer, llm_server
from tests.tiny_entailment import make_tiny_entailment

STORM = (
    "The Tarn Pass was closed at noon on Sunday after 42 centimetres of snow fell in six hours. "
    "Roads chief Ilse Brandt said that nobody should drive up that night.\n"
)
QUESTION = "How much snow closed the Tarn Pass?"


@pytest.fixture(scope="module")
def server() -> Iterator[LLMServer]:
    with llm_server() as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("articles")
    (folder / "storm.txt").write_text(f"Storm closes Tarn Pass\n\n{STORM}", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def keyless(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Resources]:
    with open_resources(Settings(index=tmp_path_factory.mktemp("index")), create=True) as opened:
        ingest(folder, opened)
        yield opened


def asked(keyless: Resources, server: LLMServer, name: str, verify: str, **more: Any) -> Answer:
    settings = replace(
        keyless.settings, llm=f"openai:{name}", llm_base_url=server.url, verify=verify,
        retry_unsupported=1.0,
    )  # fmt: skip
    server.requests.clear()
    resources = replace(keyless, settings=settings, model=open_model(settings), **more)
    *_, done = answer(QUESTION, resources)
    assert isinstance(done, Done)
    return done.answer


def test_the_model_is_asked_once_about_what_the_rules_doubt(
    keyless: Resources, server: LLMServer
) -> None:
    server.reply = ["1: unsupported – no such", " figure\n"]
    got = asked(keyless, server, "judging", "model")
    doubted = [item for item in got.sentences if item.judged_by]
    assert len(server.requests) == 2
    assert [item.support for item in doubted] == ["unsupported"]
    assert doubted[0].reasons == ("no such figure",)
    claims = server.requests[1]["messages"][1]["content"]
    assert QUESTION not in claims
    assert "98,765" in claims


def test_by_default_nobody_else_is_asked(keyless: Resources, server: LLMServer) -> None:
    got = asked(keyless, server, "judging", "rules")
    assert len(server.requests) == 1
    assert not any(item.judged_by for item in got.sentences)


def test_a_german_answer_over_english_articles_is_checked_as_far_as_it_goes(
    keyless: Resources, server: LLMServer
) -> None:
    first, second = asked(keyless, server, "judging_german", "rules").sentences
    assert (first.support, first.reasons) == ("supported", (OTHER_LANGUAGE,))
    assert second.support == "unsupported"
    assert "98,765" in second.reasons[0]


def test_the_model_judges_what_the_rules_cannot(keyless: Resources, server: LLMServer) -> None:
    server.reply = ["1: supported – “42 centimetres of snow fell”\n2: unsupported – no cars"]
    got = asked(keyless, server, "judging_german", "model")
    assert [item.support for item in got.sentences] == ["supported", "unsupported"]
    assert {item.judged_by for item in got.sentences} == {"openai:judging_german"}


def test_a_folder_names_a_model_of_inference(
    folder: Path, server: LLMServer, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    judge = make_tiny_entailment(tmp_path / "nli", always=0)
    index = str(tmp_path / "index")
    assert main(["ingest", str(folder), "--index", index]) == 0
    monkeypatch.setenv("BYLINE_LLM_BASE_URL", server.url)
    monkeypatch.setenv("BYLINE_VERIFY", judge)
    assert main(["ask", QUESTION, "--index", index, "--llm", "openai:judging_german"]) == 0
    printed = capsys.readouterr().out
    assert "(backed by its sources, says nli: it follows from the cited text (1.00))" in printed
    assert str(tmp_path / "nli") not in printed


def test_a_folder_that_holds_none_is_refused_at_the_start(
    keyless: Resources, tmp_path: Path
) -> None:
    settings = replace(keyless.settings, verify=str(tmp_path))
    with pytest.raises(ModelError, match="verify"), open_resources(settings):
        pass
