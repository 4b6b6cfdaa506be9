from __future__ import annotations

from typing import Any

import pytest

from rag.settings import Settings
from rag.web.proxy import Forwarded
from tests.unit.web.on_its_own import run

SETTINGS = Settings(proxy="10.0.0.0/24, 127.0.0.1", proxy_user_header="X-Forwarded-User")


def seen(client: str | None, *headers: tuple[str, str], scheme: str = "http") -> dict[str, Any]:
    """Return the scope as the application behind sees it."""
    got: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        got.append(scope)

    given = [(name.lower().encode(), value.encode()) for name, value in headers]
    scope = {
        "type": "http",
        "scheme": scheme,
        "client": (client, 1) if client else None,
        "headers": given,
    }
    run(Forwarded(app, SETTINGS)(scope, None, None))  # type: ignore[arg-type]
    return got[0]  # type: ignore[no-any-return]


def test_the_proxy_is_believed() -> None:
    scope = seen(
        "127.0.0.1",
        ("X-Forwarded-User", "josé"),
        ("X-Forwarded-For", "6.6.6.6, 203.0.113.9, 10.0.0.7"),
        ("X-Forwarded-Proto", "https"),
    )
    assert scope["state"]["proxy_user"] == "josé"
    assert scope["client"][0] == "203.0.113.9"  # what stands before it, the visitor said
    assert scope["scheme"] == "https"
    assert b"x-forwarded-user" not in dict(scope["headers"])
    assert seen("::ffff:10.0.0.9", ("X-Forwarded-User", "a"))["state"]["proxy_user"] == "a"
    assert seen("10.0.0.9", ("X-Forwarded-Proto", "wss"), scheme="ws")["scheme"] == "wss"


@pytest.mark.parametrize("client", ["127.0.0.2", "10.0.1.1", "::1", "not an address", None])
def test_nobody_else_is(client: str | None) -> None:
    scope = seen(
        client,
        ("X-Forwarded-User", "root"),
        ("X-Forwarded-For", "203.0.113.9"),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Host", "evil.example"),
        ("Forwarded", "for=203.0.113.9"),
        ("Accept", "text/html"),
    )
    assert "proxy_user" not in scope["state"]
    assert scope["client"] == ((client, 1) if client else None)
    assert scope["scheme"] == "http"
    assert scope["headers"] == [(b"accept", b"text/html")]


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("X-Forwarded-User", "")],
        [("X-Forwarded-User", " ")],
        [("X-Forwarded-User", "root"), ("X-Forwarded-User", "anna")],
        [("X-Forwarded-User", "an\nna")],
        [("X-Forwarded-User", "a" * 65)],
        [("X_Forwarded_User", "root")],
    ],
)
def test_a_proxy_that_names_nobody_or_two_lets_nobody_in(headers: list[tuple[str, str]]) -> None:
    assert seen("127.0.0.1", *headers)["state"]["proxy_user"] is None


@pytest.mark.parametrize("chain", ["", "unknown", "1.2.3.4, <script>", "10.0.0.7"])
def test_a_chain_that_cannot_be_read_leaves_the_proxy(chain: str) -> None:
    assert seen("127.0.0.1", ("X-Forwarded-For", chain))["client"][0] == "127.0.0.1"
