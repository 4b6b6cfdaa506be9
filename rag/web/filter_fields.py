"""The filters of Ask and of Compare: a chip for each one set, and the fields to set them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from rag.errors import BylineError
from rag.resources import Resources
from rag.retrieval import filters as filtering
from rag.schema import Filters
from rag.web.html import notices
from rag.web.theme import NEWEST, static

CHOICES = 3000  # names offered in one list
LISTS = (("Outlet", False), ("Author", False), ("File, folder or *.pdf", True))  # True: free text
KINDS = [("Article text", "body"), ("Reader comments", "comment"), ("Captions", "caption")]
OPINION = [("With opinion", ""), ("Opinion only", "yes"), ("No opinion", "no")]


@dataclass(frozen=True, slots=True)
class Limits:
    """The filters of one tab. `fields` are in the order of `_typed`."""

    chips: gr.HTML
    fold: gr.Accordion
    fields: tuple[Any, ...]
    said: gr.HTML
    clear: gr.Button


def build(actions: Actions, tab: str = "") -> Limits:
    """Place the chips, and the fields folded; `tab` begins the names of its elements."""
    chips = gr.HTML(
        "", js_on_load=static("chips.js"), apply_default_css=False, elem_id=f"{tab}filter-chips"
    )
    with gr.Accordion("Filters", open=False, elem_id=f"{tab}filters") as fold:
        with gr.Row(elem_id=f"{tab}limits"):
            outlets, authors, files = (
                gr.Dropdown(names, label=label, multiselect=True, allow_custom_value=free)
                for names, (label, free) in zip(actions.names(), LISTS, strict=True)
            )
            since, until, as_of = (
                gr.Textbox(label=label, placeholder=example, max_length=40)
                for label, example in (
                    ("From", "June 2015"), ("Until", "1 June 2016"), ("As of", "2015-06-01")
                )
            )  # fmt: skip
            kinds = gr.Dropdown(KINDS, label="Kind", multiselect=True)
            opinion = gr.Dropdown(OPINION, value="", label="Opinion")
        with gr.Row(elem_id=f"{tab}limited"):
            said = gr.HTML(actions.limits()[2], apply_default_css=False)
            clear = gr.Button("Clear filters", size="sm")
    fields = (outlets, authors, files, since, until, as_of, kinds, opinion)
    return Limits(chips, fold, fields, said, clear)


def wire(tab: Limits, actions: Actions) -> None:
    """Keep chips, fields and the line below them in step."""
    fields = [*tab.fields]
    said = [tab.chips, tab.fold, tab.said]
    for field in fields:
        # Half a date is no mistake yet: what is typed counts when the field is left.
        typed = isinstance(field, gr.Textbox)
        changes = (field.blur, field.submit) if typed else (field.change,)
        for changed in changes:
            changed(actions.limits, fields, said, **NEWEST)
    tab.fold.expand(actions.choices, None, fields[:3], **NEWEST)
    for emptied in (
        tab.clear.click(_no_limits, None, fields, **NEWEST),
        tab.chips.drop(_without, fields, fields, **NEWEST),
    ):
        emptied.then(actions.limits, fields, said, **NEWEST)


@dataclass(frozen=True, slots=True)
class Actions:
    """What the filters' events do with the open resources."""

    resources: Resources

    def limits(self, *limits: Any) -> tuple[str, dict[str, Any], str]:
        """Say in chips and on the folded fields what the filters are, and how many pass them."""
        index = self.resources.index
        found = _set(limits)
        chips = notices.chips(found)
        try:
            typed = read(limits)
        except BylineError as error:
            return chips, gr.update(label="Filters: not understood"), notices.trouble(str(error))
        label = f"Filters ({len(found)})" if found else "Filters"
        scope = filtering.scope(typed, index.catalogue())
        return chips, gr.update(label=label), notices.limits(scope)

    def names(self) -> tuple[list[str], list[str], list[str]]:
        """Return the outlets, people and files to choose from, by name."""
        known = self.resources.index.catalogue()
        outlets, authors = (
            sorted((item.name for item in items), key=str.casefold)
            for items in (known.outlets(CHOICES), known.people(CHOICES))
        )
        return outlets, authors, known.paths(CHOICES)

    def choices(self) -> list[gr.Dropdown]:
        """Offer what the index holds now."""
        return [gr.Dropdown(choices=names) for names in self.names()]


def read(limits: Sequence[Any]) -> Filters:
    """Read the filters as they stand on the page. Raises FilterError naming the field."""
    return filtering.read(_typed(*limits), filtering.FIELDS)


def _set(limits: Sequence[Any]) -> list[notices.Chip]:
    """Each thing that is set: its field, its value, and what to call the two."""
    labels = ("outlet", "author", "file", "from", "until", "as of", "", "")
    said = {value: name for name, value in (*KINDS, *OPINION)}
    return [
        notices.Chip(field, str(value), f"{label} {said.get(value, value)}".strip())
        for field, (label, given) in enumerate(zip(labels, limits, strict=False))
        for value in (given if isinstance(given, list | tuple) else [given])
        if value
    ]


def _without(event: gr.EventData, *limits: Any) -> list[Any]:
    """Return the fields without what the chip that was clicked stands for."""
    field, value = int(event.field), str(event.value)
    return [given if at != field else _less(given, value) for at, given in enumerate(limits)]


def _less(given: Any, value: str) -> Any:
    return [item for item in given if str(item) != value] if isinstance(given, list) else ""


def _typed(
    outlets: Sequence[str] | None = None,
    authors: Sequence[str] | None = None,
    files: Sequence[str] | None = None,
    since: str | None = None,
    until: str | None = None,
    as_of: str | None = None,
    kinds: Sequence[str] | None = None,
    opinion: str | None = None,
) -> filtering.Typed:
    """Return the page's fields as filters are typed; an empty field is None or empty."""
    return filtering.Typed(
        since=since or "",
        until=until or "",
        as_of=as_of or "",
        outlets=outlets or (),
        authors=authors or (),
        files=files or (),
        kinds=kinds or (),
        opinion=opinion or "",
    )


def _no_limits() -> list[Any]:
    """Empty every field of the filters."""
    return [[], [], [], "", "", "", [], ""]
