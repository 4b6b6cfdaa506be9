"""Tokens for programs: a file that says of each its name, what it may do, and its hash.

`tokens.json` in the index folder, for its owner alone. A token has 256 random bits, so that one
round of SHA-256 is enough to keep it; it is shown once, when it is made.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from rag.errors import SettingsError
from rag.settings import user_name_fault

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


def made(folder: Path, name: str, scopes: Collection[str], today: date) -> str:
    """Make a token of this name and keep its hash in `folder`; return the token.

    Raises:
        SettingsError: the name is none or is taken, a scope is unknown, or the file is unusable.

    """
    _must_be_there(folder)
    fault = user_name_fault(name)
    if fault:
        raise SettingsError(f"{name!r} cannot be a token's name: {fault}.")
    wrong = [scope for scope in scopes if scope not in SCOPES]
    if wrong or not scopes:
        raise SettingsError(f"--scope {' '.join(wrong)}: write {' or '.join(SCOPES)}.")
    kept = _read(folder / FILE)
    if any(item["name"] == name for item in kept.values()):
        raise SettingsError(f"There is a token {name} already: byline token remove {name}")
    token = PREFIX + secrets.token_urlsafe(32)
    entry = {"name": name, "scopes": sorted(scopes), "made": today.isoformat()}
    _write(folder / FILE, {**kept, hashed(token): entry})
    return token


def removed(folder: Path, name: str) -> None:
    """Take a token out; it is refused from then on. Raises SettingsError if there is none."""
    _must_be_there(folder)
    kept = _read(folder / FILE)
    left = {key: item for key, item in kept.items() if item["name"] != name}
    if len(left) == len(kept):
        raise SettingsError(f"There is no token {name}: byline token list")
    _write(folder / FILE, left)


def listed(folder: Path) -> list[Token]:
    """All tokens by name. Raises SettingsError: the file is unusable, or there is no folder."""
    _must_be_there(folder)
    return sorted(_tokens(_read(folder / FILE)).values(), key=lambda token: token.name)


def as_json(token: Token) -> dict[str, Any]:
    """`byline token list --json`."""
    return {"name": token.name, "scopes": sorted(token.scopes), "made": token.made.isoformat()}


def hashed(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Tokens:
    """The tokens of an index folder, read again whenever the file changes."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; the file is read when a token is looked up."""
        self._path = folder / FILE
        self._seen: tuple[int, ...] = ()
        self._tokens: Mapping[str, Token] = {}

    def find(self, token: str) -> Token | None:
        """Return who holds a token; None if nobody does. Raises SettingsError."""
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return None
        seen = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        if seen != self._seen:
            self._tokens, self._seen = _tokens(_read(self._path)), seen
        return self._tokens.get(hashed(token))


def _must_be_there(folder: Path) -> None:
    if not folder.is_dir():
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


def _read(path: Path) -> dict[str, Any]:
    """Return what the file holds; nothing where there is none. Raises SettingsError."""
    try:
        kept = json.loads(path.read_bytes())
        _tokens(kept)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        words = f"{path} is no file of tokens: delete it and make them anew."
        raise SettingsError(words) from error
    assert isinstance(kept, dict)  # or _tokens had raised
    return kept


def _write(path: Path, kept: Mapping[str, Any]) -> None:
    """Put the file in place at once, for its owner alone."""
    fresh = path.with_name(f".{FILE}-{secrets.token_hex(4)}")
    try:
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(kept, file, indent=1)
        os.replace(fresh, path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise SettingsError(f"{path} cannot be written: {error.strerror}.") from error
