"""Proxies named in the environment: which of them httpx, and what is built on it, cannot use.

It refuses to make a client, also one that connects to nobody, where it cannot use one of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager

from rag.errors import SettingsError

_NAMES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "all_proxy", "https_proxy", "http_proxy")
_LOOPBACK = "localhost,127.0.0.1,::1"


def spare_loopback(environ: MutableMapping[str, str] = os.environ) -> None:
    """Have servers of this machine (Chroma, a language model) reached directly, not by a proxy."""
    if any(environ.get(name) for name in _NAMES):
        for name in ("NO_PROXY", "no_proxy"):
            spared = environ.get(name, "")
            environ[name] = f"{spared},{_LOOPBACK}" if spared else _LOOPBACK


def must_be_usable(environ: MutableMapping[str, str] = os.environ) -> None:
    """Raises SettingsError naming the first proxy that cannot be used."""
    for name, value in _unusable(environ).items():
        raise SettingsError(
            f"{name}={value} is no proxy that can be used: it must begin with http://, https://, "
            "socks5:// or socks5h://."
        )


@contextmanager
def unusable_hidden(environ: MutableMapping[str, str] = os.environ) -> Iterator[None]:
    """Without the proxies that cannot be used, for an import that makes a client in passing."""
    hidden = _unusable(environ)
    for name in hidden:
        del environ[name]
    try:
        yield
    finally:
        environ.update(hidden)


def _unusable(environ: MutableMapping[str, str]) -> dict[str, str]:
    named = {name: value for name in _NAMES if (value := environ.get(name))}
    return {name: value for name, value in named.items() if not _is_usable(value)} if named else {}


def _is_usable(value: str) -> bool:
    import httpx  # slow to import, and seldom needed here

    try:
        httpx.Proxy(value if "://" in value else f"http://{value}")
    except (ValueError, httpx.InvalidURL):
        return False
    return True
