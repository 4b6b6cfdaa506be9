"""Tokens for programs: a file that says of each its name, what it may do, and its hash.

`tokens.json` in the index folder, for its owner alone, or in the database that several machines
share. A token has 256 random bits, so that one round of SHA-256 is enough to keep it; it is shown
once, when it is made.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from rag.errors import SettingsError
from rag.settings import user_name_fault
from vectorstore.beside import Beside, BusyError

FILE = "tokens.json"
PREFIX = "byline_"  # so that who finds one knows what it is
Scope = Literal["read", "add"]  # ask, find, list and read; add articles
SCOPES: tuple[Scope, ...] = get_args(Scope)
EVERYTHING = frozenset(SCOPES)  # what a signed-in user may do


@dataclass(frozen=True, slots=True)
class Token:
    """Who holds it, what it may do, and the day on which it was made (UTC)."""

    name: str
    scopes: frozenset[Scope]
    made: date


def made(kept: Beside, name: str, scopes: Collection[str], today: date) -> str:
    """Make a token of this name and keep its hash; return the token.

    Raises:
        SettingsError: the name is none or is taken, a scope is unknown, or the file is unusable.
        StoreUnavailable: the database cannot be used.

    """
    _must_be_there(kept)
    fault = user_name_fault(name)
    if fault:
        raise SettingsError(f"{name!r} cannot be a token's name: {fault}.")
    wrong = [scope for scope in scopes if scope not in SCOPES]
    if wrong or not scopes:
        raise SettingsError(f"--scope {' '.join(wrong)}: write {' or '.join(SCOPES)}.")
    token = PREFIX + secrets.token_urlsafe(32)
    with _changing(kept) as held:
        if any(item["name"] == name for item in held.values()):
            raise SettingsError(f"There is a token {name} already: byline token remove {name}")
        held[hashed(token)] = {"name": name, "scopes": sorted(scopes), "made": today.isoformat()}
    return token


def removed(kept: Beside, name: str) -> None:
    """Take a token out; it is refused from then on.

    Raises SettingsError if there is none, StoreUnavailable.
    """
    _must_be_there(kept)
    with _changing(kept) as held:
        gone = [key for key, item in held.items() if item["name"] == name]
        if not gone:
            raise SettingsError(f"There is no token {name}: byline token list")
        for key in gone:
            del held[key]


def listed(kept: Beside) -> list[Token]:
    """All tokens by name.

    Raises SettingsError: the file is unusable, or there is no folder; StoreUnavailable.
    """
    _must_be_there(kept)
    return sorted(_tokens(_read(kept)).values(), key=lambda token: token.name)


def as_json(token: Token) -> dict[str, Any]:
    """`byline token list --json`."""
    return {"name": token.name, "scopes": sorted(token.scopes), "made": token.made.isoformat()}


def hashed(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Tokens:
    """The tokens beside an index, read again whenever they change."""

    def __init__(self, kept: Beside) -> None:
        """They are read when one is looked up."""
        self._kept = kept
        self._seen: object = None
        self._tokens: Mapping[str, Token] = {}

    def find(self, token: str) -> Token | None:
        """Return who holds a token; None if nobody does. Raises SettingsError, StoreUnavailable."""
        try:
            seen = self._kept.stamp(FILE)
        except OSError as error:
            raise _unreadable(self._kept, error) from error
        if seen is None:
            return None
        if seen != self._seen:
            self._tokens, self._seen = _tokens(_read(self._kept)), seen
        return self._tokens.get(hashed(token))


def _must_be_there(kept: Beside) -> None:
    if not kept.exists():
        folder = kept.where("")
        raise SettingsError(
            f"There is no index in {folder}, and tokens lie with it: name its folder (--index DIR),"
            f" or make it: byline ingest FOLDER --index {folder}"
        )


def _tokens(kept: Mapping[str, Any]) -> dict[str, Token]:
    return {
        key: Token(
            item["name"],
            frozenset(scope for scope in SCOPES if scope in item["scopes"]),
            date.fromisoformat(item["made"]),
        )
        for key, item in kept.items()
    }


def _read(kept: Beside) -> dict[str, Any]:
    """Return what is kept; nothing where there is none. Raises SettingsError."""
    try:
        return _parsed(kept, kept.read(FILE))
    except OSError as error:
        raise _unreadable(kept, error) from error


def _parsed(kept: Beside, content: bytes | None) -> dict[str, Any]:
    if content is None:
        return {}
    try:
        held = json.loads(content)
        _tokens(held)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        words = f"{kept.where(FILE)} is no file of tokens: delete it and make them anew."
        raise SettingsError(words) from error
    assert isinstance(held, dict)  # or _tokens had raised
    return held


@contextmanager
def _changing(kept: Beside) -> Iterator[dict[str, Any]]:
    """Give the tokens to be changed, which are kept at the end; others wait meanwhile."""
    where = kept.where(FILE)
    try:
        with kept.changing(FILE) as draft:
            held = _parsed(kept, draft.content)
            yield held
            draft.content = json.dumps(held, indent=1).encode()
    except BusyError as error:
        raise SettingsError(f"{where} is being changed by another byline: try again.") from error
    except OSError as error:
        raise SettingsError(f"{where} cannot be written: {error.strerror}.") from error


def _unreadable(kept: Beside, error: OSError) -> SettingsError:
    return SettingsError(f"{kept.where(FILE)} cannot be read: {error.strerror}.")
