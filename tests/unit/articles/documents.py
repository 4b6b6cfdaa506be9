"""Small files of each format, made in memory."""

import io
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


def make_odt(body: str, styles: str = "", meta: str = "", manifest: str = "") -> bytes:
    names = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in [
            ("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"),
            ("meta", "meta"),
        ]
    )  # fmt: skip
    names += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return make_zip(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {names}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:text>{body}</office:text>"
            "</office:body></office:document-content>",
            "meta.xml": f"<office:document-meta {names}><office:meta>{meta}"
            "<meta:creation-date>2020-01-01T00:00:00</meta:creation-date>"
            "</office:meta></office:document-meta>",
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
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
