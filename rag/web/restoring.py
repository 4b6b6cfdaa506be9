"""A conversation as a browser keeps it, and back: what a reload of the page shows again.

Answers are kept with all that their citations point at but the articles' texts: those are read
from the index again. What comes back from a browser is checked like anything from outside.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from rag.schema import Article
from rag.web.conversation import Conversation, Exchange

MOST = 200  # exchanges taken back
LONGEST = 10_000_000  # characters of an article; beyond it no place is believed
UNREADABLE = "This answer was kept by another version of Byline. Ask again."

Held = Callable[[Sequence[str]], Mapping[str, Article]]  # articles of the index by id
Kept = dict[str, Any]

_EXCHANGES = TypeAdapter(Exchange)
_TEXT = {"text", "parts", "pages"}
_PLACES = {"__all__": {"article": _TEXT}}
_LEFT_OUT: Any = {
    "hits": _PLACES,
    "id": True,
    **dict.fromkeys(("answer", "preview"), {"citations": _PLACES, "hits": _PLACES}),
}


def kept(exchange: Exchange) -> str | None:
    """What a browser keeps of `exchange`, a JSON object; None while it is under way."""
    if not exchange.answer and not exchange.problem:
        return None
    lean = replace(exchange, cited=())
    if exchange.answer:
        lean = replace(lean, hits=(), written="", preview=None)
    return _EXCHANGES.dump_json(lean, exclude=_LEFT_OUT).decode()


def recalled(given: str, held: Held) -> Conversation:
    """The conversation kept as `given`, a JSON array of what `kept` made; its last `MOST` turns.

    An article that `held` has no more is made of the passages that were kept, each at its place.
    """
    try:
        loaded = json.loads(given)
    except (ValueError, RecursionError):
        return ()
    entries = (
        [item for item in loaded if isinstance(item, dict)] if isinstance(loaded, list) else []
    )
    return tuple(_exchange(entry, held) for entry in entries[-MOST:])


def _exchange(entry: Kept, held: Held) -> Exchange:
    try:
        places = list(_places(entry))
        ids = [str(place["article"]["id"]) for place in places]
        articles: dict[str, Any] = dict(held(list(dict.fromkeys(ids))))
        for id_ in ids:
            if id_ not in articles:
                articles[id_] = _stub([item for item in places if item["article"]["id"] == id_])
        for place, id_ in zip(places, ids, strict=True):
            place["article"] = articles[id_]
        return _EXCHANGES.validate_python(entry)
    except (ValidationError, LookupError, AttributeError, TypeError, ValueError):
        return Exchange(str(entry.get("question", ""))[:2000], problem=UNREADABLE)


def _places(entry: Kept) -> Iterator[Kept]:
    """The hits and citations of a kept exchange."""
    given = [entry.get("answer") or {}, entry.get("preview") or {}]
    lists = [entry.get("hits"), *(one.get(key) for one in given for key in ("citations", "hits"))]
    for place in (item for items in lists for item in items or ()):
        passage = place["passage"]
        start, end = int(passage["start"]), int(passage["end"])
        if not 0 <= start <= end <= LONGEST or len(passage["text"]) != end - start:
            raise ValueError("a passage that cannot be")
        yield place


def _stub(places: Sequence[Kept]) -> Kept:
    """An article of which only some passages are known; what is between them is blank."""
    text = ""
    for passage in sorted((item["passage"] for item in places), key=lambda item: item["start"]):
        text = text.ljust(passage["start"])
        text += passage["text"][len(text) - passage["start"] :]
    return {**places[0]["article"], "text": text}
