"""Templates: all that they print is escaped, nothing that they print can be missing."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from jinja2 import Environment, UndefinedError, meta

from rag.evaluation import report_html
from rag.export import footnotes, templating, word_document
from rag.web.html import elements

ROOT = Path(__file__).parents[3]
ROOMS: dict[str, Environment] = {
    "rag/web/html": elements._TEMPLATES,
    "rag/evaluation": report_html._TEMPLATES,
    "rag/export": footnotes._TEMPLATES,
}
TEMPLATES = [
    (room, path.relative_to(ROOT / room / "templates").as_posix())
    for room in ROOMS
    for path in sorted(ROOT.glob(f"{room}/templates/**/*.*"))
]


def environment(room: str, name: str) -> Environment:
    return word_document._TEMPLATES if name.startswith("word/") else ROOMS[room]


def made(source: str, **given: object) -> str:
    templates = templating.opened("rag.web.html")
    return templates.from_string(source).render(given)


def test_there_are_templates_in_each_room() -> None:
    assert {room for room, _ in TEMPLATES} == set(ROOMS)


@pytest.mark.parametrize(("room", "name"), TEMPLATES)
def test_a_template_knows_all_that_it_names(room: str, name: str) -> None:
    source = (ROOT / room / "templates" / name).read_text(encoding="utf-8")
    assert meta.find_undeclared_variables(environment(room, name).parse(source)) <= {"caller"}
    environment(room, name).get_template(name)  # whose filters are known


@pytest.mark.parametrize(("room", "name"), TEMPLATES)
def test_no_template_says_that_a_text_is_safe(room: str, name: str) -> None:
    source = (ROOT / room / "templates" / name).read_text(encoding="utf-8")
    assert not re.search(r"\bsafe\b|autoescape", source)


@pytest.mark.parametrize("room", ["web", "evaluation", "export"])
def test_no_module_makes_html_by_hand(room: str) -> None:
    for path in sorted(ROOT.glob(f"rag/{room}/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module in ("html", "markupsafe"):
                names = {alias.name for alias in node.names}
                assert "escape" not in names, path
            if isinstance(node, ast.JoinedStr):
                parts = [part.value for part in node.values if isinstance(part, ast.Constant)]
                assert not any(re.search(r"</?[a-z]+[\s>]", str(part)) for part in parts), path


def test_what_is_given_is_escaped() -> None:
    assert made("<p title='{{ x }}'>{{ x }}</p>", x="<b a='\"&") == (
        "<p title='&lt;b a=&#39;&#34;&amp;'>&lt;b a=&#39;&#34;&amp;</p>"
    )
    assert made("{% macro m(x) %}<i>{{ x }}</i>{% endmacro %}{{ m(y) }}", y="<") == "<i>&lt;</i>"


def test_what_is_missing_is_an_error() -> None:
    for source in ("{{ x }}", "{% if x %}{% endif %}", "{{ y.z }}"):
        with pytest.raises(UndefinedError):
            made(source, y=object())


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("<ul>\n  <li>\n    {{ x }}\n  </li>\n</ul>\n", "<ul><li>X</li></ul>"),
        ("<p>\n  some\n  words\n</p>", "<p>some words</p>"),
        ("<a id='1'\n  href='#'>{{ x }}</a>", "<a id='1' href='#'>X</a>"),
        ("<b>a</b> <i>b</i>", "<b>a</b> <i>b</i>"),
        ("{% if x %}\n  a {{ x }} b\n{% endif %}", "a X b"),
        ("<p>{{ y }}</p>", "<p>one\n  two</p>"),
    ],
)
def test_how_a_template_is_laid_out_does_not_show(source: str, printed: str) -> None:
    assert made(source, x="X", y="one\n  two") == printed
