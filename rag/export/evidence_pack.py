"""Evidence packs: answers with all that their citations rest on, as one JSON object.

A pack names the words, the file they stand in, its hash and what made the answer, so that
`rag.export.verifying` can check it years later with nothing but the files at hand. It can be passed
on: files are named as they lie in their folder, and no folder of this machine is. Its seal, a hash
of all the rest, shows that a pack was changed, not who made it: who must prove that signs the file.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import urlsplit

from rag.articles import READER
from rag.errors import PackError
from rag.export.contract import answer_json
from rag.models.weights import weights_sha256
from rag.resources import Resources
from rag.schema import Answer, Article, Citation, FileRecord
from rag.settings import Settings

FORMAT, VERSION = "byline-evidence", 3
# Versions that are read; 1 said where its maker's folders were, of 2 `url` is `original` now.
KNOWN = (1, 2, VERSION)
Pack = dict[str, Any]

_PRIVATE = ("auth", "key", "password", "secret", "token")  # settings so named are left out
_LOCAL = (  # and these, which no answer depends on
    "index", "cache", "host", "port", "hosts", "users", "proxy", "proxy_user_header", "models",
    "max_upload_mb", "calls", "allow_urls",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Provenance:
    """What answers were made with. `files` by the id of an article: the file it was read from."""

    made: datetime
    files: Mapping[str, FileRecord]
    settings: Settings
    weights: Mapping[str, str | None]  # SHA-256 by role: embedding, reranker (None: not used) …


def provenance(resources: Resources, answers: Sequence[Answer]) -> Provenance:
    """Look up what `answers`, just made with `resources`, rest on."""
    reranker, entailment = resources.reranker, resources.entailment
    judges = {"verify": weights_sha256(entailment.folder)} if entailment else {}
    cited = {item.article.id: item.article for one in answers for item in one.citations}
    holders = resources.index.holders(cited)
    files = resources.index.files_named({path for held in holders.values() for path in held})
    return Provenance(
        made=datetime.now(UTC).replace(microsecond=0),
        files={
            id_: record
            for id_, article in cited.items()
            if (
                record := _record(
                    article, [files[path] for path in holders.get(id_, ()) if path in files]
                )
            )
        },
        settings=resources.settings,
        weights={
            "embedding": resources.embedder.weights,
            "reranker": weights_sha256(reranker.folder) if reranker else None,
            **judges,
        },
    )


def pack(answers: Sequence[Answer], made_with: Provenance, base: str) -> Pack:
    """The pack of one answer, or of the answers of a conversation in order.

    `base`: what permalinks begin with.
    """
    content = {
        "format": FORMAT,
        "version": VERSION,
        "made": made_with.made.isoformat(),
        "software": {
            "byline": version("byline"),
            "python": platform.python_version(),
            "reader": READER,
        },
        "models": {
            role: {"name": _printable(getattr(made_with.settings, role)), "sha256": sha256}
            for role, sha256 in made_with.weights.items()
        },
        "settings": public(made_with.settings),
        "answers": [_answer(one, made_with, base) for one in answers],
    }
    return {**content, "seal": seal(content)}


def seal(given: Mapping[str, Any]) -> str:
    """SHA-256 of everything in a pack but its seal, whatever the order of its keys."""
    content = {key: value for key, value in given.items() if key != "seal"}
    text = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def as_json(given: Pack) -> str:
    """A pack as a file, which `byline verify` reads."""
    return json.dumps(given, ensure_ascii=False, indent=1) + "\n"


def load(file: Path) -> Pack:
    """Read a pack. Raises PackError if the file is none, or of a version not known here."""
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise PackError(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise PackError(f"{file} is no evidence pack: it is not JSON.") from error
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise PackError(f"{file} is no evidence pack; make one: byline ask … --pack FILE.json")
    if given.get("version") not in KNOWN:
        raise PackError(
            f"{file} is a pack of version {given.get('version')}; this byline reads {VERSION} and "
            "older."
        )
    return given


def public(settings: Settings) -> dict[str, str | int | float | bool]:
    """The settings that answers depend on, without secrets, also those inside an address.

    Of a model in a folder the folder's name alone.
    """
    names = [item.name for item in fields(settings)]
    kept = [name for name in names if name not in _LOCAL and not _is_private(name)]
    return {name: _printable(getattr(settings, name)) for name in kept}


def _is_private(name: str) -> bool:
    return any(word in name for word in _PRIVATE)


def _printable(value: Any) -> str | int | float | bool:
    if isinstance(value, bool | int | float):
        return value
    text = str(value)
    return _without_login(text) if "://" in text else _name(text)


def _name(text: str) -> str:
    """A word as it is; of a path on this machine its last part."""
    windows = PureWindowsPath(text)
    if PurePosixPath(text).is_absolute() or windows.drive or windows.root or text.startswith("~"):
        return windows.name
    return text


def _without_login(address: str) -> str:
    """An address without the user, the password and the query that it may hold."""
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def address(article: Article) -> str | None:
    """Where it was published, if that can be opened elsewhere too: no file of this machine."""
    url = article.url or ""
    return url if url.startswith(("https://", "http://")) else None


def _record(article: Article, holding: Sequence[FileRecord]) -> FileRecord | None:
    """Of the files that hold an article, the one that its path cites."""
    cited = [item for item in holding if article.path.startswith(item.path)]
    return max(cited, key=lambda item: len(item.path), default=None)


def _answer(given: Answer, made_with: Provenance, base: str) -> dict[str, Any]:
    """As in the command line's JSON; citations also say what file they are from."""
    printed = answer_json(given, base)
    return {
        **printed,
        "citations": [
            {**item, **_origin(citation, made_with.files.get(citation.article.id))}
            for item, citation in zip(printed["citations"], given.citations, strict=True)
        ],
        # What was read and not cited: where it stands is enough.
        "hits": [{k: v for k, v in hit.items() if k != "text"} for hit in printed["hits"]],
    }


def _origin(citation: Citation, record: FileRecord | None) -> dict[str, Any]:
    return {
        "original": address(citation.article),
        "source": None if record is None else {"file": record.path, "sha256": record.sha256},
    }
