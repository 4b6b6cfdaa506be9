from __future__ import annotations

import argparse
import io
import os
import sys
from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.settings import Settings
from rag.web import user_command, users


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "users.txt"
    users.add(path, "anna", "a secret")
    return path


def test_a_user_is_known_by_name_and_password_alone(file: Path) -> None:
    users.add(file, "josé", "caf\u00e9")
    known = users.read(file)
    assert list(known) == ["anna", "josé"]
    assert users.is_right(known, "anna", "a secret")
    assert users.is_right(known, "jose\u0301", "cafe\u0301")  # as another system types it
    for name, password in [
        ("anna", "caf\u00e9"),
        ("josé", "a secret"),
        ("ANNA", "a secret"),
        ("nobody", "a secret"),  # the hash that stands in is anna's
        ("anna", ""),
        ("", ""),
        ("anna", "a secret" + "x" * users.LONGEST_PASSWORD),
        ("anna", known["anna"]),
    ]:
        assert not users.is_right(known, name, password), (name, password)


def test_somebody_unknown_costs_a_hash_too(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    real = users.PasswordHasher.verify

    def verify(self: users.PasswordHasher, stored: str, password: bytes) -> bool:
        checked.append(stored)
        return real(self, stored, password)

    monkeypatch.setattr(users.PasswordHasher, "verify", verify)
    known = users.read(file)
    users.is_right(known, "nobody", "x")
    users.is_right(known, "anna", "x")
    assert checked == [known["anna"]] * 2


def test_the_file_holds_no_password_and_is_for_its_owner(file: Path) -> None:
    assert "a secret" not in file.read_text()
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["users.txt"]


@pytest.mark.parametrize(
    ("name", "password", "words"),
    [
        ("", "x", "the name is empty"),
        ("  ", "x", "the name is empty"),
        ("a:b", "x", "no colon"),
        (" anna", "x", "space at its ends"),
        ("an\nna", "x", "control characters"),
        ("#anna", "x", "no #"),
        ("a" * 65, "x", "at most 64"),
        ("bob", "", "the password is empty"),
        ("bob", " ", "the password is empty"),
        ("bob", "x" * 1025, "more than 1024"),
        ("anna", "x", "has a user anna already: a new password takes --replace"),
    ],
)
def test_what_can_be_no_user_is_refused(file: Path, name: str, password: str, words: str) -> None:
    before = file.read_text()
    with pytest.raises(SettingsError) as raised:
        users.add(file, name, password)
    assert words in str(raised.value)
    assert file.read_text() == before


def test_replacing_and_removing_leave_the_rest_as_it_is(file: Path) -> None:
    file.write_text(f"# the desk\n\n{file.read_text()}")
    users.add(file, "bob", "b")
    users.add(file, "anna", "another", replace=True)
    known = users.read(file)
    assert users.is_right(known, "anna", "another")
    assert not users.is_right(known, "anna", "a secret")
    users.remove(file, "anna")
    assert list(users.read(file)) == ["bob"]
    assert file.read_text().startswith("# the desk\n\n")
    with pytest.raises(SettingsError, match="no user anna"):
        users.remove(file, "anna")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("bob", "no argon2 hash"),
        ("bob:secret", "no argon2 hash"),
        ("bob:$argon2id$v=19$m=1", "no argon2 hash"),
        (":$argon2id$", "the name is empty"),
        (" anna:x", "space at its ends"),
    ],
)
def test_a_malformed_line_is_named(file: Path, line: str, words: str) -> None:
    file.write_text(f"{file.read_text()}# more\n{line}\n")
    with pytest.raises(SettingsError, match="line 3: ") as raised:
        users.read(file)
    assert words in str(raised.value)


def test_a_name_that_stands_twice_is_named(file: Path) -> None:
    file.write_text(file.read_text() * 2)
    with pytest.raises(SettingsError, match="line 2: the name stands above already"):
        users.read(file)


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX rights")
@pytest.mark.parametrize("mode", [0o604, 0o620, 0o602, 0o666])
def test_a_file_that_others_can_touch_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)
    with pytest.raises(SettingsError, match="chmod 600"):
        users.read(file)


def test_the_file_is_read_again_when_it_changes(file: Path) -> None:
    who = users.UserFile(file)
    assert list(who()) == ["anna"]
    users.add(file, "bob", "b")
    assert list(who()) == ["anna", "bob"]
    users.remove(file, "bob")
    users.remove(file, "anna")
    with pytest.raises(SettingsError, match="holds no user"):
        who()
    file.unlink()
    with pytest.raises(SettingsError, match="does not exist"):
        who()


def test_one_user_of_the_setting_is_like_one_of_a_file() -> None:
    who = users.who_may(Settings(auth="desk:a:b"))
    assert who is not None
    assert users.is_right(who(), "desk", "a:b")
    assert not users.is_right(who(), "desk", "a")
    assert users.who_may(Settings()) is None


def test_a_link_to_the_file_stays_one(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.txt"
    link.symlink_to(file)
    users.add(link, "bob", "b")
    assert link.is_symlink()
    assert "bob" in users.read(file)


def command(verb: str, name: str = "", *, replace: bool = False) -> argparse.Namespace:
    return argparse.Namespace(verb=verb, name=name, replace=replace)


def test_a_password_comes_from_a_pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(users=str(tmp_path / "users.txt"))
    monkeypatch.setattr(sys, "stdin", io.StringIO("pass word\r\nignored\n"))
    assert "anna may sign in" in user_command.run(command("add", "anna"), settings)
    assert user_command.run(command("list"), settings) == "anna"
    assert users.is_right(users.read(tmp_path / "users.txt"), "anna", "pass word")
    assert "no longer" in user_command.run(command("remove", "anna"), settings)
    assert "holds no user" in user_command.run(command("list"), settings)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_asks_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(users=str(tmp_path / "users.txt"))
    typed = iter(["one", "two", "same", "same"])
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    with pytest.raises(SettingsError, match="the two passwords differ"):
        user_command.run(command("add", "anna"), settings)
    user_command.run(command("add", "anna"), settings)
    assert users.is_right(users.read(tmp_path / "users.txt"), "anna", "same")


def test_without_a_file_the_setting_is_named() -> None:
    with pytest.raises(SettingsError, match="BYLINE_USERS=FILE"):
        user_command.run(command("list"), Settings())
