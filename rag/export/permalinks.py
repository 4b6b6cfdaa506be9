"""Links that last: to an article, or to words in it, on a Byline that serves the index.

`BASE/a/ARTICLE?start=S&end=E`: the article's id, derived from its content, and the offsets of the
words in its text. A base is the address that Byline is opened at, without a slash at its end.
"""

from __future__ import annotations

from urllib.parse import urlencode

from rag.settings import Settings

PATH = "/a/"  # of an article on the server


def base_of(settings: Settings) -> str:
    """Return the address that links begin with: the setting `public_url`, else the local one."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def base_seen(settings: Settings, scheme: str, host: str) -> str:
    """Return the address that links begin with, for a caller who reached us at `scheme://host`."""
    return settings.public_url.rstrip("/") or f"{scheme}://{host}"


def permalink(base: str, article: str, start: int | None = None, end: int | None = None) -> str:
    """Return the link to an article by its id, and to the words at these offsets of its text."""
    words = "" if start is None or end is None else f"?{urlencode({'start': start, 'end': end})}"
    return f"{base}{PATH}{article}{words}"
