"""Word documents: every word that a reader sees, and none of the others."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest
from documents import BODY, make_word

from rag.articles.files import read_data
from rag.articles.reading import Reading
from rag.errors import ArticleError
from rag.schema import Article

Read = Callable[..., Article]


def p(*runs: str, settings: str = "") -> str:
    return f"<w:p><w:pPr>{settings}</w:pPr>{''.join(runs)}</w:p>"


def r(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def deleted(text: str) -> str:
    return f'<w:del w:id="1"><w:r><w:delText xml:space="preserve">{text}</w:delText></w:r></w:del>'


def field(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def instruction(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def control(content: str, settings: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{settings}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def table(*rows: str, settings: str = "") -> str:
    return f"<w:tbl><w:tblPr>{settings}</w:tblPr>{''.join(rows)}</w:tbl>"


def row(*cells: str, settings: str = "", cell: str = "") -> str:
    made = "".join(f"<w:tc><w:tcPr>{cell}</w:tcPr>{content}</w:tc>" for content in cells)
    return f"<w:tr><w:trPr>{settings}</w:trPr>{made}</w:tr>"


def style(name: str, look: str = "", kind: str = "character", more: str = "") -> str:
    key = name.replace(" ", "")
    return (
        f'<w:style w:type="{kind}" w:styleId="{key}"><w:name w:val="{name}"/>{more}'
        f"<w:rPr>{look}</w:rPr></w:style>"
    )


def box(text: str) -> str:
    inside = f"<w:txbxContent>{p(r(text))}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>'
        f"{inside}</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape>"
        f"<v:textbox>{inside}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent>"
        "</w:r>"
    )


UP = '<w:vertAlign w:val="superscript"/>'
REFERENCE = '<w:r><w:footnoteReference w:id="2"/></w:r>'
MARK = "<w:r><w:footnoteRef/></w:r>"
NOTE = f'<w:footnote w:id="2">{p(MARK, r(" Off the islands."))}</w:footnote>'
WHITE = '<w:color w:val="FFFFFF"/>'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # changes, as accepted
        (p(r("It would "), f"<w:ins>{r('not ')}</w:ins>", r("sail.")), "It would not sail."),
        (p(r("It costs "), deleted("12"), r("31 crowns.")), "It costs 31 crowns."),
        (
            p(r("It sails "), settings="<w:rPr><w:del/></w:rPr>")
            + p(deleted("x"), r("on Monday.")),
            "It sails on Monday.",
        ),
        (
            p(f"<w:moveFrom>{r('It sails.')}</w:moveFrom>", settings="<w:rPr><w:moveFrom/></w:rPr>")
            + p(r("It waits."))
            + p(f"<w:moveTo>{r('It sails.')}</w:moveTo>"),
            "It waits.\n\nIt sails.",
        ),
        (p(f"<w:ins>{r('It ')}{deleted('never ')}{r('sails.')}</w:ins>"), "It sails."),
        (
            table(row(p(r("A")), p(r("1"))), row(p(r("B")), p(r("2")), settings="<w:del/>")),
            "A | 1",
        ),
        (table(row(p(r("A")), p(r("1")), cell="") + row(p(r("B")), cell="<w:cellDel/>")), "A | 1"),
        (p(r("It sails."), "<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>"), "It sails."),
        (p(r("It sails.", "<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>")), "It sails."),
        # hidden, white, struck out
        (p(r("It sails."), r(" Ask Kragh.", "<w:vanish/>")), "It sails."),
        (p(r("It sails."), r(" Today.", '<w:vanish w:val="0"/>')), "It sails. Today."),
        (p(r("It sails."), r(" Ask Kragh.", '<w:rStyle w:val="secret"/>')), "It sails."),
        (p(r("It sails."), r(" Ask Kragh.", '<w:rStyle w:val="secretson"/>')), "It sails."),
        (
            p(r("Ask Kragh."), settings='<w:pStyle w:val="secretline"/>') + p(r("It sails.")),
            "It sails.",
        ),
        (p(r("It sails."), r(" Ask Kragh.", "<w:webHidden/>")), "It sails."),
        (p(r("It sails."), r(" Ask Kragh.", WHITE)), "It sails."),
        (p(r("It sails."), r(" Ask Kragh.", '<w:color w:themeColor="background1"/>')), "It sails."),
        (p(r("It sails."), r(" Ask Kragh.", '<w:sz w:val="2"/>')), "It sails."),
        (p(r("Day", WHITE + '<w:shd w:fill="000000"/>'), r(" one.")), "Day one."),
        (p(r("It sails."), r(" Ask Kragh.", '<w:color w:val="FEFEFE"/>')), "It sails."),
        (
            p(r("It sails "), r("now.", '<w:color w:themeColor="background1" w:themeShade="BF"/>')),
            "It sails now.",
        ),
        (p(r("Day one.", WHITE), settings='<w:shd w:fill="1F3864"/>'), "Day one."),
        (
            table(row(p(r("Day", WHITE)), p(r("Cost", WHITE)), cell='<w:shd w:fill="1F3864"/>')),
            "Day | Cost",
        ),
        (
            p(r("It sails."), r(" It sank.", "<w:strike/>"), r(" It burnt.", "<w:dstrike/>")),
            "It sails.",
        ),
        # raised
        (p(r("It caught 6,200"), r("3", UP), r(" tonnes.")), "It caught 6,200 tonnes."),
        (p(r("It caught 6,200"), r("1", UP), r("2", UP), r(" tonnes.")), "It caught 6,200 tonnes."),
        (p(r("It caught 6,200"), r("3 ", UP), r("tonnes.")), "It caught 6,200 tonnes."),
        (
            p(r("It caught 6,200"), r("3", '<w:rStyle w:val="noteref"/>'), r(" tonnes.")),
            "It caught 6,200 tonnes.",
        ),
        (
            p(
                r("It caught 6,200"),
                r("3", '<w:position w:val="8"/><w:sz w:val="16"/>'),
                r(" tonnes."),
            ),
            "It caught 6,200 tonnes.",
        ),
        (p(r("It spans 12 km"), r("2", UP), r(".")), "It spans 12 km²."),
        (p(r("It costs 10"), r("6", UP), r(" crowns.")), "It costs 10^6 crowns."),
        (p(r("The 1"), r("st", UP), r(" ferry.")), "The 1st ferry."),
        (p(r("CO"), r("2", '<w:vertAlign w:val="subscript"/>'), r(" fell.")), "CO2 fell."),
        # wrapped in something
        (
            control(p(r("It sails."))) + p(r("Its head is "), control(r("Gerda Holm")), r(".")),
            "It sails.\n\nIts head is Gerda Holm.",
        ),
        (control(table(row(p(r("A")), p(r("1"))))), "A | 1"),
        (table(control(row(p(r("A")), control(f"<w:tc>{p(r('1'))}</w:tc>")))), "A | 1"),
        (p(r("It sails."), control(r("Click to enter text."), "<w:showingPlcHdr/>")), "It sails."),
        (
            p(
                f"<w:smartTag>{r('It sails')}</w:smartTag>",
                f"<w:hyperlink>{r(' again')}</w:hyperlink>",
                f'<w:fldSimple w:instr="REF x">{r(" on Monday.")}</w:fldSimple>',
            ),
            "It sails again on Monday.",
        ),
        (p(f"<w:customXml>{r('It sails.')}</w:customXml>"), "It sails."),
        (
            p(
                r("See "),
                field("begin"),
                instruction('HYPERLINK "http://e.example"'),
                field("separate"),
                r("the list"),
                field("end"),
                r("."),
            ),
            "See the list.",
        ),
        (
            p(
                r("See "),
                field("begin"),
                instruction("IF "),
                field("begin"),
                instruction("PAGE"),
                field("separate"),
                r("7"),
                field("end"),
                instruction('= 1 "a"'),
                field("separate"),
                r("part one"),
                field("end"),
                r("."),
            ),
            "See part one.",
        ),
        (
            p(r("It sails."), box("“We sail,” said Ulla Dahl.")),
            "It sails.\n\n“We sail,” said Ulla Dahl.",
        ),
        (
            p(
                r("It sails."),
                "<w:r><w:pict><v:shape><v:textbox><w:txbxContent>"
                + p(r("So she said."))
                + "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>",
            ),
            "It sails.\n\nSo she said.",
        ),
        (
            p(r("T"), settings='<w:framePr w:dropCap="drop"/>') + p(r("he ferry sails.")),
            "The ferry sails.",
        ),
        (p(f"<w:ruby><w:rt>{r('pao')}</w:rt><w:rubyBase>{r('泡')}</w:rubyBase></w:ruby>"), "泡"),
        (p(r("A"), '<w:r><w:sym w:font="Symbol" w:char="F0B1"/></w:r>', r("2")), "A±2"),
        (
            p(
                r("well"),
                "<w:r><w:noBreakHyphen/></w:r>",
                r("known fer"),
                "<w:r><w:softHyphen/></w:r>",
                r("ry"),
            ),
            "well-known ferry",
        ),
        (
            p("<w:r><w:t>We</w:t><w:br/><w:t>sail</w:t><w:tab/><w:t>now.</w:t></w:r>"),
            "We\n\nsail now.",
        ),
        (p("<w:r><w:t>One</w:t><w:br w:type='page'/><w:t>two</w:t></w:r>"), "One\n\ntwo"),
        (
            p(
                "<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r>"
                "</m:den></m:f><m:r><m:t>=10</m:t></m:r><m:sSup><m:e/><m:sup><m:r><m:t>3</m:t></m:r></m:sup>"
                "</m:sSup></m:oMath>"
            ),
            "a/b=10^3",
        ),
        # notes
        (
            p(r("It caught 6,200"), REFERENCE, r(" tonnes.")) + p(r("It sails.")),
            "It caught 6,200 tonnes.\n\nOff the islands.\n\nIt sails.",
        ),
        (
            p(
                r("It fell"),
                '<w:r><w:footnoteReference w:id="2" w:customMarkFollows="1"/><w:t>*</w:t></w:r>',
                r("."),
            ),
            "It fell.\n\nOff the islands.",
        ),
        (
            table(row(p(r("A"), REFERENCE), p(r("1"))), row(p(r("B")), p(r("2")))),
            "A | 1\n\nB | 2\n\nOff the islands.",
        ),
        # tables
        (
            p(r("It sails."))
            + table(
                row(p(r("A")), p(), p(r("B")), p(r("C"))),
                row(p(r("1")), p(), p(), p(r("3"))),
                row(p(r("4")), p(), p(), p()),
                row(p(), p(), p(), p()),
            ),
            "It sails.\n\nA | B | C\n1 | | 3\n4",
        ),
        (table(row(p(r("A")), table(row(p(r("1")), p(r("2")))) + p())), "A | 1 | 2"),
        (table(row(p(r("3")), p(r("3")))), "3 | 3"),
        (
            table(row(p(r(BODY[0] * 3)), p(r(BODY[1] * 3)) + p(r(BODY[2])))),
            f"{BODY[0] * 3}\n\n{BODY[1] * 3}\n\n{BODY[2]}",
        ),
        # what is no text of the article
        (p(r("Ferries 3"), settings='<w:pStyle w:val="toc1"/>') + p(r("It sails.")), "It sails."),
        (p(r("It sails."), '<w:r><w:commentReference w:id="0"/></w:r>'), "It sails."),
    ],
)
def test_what_stands_in_a_word_file(read: Read, body: str, expected: str) -> None:
    styles = (
        style("secret", "<w:vanish/>")
        + style("secretson", more='<w:basedOn w:val="secret"/>')
        + style("secretline", "<w:vanish/>", "paragraph")
        + style("noteref", UP)
        + style("toc 1", kind="paragraph")
    )
    data = make_word(body, styles=styles, notes=NOTE)
    assert read(data, "a.docx").text == expected
    assert not whole(data).partly


def whole(data: bytes) -> Reading:
    return read_data(data, ".docx", "a.docx")


def test_notes_are_captions(read: Read) -> None:
    article = read(make_word(p(r(BODY[0]), REFERENCE) + p(r(BODY[1])), notes=NOTE), "a.docx")
    assert [part.kind for part in article.parts] == ["body", "caption", "body"]
    assert article.notes == ()


@pytest.mark.parametrize(
    "body",
    [
        p(r("It sails."), deleted("not")),
        p(f"<w:ins>{r('It sails.')}</w:ins>"),
        p(f"<w:moveTo>{r('It sails.')}</w:moveTo>"),
    ],
)
def test_changes_are_said(read: Read, body: str) -> None:
    assert read(make_word(body), "a.docx").notes == ("has tracked changes",)


def test_changes_within_a_note(read: Read) -> None:
    note = f'<w:footnote w:id="2">{p(r("Until "), deleted("2025"), r("2027."))}</w:footnote>'
    article = read(make_word(p(r("It sails."), REFERENCE), notes=note), "a.docx")
    assert article.text == "It sails.\n\nUntil 2027."
    assert article.notes == ("has tracked changes",)


def test_the_printed_headline_wins_over_the_property(read: Read) -> None:
    core = (
        '<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Template for releases</dc:title>'
        "<dc:creator>Jane Doe</dc:creator></c>"
    )
    rels = (
        '<Relationships xmlns="x"><Relationship Id="a" Type="x/officeDocument" '
        'Target="word/document.xml"/><Relationship Id="b" Type="x/core-properties" '
        'Target="docProps/core.xml"/></Relationships>'
    )
    parts = {"_rels/.rels": rels, "docProps/core.xml": core}
    body = p(r("Ferry sails"), settings='<w:pStyle w:val="Title"/>') + p(r(BODY[0]))
    article = read(make_word(body, styles=style("Title", kind="paragraph"), parts=parts), "a.docx")
    assert (article.title, article.author) == ("Ferry sails", "Jane Doe")
    assert "Template" not in article.text


def test_files_that_were_put_in(read: Read) -> None:
    chunk = '<w:altChunk r:id="rId3"/>'
    made = make_word(
        p(r("It sails.")) + chunk + p(r("It waits.")),
        related=[("aFChunk", "part.htm")],
        parts={"word/part.htm": f"<html><body><p>{BODY[0]}</p></body></html>"},
    )
    assert read(made, "a.docx").text == f"It sails.\n\n{BODY[0]}\n\nIt waits."
    mail = (
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="cut"\n\n--cut\n'
        'Content-Type: text/html; charset="utf-8"\nContent-Transfer-Encoding: quoted-printable\n\n'
        f"<html><body><p>{BODY[0]} caf=C3=A9</p></body></html>\n--cut--\n"
    )
    exported = make_word(chunk, related=[("aFChunk", "a.mht")], parts={"word/a.mht": mail})
    assert f"{BODY[0]} café" in read(exported, "a.docx").text
    lost = make_word(p(r("It sails.")) + chunk, related=[("aFChunk", "part.docx")])
    assert "a file that was put into it" in whole(lost).partly[0].reason


def test_words_in_a_wrapper_that_nobody_knows_are_missed_aloud() -> None:
    unknown = f"<w:p><w:r><w:rPr><w:t>{BODY[0]}</w:t></w:rPr></w:r></w:p>"
    partly = whole(make_word(p(r("It sails.")) + unknown)).partly
    assert partly
    assert "of its text" in partly[0].reason


def flat_picture() -> bytes:
    """A bitmap of one colour: 6 MB that deflate to 6 kB."""
    size = 54 + 1500 * 1000 * 4
    head = struct.pack("<2sIHHIIiiHHIIiiII", b"BM", size, 0, 0, 54, 40, 1500, 1000, 1, 32, *[0] * 6)
    return head + b"\xff" * (1500 * 1000 * 4)


def test_a_picture_that_shrinks_well_is_no_bomb(read: Read) -> None:
    parts = {"word/media/image1.bmp": flat_picture(), "word/media/image2.emf": bytes(5_000_000)}
    assert read(make_word(p(r("It sails.")), parts=parts), "a.docx").text == "It sails."
    with pytest.raises(ArticleError, match="times its size"):
        read(make_word(p(r("x" * 5_000_000))), "a.docx")
