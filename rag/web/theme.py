"""How the page looks: gradio's theme in our colours, and the files of `rag/web/static`."""

from __future__ import annotations

from importlib import resources as package_files
from typing import Any

import gradio as gr

STYLES = (
    "page.css",
    "chat.css",
    "start.css",
    "filters.css",
    "source.css",
    "tables.css",
    "adding.css",
    "settings.css",
    "live.css",
    "phone.css",  # last: what is else on a narrow screen
)
# The conversation's script, in the order of its parts: one scope, run by gradio as one text.
CHAT = (
    "chat_place.js",
    "chat_kept.js",
    "chat_doing.js",
    "chat_cards.js",
    "chat_waiting.js",
    "chat.js",
)
# What an event of ours wants: no place in the public API, and no veil over what it changes.
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
# The same for what may come in quick succession: only the last of it counts.
NEWEST: dict[str, Any] = {"trigger_mode": "always_last", "concurrency_limit": 8, **QUIET}
# What changes the index, one at a time. Apart from questions: who waits for an answer does not wait
# for somebody's upload.
INGEST: dict[str, Any] = {"concurrency_id": "ingest", "concurrency_limit": 1, **QUIET}
PALETTE = {  # gradio's names -> (light, dark); page.css takes its paper and ink from these
    "body_background_fill background_fill_primary background_fill_secondary": (
        "#f6f6f4",
        "#151618",
    ),
    "block_background_fill input_background_fill": ("#ffffff", "#1d1f22"),
    "body_text_color link_text_color button_primary_background_fill": ("#1b1c1e", "#e8e6e1"),
    "button_primary_text_color": ("#ffffff", "#151618"),
    "body_text_color_subdued input_placeholder_color block_label_text_color "
    "block_title_text_color block_info_text_color": ("#5c6066", "#a2a5aa"),
    "slider_color": ("#5c6066", "#a2a5aa"),
    "input_border_color": ("#8b8f94", "#6d7278"),
    "block_border_color border_color_primary": ("#dcdcd7", "#34373c"),
}


def theme() -> gr.themes.Base:
    """Return gradio's plainest theme with the page's colours and letters."""
    theme = gr.themes.Base(
        primary_hue=gr.themes.colors.stone,
        neutral_hue=gr.themes.colors.stone,
        radius_size=gr.themes.sizes.radius_sm,
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"],
        font_mono=["ui-monospace", "Menlo", "Consolas", "monospace"],
    )
    shades = {
        f"{name}{suffix}": colour
        for names, colours in PALETTE.items()
        for name in names.split()
        for suffix, colour in zip(("", "_dark"), colours, strict=True)
    }
    return theme.set(**shades, input_border_width="1px")


def styles() -> str:
    """Return all of the page's CSS."""
    return static(*STYLES)


def icon() -> str:
    """Return the path of the picture that browsers show on the page's tab."""
    return str(package_files.files("rag.web").joinpath("static", "favicon.ico"))


def static(*names: str) -> str:
    """Return the text of files of `rag/web/static`, one after the other."""
    folder = package_files.files("rag.web").joinpath("static")
    return "\n".join(folder.joinpath(name).read_text(encoding="utf-8") for name in names)
