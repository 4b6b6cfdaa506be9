"""How large a request may be. What is larger is refused while it arrives, not after."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.web.replies import refusal

MB = 1_000_000  # bytes; what the page and the settings call MB
EVENT_MB = 12  # an event of the page: a conversation kept by the browser is the largest
FOLDER = 10  # the files of one upload together: so many times the largest file
UPLOADS = ("/gradio_api/upload", "/api/v1/ingest")


class Bodies:
    """Refuses bodies above the caps with 413."""

    def __init__(self, app: ASGIApp, max_upload_mb: int) -> None:
        """Take files of `max_upload_mb` (MB), folders of ten times that, other bodies of 12 MB."""
        self.app = app
        self.upload_mb = max_upload_mb * FOLDER

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the bytes as they come."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        megabytes = self.upload_mb if scope["path"].rstrip("/") in UPLOADS else EVENT_MB
        words = f"That is too much at once: at most {megabytes} MB can be sent."
        answer = refusal(words, 413)
        if _announced(scope) > megabytes * MB:
            return await answer(scope, receive, send)
        counted = _Counted(receive, send, megabytes * MB)
        try:
            return await self.app(scope, counted.receive, counted.send)
        except _TooLargeError:
            pass
        finally:
            if counted.over and not counted.answered:
                await answer(scope, receive, send)


class _TooLargeError(Exception):
    """Ends whatever reads a body that is too large; never leaves this module."""


class _Counted:
    """One request's two ends: reading stops at the cap, and what is said then is said here."""

    def __init__(self, receive: Receive, send: Send, cap: int) -> None:
        self._receive, self._send, self._left = receive, send, cap
        self.over = self.answered = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.over = True
            raise _TooLargeError
        return message

    async def send(self, message: Message) -> None:
        if self.over and not self.answered:
            return  # the application's word on its own broken reading
        self.answered = True
        await self._send(message)


def _announced(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "0")
    return int(length) if length.isdecimal() else 0
