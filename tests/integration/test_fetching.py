"""Pages by address, from a real server on loopback; which addresses are public, without any."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.articles import read_file
from rag.errors import ArticleError, SettingsError
from rag.indexing import fetching
from rag.indexing.fetching import Address, Fetched, fetch, file_name, is_public
from rag.pipeline import add_page
from rag.resources import open_resources
from rag.settings import Settings

ON = Settings(allow_urls=True, max_upload_mb=1)
PAGE = """<html><head><title>Pass closed</title></head><body><article><h1>Pass closed by snow</h1>
<p>The Tarn Pass was closed at noon on Sunday after 42 centimetres of snow fell in six hours.</p>
<p>Two lorries had to be pulled out of the ditch near the Old Mill, Ilse Brandt said.</p>
</article></body></html>"""


FRENCH = PAGE.replace("snow", "schnée").encode("cp1252")


class Site(BaseHTTPRequestHandler):
    """Answers by path; `asked` is the Host and the path of each request."""

    asked: list[tuple[str, str]]
    release: threading.Event

    def do_GET(self) -> None:
        self.asked.append((self.headers["Host"], self.path))
        path = self.path.partition("?")[0]
        if path.startswith("/to/"):
            return self.answer(302, b"", Location=self.path.removeprefix("/to/"))
        kinds = {
            "/story": ("text/html; charset=utf-8", PAGE.encode()),
            "/latin": ("text/html; charset=iso-8859-1", FRENCH),
            "/note.txt": ("text/plain", b"A note on the lighthouse."),
            "/paper.pdf": ("application/pdf", b"%PDF-1.4 \xff\xfe"),
            "/picture": ("image/png", b"\x89PNG"),
            "/empty": ("text/html", b"  \n"),
            "/large": ("text/plain", b"x" * 1_000_001),
            "/none": ("", b"?"),
        }  # fmt: skip
        if path == "/slow":
            self.release.wait(20)
        kind, body = kinds.get(path, ("text/html", b"gone"))
        return self.answer(200 if path in kinds else 404, body, **{"Content-Type": kind})

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def site() -> Iterator[tuple[str, type[Site]]]:
    handler = type("OneSite", (Site,), {"asked": [], "release": threading.Event()})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", handler
        handler.release.set()
        server.shutdown()
        thread.join()


def loopback(address: Address) -> bool:
    return address.is_loopback


def got(url: str) -> Fetched:
    return fetch(url, ON, is_allowed=loopback)


def test_a_page_is_fetched_and_read_with_its_address(
    site: tuple[str, type[Site]], tmp_path: Path
) -> None:
    url, _ = site
    page = got(f"  {url}/story?id=7 ")
    assert page.name == "127.0.0.1-story-id-7.html"
    (tmp_path / page.name).write_bytes(page.data)
    (article,) = read_file(tmp_path / page.name, page.name).articles
    assert article.title == "Pass closed"
    assert article.url == f"{url}/story?id=7"
    assert "42 centimetres of snow" in article.text


def test_a_page_is_added_once_however_often_it_is_fetched(
    site: tuple[str, type[Site]], tmp_path: Path
) -> None:
    settings = Settings(index=tmp_path / "index", allow_urls=True)
    with open_resources(settings, create=True) as resources:
        for _ in range(2):
            report = add_page(resources, f"{site[0]}/story", is_allowed=loopback)
            assert (report.failed, report.articles) == ((), 1)
        (item,) = resources.index.articles(resources.index.article_ids()).values()
        assert (item.title, item.path) == ("Pass closed", "uploads:127.0.0.1-story.html")
        report = add_page(resources, f"{site[0]}/paper.pdf", is_allowed=loopback)
        assert "PDF" in report.failed[0].reason


def test_the_encoding_of_the_header_is_kept(site: tuple[str, type[Site]], tmp_path: Path) -> None:
    page = got(f"{site[0]}/latin")
    (tmp_path / "a.html").write_bytes(page.data)
    (article,) = read_file(tmp_path / "a.html", "a.html").articles
    assert "schnée" in article.text


def test_plain_text_and_pdf_keep_their_bytes(site: tuple[str, type[Site]]) -> None:
    assert got(f"{site[0]}/note.txt") == Fetched(
        "127.0.0.1-note.txt", b"A note on the lighthouse.", f"{site[0]}/note.txt"
    )
    assert got(f"{site[0]}/paper.pdf").data == b"%PDF-1.4 \xff\xfe"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/missing", "404 Not Found"),
        ("/picture", "sends image/png"),
        ("/none", "sends no type"),
        ("/empty", "empty page"),
        ("/large", "more than 1 MB"),
        ("/to//story", None),
        ("/to/" * 6 + "/story", "redirects more than 5 times"),
        ("/to/file:///etc/passwd", "no address of a page"),
        ("/to/http://user:secret@127.0.0.1/", "user name or password"),
    ],
)
def test_what_is_no_page_is_said(site: tuple[str, type[Site]], path: str, says: str | None) -> None:
    if says is None:
        assert got(site[0] + path).url.endswith("/story")
        return
    with pytest.raises(ArticleError, match=says) as caught:
        got(site[0] + path)
    assert "secret" not in str(caught.value)


def test_nothing_is_fetched_unless_it_is_switched_on(site: tuple[str, type[Site]]) -> None:
    with pytest.raises(SettingsError, match="BYLINE_ALLOW_URLS"):
        fetch(f"{site[0]}/story", Settings(), is_allowed=loopback)
    assert site[1].asked == []


@pytest.mark.parametrize(
    "url",
    ["ftp://example.com/a", "javascript:alert(1)", "story", "http://", "https:///x", "//x/y",
     "http://a b/", "http://[::1", "x" * 3000, "file:///etc/passwd", "http://%00/"],
)  # fmt: skip
def test_only_addresses_of_pages_are_taken(url: str) -> None:
    with pytest.raises(ArticleError, match="no address of a page|not known"):
        got(url)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "0x7f.1", "127.1", "10.0.0.8",
     "192.168.1.1", "172.16.3.4", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255",
     "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]", "[fd00::1]",
     "[::]", "[ff02::1]", "[fec0::1]"],
)  # fmt: skip
def test_addresses_inside_a_network_are_refused(host: str) -> None:
    with pytest.raises(ArticleError, match="not a public address|not known"):
        fetch(f"http://{host}:9/", ON)


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700:4700::1111"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@given(st.ip_addresses(v=4))
def test_what_is_private_stays_so_in_ipv6(address: ipaddress.IPv4Address) -> None:
    for written in (f"::ffff:{address}", f"64:ff9b::{address}", f"::{address}"):
        inside = ipaddress.ip_address(written)
        assert not is_public(inside) or is_public(address)
    assert not is_public(address) or not address.is_private


def resolver(*answers: str) -> Callable[..., Any]:
    """A look-up that gives the next of `answers` each time, several separated by commas."""
    left = list(answers)

    def look_up(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        found = (left.pop(0) if left else "203.0.113.9").split(",")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    return look_up


def test_the_address_looked_at_is_the_one_connected_to(
    site: tuple[str, type[Site]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that changes its address between two look-ups gains nothing: there is but one."""
    port = site[0].rpartition(":")[2]
    monkeypatch.setattr(socket, "getaddrinfo", resolver("127.0.0.1"))
    assert got(f"http://rebinding.example:{port}/note.txt").data.startswith(b"A note")
    assert site[1].asked == [(f"rebinding.example:{port}", "/note.txt")]


def test_one_private_address_among_several_is_enough_to_refuse(
    site: tuple[str, type[Site]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolver("127.0.0.1,10.0.0.1"))
    with pytest.raises(ArticleError, match="not a public address"):
        got(f"http://both.example:{site[0].rpartition(':')[2]}/note.txt")
    assert site[1].asked == []


def test_a_redirect_is_looked_at_like_a_page(
    site: tuple[str, type[Site]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolver("127.0.0.1", "10.0.0.1"))
    port = site[0].rpartition(":")[2]
    with pytest.raises(ArticleError, match="inside.example is not a public address"):
        got(f"http://outside.example:{port}/to/http://inside.example:{port}/story")
    assert [path for _, path in site[1].asked] == [f"/to/http://inside.example:{port}/story"]


def test_a_server_that_keeps_one_waiting_is_left(
    site: tuple[str, type[Site]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 0.3)
    with pytest.raises(ArticleError, match="took longer"):
        got(f"{site[0]}/slow")


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ArticleError, match=r"127\.0\.0\.1 cannot be read"):
        got(f"http://127.0.0.1:{port}/")


def test_it_runs_in_a_thread_of_a_running_loop(site: tuple[str, type[Site]]) -> None:
    async def within() -> Fetched:
        return await asyncio.to_thread(got, f"{site[0]}/note.txt")

    with ThreadPoolExecutor(1) as own:  # a browser's tests keep a loop running in this thread
        assert own.submit(asyncio.run, within()).result().data.startswith(b"A note")


@given(st.text(max_size=40))
def test_a_name_is_always_a_plain_one(path: str) -> None:
    address = f"https://example.com/{quote(path, errors='replace')}"
    name = file_name(address, ".html")
    assert name.endswith(".html")
    assert "/" not in name
    assert not name.startswith(".")
