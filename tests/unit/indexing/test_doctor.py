"""`byline doctor`: one line a check, the right one wrong, and never a key."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.cli import main
from rag.indexing.doctor import Verdict, diagnose
from rag.settings import Settings
from tests.llm_server import LLMServer, llm_server

KEY = "very-secret-key-of-a-test"


@pytest.fixture
def server() -> Iterator[LLMServer]:
    with llm_server() as running:
        yield running


def look(folder: Path, **settings: object) -> dict[str, Verdict]:
    found = diagnose(Settings(index=folder / "index", reranker="none", **settings))  # type: ignore[arg-type]
    assert all("\n" not in str(item) and KEY not in str(item) for item in found)
    assert len({item.subject for item in found}) == len(found)
    return {item.subject: item for item in found}


def wrong(found: dict[str, Verdict]) -> list[str]:
    return [subject for subject, item in found.items() if not item.ok]


def test_a_model_that_answers_is_well(tmp_path: Path, server: LLMServer) -> None:
    found = look(tmp_path, llm="openai:good", llm_base_url=server.url)
    assert list(found) == [
        "name", "package", "key", "server", "model", "answer", "embedding model", "reranker",
        "index",
    ]  # fmt: skip
    assert wrong(found) == ["index"]
    assert "byline ingest" in found["index"].finding


@pytest.mark.parametrize(
    ("llm", "subject", "words"),
    [
        ("gpt-4", "name", "provider:model"),
        ("openai:", "name", "provider:model"),
        ("nowhere:m", "package", "nowhere"),
        ("groq:m", "package", "pip install langchain-groq"),
        ("openai:gpt-4o", "key", "OPENAI_API_KEY"),
    ],
)
def test_what_can_be_seen_without_a_server(
    tmp_path: Path, llm: str, subject: str, words: str
) -> None:
    found = look(tmp_path, llm=llm)
    assert wrong(found) == [subject, "index"]
    assert words in found[subject].finding


@pytest.mark.parametrize("provider", ["openai", "anthropic", "google", "mistral", "ollama"])
def test_a_missing_package_is_named_with_the_line_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, provider: str
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    found = look(tmp_path, llm=f"{provider}:m")
    assert f"pip install 'byline[{provider}]'" in found["package"].finding


@pytest.mark.parametrize(
    ("llm", "subject", "words"),
    [
        ("openai:locked", "answer", "refused the key"),
        ("openai:missing", "model", "does not list missing; it lists good, locked"),
        ("openai:busy", "answer", "fewer requests"),
        ("openai:broken_down", "answer", "failed"),
        ("openai:silent", "answer", "silent for 0.2 seconds"),
        ("openai:empty", "answer", "without a word"),
    ],
)
def test_what_a_server_says_is_passed_on(
    tmp_path: Path, server: LLMServer, llm: str, subject: str, words: str
) -> None:
    timeout = 0.2 if llm == "openai:silent" else 30.0
    found = look(tmp_path, llm=llm, llm_base_url=server.url, llm_timeout=timeout)
    assert subject in wrong(found)
    assert words in found[subject].finding
    assert found["server"].ok


def test_what_visitors_are_offered_is_looked_at_without_asking(
    tmp_path: Path, server: LLMServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("openai:a", "anthropic:b", "nowhere:c")
    found = look(tmp_path, llm="openai:good", llm_base_url=server.url, models=names)
    assert found["offered openai:a"].ok  # a server of one's own decides by itself
    assert not found["offered anthropic:b"].ok
    found = look(tmp_path, models=("openai:a",))
    assert "set OPENAI_API_KEY" in found["offered openai:a"].finding
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert look(tmp_path, models=("openai:a",))["offered openai:a"].ok
    assert all(request["model"] == "good" for request in server.requests)


def test_nobody_there(tmp_path: Path) -> None:
    found = look(tmp_path, llm="openai:good", llm_base_url="http://me:pass@127.0.0.1:9/v1")
    assert "cannot be reached" in found["server"].finding
    assert "BYLINE_LLM_BASE_URL" in str(found["server"])
    assert "pass@" not in str(found["server"])
    assert "answer" not in found


def test_an_address_without_its_end(tmp_path: Path, server: LLMServer) -> None:
    found = look(tmp_path, llm="openai:good", llm_base_url=server.url.removesuffix("/v1"))
    assert "/v1 at the end" in found["answer"].finding


@pytest.mark.parametrize(("given", "right"), [(KEY, True), ("another-secret-key", False)])
def test_a_key_is_used_and_never_shown(
    tmp_path: Path, server: LLMServer, monkeypatch: pytest.MonkeyPatch, given: str, right: bool
) -> None:
    server.key = KEY
    monkeypatch.setenv("OPENAI_API_KEY", given)
    found = look(tmp_path, llm="openai:good", llm_base_url=server.url)
    assert found["answer"].ok == right
    assert found["key"].finding == "OPENAI_API_KEY is set"
    assert not any(given in str(item) for item in found.values())


def test_weights_that_are_not_there(tmp_path: Path) -> None:
    settings = Settings(
        index=tmp_path / "index", embedding=str(tmp_path / "no"), reranker=str(tmp_path / "none")
    )
    subjects = {item.subject: item.ok for item in diagnose(settings)}
    assert subjects == {"language model": True, "embedding model": False, "reranker": False}


def test_the_command_prints_a_line_a_check_and_says_so_by_its_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = str(tmp_path / "index")
    assert main(["doctor", "--index", index]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line[:5] for line in lines] == ["ok   ", "ok   ", "ok   ", "WRONG"]
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text("Quay shut\n\nThe quay was shut at noon.\n")
    main(["ingest", str(tmp_path / "articles"), "--index", index])
    assert main(["doctor", "--index", index]) == 0
