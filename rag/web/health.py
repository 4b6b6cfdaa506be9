"""Whether the process lives (/healthz), whether a question could be answered now (/readyz).

And for an open page, whether anything has changed since it asked last (/state).
"""

from __future__ import annotations

import secrets
from hashlib import blake2b

from rag.errors import BylineError
from rag.resources import Resources

_SERVER = secrets.token_urlsafe(6)  # another one each time that the server starts


def trouble(resources: Resources, *, queue_runs: bool, to_strangers: bool) -> str | None:
    """Say in a sentence why no question could be answered now; None if one could.

    With `to_strangers` no folder is named: nobody who asks has signed in.
    """
    if not queue_runs:
        return "The queue of questions has stopped."
    if not resources.loaded:
        return "The models are still loading."
    wrong = resources.index.trouble()
    if wrong and to_strangers:
        return "The index cannot be asked: byline doctor says why."
    return wrong


def state(resources: Resources, page: str) -> dict[str, str]:
    """Marks that are others than before once the index, the server or the `page` is another.

    Nothing else can be told from them. `state` is empty where the index cannot be asked.
    """
    try:
        index = mark(_SERVER, resources.index.stamp())
    except BylineError:  # whoever asks something is told what is wrong
        index = ""
    return {"state": index, "server": _SERVER, "page": page}


def mark(*texts: str) -> str:
    """A short text that stands for `texts`, and from which they cannot be read."""
    return blake2b("\0".join(texts).encode(), digest_size=9).hexdigest()
