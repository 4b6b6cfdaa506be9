"""The Compare tab: one question, and what each source says on it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from rag.answering import comparison
from rag.errors import BylineError
from rag.resources import Resources
from rag.web import filter_fields
from rag.web.html import answers, compared, notices
from rag.web.html.elements import counted
from rag.web.session import Session, resources_for
from rag.web.theme import QUIET, static

BROKEN = "Something went wrong here, not in the articles. The server's log says what."

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Comparing:
    """The tab's widgets."""

    box: gr.Textbox
    limits: filter_fields.Limits
    table: gr.HTML


def build(actions: Actions) -> Comparing:
    """Place the tab's widgets: the box, its filters and, below, the table."""
    box = gr.Textbox(
        placeholder="A question, or a statement to hold the articles to",
        label="What to compare",
        show_label=False,
        container=False,
        elem_id="compare-box",
        max_lines=4,
        max_length=2000,
        submit_btn="Compare",
    )
    limits = filter_fields.build(filter_fields.Actions(actions.resources), "compare-")
    table = gr.HTML(
        compared.hint(),
        js_on_load=static("compared.js"),
        apply_default_css=False,
        elem_id="compare-table",
    )
    return Comparing(box, limits, table)


def wire(tab: Comparing, session: gr.State, actions: Actions) -> None:
    """Compare what is asked."""
    given = [tab.box, session, *tab.limits.fields]
    tab.box.submit(actions.rows, given, tab.table, concurrency_limit=2, **QUIET)
    filter_fields.wire(tab.limits, filter_fields.Actions(actions.resources))


@dataclass(frozen=True, slots=True)
class Actions:
    """What the tab's events do with the open resources."""

    resources: Resources

    def rows(self, question: str, session: Session, *limits: Any) -> Iterator[Any]:
        """Yield that the articles are read, then the table."""
        if not question.strip():
            return
        resources = resources_for(session, self.resources)
        articles = counted(resources.index.catalogue().count(), "article")
        yield answers.waiting(f"Reading what {articles} say…")
        try:
            filters = filter_fields.read(limits)
            found = comparison.compare(question.strip(), resources, filters=filters)
            yield compared.comparison(found)
        except BylineError as error:
            yield notices.undone(str(error))
        except Exception:
            logger.exception("No comparison")
            yield notices.undone(BROKEN)
