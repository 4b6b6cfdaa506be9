"""One page by its address, for the folder of added files, and nothing inside this network.

The name is looked up here; every address it has must be a public one, and the connection goes to
the very address that was looked at, so that no second look-up can lead elsewhere. A redirect is a
new page: it is looked at in the same way.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import re
import socket
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

import httpx

from rag.articles.formats.decoding import decode
from rag.errors import ArticleError, SettingsError
from rag.indexing.uploads import safe_name
from rag.settings import Settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

REDIRECTS = 5  # followed at most
SECONDS = 30.0  # for the whole of it, look-ups and redirects included
SUFFIXES: Final = {"text/html": ".html", "text/plain": ".txt", "application/pdf": ".pdf"}
# some servers send a feed as text/html or text/plain
FEEDS: Final = SUFFIXES | dict.fromkeys(
    (
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/xml",
        "text/xml",
        "text/x-opml",
        "text/x-opml+xml",
    ),
    ".xml",
)
Kinds = Mapping[str, str]  # media types that are taken, each with its suffix
_VALIDATORS: Final = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
_AGENT = "Byline (reads one page that its user asked for)"
_LONGEST = 2000  # characters of an address
_LONGEST_NAME = 90  # characters of an address that a file's name has
# IPv6 that leads on to IPv4, which may be a private one: NAT64 (RFC 6052, RFC 8215), 6to4, Teredo.
_LEADS_ON = tuple(
    map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
)
_SAVED_FROM = re.compile(rb"saved from url=", re.IGNORECASE)
_DECLARED = re.compile(rb"\A(\s*<\?xml[^>]*?)\s+encoding\s*=\s*(?:\"[^\">]*\"|'[^'>]*')")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as a file: the name to keep it under, its bytes, and where it came from at last.

    `validators`: headers that ask for it only if it has changed; it has not where `data` is empty.
    """

    name: str
    data: bytes
    url: str
    validators: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked for: kinds, most bytes, which addresses, and headers of the request."""

    kinds: Kinds
    most: int
    is_allowed: Callable[[Address], bool]
    headers: Mapping[str, str]


def is_public(address: Address) -> bool:
    """Whether the address is one that anybody on the internet reaches, and a single machine's."""
    if address.version == 6:
        if address.ipv4_mapped or address.is_site_local:
            return False
        if any(address in network for network in _LEADS_ON):
            return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )


def fetch(
    url: str,
    settings: Settings,
    *,
    is_allowed: Callable[[Address], bool] = is_public,
    kinds: Kinds = SUFFIXES,
    validators: Mapping[str, str] | None = None,
) -> Fetched:
    """The page at `url` (http or https) of one of `kinds`, at most `max_upload_mb` large.

    With the `validators` of an earlier answer there are no `data` if it has not changed since.

    Raises:
        SettingsError: `settings.allow_urls` is off.
        ArticleError: no such address, not a public one, not a page, too large, too slow.

    """
    if not settings.allow_urls:
        raise SettingsError(
            "Pages are not fetched unless allow_urls is on: set BYLINE_ALLOW_URLS=true, or save "
            "the page in your browser and add the file."
        )
    start = _parsed(url)
    most = settings.max_upload_mb * 1_000_000
    wanted = _Wanted(kinds, most, is_allowed, validators or {})
    try:
        with ThreadPoolExecutor(1) as own:  # the caller's thread may be running a loop already
            return own.submit(asyncio.run, _in_time(start, wanted)).result()
    except TimeoutError as error:
        raise ArticleError(
            f"{start.host} took longer than {SECONDS:.0f} seconds. Try again, or save the page in "
            "your browser and add the file."
        ) from error
    except httpx.HTTPError as error:
        raise ArticleError(
            f"{start.host} cannot be read ({_reason(error)}). Check the address and the connection."
        ) from error


def _parsed(url: str) -> httpx.URL:
    """The address, if it is one of a page. Raises ArticleError."""
    try:
        found = httpx.URL(url.strip())
    except (httpx.InvalidURL, UnicodeError) as error:
        raise _no_page(f"“{_short(url)}” is no address of a page") from error
    if len(url) > _LONGEST or found.scheme not in ("http", "https") or not found.host:
        raise _no_page(f"“{_short(url)}” is no address of a page")
    if found.userinfo:
        raise ArticleError("The address holds a user name or password: leave them out.")
    return found


def _no_page(what: str) -> ArticleError:
    return ArticleError(f"{what}: it must be like https://example.com/story.html.")


async def _in_time(url: httpx.URL, wanted: _Wanted) -> Fetched:
    # trust_env: a proxy of the environment would connect in our stead, to wherever it likes
    async with asyncio.timeout(SECONDS), httpx.AsyncClient(trust_env=False) as client:
        for _ in range(REDIRECTS + 1):
            async with aclosing(await _answer(client, url, wanted)) as response:
                if not response.has_redirect_location:
                    return await _page(url, response, wanted)
                url = _parsed(str(url.join(response.headers["location"])))
    raise ArticleError(f"{url.host} redirects more than {REDIRECTS} times. Use the last address.")


async def _answer(client: httpx.AsyncClient, url: httpx.URL, wanted: _Wanted) -> httpx.Response:
    """The response's head, from the first address that answers; all of them were looked at."""
    *others, last = await _addresses(url, wanted.is_allowed)
    for address in others:
        try:
            return await client.send(_request(client, url, address, wanted), stream=True)
        except httpx.ConnectError:  # such as IPv6 where this machine has none
            continue
    return await client.send(_request(client, url, last, wanted), stream=True)


def _request(
    client: httpx.AsyncClient, url: httpx.URL, address: Address, wanted: _Wanted
) -> httpx.Request:
    return client.build_request(
        "GET",
        url.copy_with(host=str(address)),
        headers={
            "Host": url.netloc.decode("ascii"),
            "User-Agent": _AGENT,
            "Accept": ", ".join(wanted.kinds),
            "Accept-Encoding": "identity",
            **wanted.headers,
        },
        # The certificate must be the name's, though the connection goes to a bare address.
        extensions={"sni_hostname": url.raw_host.decode("ascii")},
    )


async def _addresses(url: httpx.URL, is_allowed: Callable[[Address], bool]) -> list[Address]:
    """The addresses of the name, if all of them may be connected to."""
    port = url.port or (443 if url.scheme == "https" else 80)
    host = url.raw_host.decode("ascii")
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ArticleError(f"{url.host} is not known. Check the address.") from error
    addresses = [ipaddress.ip_address(str(item[4][0]).partition("%")[0]) for item in found]
    if not addresses or not all(map(is_allowed, addresses)):
        raise ArticleError(
            f"{url.host} is not a public address, and pages inside a network are not fetched. "
            "Save the page in your browser and add the file."
        )
    return list(dict.fromkeys(addresses))


async def _page(url: httpx.URL, response: httpx.Response, wanted: _Wanted) -> Fetched:
    if response.status_code == HTTPStatus.NOT_MODIFIED and wanted.headers:
        return Fetched("", b"", str(url), wanted.headers)
    if response.status_code != HTTPStatus.OK:
        phrase = f"{response.status_code} {response.reason_phrase}".strip()
        raise ArticleError(f"{url.host} answers “{phrase}”. Check the address in your browser.")
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in wanted.kinds:
        raise ArticleError(
            f"{url.host} sends {kind or 'no type'}, not {', '.join(wanted.kinds)}. "
            "Download the file and add it."
        )
    data = _as_utf8(await _body(url, response, wanted.most), response.charset_encoding)
    if wanted.kinds is SUFFIXES:
        data = _with_address(url, data, kind)
    name, given = file_name(str(url), wanted.kinds[kind]), response.headers
    validators = {_VALIDATORS[key]: given[key] for key in _VALIDATORS if key in given}
    return Fetched(name, data, str(url), validators)


async def _body(url: httpx.URL, response: httpx.Response, most: int) -> bytes:
    data = bytearray()
    async for piece in response.aiter_bytes():
        data += piece
        if len(data) > most:
            raise ArticleError(
                f"{url.host} sends more than {most // 1_000_000} MB: download the file and split "
                "it, or raise BYLINE_MAX_UPLOAD_MB."
            )
    if not data.strip():
        raise ArticleError(f"{url.host} sends an empty page.")
    return bytes(data)


def _as_utf8(data: bytes, declared: str | None) -> bytes:
    """The encoding is said in a header, which a file does not have, and wins over XML's own."""
    if not declared or data[:5] == b"%PDF-":
        return data
    return _DECLARED.sub(rb"\1", decode(data, declared).encode(), count=1)


def _with_address(url: httpx.URL, data: bytes, kind: str) -> bytes:
    """With the note that browsers leave in a saved page, which the reader of web pages knows."""
    if kind != "text/html" or _SAVED_FROM.search(data[:4096]):
        return data
    address = str(url).replace("--", "%2D%2D").replace(">", "%3E")
    return f"<!-- saved from url=({len(address):04}){address} -->\n".encode() + data


def file_name(url: str, suffix: str) -> str:
    """The name to keep a page under: the same for the same address, with its words in it.

    Of a long address it has the beginning, and a hash that keeps it from others that begin so.
    """
    where = httpx.URL(url)
    asked = f"-{where.query.decode(errors='replace')}" if where.query else ""
    path = where.path.rstrip("/").removesuffix(suffix)
    words = re.sub(r"[/\\]", "-", f"{where.host}{path}{asked}")
    if len(words) > _LONGEST_NAME:
        words = f"{words[:_LONGEST_NAME]}-{hashlib.sha256(url.encode()).hexdigest()[:12]}"
    return safe_name(words + suffix)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"


def _reason(error: httpx.HTTPError) -> str:
    return _short(str(error)) or type(error).__name__
