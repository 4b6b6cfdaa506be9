"""The line at the top: what the index holds."""

from __future__ import annotations

from html import escape

from rag.web.html.elements import counted


def header(files: int, articles: int, passages: int, user: str = "") -> str:
    """Return the line at the top: the name, what it is, what is in the index, who is signed in."""
    counts = " · ".join(
        counted(n, noun) for n, noun in ((articles, "article"), (passages, "passage"))
    )
    return (
        "<header class='masthead'><h1>Byline</h1>"
        "<p class='motto'>Ask your saved articles. Every sentence shows its source.</p>"
        f"<p class='counts' title='from {counted(files, 'file')}'>{counts}</p>"
        f"{_sign_out(user) if user else ''}</header>"
    )


def _sign_out(user: str) -> str:
    """Return a form, not a link: no other page's link or picture can sign anybody out."""
    return (
        "<form class='sign-out' method='post' action='/logout'>"
        f"<button class='tool' type='submit'>Sign out <b>{escape(user)}</b></button></form>"
    )
