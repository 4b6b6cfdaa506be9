"""OpenDocument texts: every word that a reader sees, and none of the others."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from documents import BODY, make_flat_odf, make_odt, make_zip

from rag.articles.files import read_data
from rag.schema import Article

Read = Callable[..., Article]


def style(name: str, properties: str, family: str = "text", parent: str = "") -> str:
    return (
        f'<style:style style:name="{name}" style:family="{family}" '
        f'style:parent-style-name="{parent}"><style:{family}-properties/>'
        f"<style:text-properties {properties}/></style:style>"
    )


STYLES = (
    style("hid", 'text:display="none"')
    + style("hid2", "", parent="hid")
    + style("struck", 'style:text-line-through-style="solid"')
    + style("up", 'style:text-position="super 58%"')
    + style("up2", 'style:text-position="33% 66%"')
    + style("down", 'style:text-position="sub 58%"')
    + style("tiny", 'fo:font-size="1pt"')
    + style("white", 'fo:color="#ffffff"')
    + style("sign", 'fo:color="#ffffff" fo:background-color="#000000"')
    + style("P1", 'text:display="none"', "paragraph")
    + style("P2", "", "paragraph", "Title")
)


def p(content: str, name: str = "Standard") -> str:
    return f'<text:p text:style-name="{name}">{content}</text:p>'


def s(content: str, name: str) -> str:
    return f'<text:span text:style-name="{name}">{content}</text:span>'


def note(text: str) -> str:
    return (
        '<text:note text:note-class="footnote"><text:note-citation>3</text:note-citation>'
        f"<text:note-body>{p(text)}</text:note-body></text:note>"
    )


def changes(kind: str, content: str = "") -> str:
    info = "<office:change-info><dc:creator>Desk</dc:creator></office:change-info>"
    return (
        f'<text:tracked-changes><text:changed-region text:id="c1"><text:{kind}>{info}{content}'
        f"</text:{kind}></text:changed-region></text:tracked-changes>"
    )


def cell(content: str) -> str:
    return f"<table:table-cell>{content}</table:table-cell>"


def box(content: str) -> str:
    return f"<draw:frame><draw:text-box>{content}</draw:text-box></draw:frame>"


FROM, TO = '<text:change-start text:change-id="c1"/>', '<text:change-end text:change-id="c1"/>'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # changes, as accepted
        (changes("insertion") + p(f"It would {FROM}not {TO}sail."), "It would not sail."),
        (
            changes("deletion", p("never")) + p('It <text:change text:change-id="c1"/>sails.'),
            "It sails.",
        ),
        (changes("deletion") + p(f"It {FROM}never {TO}sails."), "It sails."),
        (changes("deletion") + p(f"It {FROM}never") + p(f"sank{TO}sails."), "It sails."),
        # hidden, white, struck out
        (p(f"It sails.{s(' Ask Kragh.', 'hid')}"), "It sails."),
        (p(f"It sails.{s(' Ask Kragh.', 'hid2')}"), "It sails."),
        (p(f"It sails.{s(' Ask Kragh.', 'tiny')}"), "It sails."),
        (p("Ask Kragh.", "P1") + p("It sails."), "It sails."),
        (p(f"It sails.{s(' Ask Kragh.', 'white')}{s(' Now.', 'sign')}"), "It sails. Now."),
        (p(f"It sails.{s(' It sank.', 'struck')}"), "It sails."),
        (
            p(
                'It sails.<text:hidden-text text:is-hidden="true" text:string-value="Ask">Ask'
                "</text:hidden-text>"
            ),
            "It sails.",
        ),
        (
            p('Ask Kragh.<text:hidden-paragraph text:is-hidden="true"/>') + p("It sails."),
            "It sails.",
        ),
        (
            f'<text:section text:display="none">{p("Ask Kragh.")}</text:section>'
            f"<text:section>{p('It sails.')}</text:section>",
            "It sails.",
        ),
        # raised
        (p(f"It caught 6,200{s('3', 'up')} tonnes."), "It caught 6,200 tonnes."),
        (p(f"It caught 6,200{s('3', 'up2')} tonnes."), "It caught 6,200 tonnes."),
        (p(f"It spans 12 km{s('2', 'up')}."), "It spans 12 km²."),
        (p(f"It costs 10{s('6', 'up')} crowns; CO{s('2', 'down')}."), "It costs 10^6 crowns; CO2."),
        # notes, boxes, fields, tables
        (p(f"It fell{note('By half.')}.") + p("It rose."), "It fell.\n\nBy half.\n\nIt rose."),
        (p(f"It fell{s(note('By half.'), 'up')}."), "It fell.\n\nBy half."),
        (
            p(f"It fell.{box(p('So she said.'))}") + p("It rose."),
            "It fell.\n\nSo she said.\n\nIt rose.",
        ),
        (box(p("So she said.")) + p("It fell."), "So she said.\n\nIt fell."),
        (p(f"It fell.<draw:rect>{p('So she said.')}</draw:rect>"), "It fell.\n\nSo she said."),
        (
            p(
                'See <text:a>the list</text:a> of <text:date text:fixed="true">3 May</text:date>'
                "<text:page-number>4</text:page-number>"
                "<text:placeholder>&lt;Name&gt;</text:placeholder>."
            ),
            "See the list of 3 May.",
        ),
        (
            p("It<text:s text:c='3'/>sails,<text:line-break/>they\n  said."),
            "It sails,\n\nthey said.",
        ),
        (
            "<table:table><table:table-header-rows><table:table-row>"
            + cell(p("Day"))
            + cell(p(f"Boats{note('By half.')}"))
            + "</table:table-row></table:table-header-rows><table:table-row>"
            + cell(p("Monday"))
            + cell(
                p("3")
                + "<table:table><table:table-row>"
                + cell(p("4"))
                + "</table:table-row></table:table>"
            )
            + '</table:table-row><table:table-row table:visibility="collapse">'
            + cell(p("x"))
            + "</table:table-row></table:table>"
            + p("It sails."),
            "Day | Boats\n\nMonday | 3 4\n\nBy half.\n\nIt sails.",
        ),
        (
            "<text:list><text:list-item><text:number>1.</text:number>"
            + p("It sails.")
            + "</text:list-item></text:list>",
            "It sails.",
        ),
        # what is no text of the article
        (
            p(
                "It sails.<office:annotation><dc:creator>D</dc:creator>"
                + p("Ask.")
                + "</office:annotation>"
            ),
            "It sails.",
        ),
        (
            "<text:table-of-content><text:index-body>"
            + p("Ferries 3")
            + "</text:index-body></text:table-of-content>"
            + p("It sails."),
            "It sails.",
        ),
        (
            p(
                "<draw:frame><svg:title>Logo</svg:title><svg:desc>x</svg:desc></draw:frame>"
                "It sails."
            ),
            "It sails.",
        ),
        (
            p(
                "<text:ruby><text:ruby-base>泡</text:ruby-base><text:ruby-text>pao</text:ruby-text></text:ruby>"
            ),
            "泡",
        ),
    ],
)
def test_what_stands_in_a_text(read: Read, body: str, expected: str) -> None:
    assert read(make_odt(body, STYLES), "a.odt").text == expected
    assert read(make_flat_odf("text", body, STYLES), "a.fodt").text == expected
    assert not read_data(make_odt(body, STYLES), ".odt", "a.odt").partly


def test_styles_of_the_other_part_count(read: Read) -> None:
    body = p(f"It sails.{s(' Ask Kragh.', 'hid3')}")
    content = make_odt(body, style("hid3", "", parent="secret"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    named = make_flat_odf("text", "", style("secret", 'text:display="none"')).decode()
    assert read(make_zip({**parts, "styles.xml": named}), "a.odt").text == "It sails."


def test_a_headline_by_its_style(read: Read) -> None:
    article = read(make_odt(p("Ferry sails", "P2") + p(BODY[0]), STYLES), "a.odt")
    assert article.title == "Ferry sails"
    level = f'<text:h text:outline-level="1">Ferry sails</text:h>{p(BODY[0])}'
    assert read(make_odt(level), "a.odt").title == "Ferry sails"


def test_changes_are_said(read: Read) -> None:
    assert read(make_odt(changes("insertion") + p("It sails.")), "a.odt").notes == (
        "has tracked changes",
    )
    assert not read(make_odt(changes("format-change") + p("It sails.")), "a.odt").notes


def test_pictures_do_not_count(read: Read) -> None:
    with zipfile.ZipFile(io.BytesIO(make_odt(p("It sails.")))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    whole = make_zip({**parts, "Pictures/1.bmp": bytes(6_000_000)})
    assert read(whole, "a.odt").text == "It sails."
