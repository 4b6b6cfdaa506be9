"""Small files of each format, made in memory."""

import io
import zipfile
from collections.abc import Mapping, Sequence

BODY = (
    "The harbour master said on Monday that the ferry would sail again as soon as the ice allows.",
    "Two engineers were still at work in the engine room, a third was on her way from the city.",
    "Passengers who had waited since Friday were given soup, blankets and a new timetable to read.",
)
PAGE = (
    "<!DOCTYPE html><html><head><title>Ferry sails</title></head><body><article>"
    "<h1>Ferry sails</h1>" + "".join(f"<p>{text}</p>" for text in BODY) + "</article></body></html>"
)


def make_zip(files: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


ODF = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in [
        ("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"),
        ("meta", "meta"), ("draw", "drawing"), ("presentation", "presentation"),
        ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible"),
    ]
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip


def make_odf(kind: str, body: str, styles: str = "", meta: str = "", manifest: str = "") -> bytes:
    """An OpenDocument file: a "text", a "presentation" or a "spreadsheet"."""
    return make_zip(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"<office:document-content {ODF}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}>"
            "</office:body></office:document-content>",
            "meta.xml": f"<office:document-meta {ODF}><office:meta>{meta}"
            "<meta:creation-date>2020-01-01T00:00:00</meta:creation-date>"
            "</office:meta></office:document-meta>",
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
        }
    )


def make_odt(body: str, styles: str = "", meta: str = "", manifest: str = "") -> bytes:
    return make_odf("text", body, styles, meta, manifest)


def make_flat_odf(kind: str, body: str, styles: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document {ODF}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document>"
    ).encode()


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATED = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORD = " ".join(
    f'xmlns:{prefix}="http://schemas.{name}"'
    for prefix, name in [
        ("w", "openxmlformats.org/wordprocessingml/2006/main"),
        ("m", "openxmlformats.org/officeDocument/2006/math"),
        ("r", "openxmlformats.org/officeDocument/2006/relationships"),
        ("wp", "openxmlformats.org/drawingml/2006/wordprocessingDrawing"),
        ("a", "openxmlformats.org/drawingml/2006/main"),
        ("p", "openxmlformats.org/presentationml/2006/main"),
        ("dgm", "openxmlformats.org/drawingml/2006/diagram"),
        ("mc", "openxmlformats.org/markup-compatibility/2006"),
        ("wps", "microsoft.com/office/word/2010/wordprocessingShape"),
    ]
) + ' xmlns:v="urn:schemas-microsoft-com:vml"'  # fmt: skip


def office_part(name: str, content: str) -> str:
    """A part of a Word or PowerPoint file, with the usual prefixes."""
    return f'<?xml version="1.0" encoding="UTF-8"?><{name} {_WORD}>{content}</{name}>'


def relations(*targets: tuple[str, str]) -> str:
    """A part that points to others: (kind, target), with the ids rId1, rId2 …"""
    items = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_RELATED}">{items}</Relationships>'


def make_word(
    body: str,
    *,
    styles: str = "",
    notes: str = "",
    related: Sequence[tuple[str, str]] = (),
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A Word file by its XML; `notes` are its footnotes, `related` its further parts, from rId3."""
    files = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("officeDocument", "word/document.xml")),
        "word/document.xml": office_part("w:document", f"<w:body>{body}</w:body>"),
        "word/styles.xml": office_part("w:styles", styles),
        "word/footnotes.xml": office_part("w:footnotes", notes),
        "word/_rels/document.xml.rels": relations(
            ("styles", "styles.xml"), ("footnotes", "/word/footnotes.xml"), *related
        ),
    }
    return make_zip({**files, **(parts or {})})


def make_slides(
    slides: Sequence[str],
    *,
    related: Sequence[Sequence[tuple[str, str]]] = (),
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A PowerPoint file: each slide by its XML, or by the paragraphs of its one text box."""
    files = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": office_part(
            "p:presentation",
            "".join(f'<p:sldId id="{n}" r:id="rId{n}"/>' for n in range(1, len(slides) + 1)),
        ),
        "ppt/_rels/presentation.xml.rels": relations(
            *(("slide", f"slides/slide{n}.xml") for n in range(1, len(slides) + 1))
        ),
    }
    for number, slide in enumerate(slides, start=1):
        if slide.startswith("<a:p"):
            slide = f"<p:sp><p:txBody>{slide}</p:txBody></p:sp>"
        if slide.startswith("<p:sp"):
            slide = f"<p:cSld><p:spTree>{slide}</p:spTree></p:cSld>"
        files[f"ppt/slides/slide{number}.xml"] = office_part("p:sld", slide)
        if len(related) >= number:
            files[f"ppt/slides/_rels/slide{number}.xml.rels"] = relations(*related[number - 1])
    return make_zip({**files, **(parts or {})})


def make_book(
    rows: str, *, strings: str = "", styles: str = "", columns: str = "", more: str = ""
) -> bytes:
    """An Excel file by the XML of its rows; `more` are further sheets in the workbook's list."""
    return make_zip(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": office_part(
                "workbook", f'<sheets><sheet name="Barrels" r:id="rId1"/>{more}</sheets>'
            ),
            "xl/_rels/workbook.xml.rels": relations(
                ("worksheet", "worksheets/sheet1.xml"),
                ("sharedStrings", "sharedStrings.xml"),
                ("styles", "styles.xml"),
            ),
            "xl/worksheets/sheet1.xml": office_part(
                "worksheet", f"<cols>{columns}</cols><sheetData>{rows}</sheetData>"
            ),
            "xl/sharedStrings.xml": office_part("sst", strings),
            "xl/styles.xml": office_part("styleSheet", styles),
        }
    )


def make_epub(chapters: Sequence[str], metadata: str = "", extra: str = "") -> bytes:
    items = "".join(
        f'<item id="c{n}" href="ch%20{n}.xhtml" media-type="application/xhtml+xml"/>'
        for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:'
        'container"><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
        "OPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">'
        f"<metadata>{metadata}</metadata><manifest>{items}"
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        f'</manifest><spine><itemref idref="nav"/>{spine}</spine></package>',
        "OPS/nav.xhtml": "<html><body><p>Table of contents</p></body></html>",
    }
    files |= {f"OPS/ch {n}.xhtml": text for n, text in enumerate(chapters)}
    if extra:
        files["META-INF/encryption.xml"] = extra
    return make_zip(files)


def chapter(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" '
        'xmlns:epub="http://www.idpf.org/2007/ops">'
        f"<head><title/></head><body>{body}</body></html>"
    )


def make_mail(
    text: str | bytes, headers: str = "", *, subtype: str = "plain", charset: str = "utf-8"
) -> bytes:
    payload = text.encode(charset) if isinstance(text, str) else text
    head = f"{headers.strip()}\nMIME-Version: 1.0\nContent-Type: text/{subtype}; charset={charset}"
    return f"{head}\nContent-Transfer-Encoding: 8bit\n\n".encode() + payload


def make_mhtml(page: bytes, url: str = "https://example.com/a", charset: str = "") -> bytes:
    of = f"; charset={charset}" if charset else ""
    return (
        f"From: <Saved by Blink>\nSnapshot-Content-Location: {url}\nSubject: saved\n"
        "Date: Wed, 1 Jan 2020 10:00:00 +0000\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related; type="text/html"; boundary="cut"\n\n'
        "--cut\nContent-Type: text/html\nContent-Location: https://ads.example/frame\n\n"
        f"<p>An advertisement</p>\n--cut\nContent-Type: text/html{of}\n"
        f"Content-Transfer-Encoding: binary\nContent-Location: {url}\n\n"
    ).encode() + page + b"\n--cut\nContent-Type: image/png\n\nxx\n--cut--\n"  # fmt: skip


RTF = (
    rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}"
    rb"{\f1\fswiss\fcharset204 Arial Cyr;}}{\colortbl;\red0\green0\blue0;}"
    rb"{\info{\title Ferry sails}{\author Jane Doe}{\creatim\yr2020\mo1\dy1}}"
    rb"\f0 Ferry sails\par By Jane Doe, 30 May 2015\par\par "
    rb"The harbour \'93master\'94 said \u8211? {\b on} Monday that the ferry "
    rb'{\field{\*\fldinst{HYPERLINK "http://example.com"}}{\fldrslt{would}}} sail '
    rb"\u-10179?\u-8704? again, {\f1 \'ef\'e0\'f0\'ee\'ec}.\par"
    rb"{\pict\pngblip " + b"89504e47" * 200 + rb"}\trowd Day\cell Boats\cell\row "
    rb"Two engineers were still at work in the engine room.\par}"
)
