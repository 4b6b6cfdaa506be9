"""The line at the top: what the index holds."""

from __future__ import annotations

from rag.rendering.parts import counted


def header(files: int, articles: int, passages: int) -> str:
    """Return the line at the top: the name, what it is, what is in the index."""
    counts = " · ".join(
        counted(n, noun) for n, noun in ((articles, "article"), (passages, "passage"))
    )
    return (
        "<header class='masthead'><h1>Byline</h1>"
        "<p class='motto'>Ask your saved articles. Every sentence shows its source.</p>"
        f"<p class='counts' title='from {counted(files, 'file')}'>{counts}</p></header>"
    )
