from __future__ import annotations

import socket

import httpx
import pytest
from starlette.responses import Response

from rag.errors import SettingsError
from rag.settings import Settings
from rag.web import listening
from tests.unit.web.on_its_own import run


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org"])
def test_others_are_let_in_only_with_a_password(host: str) -> None:
    with pytest.raises(SettingsError, match=r"set auth to user:password"):
        listening.listen(Settings(host=host))


@pytest.mark.parametrize(
    "guarded",
    [{"auth": "a:b"}, {"users": "f"}, {"proxy": "10.0.0.1", "proxy_user_header": "X-User"}],
)
def test_each_way_to_say_who_may_come_in_lets_others_in(guarded: dict[str, str]) -> None:
    with listening.listen(Settings(host="0.0.0.0", port=0, **guarded)) as listener:  # type: ignore[arg-type]
        assert listener.getsockname()[0] == "0.0.0.0"


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"port {port} .*--port"):
            listening.listen(Settings(port=port))


def test_port_zero_takes_a_free_one() -> None:
    settings = Settings(port=0)
    with listening.listen(settings) as listener:
        assert listening.address(settings, listener).startswith("http://127.0.0.1:")


@pytest.mark.parametrize(("host", "shown"), [("0.0.0.0", "127.0.0.1"), ("localhost", "localhost")])
def test_the_address_is_one_that_a_browser_here_can_open(host: str, shown: str) -> None:
    settings = Settings(host=host, port=0, auth="desk:secret")
    with listening.listen(settings) as listener:
        assert f"//{shown}:" in listening.address(settings, listener)


@pytest.mark.parametrize(
    ("kind", "held_back"), [("text/event-stream; charset=utf-8", "no"), ("text/html", None)]
)
def test_a_proxy_is_told_to_hold_no_events_back(kind: str, held_back: str | None) -> None:
    async def asked() -> httpx.Response:
        app = listening.SecurityHeaders(Response("data: 1\n\n", media_type=kind))
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.get("/")

    reply = run(asked())
    assert reply.headers.get("x-accel-buffering") == held_back
    assert reply.headers["x-content-type-options"] == "nosniff"
