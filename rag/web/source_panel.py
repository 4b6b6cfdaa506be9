"""The source panel: any link of the page opens its article here, at the very words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from rag.errors import ArticleError
from rag.resources import Resources
from rag.schema import Article
from rag.web import outbox
from rag.web.conversation import Conversation
from rag.web.html import notices, reader
from rag.web.page_pictures import page_picture
from rag.web.theme import QUIET, static


def build() -> gr.HTML:
    """Place the panel, empty."""
    return gr.HTML(
        reader.empty_panel(),
        js_on_load=static("page_find.js", "page.js"),
        apply_default_css=False,
        elem_id="panel",
    )


def wire(panel: gr.HTML, turns: gr.State, out: gr.HTML, actions: Actions) -> None:
    """Open what is clicked; draw the pages that are asked for."""
    # Each at once, and page.js keeps to the last: had it to wait, gradio would repeat the first.
    panel.select(actions.open, turns, panel, trigger_mode="multiple", concurrency_limit=8, **QUIET)
    panel.picture(actions.draw, None, out, **QUIET)


@dataclass(frozen=True, slots=True)
class Actions:
    """What the panel's events do with the open resources."""

    resources: Resources

    def open(self, turns: Conversation, event: gr.EventData) -> Any:
        """Show the source that a link of the page stands for.

        `article-ID`, `words-ID-START-END`, or one of a turn's: `cite-TURN-NUMBER` and the like.
        Empty: nothing is open; `none`: nothing is cited.
        """
        kind, _, rest = str(event.link).partition("-")
        if not rest and kind in ("", "none"):
            return reader.uncited() if kind else reader.empty_panel()
        if kind == "article":
            return self._held(rest)
        if kind == "words":
            return self._words(rest)
        opened = reader.linked(turns, kind, rest)
        return self._source(*opened) if opened else gr.skip()

    def _words(self, rest: str) -> str:
        id_, *edges = rest.rsplit("-", 2)
        if len(edges) < 2 or not all(edge.isdecimal() for edge in edges):
            return reader.gone()
        return self._held(id_, int(edges[0]), int(edges[1]))

    def _held(self, id_: str, *place: int) -> str:
        found = self.resources.index.articles([id_]).get(id_)
        if found is None:
            return reader.gone()
        return self._source(found, reader.words(found, *place) if place else None)

    def _source(self, article: Article, focus: reader.Focus | None = None) -> str:
        index = self.resources.index
        files, copies = index.files_of(article.id), index.copies(article.id)
        return reader.source(article, focus, files=files, copies=copies)

    def draw(self, event: gr.EventData) -> dict[str, Any]:
        """Draw the page of a PDF that the panel asks for, with the cited words marked."""
        id_, page = str(event.article), int(event.page)
        start, end = int(event.start), int(event.end)
        found = self.resources.index.articles([id_]).get(id_)
        try:
            if found is None:
                raise ArticleError("This article is no longer in the index.")
            picture = page_picture(self.resources, found, page, max(0, start), end)
            shown = reader.page_image(page, picture.address, picture.marks)
        except ArticleError as error:
            shown = notices.trouble(str(error))
        return outbox.page(id_, page, shown)
