"""Small files of each format, made in memory."""

import io
import struct
import textwrap
import zipfile
import zlib
from collections.abc import Mapping, Sequence

from PIL import Image, ImageDraw, ImageFont

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


def make_msg(
    subject: str, body: str, sender: str = "Jane Doe", address: str = "jane@x.example"
) -> bytes:
    """An Outlook mail: a compound file of one sector chain for each property."""
    streams = {
        "__properties_version1.0": _properties([0x0037, 0x1000, 0x0C1A, 0x5D01, 0x0042]).ljust(
            4096, b"\0"
        ),
        "__substg1.0_0037001F": subject.ljust(2048).encode("utf-16-le"),
        "__substg1.0_1000001F": body.ljust(2048).encode("utf-16-le"),
        "__substg1.0_0C1A001F": sender.ljust(2048).encode("utf-16-le"),
        "__substg1.0_0042001F": sender.ljust(2048).encode("utf-16-le"),
        "__substg1.0_5D01001F": address.ljust(2048).encode("utf-16-le"),
    }
    return make_compound(streams)


def _properties(names: Sequence[int]) -> bytes:
    """The list of a mail's text properties: type, name, flags, size."""
    entries = [struct.pack("<HHIII", 0x001F, name, 6, 0, 0) for name in names]
    entries.append(struct.pack("<HHIQ", 0x0040, 0x0039, 6, 130_774_968_000_000_000))  # 30 May 2015
    return bytes(32) + b"".join(entries)


def make_compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file with these streams in its root, each of 4,096 bytes or more."""
    names = sorted(streams, key=lambda name: (len(name), name.upper()))
    data = [streams[name] for name in names]
    sizes = [len(item) for item in data]
    counts = [-(-len(item) // 512) for item in data]
    directory = -(-(len(names) + 1) // 4)
    table = -(-(sum(counts) + directory + 8) // 128)
    chains: list[int] = [0xFFFFFFFD] * table
    for count in (directory, *counts):
        start = len(chains)
        chains += [*range(start + 1, start + count), 0xFFFFFFFE]
    starts = [table + directory + sum(counts[:n]) for n in range(len(counts))]
    # the tree of names as a chain to the right: readers only walk it
    entries = [_entry("Root Entry", 5, child=1)]
    for number, name in enumerate(names, 1):
        after = number + 1 if number < len(names) else 0xFFFFFFFF
        entries.append(
            _entry(name, 2, right=after, start=starts[number - 1], size=sizes[number - 1])
        )
    entries += [bytes(128)] * (directory * 4 - len(entries))
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, bytes(6), 0, table,
        table, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0,
    )[:76]  # fmt: skip
    difat = struct.pack("<109I", *[*range(table), *[0xFFFFFFFF] * (109 - table)])
    fat = struct.pack(f"<{table * 128}I", *[*chains, *[0xFFFFFFFF] * (table * 128 - len(chains))])
    return (
        header
        + difat
        + fat
        + b"".join(entries)
        + b"".join(item.ljust(count * 512, b"\0") for item, count in zip(data, counts, strict=True))
    )


def _entry(
    name: str,
    kind: int,
    *,
    child: int = 0xFFFFFFFF,
    right: int = 0xFFFFFFFF,
    start: int = 0xFFFFFFFE,
    size: int = 0,
) -> bytes:
    spelt = (name + "\0").encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        spelt, len(spelt), kind, 1, 0xFFFFFFFF, right, child, bytes(16), 0, 0, 0, start, size,
    )  # fmt: skip


def pdf_file(objects: list[bytes], trailer: str) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R {trailer} >>\n"
        f"startxref\n{len(out)}\n%%EOF"
    )
    return out + end.encode()


def make_drawn_pdf(
    pages: Sequence[str], *, page: str = "", catalog: str = "", objects: Sequence[bytes] = ()
) -> bytes:
    """A PDF of content streams on A4; /F1 is Helvetica, `page` and `catalog` are further entries.

    The first of `objects` has the number 4; the pages come after them.
    """
    first = 4 + len(objects)
    kids = " ".join(f"{first + 2 * n} 0 R" for n in range(len(pages)))
    made = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        *objects,
    ]
    for number, content in enumerate(pages):
        box = "" if "/MediaBox" in page else "/MediaBox [0 0 595 842]"
        resources = "/Font << /F1 3 0 R >>" + (" /XObject << /I 4 0 R >>" if objects else "")
        made.append(
            f"<< /Type /Page /Parent 2 0 R {box} /Contents {first + 1 + 2 * number} 0 R "
            f"/Resources << {resources} >> {page} >>".encode()
        )
        stream = content.encode("cp1252")
        made.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream))
    made.append(b"<< >>")
    return pdf_file(made, "")


def make_image_object(pixels: Image.Image) -> bytes:
    """A picture in grey as an object of a PDF."""
    data = zlib.compress(pixels.convert("L").tobytes())
    head = (
        f"<< /Type /XObject /Subtype /Image /Width {pixels.width} /Height {pixels.height} "
        f"/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode /Length {len(data)} >>"
    )
    return head.encode() + b"\nstream\n" + data + b"\nendstream"


def make_scan(*texts: str, size: tuple[int, int] = (1240, 1754)) -> Image.Image:
    """A page with printed paragraphs, as a scanner gives it."""
    page = Image.new("L", size, 250)
    draw, font, top = ImageDraw.Draw(page), ImageFont.load_default(30), 120
    for text in texts:
        for line in textwrap.wrap(text, 62):
            draw.text((120, top), line, fill=25, font=font)
            top += 42
        top += 40
    return page
