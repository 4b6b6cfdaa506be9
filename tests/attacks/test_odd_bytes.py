"""Bytes and characters that questions, consoles, paths and the environment should not hold."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.cli import main
from rag.errors import FilterError, SettingsError
from rag.export.verifying import verify
from rag.integrations.langchain import open_retriever
from rag.models.proxies import must_be_usable, spare_loopback, unusable_hidden
from rag.pipeline import answer
from rag.resources import open_resources
from rag.retrieval.filters import as_filters
from rag.schema import Done
from rag.settings import Settings, load_settings
from rag.text.typed import storable
from rag.web import ask_tab, start
from tests.attacks.attacking import Server
from tests.attacks.running import byline, write

ODD = "When was the caf\ud800 pier\0 shut\x1b[2J?"
PLAIN = "When was the caf\ufffd pier  shut [2J?"
# Python as on a system that never heard of UTF-8
OLD = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `articles`, whose own name is no UTF-8, and their `index` beside it."""
    outer = tmp_path_factory.mktemp("odd")
    work = outer / os.fsdecode(b"caf\xe9")
    write(work / "articles" / "pier.txt", "pier")
    write(work / "articles" / "né.txt", "dock")
    assert main(["ingest", str(work / "articles"), "--index", str(outer / "index")]) == 0
    return work


def index(work: Path) -> str:
    return str(work.parent / "index")


# --- questions and filters


def test_a_question_may_hold_anything(work: Path) -> None:
    """Whichever way it comes in, it can be kept and sent on."""
    with open_resources(Settings(index=Path(index(work)))) as resources:
        *_, done = answer(ODD, resources)
        assert isinstance(done, Done)
        assert "noon" in done.answer.text
        starting = start.Actions(resources, start.Finding(resources))
        *_, shown = ask_tab.Actions(resources, starting).ask(ODD, ())
        for part in shown:
            repr(part).encode()
    with open_retriever(index(work)) as retriever:
        assert retriever.invoke(ODD)
    with pytest.raises(FilterError) as error:
        as_filters({"since": "some\ud800 day\x1b[2J"})
    str(error.value).encode()
    assert "\x1b" not in str(error.value)


@pytest.mark.parametrize("name", ["ask", "find", "compare"])
def test_a_question_of_a_program_may_hold_anything(server: Server, name: str) -> None:
    for filters in ({}, {"outlets": ["Caf\ud800"], "files": ["*\0.txt"]}):
        reply = server.call(name, question=ODD, filters=filters)
        assert (reply.status, reply.json["question"]) == (200, PLAIN)


def test_a_message_may_end_in_half_a_character(server: Server) -> None:
    """Clients cut texts after so many units, and leave half of an emoji."""
    said = [{"role": "user", "content": ODD}]
    for path, body in (("chat/completions", {"messages": said}), ("responses", {"input": ODD})):
        assert server.ask("POST", f"/v1/{path}", body).status == 200


def test_a_line_of_a_batch_costs_itself_at_most(
    work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_bytes(
        b'\xef\xbb\xbf{"id": 1, "question": "The \\ud800 pier\\u0000?"}\n'
        b'{"id": 2, "question": "The caf\xe9 pier?"}\n'
        b'{"id": 3, "question": "The \xe2\x80\xa8 pier?"}\n'
    )
    assert main(["ask", "--batch", str(batch), "--json", "--index", index(work)]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    asked = ["The \ufffd pier ?", "The caf\ufffd pier?", "The \u2028 pier?"]
    assert [row["question"] for row in rows] == asked
    batch.write_text('{"id": 1, "question": 5}\n')
    assert main(["ask", "--batch", str(batch), "--json", "--index", index(work)]) == 2
    assert "line 1" in capsys.readouterr().err


@given(st.text())
def test_text_from_outside_can_be_stored(text: str) -> None:
    plain = storable(text)
    plain.encode()
    assert "\0" not in plain
    assert "\x1b" not in plain
    assert storable(plain) == plain
    assert len(plain) == len(text)


# --- the console and the command line


def test_a_console_without_utf_8_is_served(work: Path) -> None:
    ask = ["ask", "Was the café “pier” shut?", "--file", work / "articles" / "pier.txt"]
    done = byline(*ask, "--json", "--index", index(work), cwd=work, environ=OLD)
    assert done.stderr == b""
    got = json.loads(done.stdout)
    assert got["question"] == "Was the café “pier” shut?"  # typed in UTF-8, whatever the locale
    assert got["searched"]["articles"] == 1
    assert "“" in got["answer"]
    done = byline(*ask, "--index", index(work), cwd=work, environ={"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\u201c" in done.stdout
    done = byline("ingest", "articles", "--json", "--index", index(work), cwd=work, environ=OLD)
    got = json.loads(done.stdout)
    assert (got["unchanged"], got["added"], got["removed"]) == (2, 0, 0)


def test_an_argument_that_is_no_utf_8(work: Path) -> None:
    ask = ["ask", b"Was the caf\xe9 pier shut?", "--author", b"Fenw\xefck", "--json"]
    done = byline(*ask, "--index", index(work), cwd=work)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["question"] == "Was the caf\ufffd pier shut?"


def test_a_pack_of_such_a_folder_is_verified(work: Path, tmp_path: Path) -> None:
    pack = tmp_path / "pack.json"
    asked = ["ask", "When was the pier shut?", "--pack", str(pack), "--index", index(work)]
    assert main(asked) == 0
    assert main(["verify", str(pack), "--index", index(work)]) == 0


def test_a_pack_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    citation = {
        "source": {"file": "\x1b[2J\0.txt", "sha256": ""},
        "file": "\x1b[2J.txt",
        "number": 1,
    }
    pack = {
        "seal": "", "software": {"reader": 1}, "answers": [{"citations": [citation]}],
        "articles": {"folder": None, "uploads": ""},
    }  # fmt: skip
    lines = [verdict.line for verdict in verify(pack, tmp_path, tmp_path)]
    assert len(lines) == 2
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize("name", ["a\0b", os.fsdecode(b"caf\xe9")])
def test_an_index_that_no_store_can_open_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="index"):
        load_settings({"index": name}, environ={})
    with pytest.raises(SettingsError, match="index"):
        load_settings(environ={"BYLINE_INDEX": name})


def test_a_folder_argument_that_is_no_path(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No shell can pass one, but programs that call `main` can."""
    assert main(["ingest", "a\0b", "--index", index(work)]) == 2
    assert "not a folder" in capsys.readouterr().err
    circle = work.parent / "circle"
    circle.symlink_to(circle)
    assert main(["ingest", str(circle), "--index", index(work)]) == 2
    assert "not a folder" in capsys.readouterr().err


# --- proxies


def test_a_proxy_that_cannot_be_used_is_named() -> None:
    environ = {"ALL_PROXY": "socks://127.0.0.1:9", "HTTP_PROXY": "127.0.0.1:9"}
    with unusable_hidden(environ):
        assert list(environ) == ["HTTP_PROXY"]
    assert len(environ) == 2
    with pytest.raises(SettingsError, match="ALL_PROXY=socks://127.0.0.1:9"):
        must_be_usable(environ)
    must_be_usable({"ALL_PROXY": "socks5h://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"})


def test_servers_of_this_machine_are_reached_past_a_proxy() -> None:
    environ = {"all_proxy": "socks5h://127.0.0.1:9", "no_proxy": "intranet"}
    spare_loopback(environ)
    assert environ["no_proxy"] == "intranet,localhost,127.0.0.1,::1"
    assert environ["NO_PROXY"] == "localhost,127.0.0.1,::1"
    untouched: dict[str, str] = {}
    spare_loopback(untouched)
    assert untouched == {}


def test_a_socks_proxy_costs_no_answer(work: Path) -> None:
    """A language model on this machine is asked past it, and a model elsewhere by way of it."""
    environ = {"ALL_PROXY": "socks5h://127.0.0.1:9", "OPENAI_API_KEY": "none"}
    ask = ["ask", "When was the pier shut?", "--json", "--index", index(work)]
    model = ["--llm", "openai:none"]
    done = byline(*ask, *model, cwd=work, environ=environ)
    assert b"Traceback" not in done.stderr
    got = json.loads(done.stdout)
    assert "noon" in got["answer"]  # the articles' own sentences stand in for the model
    assert "cannot be reached" in got["notes"][0]
