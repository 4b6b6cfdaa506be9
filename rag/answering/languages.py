"""What is said to a question in a language that the articles are not in: one sentence, in that."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("languages.toml")
_KEYS = {"name", "english", "sentence"}
_OTHERWISE = "The articles here are in {languages}: please ask your question in that language."


def sentence(language: str, articles: Sequence[str]) -> str:
    """What the articles are in (ISO 639-1 codes), in `language`; in English where that is rarer."""
    spoken = _spoken()
    own = spoken.get(language, {"english": "English", "sentence": _OTHERWISE})
    names = [
        own["english"] if code == "en" else spoken.get(code, {"name": code})["name"]
        for code in articles
    ]
    return own["sentence"].format(languages=", ".join(names))


def to_write_in(articles: Sequence[str]) -> str:
    """The language to search articles of these (ISO 639-1 codes) in, as a model is told it."""
    names = [_spoken().get(code, {"name": code})["name"] for code in articles]
    others = ", ".join(names[1:])
    return f"{names[0]} (or {others}, if it is in that)" if others else "".join(names)


@cache
def _spoken() -> Mapping[str, Mapping[str, str]]:
    """Raises ValueError for a language of which something is missing."""
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    if odd := [code for code, given in tables.items() if given.keys() != _KEYS]:
        raise ValueError(f"{_FILE.name}: {', '.join(odd)}: not {', '.join(sorted(_KEYS))}.")
    return tables
