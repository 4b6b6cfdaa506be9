"""Rich Text: every word that a reader sees, and none of the others, in its own letters."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from documents import BODY

from rag.articles.files import read_data
from rag.schema import Article

Read = Callable[..., Article]
HEAD = (
    rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fcharset204 Arial;}"
    rb"{\f2\fcharset238 Arial;}{\f3\fcharset128 MS Mincho;}{\f4\fcharset2 Symbol;}"
    rb"{\f5\fnil Arial CYR;}{\f6\fcharset134 SimSun;}{\f7\fcharset161{\*\falt Times}Arial Greek;}}"
    rb"{\colortbl;\red0\green0\blue0;\red255\green255\blue255;}"
    rb"{\stylesheet{Normal;}{\s1 heading 1;}{\s2 Title;}{\s3 caption;}{\s4 toc 1;}{\*\cs9 Char;}}"
)


def rtf(body: bytes) -> bytes:
    return HEAD + rb"\f0\fs24 " + body + b"}"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # changes, as accepted
        (rb"It would {\revised\revauth1 not }sail.\par", "It would not sail."),
        (rb"It costs {\deleted\revauthdel1 12}{\revised 31} crowns.\par", "It costs 31 crowns."),
        (rb"It \deleted never \deleted0 sails.\par", "It sails."),
        (rb"It sails{\deleted\par} on Monday.\par", "It sails on Monday."),
        (rb"{\mvf It sails.}{\mvf\par}It waits.\par{\mvt It sails.}\par", "It waits.\n\nIt sails."),
        # hidden, white, struck out
        (rb"It sails.{\v  Ask Kragh.}\par", "It sails."),
        (rb"It sails.\v  Ask Kragh.\v0  Today.\par", "It sails. Today."),
        (rb"It sails.\v  Ask Kragh.\plain  Today.\par", "It sails. Today."),
        (rb"{\v Ask Kragh.\par}It sails.\par", "It sails."),
        (rb"It sails.{\cf2  Ask Kragh.}\par", "It sails."),
        (rb"It sails.{\fs2  Ask Kragh.}\par", "It sails."),
        (rb"{\cf2\highlight1 Day} one.\par", "Day one."),
        (rb"{\cf2\chcbpat1 Day} one.\par", "Day one."),
        (rb"It sails.{\strike  It sank.}{\striked1  It burnt.}\par", "It sails."),
        # raised
        (rb"It caught 6,200{\super 3} tonnes.\par", "It caught 6,200 tonnes."),
        (rb"It caught 6,200\super 3\nosupersub  tonnes.\par", "It caught 6,200 tonnes."),
        (rb"It caught 6,200{\up6\fs16 3} tonnes.\par", "It caught 6,200 tonnes."),
        (rb"It caught 6,200{\fs16\up6 3} tonnes.\par", "It caught 6,200 tonnes."),
        (rb"It caught 6,200{\up10 3} tonnes.\par", "It caught 6,200 tonnes."),
        (rb"It caught {\up2 6,200} tonnes.\par", "It caught 6,200 tonnes."),
        (rb"It caught 6,200{\super 1}{\super 2} tonnes.\par", "It caught 6,200 tonnes."),
        (rb"It spans 12 km{\super 2}.\par", "It spans 12 km²."),
        (rb"It costs 10{\super 6} crowns.\par", "It costs 10^6 crowns."),
        (rb"CO{\sub 2} fell, the 1{\super st} time.\par", "CO2 fell, the 1st time."),
        # notes, boxes, fields, tables
        (
            rb"It fell.{\super\chftn{\footnote\pard\plain{\super\chftn} By half.}} It rose.\par"
            rb" It sails.\par",
            "It fell. It rose.\n\nBy half.\n\nIt sails.",
        ),
        (rb"It fell.{\super\chftn{\*\footnote\ftnalt By half.}}\par", "It fell.\n\nBy half."),
        (
            rb"It fell.{\shp{\*\shpinst{\sp{\sn fFilled}{\sv 0}}{\shptxt So she said.\par}}"
            rb"{\shprslt{\*\do{\dptxbx{\dptxbxtext So she said.\par}}}}}\par It sails.\par",
            "It fell.\n\nSo she said.\n\nIt sails.",
        ),
        (
            rb"It fell.{\*\do\dobxpage{\dptxbx{\dptxbxtext So she said.\par}}}\par",
            "It fell.\n\nSo she said.",
        ),
        (
            rb'See {\field{\*\fldinst{HYPERLINK "http://e.example"}}{\fldrslt{\ul the list}}}.\par',
            "See the list.",
        ),
        (rb"See {\field{\fldinst PAGEREF _Toc1 \\h}{\fldrslt 7}}.\par", "See 7."),
        (
            rb"\trowd\cellx1\cellx2\pard\intbl Day\cell Boats\cell\row"
            rb"\trowd\cellx1\cellx2\pard\intbl Monday\cell 3\cell\row\pard It sails.\par",
            "Day | Boats\n\nMonday | 3\n\nIt sails.",
        ),
        (
            rb"\pard\intbl{Day\cell Boats\cell}\pard\intbl{\trowd\cellx1\row}\pard It sails.\par",
            "Day | Boats\n\nIt sails.",
        ),
        (
            rb"\trowd\pard\intbl Day\cell\pard\intbl\itap2 1\nestcell 2\nestcell"
            rb"{\*\nesttableprops\trowd\nestrow}{\nonesttables\par}\pard\intbl\cell\row\pard",
            "Day | 1 | 2",
        ),
        (rb"\trowd\pard\intbl Day one.\par", "Day one."),
        # what is no text of the article
        (rb"{\header\pard Page 1\par}{\footerr Bureau\par}It sails.\par", "It sails."),
        (rb"It {\*\bkmkstart x}sails{\*\bkmkend x}.{\*\annotation Ask Kragh.}\par", "It sails."),
        (rb"{\*\atnid JD}{\*\atnauthor Jane Doe}\chatn It sails.\par", "It sails."),
        (
            rb"{\pict\wmetafile8 0100090000}It sails.{\*\shppict{\pict 00ff}}{\nonshppict 00}\par",
            "It sails.",
        ),
        (
            rb"{\object\objemb{\*\objclass Word.8}{\*\objdata 0105}{\result It sails.}}\par",
            "It sails.",
        ),
        (rb"{\*\themedata 504b}{\*\unknown It sank.}It sails.\par", "It sails."),
        (rb"{\listtext\pard 1.\tab}{\pntext\'b7\tab}It sails.\par", "It sails."),
        (rb"It sails.{\xe ferries}{\tc Ferries}\par", "It sails."),
        (rb"\pard\s4 Ferries\tab 3\par\pard It sails.\par", "It sails."),
        (rb"{\pict\bin4 }}{{}It sails.\par", "It sails."),
        (rb"It sails.\par}{\old It sank.}junk", "It sails."),
        (rb"{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 It sails.\htmlrtf\par}\htmlrtf0", "It sails."),
        # letters
        (rb"{\f1 \'cc\'ee\'f1\'f2} is shut.\par", "Мост is shut."),
        (rb"{\f5 \'cc\'ee\'f1\'f2} is shut.\par", "Мост is shut."),
        (rb"{\f2 \'a3\'f3d\'9f} is shut.\par", "Łódź is shut."),
        (rb"{\f3 \'93\'8c\'8b\'9e} is shut.\par", "東京 is shut."),
        (rb"{\f3 \'83A\'83\'5c} is shut.\par", "アソ is shut."),
        (rb"{\f6 \'b1\'b1\'be\'a9} is shut.\par", "北京 is shut."),
        (rb"{\f7 \'c1\'e8\'de\'ed\'e1} is shut.\par", "Αθήνα is shut."),
        (rb"A {\f4 \'b1}2{\f4\u-3919 \'b1}1\par", "A ±2±1"),
        (rb"caf\'e9 \'93x\'94 \lquote y\rquote\emdash z\par", "café “x” ‘y’—z"),
        (rb"\u8211?\uc2\u26481\'93\'8c{\uc0\u20140}\uc1\u-10179?\u-8704?.\par", "–東京😀."),
        (rb"{\upr{Caf?}{\*\ud{Caf\u233?}}} is shut.\par", "Café is shut."),
        (rb"well\_known fer\-ry, 5\~tonnes \{a\}\par", "well-known ferry, 5 tonnes {a}"),
        (rb"We\line sail\tab now.\par", "We\n\nsail now."),
        (b"We sail\\\nnow.\\par", "We sail\n\nnow."),
        (b"We\r\n sail.\\par", "We sail."),
        ("Die Fähre fährt.\\par".encode(), "Die Fähre fährt."),
        ("Die Fähre fährt.\\par".encode("cp1252"), "Die Fähre fährt."),
    ],
)
def test_what_stands_in_rich_text(read: Read, body: bytes, expected: str) -> None:
    data = rtf(body)
    assert read(data, "a.rtf").text == expected
    assert not read_data(data, ".rtf", "a.rtf").partly


@pytest.mark.parametrize(
    ("head", "title", "author"),
    [
        (rb"\ansi\ansicpg1251", rb"\'cc\'ee\'f1\'f2", "Мост"),
        (rb"\ansi\ansicpg1250", rb"\'a3\'f3d\'9f", "Łódź"),
        (rb"\ansi\ansicpg936", rb"\'b1\'b1\'be\'a9", "北京"),
        (rb"\mac", rb"caf\'8e", "café"),
        (rb"\ansi\ansicpg65001", rb"caf\'c3\'a9", "café"),
        (rb"\ansi\ansicpg1252", rb"\u1052?\u1086?", "Мо"),
    ],
)
def test_properties_in_the_documents_own_letters(
    read: Read, head: bytes, title: bytes, author: str
) -> None:
    info = b"{\\info{\\title %b}{\\author %b}{\\operator Desk}{\\company X}}" % (title, title)
    data = b"{\\rtf1%b{\\fonttbl{\\f0 Arial;}}%b\\f0 %b\\par}" % (head, info, BODY[0].encode())
    article = read(data, "a.rtf")
    assert (article.title, article.author) == (author, author)


def test_letters_of_the_document_in_a_font_that_says_it_is_western(read: Read) -> None:
    data = (
        rb"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0\fcharset0 Arial;}}\f0 "
        + b"".join(b"\\'%02x" % byte for byte in "Мост закрыт".encode("cp1251") if byte != 32)
        + rb" caf\'e9.\par}"
    )
    assert read(data, "a.rtf").text.startswith("Мостзакрыт")


def test_blanks_between_fonts_belong_to_none(read: Read) -> None:
    data = (
        rb"{\rtf1\ansi\deff0{ \fonttbl {\f0\fcharset0 {\*\panose 02}Times;} "
        rb"{\f9\fcharset222 Tahoma;} }{\fs28 F\'e4hre \'fcber See.}}"
    )
    assert read(data, "a.rtf").text == "Fähre über See."


def test_headlines_captions_and_notes_by_their_styles(read: Read) -> None:
    body = (
        rb"\pard\s2 Ferry sails\par\pard\s3 The quay.\par\pard\s0 %b{\footnote A note.}\par"
        % BODY[0].encode()
    )
    article = read(rtf(body), "a.rtf")
    assert article.title == "Ferry sails"
    kinds = [(part.kind, article.text[part.start : part.end]) for part in article.parts]
    assert kinds == [
        ("body", "Ferry sails"),
        ("caption", "The quay."),
        ("body", BODY[0]),
        ("caption", "A note."),
    ]


def test_changes_are_said(read: Read) -> None:
    assert read(rtf(rb"It {\revised now }sails.\par"), "a.rtf").notes == ("has tracked changes",)
    assert read(rtf(rb"It {\deleted never }sails.\par"), "a.rtf").notes
    assert not read(rtf(rb"It {\v never }sails.\par"), "a.rtf").notes
