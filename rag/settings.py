"""One flat `Settings`: defaults, then `byline.toml`, then `BYLINE_*`, then the command line."""

from __future__ import annotations

import difflib
import ipaddress
import math
import os
import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from rag.errors import SettingsError

PREFIX = "BYLINE_"
FILE = "byline.toml"
IN_DATABASE = "database"  # where the users are: the setting `users`
BY_RULES, BY_MODEL = "rules", "model"  # who checks sentences: the setting `verify`


def default_cache() -> Path:
    """Where this system keeps what programs can make again, for this user."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "~/AppData/Local")
    elif sys.platform == "darwin":
        base = "~/Library/Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base, "byline")


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, each with the unit or the values it takes.

    Set one by `BYLINE_NAME=value`, by `name = value` in `byline.toml`, or by a flag of the command.
    Provider keys (OPENAI_API_KEY …) are not settings: they stay in the environment.
    """

    index: Path = Path(".byline")  # folder of the index
    chroma: str = ""  # http://host:port of a Chroma server; empty: embedded in the index folder
    database: str = ""  # postgresql://user:password@host/name, with chroma; empty: the index folder
    embedding: str = "bundled"  # or a folder or hub name of a sentence-transformers model
    reranker: str = "bundled"  # or a folder or hub name of a CrossEncoder, or "none"
    inference: str = "auto"  # or "openvino" or "torch"; auto: torch on a GPU, openvino without
    precision: str = "auto"  # or "f32"; auto: openvino may use bfloat16 where the CPU has it
    cache: Path = field(default_factory=default_cache)  # folder for models converted to openvino
    llm: str = "extractive"  # or provider:model, as langchain's init_chat_model takes it
    llm_base_url: str = ""  # of an OpenAI-compatible server
    models: tuple[str, ...] = ()  # that visitors may choose besides llm, on this server's keys
    llm_timeout: float = 60.0  # seconds without a byte before the model counts as silent
    llm_deadline: float = 180.0  # seconds that a model may take over one question, all in all
    llm_context: int = 0  # tokens the model can read and write; 0: as langchain knows it, or 8192
    retry_unsupported: float = 0.34  # more hard faults a sentence: asked to look again; 1: never
    verify: str = BY_RULES  # or "model": llm on doubtful sentences; or an NLI CrossEncoder's folder
    readers: int = 0  # processes that read files; 0: one for each core, at most four
    read_seconds: float = 60.0  # that reading one file may take
    passage_words: int = 110  # a passage ends at the sentence end before this many words
    overlap_sentences: int = 1  # sentences that a passage repeats from the one before
    candidates: int = 100  # passages taken from each of dense and lexical search
    rerank_depth: int = 30  # fused passages that the reranker scores, at most
    passages: int = 8  # passages that an extractive answer is written from
    evidence_words: int = 0  # of articles, shown to a language model; 0: as it can read, up to 6000
    answer_sentences: int = 3  # at most so many sentences in an extractive answer
    preview: bool = True  # on the page: the articles' own words while a language model writes
    threshold: float = 0.2  # below this chance (0..1) the articles do not answer
    host: str = "127.0.0.1"  # address that the page listens on
    port: int = 7860  # that the page listens on
    hosts: tuple[str, ...] = ()  # further names that the page is opened under: news.example
    origins: tuple[str, ...] = ()  # sites whose pages may call the API: https://tool.example
    public_url: str = ""  # what Byline is opened at from elsewhere: https://news.example; for links
    # Who may come in. To listen beyond this machine, one of these three is needed.
    auth: str = ""  # user:password, for one user
    users: str = ""  # file of users, made by `byline user add NAME`; or "database": in that one
    proxy_user_header: str = ""  # header in which `proxy` names the user whom it has signed in
    proxy: str = ""  # addresses or networks of the proxy in front, by comma; it is believed
    max_upload_mb: int = 50  # MB (1,000,000 bytes) that a file added on the page may have
    calls: int = 30  # calls a second from one user or address; ten times that at once
    feed_minutes: int = 30  # between two looks at the feeds while serving; 0: none
    zotero: str = "http://127.0.0.1:23119"  # Zotero's local API; on this machine alone
    allow_urls: bool = False  # the page may fetch an article by its address, from public hosts


def load_settings(
    overrides: Mapping[str, Any] | None = None,
    *,
    environ: Mapping[str, str] = os.environ,
    file: Path = Path(FILE),
) -> Settings:
    """Read `file` and `environ`; `overrides` win. None among the overrides means "not given".

    Raises:
        SettingsError: an unknown name (with the nearest known one) or a value of the wrong type.

    """
    settings = replace(Settings(), **_from_toml(file))
    settings = replace(settings, **_from_environ(environ))
    given = {key: value for key, value in (overrides or {}).items() if value is not None}
    return _checked(replace(settings, **{k: _parse(k, v, f"--{k}") for k, v in given.items()}))


def _from_toml(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} is not valid TOML: {error}") from error
    return {name: _parse(name, value, f"{name} in {file}") for name, value in values.items()}


def _from_environ(environ: Mapping[str, str]) -> dict[str, Any]:
    given = {key: value for key, value in environ.items() if key.startswith(PREFIX)}
    return {
        (name := key.removeprefix(PREFIX).lower()): _parse(name, value, key)
        for key, value in given.items()
    }


def _parse(name: str, value: Any, source: str) -> Any:
    known = {item.name: type(getattr(_DEFAULTS, item.name)) for item in fields(Settings)}
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f" Did you mean {near[0]}?" if near else f" Known: {', '.join(sorted(known))}."
        raise SettingsError(f"{source}: no such setting.{hint}")
    if known[name] is bool:
        return _switched(value, source)
    if known[name] is tuple:
        return _listed(value, source)
    kind: Any = Path if issubclass(known[name], Path) else known[name]
    if isinstance(value, bool) or not isinstance(value, str | int | float | Path):
        raise SettingsError(f"{source}: {value!r} is not a {kind.__name__}.")
    try:
        return kind(value)
    except ValueError as error:
        raise SettingsError(f"{source}: {value!r} is not a {kind.__name__}.") from error


def _listed(value: Any, source: str) -> tuple[str, ...]:
    """Names as a list of TOML or, in the environment, parted by commas."""
    items = value.split(",") if isinstance(value, str) else value
    if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
        raise SettingsError(f"{source}: {value!r} is not a list of names.")
    return tuple(dict.fromkeys(item.strip() for item in items if item.strip()))


def _switched(value: Any, source: str) -> bool:
    """A switch as TOML or a word in the environment says it."""
    word = str(value).casefold()
    if word not in _SWITCHES:
        raise SettingsError(f"{source}: {value!r} is neither on nor off.")
    return _SWITCHES[word]


_SWITCHES = {
    **dict.fromkeys(("true", "on", "yes", "1"), True),
    **dict.fromkeys(("false", "off", "no", "0"), False),
}
_DEFAULTS = Settings()
_LONGEST_NAME = 64  # characters of a user's name
_AT_LEAST = {
    "passage_words": 20,
    "overlap_sentences": 0,
    "candidates": 1,
    "rerank_depth": 1,
    "passages": 1,
    "evidence_words": 0,
    "answer_sentences": 1,
    "max_upload_mb": 1,
    "calls": 1,
    "feed_minutes": 0,
    "llm_context": 0,
    "readers": 0,
    "port": 0,
}
_ORIGIN = re.compile(r"https?://[^/\s*?#@]+")
_ONE_OF = {"inference": ("auto", "openvino", "torch"), "precision": ("auto", "f32")}


def _checked(settings: Settings) -> Settings:
    for name, least in _AT_LEAST.items():
        if getattr(settings, name) < least:
            raise SettingsError(f"{name} is {getattr(settings, name)}; at least {least} is needed.")
    _must_be_text(settings.index)
    for name, values in _ONE_OF.items():
        if getattr(settings, name) not in values:
            raise SettingsError(
                f"{name} is {getattr(settings, name)!r}; it must be one of {', '.join(values)}."
            )
    for name in ("threshold", "retry_unsupported"):
        if not 0 <= getattr(settings, name) <= 1:
            raise SettingsError(f"{name} is {getattr(settings, name)}; it goes from 0 to 1.")
    for name in ("llm_timeout", "llm_deadline", "read_seconds"):
        if not 0 < getattr(settings, name) < math.inf:
            raise SettingsError(f"{name} is {getattr(settings, name)}; it must be above 0 seconds.")
    if not settings.verify.strip():
        raise SettingsError(
            f"verify is empty; it must be {BY_RULES!r}, {BY_MODEL!r}, or a folder or hub name."
        )
    if settings.llm_base_url and not settings.llm_base_url.startswith(("http://", "https://")):
        raise SettingsError(
            f"llm_base_url is {settings.llm_base_url!r}; it must be like http://host:port/v1."
        )
    for name in settings.models:
        if not all(name.partition(":")):
            raise SettingsError(
                f"models: {name!r} must be provider:model, for example openai:gpt-4o-mini."
            )
    if settings.chroma and not settings.chroma.startswith(("http://", "https://")):
        raise SettingsError(f"chroma is {settings.chroma!r}; it must be http://host:port.")
    if settings.database and not settings.chroma:
        raise SettingsError(
            "database is set and chroma is not: with the articles in PostgreSQL their vectors must"
            " be on a server too. Set BYLINE_CHROMA=http://host:port."
        )
    if settings.public_url and not settings.public_url.startswith(("http://", "https://")):
        raise SettingsError(
            f"public_url is {settings.public_url!r}; it must be like https://news.example."
        )
    for origin in settings.origins:
        if not _ORIGIN.fullmatch(origin):
            raise SettingsError(
                f"origins: {origin!r} must be like https://tool.example, without a path."
            )
    _check_doors(settings)
    return settings


def _check_doors(settings: Settings) -> None:
    """Who may come in is said in one way, and whoever is believed is named."""
    ways = [name for name in ("auth", "users", "proxy_user_header") if getattr(settings, name)]
    if len(ways) > 1:
        raise SettingsError(f"{' and '.join(ways)} both say who may come in: set one of them.")
    if settings.users == IN_DATABASE and not settings.database:
        raise SettingsError(
            "users is 'database', and no database is set: set BYLINE_DATABASE too, or name a file"
            f" (./{IN_DATABASE} where it is called that)."
        )
    name, colon, password = settings.auth.partition(":")
    fault = "" if not settings.auth else user_name_fault(name) if colon else "there is no :"
    if fault or (settings.auth and not password.strip()):
        raise SettingsError(f"auth must be user:password; {fault or 'the password is empty'}.")
    if settings.proxy_user_header and not settings.proxy:
        raise SettingsError(
            "proxy_user_header is believed only from the address in proxy: set both."
        )
    if settings.proxy and not ways:
        raise SettingsError(
            "proxy is set, and nothing says who may come in: set proxy_user_header too if the "
            "proxy signs users in, or users or auth if Byline does."
        )
    if not re.fullmatch(r"[\w-]*", settings.proxy_user_header, re.ASCII):
        raise SettingsError(
            f"proxy_user_header is {settings.proxy_user_header!r}: no header's name. Write it like "
            "X-Forwarded-User."
        )
    networks(settings.proxy)


def networks(proxy: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Read the setting `proxy`: addresses or networks (CIDR), with commas between.

    Raises:
        SettingsError: one cannot be read, or is everybody.

    """
    found = []
    for word in filter(None, (part.strip() for part in proxy.split(","))):
        try:
            found.append(ipaddress.ip_network(word))
        except ValueError as error:
            raise SettingsError(
                f"proxy: {word!r} is no address or network: write 127.0.0.1 or 10.0.0.0/24."
            ) from error
        if found[-1].prefixlen == 0:
            raise SettingsError(f"proxy: {word} is everybody: name the proxy alone.")
    return found


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens on `host`, an address or a name."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def user_name_fault(name: str) -> str:
    """Say why this cannot be a user's name; empty if it can."""
    if not name.strip():
        return "the name is empty"
    if name != name.strip() or not name.isprintable() or ":" in name or name.startswith("#"):
        return "a name has no colon, no # and no space at its ends, no control characters"
    return "" if len(name) <= _LONGEST_NAME else f"a name has at most {_LONGEST_NAME} characters"


def _must_be_text(index: Path) -> None:
    """Neither Chroma nor tantivy takes any other path."""
    try:
        path = os.path.abspath(index).encode()
    except UnicodeEncodeError:
        path = b"\0"
    if b"\0" in path:
        raise SettingsError(f"index {os.fspath(index)!r}: a path of plain UTF-8 is needed.")
