"""Pages of other sites, and names bound to this machine by somebody else."""

from __future__ import annotations

import pytest

from tests.attacks.attacking import QUESTION, Server

READS = (
    "/", "/config", "/api/v1/articles", "/api/v1/openapi.json", "/v1/models", "/gradio_api/info",
    "/gradio_api/queue/data?session_hash=a", "/theme.css", "/mcp", "/a/x", "/a/x.json",
)  # fmt: skip


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize(
    "name", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", ""]
)
def test_other_names_are_not_answered(server: Server, path: str, name: str) -> None:
    reply = server.ask("GET", path, headers={"Host": name})
    assert reply.status == 421
    assert "hosts" in reply.text


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST.", "127.0.0.1", "[::1]", "127.0.0.2"])
def test_names_of_this_machine_are(server: Server, name: str) -> None:
    assert server.ask("GET", "/config", headers={"Host": f"{name}:{server.port}"}).status == 200


FOREIGN = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:3000"},
    {"Origin": "http://127.0.0.1"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_pages_of_other_sites_may_neither_read_nor_ask(
    server: Server, headers: dict[str, str]
) -> None:
    for path in READS:
        assert server.ask("GET", path, headers=headers).status == 403
    for path in ("/api/v1/ask", "/v1/chat/completions", "/v1/responses", "/mcp"):
        assert server.ask("POST", path, {"question": QUESTION}, headers=headers).status == 403
    for path in ("/gradio_api/upload", "/api/v1/ingest"):
        assert server.ask("POST", path, b"x", headers=headers).status == 403
    for path in ("/config", "/api/v1/ask", "/v1/chat/completions", "/mcp"):
        assert server.ask("OPTIONS", path, headers=headers).status == 403


def test_a_link_from_another_site_opens_the_page(server: Server) -> None:
    visit = {
        "Sec-Fetch-Site": "cross-site",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
    }
    assert server.ask("GET", "/", headers=visit).status == 200
    assert server.ask("POST", "/", headers=visit).status == 403


def test_no_other_site_is_invited(server: Server) -> None:
    own = {"Origin": f"http://127.0.0.1:{server.port}"}
    for path in READS[:5]:
        reply = server.ask("GET", path, headers=own)
        assert reply.status == 200
        assert not [name for name in reply.headers if name.startswith("access-control")]
