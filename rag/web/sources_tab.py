"""The tab of all articles: a table, their coverage by month, and how it stands with the files."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import gradio as gr

from rag import pipeline
from rag.articles.paths import without_mark
from rag.errors import BylineError
from rag.indexing import library
from rag.indexing.astray import Astray
from rag.resources import Resources
from rag.schema import IngestReport, Progress
from rag.text.typed import storable
from rag.web import sources_view
from rag.web.audit import Who
from rag.web.background import Finished, running
from rag.web.html import notices, tables
from rag.web.html.elements import counted
from rag.web.sources_view import View
from rag.web.theme import INGEST, NEWEST, QUIET, static
from rag.web.visiting import noted, who

BROKEN = "Something went wrong here. The server's log says what."
STATES = [
    ("Any", ""),
    ("Read in part", "part"),
    ("Changed since", "changed"),
    ("Gone", "gone"),
]

logger = logging.getLogger(__name__)
Shown = tuple[Any, ...]  # the view, the line of what was done, and the three parts of the tab


@dataclass(frozen=True, slots=True)
class Sources:
    """The tab's widgets; `view` is a `View`: what this tab of the browser asks of the table."""

    wanted: gr.Textbox
    outlets: gr.Dropdown
    kinds: gr.Dropdown
    state: gr.Dropdown
    done: gr.HTML
    overview: gr.HTML
    listed: gr.HTML
    standing: gr.HTML
    view: gr.State

    @property
    def shown(self) -> list[Any]:
        """What a change of the view or of the index shows anew."""
        return [self.view, self.done, self.overview, self.listed, self.standing]


def build() -> Sources:
    """Place the tab's widgets, empty until the tab is opened."""
    with gr.Column(elem_id="sources-head"):
        drawn = _html("coverage")
        files = _html("standing")
    with gr.Row(elem_id="sources-filter"):
        wanted = gr.Textbox(
            placeholder="Filter by headline, outlet, author, file or date",
            label="Filter",
            show_label=False,
            container=False,
            elem_id="sources-wanted",
        )
        outlet = gr.Dropdown([], multiselect=True, label="Outlet")
        kind = gr.Dropdown([], multiselect=True, label="Kind")
        state = gr.Dropdown(STATES, value="", label="File")
    said = gr.HTML("", apply_default_css=False, elem_id="sources-done")
    table = _html("sources-table")
    return Sources(wanted, outlet, kind, state, said, drawn, table, files, gr.State(View()))


def _html(name: str) -> gr.HTML:
    return gr.HTML("", js_on_load=static("tables.js"), apply_default_css=False, elem_id=name)


def wire(tab: Sources, opened: gr.Tab, actions: Actions) -> list[gr.events.Dependency]:
    """Wire the tab; what else of the page shows the index hangs on the events returned."""
    fields: list[Any] = [tab.wanted, tab.outlets, tab.kinds, tab.state]
    for limit in fields:
        limit.change(actions.filter, [tab.view, *fields], tab.shown, **NEWEST)
    for part in (tab.overview, tab.listed):
        part.select(actions.turn, [tab.view], [*tab.shown, *fields], **NEWEST)
    opened.select(actions.opened, [tab.view], [*tab.shown, tab.outlets, tab.kinds], **QUIET)
    return [
        part.submit(actions.act, [tab.view], tab.shown, **INGEST)
        for part in (tab.listed, tab.standing)
    ]


@dataclass(frozen=True, slots=True)
class Actions:
    """What the tab's events do with the open resources."""

    resources: Resources
    astray: Astray = field(default_factory=Astray)  # of the files, as all tabs have seen them

    def look(self, view: View, said: str = "") -> Shown:
        """Return the tab as `view` asks for it, with the line of what was done."""
        table = sources_view.table_of(self.resources)
        page = library.page(self.resources, sources_view.asked(view, table), self.astray)
        view = replace(view, page=page.number)
        return (
            view,
            said,
            tables.overview(library.covered(self.resources), view),
            tables.sources(view, page.sources, page.count, page.total),
            tables.standing(library.shelf(self.resources), page.changed, page.gone, page.is_whole),
        )

    def anew(self, view: View, said: str = "") -> Shown:
        """Look at the files again, and return the tab."""
        self.astray.look_on(self.resources)
        return self.look(view, said)

    def opened(self, view: View) -> Shown:
        """Show what the index holds now, with the outlets and the kinds to choose from."""
        table = sources_view.table_of(self.resources)
        outlets, kinds = sources_view.outlets_of(table), sources_view.kinds_of(table)
        return *self.anew(view), gr.Dropdown(choices=outlets), gr.Dropdown(choices=kinds)

    def refreshed(self, view: View) -> Shown:
        """Show it once more, and leave what was said of something done."""
        view, _, *shown = self.opened(view)
        return view, gr.skip(), *shown

    def filter(
        self, view: View, wanted: str, outlets: list[str], kinds: list[str], state: str
    ) -> Shown:
        """Show what the fields above the table ask for."""
        asked = replace(
            view,
            wanted=storable(wanted or ""),
            outlets=tuple(outlets or ()),
            kinds=tuple(kinds or ()),
            state=sources_view.state_of(state),
        )
        if asked == view:  # the fields were emptied by "Show all articles"
            return (gr.skip(),) * 5
        return self.look(replace(asked, page=0))

    def turn(self, view: View, event: gr.EventData) -> Shown:
        """Sort, turn a page, choose a month, or clear every filter."""
        act, value = str(event.act), str(event.value)
        kept: Shown = (gr.skip(),) * 4
        if act == "sort":
            view = sources_view.sorted_by(view, value)
        elif act == "order":
            view = sources_view.in_order(view, value)
        elif act == "page" and value.isdecimal():
            view = replace(view, page=int(value))
        elif act == "month":
            view = replace(view, month="" if value == view.month else value, page=0)
        elif act == "clear":
            view, kept = View(sort=view.sort, down=view.down), ("", [], [], "")
        return *self.look(view), *kept

    def act(
        self, view: View, event: gr.EventData, request: gr.Request | None = None
    ) -> Iterator[Shown]:
        """Remove, read again, take back, or ingest; record it and say what came of it."""
        act, value, visitor = str(event.act), str(event.value), who(request)
        if act not in self._works():
            yield (gr.skip(),) * 5
            return
        said = ""
        try:
            for step in running(lambda told: self._noted(act, value, visitor, told)):
                if isinstance(step, Finished):
                    said = notices.done(step.result)
                else:
                    yield gr.skip(), notices.reading(step), *(gr.skip(),) * 3
        except BylineError as error:
            said = notices.undone(str(error))
        except Exception:
            logger.exception("%s of a source failed", act)
            said = notices.undone(BROKEN)
        yield self.anew(view, said)

    def _works(self) -> dict[str, tuple[str, Callable[[str, Progress], IngestReport]]]:
        """Return the name in the record, and the work, of each act."""
        resources = self.resources
        return {
            "remove": ("remove article", lambda id_, _: library.remove(id_, resources)),
            "again": (
                "read again",
                lambda id_, told: library.read_again(id_, resources, progress=told),
            ),
            "retry": ("read again", lambda path, _: library.retry(path, resources)),
            "back": ("take back", lambda path, _: library.take_back(path, resources)),
            "dismiss": ("delete failed file", lambda path, _: library.dismiss(path, resources)),
            "ingest": ("ingest", lambda _, told: pipeline.ingest(None, resources, progress=told)),
        }

    def _noted(self, act: str, value: str, visitor: Who, told: Progress) -> str:
        """Do it, record it, and return what it did."""
        action, work = self._works()[act]
        by_id = act in ("remove", "again")
        article = self.resources.index.articles([value]).get(value) if by_id else None
        target = article.path if article else value
        targets = [str(self.resources.index.folder_of_articles)] if act == "ingest" else [target]
        folder = self.resources.settings.index
        report = noted(folder, visitor, action, targets, lambda: work(value, told))
        if act == "remove":
            return f"Removed: {article.name if article else value}"
        if act == "dismiss":
            return f"Deleted: {without_mark(value)}"
        return _read(report)


def _read(report: IngestReport) -> str:
    """Say what one ingest did."""
    if report.failed:
        first = report.failed[0]
        return f"{without_mark(first.file)}: {first.reason}"
    done = [
        f"{number:,} {word}"
        for number, word in (
            (report.added, "added"),
            (report.changed, "read again"),
            (report.removed, "forgotten"),
        )
        if number
    ]
    return f"{counted(report.files, 'file')} looked at: {', '.join(done) or 'nothing new'}."
