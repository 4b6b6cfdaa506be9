"""Pages of sites that the setting `origins` lists, and how much one token may hold and ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.settings import load_settings
from rag.web.api import places, tokens
from rag.web.api.problems import ProblemError
from rag.web.audit import Who
from tests.integration.programs import QUESTION, call, served
from vectorstore.beside import InFolder

TOOL = "https://tool.example"
TODAY = datetime.now(UTC).date()


@dataclass(frozen=True)
class Listed:
    """A server with one user, one listed site, one call a second, and tokens of two programs."""

    address: str
    one: str
    two: str


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listed]:
    folder = tmp_path_factory.mktemp("listed")
    settings = {"BYLINE_ORIGINS": TOOL, "BYLINE_AUTH": "ada:right", "BYLINE_CALLS": "1"}
    with served(folder, **settings) as address:
        made = [
            tokens.made(InFolder(folder / "index"), name, ["read"], TODAY)
            for name in ("one", "two")
        ]
        yield Listed(address, *made)


def test_a_listed_site_may_ask_with_a_token(listed: Listed) -> None:
    asks = {"Access_Control_Request_Method": "POST", "Origin": TOOL}
    wants = {"Access_Control_Request_Headers": "authorization,content-type"}
    before = call(listed.address, "/api/v1/ask", method="OPTIONS", **asks, **wants)
    assert before.status == 200
    assert before.headers["access-control-allow-origin"] == TOOL
    assert "access-control-allow-credentials" not in before.headers
    got = call(listed.address, "/api/v1/ask", {"question": QUESTION}, token=listed.one, Origin=TOOL)
    assert got.json["status"] == "answered"
    assert got.headers["access-control-allow-origin"] == TOOL


ELSEWHERE = [
    "https://tool.example.evil.example", "http://tool.example", "https://tool.example:8443",
    "null", "https://evil.example",
]  # fmt: skip


@pytest.mark.parametrize("origin", ELSEWHERE)
def test_a_site_that_is_not_listed_is_refused_even_with_a_token(
    listed: Listed, origin: str
) -> None:
    got = call(listed.address, "/api/v1/articles", token=listed.two, Origin=origin)
    assert got.status == 403
    assert not [name for name in got.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize("path", ["/", "/config", "/gradio_api/info", "/theme.css", "/login"])
def test_a_listed_site_gets_nothing_of_the_page(listed: Listed, path: str) -> None:
    assert call(listed.address, path, token=listed.two, Origin=TOOL).status == 403


def test_a_listed_site_cannot_use_the_session_of_who_signed_in(listed: Listed) -> None:
    form = b"username=ada&password=right"
    kind = "application/x-www-form-urlencoded"
    let_in = call(listed.address, "/login", form, Content_Type=kind)
    cookie = let_in.headers["set-cookie"].partition(";")[0]
    path = "/api/v1/articles"
    assert call(listed.address, path, Cookie=cookie).status == 200
    assert call(listed.address, path, Cookie=cookie, Origin=TOOL).status == 401


def test_each_token_has_a_pace_of_its_own(listed: Listed) -> None:
    got = [call(listed.address, "/api/v1/articles", token=listed.one) for _ in range(40)]
    refused = [reply for reply in got if reply.status == 429]
    assert refused
    assert int(refused[-1].headers["retry-after"]) >= 1
    assert refused[-1].headers["content-type"] == "application/problem+json"
    assert call(listed.address, "/api/v1/articles", token=listed.two).status == 200


def test_one_caller_cannot_take_all_places() -> None:
    free, greedy = places.Places(), Who("token:greedy")
    held = [free.take(greedy) for _ in range(places.SHARE)]
    for again in (greedy, Who("token:greedy", "10.0.0.2")):
        with pytest.raises(ProblemError) as refused:
            free.take(again)
        assert refused.value.status == 429
    held += [free.take(Who(f"token:{n % 8}")) for n in range(places.ROOM - places.SHARE)]
    with pytest.raises(ProblemError) as full:
        free.take(Who("token:third"))
    assert full.value.status == 503
    for place in held:
        place.close()
    with free.take(greedy), free.take(Who("token:third")):
        pass


@pytest.mark.parametrize(
    "origin", ["*", "tool.example", "https://tool.example/", "https://*.example", "null"]
)
def test_what_is_no_origin_is_refused_at_the_start(origin: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="origins"):
        load_settings({}, environ={"BYLINE_ORIGINS": origin}, file=tmp_path / "none.toml")
