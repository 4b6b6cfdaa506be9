"""What the server hands to the browser's own hands: files to save, pictures of pages.

A file is saved from what is here, without an address of its own on the server.
"""

from __future__ import annotations

import base64
from typing import Any

import gradio as gr

from rag.web.theme import static

TYPES = {
    ".md": "text/markdown",
    ".html": "text/html",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".json": "application/json",
}


def build() -> gr.HTML:
    """Place it; it shows nothing itself."""
    return gr.HTML(
        None,
        html_template="",
        js_on_load=static("outbox.js"),
        apply_default_css=False,
        elem_id="outbox",
    )


def file(name: str, content: bytes, sent: int) -> dict[str, Any]:
    """A value of the outbox: the browser saves `content` as `name`.

    `sent` differs from one to the next, or the browser takes the same file for no news.
    """
    suffix = name[name.rindex(".") :]
    data = base64.b64encode(content).decode("ascii")
    return {"kind": "file", "name": name, "type": TYPES[suffix], "data": data, "sent": sent}


def page(article: str, number: int, markup: str) -> dict[str, Any]:
    """A value of the outbox: `markup` is shown as page `number` of the article that is open."""
    return {"kind": "page", "article": article, "page": number, "html": markup}
