from __future__ import annotations

import pytest

from rag.web import sessions
from rag.web.login import local_path
from rag.web.sessions import LASTS, Sessions


def test_a_session_lasts_from_its_last_use() -> None:
    now = [0.0]
    held = Sessions(lambda: now[0])
    token = held.open("anna", "hash")
    for _ in range(3):
        now[0] += LASTS - 1
        found = held.find(token)
        assert found is not None
        assert (found.user, found.mark) == ("anna", "hash")
    now[0] += LASTS
    assert held.find(token) is None
    assert not held._held


def test_looking_whether_anything_changed_is_no_use_of_a_session() -> None:
    now = [0.0]
    held = Sessions(lambda: now[0])
    token = held.open("anna", "hash")
    now[0] += LASTS - 1
    assert held.find(token, used=False) is not None
    now[0] += 1
    assert held.find(token) is None


def test_no_token_is_kept() -> None:
    held = Sessions()
    tokens = {held.open("anna", "hash") for _ in range(20)}
    assert len(tokens) == 20
    assert all(len(token) >= 43 for token in tokens)
    assert not any(token in repr(held._held) for token in tokens)
    assert held.find("\udcff") is None


def test_the_least_used_session_of_a_user_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "MOST", 3)
    held = Sessions()
    bob, first, second, third = (held.open(name, "") for name in ("bob", "anna", "anna", "anna"))
    held.find(first)
    fourth = held.open("anna", "")
    assert held.find(second) is None
    assert all(held.find(token) for token in (bob, first, third, fourth))


def test_a_closed_session_is_gone() -> None:
    held = Sessions()
    token = held.open("anna", "")
    assert held.close(token) is not None
    assert held.find(token) is None
    assert held.close(token) is None


@pytest.mark.parametrize("after", ["/", "/?a=b&c=%2F", "/gradio_api/info", "/a#b", "/%5Cevil"])
def test_a_path_of_this_server_is_gone_to(after: str) -> None:
    assert local_path(after) == after


@pytest.mark.parametrize(
    "after",
    [
        "",
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "evil.example",
        "@evil.example",
        "/a\r\nSet-Cookie: x=y",
        "/\x00",
        "//[",
        "/login",
        "/logout?x",
        "/" + "a" * 2000,
    ],
)
def test_no_other_place_is_gone_to(after: str) -> None:
    assert local_path(after) == "/"
