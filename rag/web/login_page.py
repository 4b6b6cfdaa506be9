"""The page that asks for name and password: plain HTML, nothing of it runs."""

from __future__ import annotations

from functools import cache
from html import escape
from importlib import resources
from string import Template


def page(after: str, problem: str = "", name: str = "") -> str:
    """Return the page: where to go `after` it, what was wrong, and the name typed before."""
    alert = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    return _template().substitute(
        alert=alert,
        after=escape(after),
        name=escape(name),
        # Whoever mistyped the password goes on where he was.
        name_focus="" if name else "autofocus",
        password_focus="autofocus" if name else "",
        invalid='aria-invalid="true"' if problem else "",
    )


def spoken(seconds: int) -> str:
    """Say a wait: "1 second", "40 seconds", "3 minutes"."""
    number, unit = (seconds, "second") if seconds < 90 else (-(-seconds // 60), "minute")
    return f"{number} {unit}{'' if number == 1 else 's'}"


@cache
def _template() -> Template:
    file = resources.files("rag.web").joinpath("static", "login.html")
    return Template(file.read_text(encoding="utf-8"))
