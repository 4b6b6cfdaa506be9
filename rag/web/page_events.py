"""Which events a gradio page has, and what each of them takes."""

from __future__ import annotations

from typing import Any

import gradio as gr

from rag.web.arguments import LONGEST, Argument, Endpoint

NAME_LENGTH = 400  # characters of a choice in a list: an outlet, an author, a file


def endpoints(page: gr.Blocks) -> dict[int, Endpoint]:
    """Return the page's events by gradio's numbers.

    Raises:
        TypeError: an event takes a widget whose values nobody has said how to check.

    """
    return {
        number: Endpoint(
            str(fn.api_name),
            tuple(_argument(widget) for widget in fn.inputs),
        )
        for number, fn in page.fns.items()
    }


def _argument(widget: Any) -> Argument:
    match widget:
        case gr.Radio():
            return Argument("text", NAME_LENGTH)
        case gr.Textbox():
            return Argument("text", widget.max_length or LONGEST)
        case gr.Dropdown():
            return Argument("texts" if widget.multiselect else "text", NAME_LENGTH)
        case gr.Slider() | gr.Number():
            return Argument("number")
        case gr.Checkbox():
            return Argument("switch")
        case gr.File():
            return Argument("files")
        case gr.State():
            return Argument("nothing")
    raise TypeError(f"{type(widget).__name__}: what may arrive for it is not said in {__name__}.")
