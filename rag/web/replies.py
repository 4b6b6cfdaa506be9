"""The answers that a door gives itself: a status, one sentence, and when to come again."""

from __future__ import annotations

import json

from starlette.types import Send

Headers = dict[str, str]


async def refuse(send: Send, status: int, sentence: str, headers: Headers | None = None) -> None:
    """Send a whole response: `sentence` as `{"detail": …}`, which gradio's page shows as it is."""
    await reply(send, status, {"detail": sentence}, headers)


async def reply(send: Send, status: int, said: object, headers: Headers | None = None) -> None:
    """Send `said` as JSON, never to be kept by a cache."""
    body = json.dumps(said).encode()
    own = {
        "content-type": "application/json",
        "content-length": str(len(body)),
        "cache-control": "no-store",
        **(headers or {}),
    }
    raw = [(name.encode(), value.encode()) for name, value in own.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
