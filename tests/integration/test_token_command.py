"""`byline token`: shown once, kept as a hash, for its owner alone, and gone when it is removed."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rag.cli import main
from rag.errors import SettingsError
from rag.web.api import tokens
from rag.web.api.tokens import Token, Tokens
from vectorstore.beside import InFolder

Said = pytest.CaptureFixture[str]
TODAY = datetime.now(UTC).date()


@pytest.fixture
def index(tmp_path: Path) -> Path:
    (tmp_path / "index").mkdir()
    return tmp_path / "index"


def said(capsys: Said, index: Path, *words: str, code: int = 0) -> str:
    """What `byline token WORDS` prints, errors and all."""
    capsys.readouterr()
    assert main(["token", *words, "--index", str(index)]) == code
    printed = capsys.readouterr()
    return printed.out + printed.err


def test_a_token_is_shown_once_and_kept_as_a_hash(index: Path, capsys: Said) -> None:
    token = said(capsys, index, "add", "newsbot").strip()
    assert token.startswith(tokens.PREFIX)
    assert len(token) > 43  # 256 bits in base64, after the prefix
    file = index / tokens.FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = file.read_text()
    assert token not in kept
    assert token.removeprefix(tokens.PREFIX) not in kept
    assert list(json.loads(kept)) == [hashlib.sha256(token.encode()).hexdigest()]
    assert Tokens(InFolder(index)).find(token) == Token("newsbot", frozenset({"read"}), TODAY)
    assert token not in said(capsys, index, "list")
    assert said(capsys, index, "add", "other").strip() != token
    assert sorted(os.listdir(index)) == [tokens.FILE, "tokens.lock"]


def test_scopes_are_those_that_were_asked_for(index: Path, capsys: Said) -> None:
    both = said(capsys, index, "add", "b", "--scope", "add", "--scope", "read").strip()
    one = said(capsys, index, "add", "a", "--scope", "add").strip()
    assert said(capsys, index, "list").splitlines() == [
        f"a  add  since {TODAY}", f"b  add read  since {TODAY}",
    ]  # fmt: skip
    found = [Tokens(InFolder(index)).find(token) for token in (both, one)]
    assert [token and token.scopes for token in found] == [{"read", "add"}, {"add"}]
    assert [json.loads(line) for line in said(capsys, index, "list", "--json").splitlines()] == [
        {"name": "a", "scopes": ["add"], "made": TODAY.isoformat()},
        {"name": "b", "scopes": ["add", "read"], "made": TODAY.isoformat()},
    ]
    with pytest.raises(SystemExit, match="2"):
        main(["token", "add", "c", "--scope", "everything", "--index", str(index)])
    with pytest.raises(SettingsError, match="write read or add"):
        tokens.made(InFolder(index), "c", ["read", "everything"], TODAY)
    with pytest.raises(SettingsError, match="write read or add"):
        tokens.made(InFolder(index), "c", [], TODAY)


@pytest.mark.parametrize("name", ["", " ", "a:b", "x" * 65, "line\nbreak", "esc\x1b[2J", "nul\0"])
def test_a_bad_name_is_refused_and_nothing_is_kept(index: Path, capsys: Said, name: str) -> None:
    told = said(capsys, index, "add", name, code=2)
    assert "cannot be a token's name" in told
    assert not {"\x1b", "\0"} & set(told)
    assert os.listdir(index) == []


def test_a_name_is_taken_once(index: Path, capsys: Said) -> None:
    token = said(capsys, index, "add", "newsbot").strip()
    assert "byline token remove newsbot" in said(capsys, index, "add", "newsbot", code=2)
    assert Tokens(InFolder(index)).find(token) is not None


def test_a_removed_token_lets_nobody_in_from_then_on(index: Path, capsys: Said) -> None:
    token, kept = (said(capsys, index, "add", name).strip() for name in ("gone", "kept"))
    held = Tokens(InFolder(index))  # as a server has it that is running
    assert held.find(token) is not None
    assert said(capsys, index, "remove", "gone") == "gone is no longer let in.\n"
    assert held.find(token) is None
    assert held.find(kept) is not None
    assert "There is no token gone: byline token list" in said(
        capsys, index, "remove", "gone", code=2
    )
    later = said(capsys, index, "add", "gone").strip()
    assert (held.find(token), held.find(later) is None) == (None, False)


def test_what_is_no_token_is_none(index: Path, capsys: Said) -> None:
    token = said(capsys, index, "add", "newsbot").strip()
    held = Tokens(InFolder(index))
    digest = hashlib.sha256(token.encode()).hexdigest()
    for wrong in ("", "newsbot", digest, token[:-1], token + "a", token.upper(), "\ud800", "é"):
        assert held.find(wrong) is None


@pytest.mark.parametrize("words", [("add", "a"), ("list",), ("remove", "a")])
def test_a_missing_folder_is_named_and_not_made(
    tmp_path: Path, capsys: Said, words: tuple[str, ...]
) -> None:
    missing = tmp_path / "none"
    told = said(capsys, missing, *words, code=2)
    assert f"There is no index in {missing}" in told
    assert "--index DIR" in told
    assert not missing.exists()


@pytest.mark.parametrize(
    "damaged", ["", "{", "[]", '"x"', '{"h": 1}', '{"h": {"name": "a", "scopes": [], "made": "x"}}']
)
def test_a_damaged_file_is_named_and_left_alone(index: Path, capsys: Said, damaged: str) -> None:
    file = index / tokens.FILE
    file.write_text(damaged)
    for words in (("add", "a"), ("list",), ("remove", "a")):
        assert f"{file} is no file of tokens" in said(capsys, index, *words, code=2)
    with pytest.raises(SettingsError):
        Tokens(InFolder(index)).find("byline_x")
    assert file.read_text() == damaged


def test_a_file_that_others_could_read_is_tightened(index: Path, capsys: Said) -> None:
    said(capsys, index, "add", "a")
    (index / tokens.FILE).chmod(0o644)
    said(capsys, index, "add", "b")
    assert stat.S_IMODE((index / tokens.FILE).stat().st_mode) == 0o600
