"""The tab that adds articles: files, a folder, pasted text, or a page by its address."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import gradio as gr

from rag import pipeline
from rag.errors import ArticleError, BylineError
from rag.indexing import library
from rag.indexing.uploads import Pasted, as_file, too_large
from rag.resources import Resources
from rag.schema import IngestReport, Progress, Step
from rag.text.typed import storable
from rag.web import added
from rag.web.background import Finished, running
from rag.web.html import notices
from rag.web.theme import INGEST, QUIET, static
from rag.web.visiting import noted, who

READS = "Text, web pages, PDF, Word, OpenDocument, e-books, mail, tables, zip"
BROKEN = "Something went wrong here, not in the files. The server's log says what."

# What the page knows of the files and gradio does not pass on, beside the files.
TOLD = "(files) => [files, window.bylineUpload ?? '']"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Adding:
    """The tab's widgets. `fields` are those of a pasted article, in the order of `Pasted`."""

    files: gr.File
    folder: gr.File
    fields: tuple[gr.Textbox, ...]
    paste: gr.Button
    address: gr.Textbox
    told: gr.Textbox
    result: gr.HTML


def build(resources: Resources) -> Adding:
    """Place the tab's widgets."""
    hint = notices.adding_hint(READS, resources.settings.max_upload_mb)
    gr.HTML(hint, apply_default_css=False)
    with gr.Row(elem_id="drops"):
        # No list of types: what cannot be read is told file by file, and costs no other.
        files = gr.File(file_count="multiple", label="Files", height=150, elem_id="files")
        folder = gr.File(
            file_count="directory", label="A whole folder", height=150, elem_id="folder"
        )
    told = gr.Textbox(visible=False)  # by `static/adding.js`: what gradio keeps back
    result = gr.HTML("", js_on_load=static("adding.js"), apply_default_css=False, elem_id="result")
    address = gr.Textbox(
        label="A page by its address",
        placeholder="https://example.com/story.html",
        visible=resources.settings.allow_urls,
        max_length=2000,
        submit_btn="Fetch",
        elem_id="address",
    )
    with gr.Accordion("Paste a text", open=False, elem_id="paste"):
        text = gr.Textbox(label="Text", lines=8, max_lines=16, elem_id="paste-text")
        with gr.Row(elem_id="paste-known"):
            known = [
                gr.Textbox(label=label, placeholder=example, max_length=300)
                for label, example in (
                    ("Headline", "if it has one"),
                    ("Outlet", "The Gazette"),
                    ("Author", "Jane Doe"),
                    ("Date", "3 May 2024"),
                )
            ]
        paste = gr.Button("Add this text", elem_id="paste-add", size="sm")
    return Adding(files, folder, (text, *known), paste, address, told, result)


def wire(tab: Adding, actions: Actions) -> list[gr.events.Dependency]:
    """Add what is given; what else of the page shows the index hangs on the events returned."""
    fields = [*tab.fields]
    tab.result.refused(actions.refuse, None, tab.result, **QUIET)
    tab.result.dismissed(actions.dismiss, None, None, **INGEST)
    return [
        *(
            drop.upload(actions.add, [drop, tab.told], [drop, tab.result], js=TOLD, **INGEST)
            for drop in (tab.files, tab.folder)
        ),
        tab.paste.click(actions.paste, fields, [*fields, tab.result], **INGEST),
        tab.address.submit(actions.fetch, tab.address, [tab.address, tab.result], **INGEST),
    ]


@dataclass(frozen=True, slots=True)
class Actions:
    """What the tab's events do with the open resources."""

    resources: Resources

    def add(
        self,
        files: Sequence[str] | None,
        told: str | None = None,
        request: gr.Request | None = None,
    ) -> Iterator[tuple[Any, str]]:
        """Add the files to the index, telling how far it is; then how each fared."""
        said, large = added.told(told)
        given = added.given(files or (), said)
        if not given:
            yield None, notices.undone("There is no file in it that is not hidden.")
            return
        yield None, notices.reading(Step(0, len(given), ""))

        def work(progress: Progress) -> IngestReport:
            return pipeline.add_uploads(self.resources, given, progress=progress)

        paths = [path for _, path in given]
        for step in self._told(request, "add files", paths, work):
            if isinstance(step, str):
                yield None, step
                continue
            lines = added.lines(paths, large, step, self.resources)
            yield None, notices.added(lines, added.partly(step))

    def refuse(self, event: gr.EventData) -> str:
        """Say that files are too large: the page does not even send them."""
        _, large = added.told(str(event.told))
        why = too_large(self.resources.settings)
        return notices.added([notices.Added(Path(name).name, why) for name in large])

    def dismiss(self, event: gr.EventData, request: gr.Request | None = None) -> None:
        """Delete a file that could not be read; the page has taken its line away."""
        folder, visitor, path = self.resources.settings.index, who(request), str(event.kept)
        try:
            noted(
                folder, visitor, "delete failed file", [path],
                lambda: library.dismiss(path, self.resources),
            )  # fmt: skip
        except BylineError as error:
            gr.Warning(str(error))

    def paste(self, request: gr.Request | None, *fields: str) -> Iterator[tuple[Any, ...]]:
        """Add a pasted text; the fields are emptied if it was."""
        pasted = Pasted(*(storable(field or "") for field in fields))
        kept: tuple[Any, ...] = (gr.skip(),) * len(fields)

        def work(_: Progress) -> IngestReport:
            return pipeline.add_text(self.resources, pasted)

        for step in self._told(request, "add text", [_mark(pasted)], work):
            if isinstance(step, str):
                yield *kept, step
                continue
            name = pasted.headline.strip() or "The pasted text"
            cleared = kept if step.failed else ("",) * len(fields)
            yield *cleared, self._one(name, step)

    def fetch(
        self, url: str | None, request: gr.Request | None = None
    ) -> Iterator[tuple[Any, str]]:
        """Fetch a page and add it."""
        if not (url or "").strip():
            return
        address = storable(str(url)).strip()
        yield gr.skip(), notices.reading(Step(0, 1, address))

        def work(_: Progress) -> IngestReport:
            return pipeline.add_page(self.resources, address)

        for step in self._told(request, "add page", [_plain(address)], work):
            if isinstance(step, str):
                yield gr.skip(), step
                continue
            yield gr.skip() if step.failed else "", self._one(address, step)

    def _one(self, name: str, report: IngestReport) -> str:
        """Return the report of a file that was made here and has a name of its own on the page."""
        reason = report.failed[0].reason if report.failed else None
        return notices.added([notices.Added(name, reason)], added.partly(report))

    def _told(
        self,
        request: gr.Request | None,
        action: str,
        targets: Sequence[str],
        work: Callable[[Progress], IngestReport],
    ) -> Iterator[str | IngestReport]:
        """Do and record the work; see `_as_html`."""
        folder, visitor = self.resources.settings.index, who(request)
        return _as_html(
            lambda progress: noted(folder, visitor, action, targets, lambda: work(progress))
        )


def _plain(address: str) -> str:
    """Return an address without user, password and query, in which there may be keys."""
    try:
        parts = urlsplit(address)
        return f"{parts.scheme}://{parts.hostname}{parts.path}"
    except ValueError:
        return "no address"


def _mark(pasted: Pasted) -> str:
    """Name a pasted text without its words: by the hash that its file's name ends in."""
    try:
        name, _ = as_file(pasted)
    except ArticleError:  # said to the user when it is added
        return "pasted"
    return f"pasted-{name.rpartition('-')[2]}"


def _as_html(work: Callable[[Progress], IngestReport]) -> Iterator[str | IngestReport]:
    """Yield how far the work is and what went wrong as HTML, and its report as it is."""
    try:
        for step in running(work):
            yield step.result if isinstance(step, Finished) else notices.reading(step)
    except BylineError as error:
        yield notices.undone(str(error))
    except Exception:
        logger.exception("An upload failed")
        yield notices.undone(BROKEN)
