"""Slides and workbooks: what is shown, as it is shown."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from documents import (
    BODY,
    make_book,
    make_odf,
    make_slides,
    office_part,
)

from rag.articles.files import read_data
from rag.articles.formats.office.number_formats import shown
from rag.errors import ArticleError
from rag.schema import Article

Read = Callable[..., Article]
FIXTURES = Path(__file__).parents[2] / "fixtures" / "formats"


def para(*runs: str) -> str:
    return f"<a:p>{''.join(runs)}</a:p>"


def run(text: str, look: str = "") -> str:
    return f"<a:r><a:rPr {look}/><a:t>{text}</a:t></a:r>"


def shape(content: str, kind: str = "", more: str = "") -> str:
    place = f'<p:nvPr><p:ph type="{kind}"/></p:nvPr>' if kind else ""
    return (
        f"<p:sp><p:nvSpPr><p:cNvPr {more}/>{place}</p:nvSpPr><p:txBody>{content}</p:txBody></p:sp>"
    )


# --- slides


GRID = (("Year", "Barrels"), ("2023", "88,000"))


def test_slides(read: Read) -> None:
    cells = [[f"<a:tc>{para(run(t))}</a:tc>" for t in texts] for texts in GRID]
    grid = "".join(f"<a:tr>{''.join(texts)}</a:tr>" for texts in cells)
    raised = run("3", 'baseline="30000"')
    group = shape(para(run("It caught 6,200"), raised, run(" t.")))
    shown_first = shape(para(run("Below"))) + shape(para(run("Harbour budget")), "ctrTitle")
    second = (
        shape(para(run("What it costs")), "title")
        + f"<p:grpSp>{group}</p:grpSp>"
        + f"<p:graphicFrame><a:graphic><a:tbl>{grid}</a:tbl></a:graphic></p:graphicFrame>"
        + shape(para(run("It sank."), run(" It sails.", 'strike="sngStrike"')))
        + shape(para(run("3 May 2024")), "dt")
        + shape(para('<a:fld type="slidenum"><a:t>2</a:t></a:fld>'), "sldNum")
        + shape(para(run("Bureau")), "ftr")
        + shape(para(run("Ask Kragh.")), more='hidden="1"')
    )
    notes = office_part(
        "p:notes", shape(para(run("Say that he agrees.")), "body") + shape(para(run("2")), "sldNum")
    )
    point = f"<dgm:pt><dgm:t>{para(run('Step one'))}</dgm:t></dgm:pt>"
    diagram = office_part("dgm:dataModel", point)
    data = make_slides(
        [shown_first, second, para(run("It ends."))],
        related=[[], [("notesSlide", "../notesSlides/n.xml"), ("diagramData", "../d.xml")]],
        parts={"ppt/notesSlides/n.xml": notes, "ppt/d.xml": diagram},
    )
    article = read(data, "a.pptx")
    assert article.text == (
        "Harbour budget\n\nBelow\n\nWhat it costs\n\nIt caught 6,200 t.\n\n"
        "Year | Barrels\n2023 | 88,000\n\nIt sank.\n\nStep one\n\nSay that he agrees.\n\nIt ends."
    )
    kinds = [part.kind for part in article.parts]
    assert kinds == ["body", "caption", "body"]
    pages = [article.page_at(article.text.index(t)) for t in ("Below", "2023", "It ends")]
    assert pages == [1, 2, 3]
    assert not read_data(data, ".pptx", "a.pptx").partly


def test_hidden_slides_are_left_out_and_counted(read: Read) -> None:
    hidden = f"<p:cSld><p:spTree>{shape(para(run('Ask Kragh.')))}</p:spTree></p:cSld>"
    data = make_slides([para(run("It sails.")), hidden, para(run("It waits."))])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    second = parts["ppt/slides/slide2.xml"].replace(b"<p:sld ", b'<p:sld show="0" ')
    article = read(make_slides([], parts={**parts, "ppt/slides/slide2.xml": second}), "a.pptx")
    assert article.text == "It sails.\n\nIt waits."
    assert article.page_at(article.text.index("It waits")) == 3


def test_a_presentation_of_libreoffice(read: Read) -> None:
    def frame(content: str, kind: str = "", more: str = "") -> str:
        inner = f"<draw:text-box><text:p>{content}</text:p></draw:text-box>"
        return f'<draw:frame presentation:class="{kind}" {more}>{inner}</draw:frame>'

    white = '<text:span text:style-name="T1">White</text:span>'
    styles = (
        '<style:style style:name="dp2" style:family="drawing-page">'
        '<style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
        '<style:style style:name="T1" style:family="text">'
        '<style:text-properties fo:color="#ffffff"/></style:style>'
    )
    body = (
        f"<draw:page>{frame('Below')}{frame('Harbour budget', 'title')}{frame('Bureau', 'footer')}"
        + frame("Click to add", "outline", 'presentation:placeholder="true"')
        + f"<presentation:notes>{frame('He agrees.', 'notes')}{frame('1', 'page-number')}"
        + "</presentation:notes></draw:page>"
        + f'<draw:page draw:style-name="dp2">{frame("Ask Kragh.")}</draw:page>'
        + f"<draw:page>{frame(white)}"
        + "</draw:page>"
    )
    article = read(make_odf("presentation", body, styles), "a.odp")
    assert article.text == "Harbour budget\n\nBelow\n\nHe agrees.\n\nWhite"
    assert [part.kind for part in article.parts] == ["body", "caption", "body"]
    assert article.page_at(article.text.index("White")) == 3


# --- workbooks


def cell(text: str, more: str = "", place: str = "") -> str:
    where = f' r="{place}"' if place else ""
    return f'<c t="inlineStr"{where} {more}><is><t>{text}</t></is></c>'


def row(number: int, *cells: str, more: str = "") -> str:
    return f'<row r="{number}" {more}>{"".join(cells)}</row>'


STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="0.0%"/></numFmts>'
    "<fonts><font/><font><strike/></font></fonts>"
    '<cellXfs><xf/><xf numFmtId="164"/><xf numFmtId="3"/><xf numFmtId="14"/><xf fontId="1"/>'
    "</cellXfs>"
)


def test_a_workbook_as_it_is_shown(read: Read) -> None:
    rich = (
        "<si><t>Year</t></si><si><r><t>6,200</t></r><r><rPr><vertAlign val='superscript'/></rPr>"
        "<t>3</t></r><r><t> t</t></r><r><rPr><strike/></rPr><t> gone</t></r></si>"
    )
    rows = (
        row(1, '<c t="s"><v>0</v></c>', cell("Share"), cell("Sold"), cell("Day"), cell("Secret"))
        + row(
            2, "<c><v>2023</v></c>", '<c s="1"><v>0.1234</v></c>', '<c s="2"><v>88000</v></c>',
            '<c s="3"><v>45415</v></c>', cell("Kragh"),
        )
        + row(3, cell("secret row"), more='hidden="1"')
        + row(4, '<c t="s"><v>1</v></c>', cell("struck", 's="4"'), '<c t="b"><v>1</v></c>')
    )  # fmt: skip
    columns = '<col min="5" max="5" hidden="1"/>'
    more = '<sheet name="Hid" state="hidden" r:id="rId1"/>'
    data = make_book(rows, strings=rich, styles=STYLES, columns=columns, more=more)
    article = read(data, "a.xlsx")
    assert article.text == (
        "Barrels\n\nYear | Share | Sold | Day\n2023 | 12.3% | 88,000 | 2024-05-03\n6,200 t | | TRUE"
    )
    assert article.path == "a.xlsx"


def test_rows_with_text_are_articles() -> None:
    rows = row(1, cell("Articles of May")) + row(
        2, cell("Title"), cell("Author"), cell("Date"), cell("Text")
    )
    rows += row(
        3, cell("Ferry sails"), cell("Jane Doe"), '<c s="3"><v>45415</v></c>', cell(BODY[0])
    )
    rows += row(4, cell("No text", place="A4"))
    reading = read_data(make_book(rows, styles=STYLES), ".xlsx", "a.xlsx")
    (article,) = reading.articles
    assert (article.path, article.title, article.author) == ("a.xlsx#3", "Ferry sails", "Jane Doe")
    assert str(article.published) == "2024-05-03"
    assert [item.file for item in reading.failed] == ["a.xlsx, row 4"]


def test_a_sheet_of_libreoffice(read: Read) -> None:
    def entry(text: str, more: str = "") -> str:
        return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"

    styles = (
        '<style:style style:name="ta2" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    body = (
        '<table:table table:name="Barrels"><table:table-column/>'
        '<table:table-column table:visibility="collapse"/><table:table-column/>'
        f"<table:table-row>{entry('Share')}{entry('Kragh')}{entry('Sold')}</table:table-row>"
        '<table:table-row table:number-rows-repeated="9"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
        f'<table:table-row table:visibility="filter">{entry("secret")}</table:table-row>'
        '<table:table-row><table:table-cell office:value-type="percentage" office:value="0.123">'
        f"<text:p>12.3%</text:p></table:table-cell><table:table-cell/>{entry('88,000')}"
        "</table:table-row></table:table>"
        f'<table:table table:name="Hid" table:style-name="ta2"><table:table-row>{entry("x")}'
        "</table:table-row></table:table>"
    )
    article = read(make_odf("spreadsheet", body, styles), "a.ods")
    assert article.text == "Barrels\n\nShare | Sold\n12.3% | 88,000"


def test_an_old_workbook(read: Read) -> None:
    article = read((FIXTURES / "barrels.xls").read_bytes(), "a.xls")
    assert article.text == (
        "Barrels\n\nYear | Sold | Share | Price | Day | Note\n"
        "2023 | 88,000 | 12.3% | € 1,200.50 | 2024-05-03 | 6,200 tonnes\n2022 | | | | | kept"
    )


def test_an_empty_workbook_is_refused(read: Read) -> None:
    with pytest.raises(ArticleError, match="no text in any sheet"):
        read(make_book(row(1, cell(""))), "a.xlsx")


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (88000, "General", "88000"),
        (0.1 + 0.2, "General", "0.3"),
        (1e20, "General", "1e+20"),
        (88000, "#,##0", "88,000"),
        (-88000.5, "#,##0.00", "-88,000.50"),
        (0.1234, "0%", "12%"),
        (0.1234, "0.00%", "12.34%"),
        (1200.5, "[$€-407] #,##0.00", "€ 1,200.50"),
        (1200.5, '#,##0.00 "kr."', "1,200.50 kr."),
        (1200, '"$"#,##0;[Red]-"$"#,##0', "$1,200"),
        (1200, '_-* #,##0_-;-* #,##0_-;_-* "-"??_-', "1,200"),
        (12_000_000, "#,##0,,", "12000000"),
        (0.5, "# ?/?", "0.5"),
        (45415, "d mmm yyyy", "2024-05-03"),
        (45415.5, "dd/mm/yyyy hh:mm", "2024-05-03 12:00"),
        (0.75, "h:mm AM/PM", "18:00"),
        (1.5, "[h]:mm", "36:00"),
        (-3, "yyyy-mm-dd", "-3"),
        (5, '0 "days"', "5 days"),
        (5, "@", "5"),
    ],
)
def test_numbers_as_they_are_shown(value: float, code: str, expected: str) -> None:
    assert shown(value, code) == expected


def test_dates_of_the_other_calendar() -> None:
    assert shown(43953, "yyyy-mm-dd", since_1904=True) == "2024-05-03"
