"""Answers with footnotes: Markdown, a web page, a Word document and what is copied."""

import io
import json
import re
import shutil
import subprocess
import unicodedata
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import markdown_it
import pypdfium2
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lxml import etree, html

from rag.articles import read_file
from rag.export import footnotes
from rag.export.footnoted import section
from rag.schema import Answer, Article, Citation, Disagreement, Passage, Place, Sentence, Side
from rag.web.html import clipboard
from tests.unit.building import hit, model_answer

DAY = date(2024, 3, 4)
BASE = "https://byline.example"  # of permalinks
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
LAID = (
    "## Cost\n\n**It** cost 9 [1].\n\n- a list [1]\n\n| Who | What |\n|---|---|\n| Ada | left [1] |"
)
HOSTILE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "<img src=x onerror=alert(1)>", "![p](https://collect.invalid/x.png)", "[^1-1]: /e",
            "[go](javascript:alert(1))", "<script>alert(1)</script>", "# head", "1. list", "- item",
            "```\ncode", "> quote", "https://collect.invalid", "</blockquote><b>", "'\" onload='x'",
            "| a | b |", "<!-- -->", "&lt;img&gt;", "\\[x](y)", "---", "===", "    code",
            "*a* _b_",
        ]
    ),
)  # fmt: skip


def source(text: str = "It cost 9. Ada left.", **known: object) -> Article:
    given_article = Article(
        "i", "talks.pdf", "Talks end", "Jo Day", "The Post", DAY, "https://post.example/talks", text
    )
    return replace(given_article, **known)  # type: ignore[arg-type]


def cite(article: Article, number: int = 1, words: str = "", **more: object) -> Citation:
    start = article.text.index(words)
    end = start + len(words) if words else len(article.text)
    passage = Passage("p", article.id, 0, 0, len(article.text), article.text, "", "body")
    return Citation(number, article, passage, start, end, **more)  # type: ignore[arg-type]


def answered(sentences: list[Sentence], *citations: Citation, **more: object) -> Answer:
    text = " ".join(item.text for item in sentences)
    got = Answer("Who paid?", "Who paid?", "answered", text, tuple(sentences), citations, (), (),
                 "extractive")  # fmt: skip
    return replace(got, **more)  # type: ignore[arg-type]


def printed(*answers: Answer, form: str = ".md") -> str:
    return footnotes.printed(answers, form, DAY, BASE).decode()


def parts(*answers: Answer) -> dict[str, etree._Element]:
    """The parts of a Word document by name; all of them are XML."""
    with zipfile.ZipFile(io.BytesIO(footnotes.printed(answers, ".docx", DAY, BASE))) as archive:
        return {name: etree.fromstring(archive.read(name)) for name in archive.namelist()}


def words(element: etree._Element) -> str:
    return "".join(item.text or "" for item in element.iter(f"{W}t"))


TWO = answered(
    [
        Sentence("It cost 9.", (1,), "supported"),
        Sentence("Ada left.", (1, 2), "partial", ("the name Bo is not in the cited text",)),
        Sentence("So it ended.", (2,), "supported", goes_on=True),
    ],
    cite(source(), words="It cost 9."),
    cite(source("Ada left. So it ended.", url=None, title=None), number=2, speaker="Ada Roe"),
)


def test_a_footnote_says_who_where_and_in_which_words() -> None:
    paged = replace(source(), pages=(0,), places=(Place(0, "00:01:12"),), label="opinion")
    citation = cite(paged, words="It cost 9.", speaker="Ada Roe", warning="looks odd")
    (note,) = section(
        answered([Sentence("It cost 9.", (1,), "supported")], citation), BASE
    ).notes.values()
    assert note.text == (
        "Talks end. Jo Day, The Post, 4 March 2024, opinion. talks.pdf, page 1, at 00:01:12. "
        "Speaking: Ada Roe. “It cost 9.” Caution: this text looks odd."
    )


def test_what_is_not_known_of_a_source_is_left_out() -> None:
    bare = source(title=None, author=None, outlet=None, published=None, url=None)
    got = section(answered([Sentence("It cost 9.", (1,), "supported")], cite(bare)), BASE)
    assert got.notes[1].text == "talks.pdf. Undated. “It cost 9. Ada left.”"


def test_markdown_has_the_question_the_sentences_and_their_footnotes() -> None:
    assert printed(TWO) == (
        "# Who paid?\n\n"
        "It cost 9.[^1-1]\n\n"
        "Ada left.[^1-1],[^1-2] *(partly backed by its sources: the name Bo is not in the cited "
        "text)* So it ended.[^1-2]\n\n"
        "In the articles’ own words.\n\n"
        "[^1-1]: Source: Talks end. Jo Day, The Post, 4 March 2024. talks.pdf. “It cost 9.” "
        "[Open the passage](<https://byline.example/a/i?start=0&end=10>) "
        "[As published](<https://post.example/talks>)\n\n"
        "[^1-2]: Source: talks.pdf. Jo Day, The Post, 4 March 2024. Speaking: Ada Roe. “Ada left. "
        "So it ended.” [Open the passage](<https://byline.example/a/i?start=0&end=22>)\n\n"
        "Byline, 4 March 2024\n"
    )


def test_a_conversation_has_each_question_as_a_heading() -> None:
    other = replace(TWO, question="Who left?")
    assert re.findall("^#.*", printed(TWO, other), re.MULTILINE) == [
        "# Questions and answers", "## Who paid?", "## Who left?"
    ]  # fmt: skip
    tree = html.document_fromstring(printed(TWO, other, form=".html"))
    assert tree.xpath("//h1/text()|//h2/text()") == [
        "Questions and answers", "Who paid?", "Who left?"
    ]  # fmt: skip
    numbers = tree.xpath("//sup/a/@href")
    assert set(numbers) == {f"#{item}" for item in tree.xpath("//ol/li/@id")}


def test_what_is_to_be_known_of_the_answer_stands_below_it() -> None:
    sides = (Side("nine", 1), Side("ten", 2, newest=True))
    told = replace(
        TWO, model="t:m", disagreements=(Disagreement("the cost", sides),), notes=("A note.",),
        standalone_question="Who paid the ferry?", dropped_markers=("[7]", "[7]"),
    )  # fmt: skip
    text = printed(told)
    for said in (
        "The sources differ on the cost: nine[^1-1]; ten (newest)[^1-2].",
        "Understood as: Who paid the ferry?",
        "Left out: \\[7\\], which stands for no source.",
        "A note.",
        "Written by t:m.",
    ):
        assert said in text, text


def test_a_refusal_is_printed_with_what_it_cites() -> None:
    refused = answered([], cite(source(), words="It cost 9."), text="I found no sentence. [1]")
    refused = replace(refused, status="not_in_articles")
    text = printed(refused)
    assert "I found no sentence.[^1-1]\n" in text
    assert "[^1-1]: Source: Talks end" in text


# --- Word


def test_a_word_document_has_footnotes_of_words_own() -> None:
    found = parts(TWO)
    references = [
        item.get(f"{W}id") for item in found["word/document.xml"].iter(f"{W}footnoteReference")
    ]
    assert references == ["1", "2"]
    notes = {item.get(f"{W}id"): words(item) for item in found["word/footnotes.xml"]}
    assert notes["1"].strip() == (
        "Talks end. Jo Day, The Post, 4 March 2024. talks.pdf. “It cost 9.”"
    )
    again = [item.text for item in found["word/document.xml"].iter(f"{W}instrText")]
    assert [item.strip() for item in again] == [
        r"NOTEREF _RefNote1 \f \h", r"NOTEREF _RefNote2 \f \h"
    ]  # fmt: skip
    links = {item.get("Id"): item.get("Target") for item in found["word/_rels/footnotes.xml.rels"]}
    assert links == {
        "rId1": "https://post.example/talks",
        "rIdPassage1": f"{BASE}/a/i?start=0&end=10",
        "rIdPassage2": f"{BASE}/a/i?start=0&end=22",
    }
    used = [item.get(f"{R}id") for item in found["word/footnotes.xml"].iter(f"{W}hyperlink")]
    assert used == list(links)


def test_footnotes_of_a_conversation_are_counted_through() -> None:
    found = parts(TWO, replace(TWO, question="Who left?"))
    marks = [item.get(f"{W}name") for item in found["word/document.xml"].iter(f"{W}bookmarkStart")]
    assert marks == ["_RefNote1", "_RefNote2", "_RefNote3", "_RefNote4"]
    assert len(found["word/footnotes.xml"]) == 2 + 4


def test_python_docx_and_our_own_reader_read_it_back(tmp_path: Path) -> None:
    content = footnotes.printed([TWO], ".docx", DAY, BASE)
    document = docx.Document(io.BytesIO(content))
    lines = [(item.style.name, item.text) for item in document.paragraphs]
    assert lines[0] == ("Heading 1", "Who paid?")
    doubt = "(partly backed by its sources: the name Bo is not in the cited text)"
    assert lines[2][1].endswith(f"{doubt} So it ended.2")
    assert document.core_properties.title == "Who paid?"
    file = tmp_path / "answer.docx"
    file.write_bytes(content)
    (article,) = read_file(file, file.name).articles
    assert article.title == "Who paid?"
    assert "It cost 9." in article.text
    captions = [article.text[p.start : p.end] for p in article.parts if p.kind == "caption"]
    assert any("“It cost 9.”" in text for text in captions), article.parts


def test_what_a_model_laid_out_is_laid_out_in_word() -> None:
    lists = "3. three\n   - under\n4. four"
    written = f"{LAID}\n\nThe `end` of it [1].\n\n{lists}\n\n> quoted\n\n---\n\nLast."
    found = parts(model_answer(written, [hit("It cost 9.")], "why"))
    document = docx.Document(
        io.BytesIO(
            footnotes.printed([model_answer(written, [hit("It cost 9.")])], ".docx", DAY, BASE)
        )
    )
    styles = [item.style.name for item in document.paragraphs if item.text.strip()]
    assert styles == [
        "Heading 1", "Heading 2", "Normal", "List Paragraph", "Normal", "List Paragraph",
        "List Paragraph", "List Paragraph", "Quote", "Normal", "Remark", "Remark",
    ]  # fmt: skip
    (table,) = document.tables
    assert [[cell.text.rstrip(" 1") for cell in row.cells] for row in table.rows][0] == [
        "Who", "What"
    ]  # fmt: skip
    starts = [item.get(f"{W}val") for item in found["word/numbering.xml"].iter(f"{W}startOverride")]
    assert set(starts) == {"3"}


@pytest.mark.skipif(shutil.which("soffice") is None, reason="apt-get install libreoffice-writer")
def test_libreoffice_prints_it_with_the_footnotes_at_the_foot(tmp_path: Path) -> None:
    file = tmp_path / "answer.docx"
    file.write_bytes(footnotes.printed([TWO, laid(LAID)], ".docx", DAY, BASE))
    own = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = ["soffice", own, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*convert, str(file)], check=True, capture_output=True, timeout=120)
    with pypdfium2.PdfDocument(tmp_path / "answer.pdf") as pdf:
        text = " ".join(pdf[0].get_textpage().get_text_range().split())
    said, note = text.index("It cost 9.1"), text.index("1 Talks end. Jo Day, The Post")
    assert said < text.index("Byline, 4 March 2024") < note
    assert "So it ended.2" in text  # a footnote that is referred to again keeps its number


def test_the_same_answer_makes_the_same_bytes() -> None:
    for form in footnotes.FORMS:
        assert footnotes.printed([TWO], form, DAY, BASE) == footnotes.printed(
            [TWO], form, DAY, BASE
        )
    with zipfile.ZipFile(io.BytesIO(footnotes.printed([TWO], ".docx", DAY, BASE))) as archive:
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_half_a_letter_costs_no_document() -> None:
    for form in footnotes.FORMS:
        assert footnotes.printed([hostile("\ud800")], form, DAY, BASE)


def hostile(text: str) -> Answer:
    """An answer in which every word of a model or an article is `text`."""
    article = Article("i", text, text, text, text, None, text, text or "x")
    citation = cite(article, speaker=text, warning=text)
    return answered(
        [Sentence(text, (1,), "partial", (text,))], citation, question=text, notes=(text,)
    )


@given(st.one_of(HOSTILE, st.text(st.characters(exclude_categories=["Cs"]), max_size=20)))
def test_every_part_of_a_word_document_is_sound_xml(text: str) -> None:
    found = parts(hostile(text), model_answer(f"{text} [1]\n\n- {text}", [hit(text or "x")], text))
    assert len(found) == 10
    for part in found.values():
        assert not [item for item in part.iter() if not str(item.tag).startswith("{http")]


# --- nothing of theirs works


@given(HOSTILE)
def test_the_page_has_our_elements_only(text: str) -> None:
    assume(not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text))
    tree = html.document_fromstring(printed(hostile(text), form=".html"))
    ours = {
        "html", "head", "meta", "title", "style", "body", "main", "h1", "p", "sup", "span", "ol",
        "li", "a", "footer",
    }  # fmt: skip
    assert {item.tag for item in tree.iter()} <= ours
    for item in tree.iter():
        assert set(item.attrib) <= {
            "lang", "charset", "http-equiv", "content", "name", "href", "id", "value", "class",
            "rel",
        }  # fmt: skip
        link = item.get("href", "#note-")
        ours = link.startswith(("#note-", f"{BASE}/a/i?"))
        assert ours or (link == text and text.startswith("https://"))


@given(HOSTILE)
def test_nothing_in_the_markdown_is_active(text: str) -> None:
    assume(not any(unicodedata.category(letter) == "Cs" for letter in text))
    page = printed(hostile(text))
    tokens = markdown_it.MarkdownIt("commonmark").enable("table").parse(page)
    every = [*tokens, *(child for token in tokens for child in token.children or ())]
    kinds = {token.type for token in every}
    links = {token.attrs["href"] for token in every if token.type == "link_open"}
    theirs = {link for link in links if not link.startswith(f"{BASE}/a/i?")}
    assert theirs <= {text} if text.startswith("https://") else not theirs
    assert kinds - {"link_open", "link_close"} <= {
        "heading_open", "heading_close", "inline", "paragraph_open", "paragraph_close", "text",
        "em_open", "em_close", "text_special",
    }  # fmt: skip


def laid(text: str) -> Answer:
    return model_answer(text, [hit("It cost 9.")], "why")


def test_what_a_model_laid_out_is_laid_out_in_both_forms() -> None:
    doubt = "(partly backed by its sources: why)"
    assert printed(laid(LAID)).split("Written by")[0].split("What?")[1].strip() == (
        f"### Cost\n\n**It** cost 9[^1-1]. *{doubt}*\n\n"
        f"- a list[^1-1] *{doubt}*\n\n"
        f"| Who | What |\n|---|---|\n| Ada | left[^1-1] *{doubt}* |"
    )
    tree = html.document_fromstring(printed(laid(LAID), form=".html"))
    assert tree.xpath("//h3/text()") == ["Cost"]
    assert tree.xpath("//strong/text()") == ["It"]
    assert tree.xpath("//th/text()") == ["Who", "What"]
    assert tree.xpath("//td//a/@href") == ["#note-1-1"]
    assert [item.text for item in tree.find_class("doubt")] == [doubt] * 3


@given(HOSTILE)
def test_nothing_that_a_model_laid_out_is_active(text: str) -> None:
    assume(not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text))
    line = " ".join(text.split())
    made = laid(
        f"{text} [1]\n\n- {line} [1]\n\n| {line} | b |\n|---|---|\n| {line} | {line} [1] |\n"
    )
    tree = html.document_fromstring(printed(made, form=".html"))
    for item in tree.xpath("//main//*"):
        assert set(item.attrib) <= {"href", "id", "value", "class", "start", "rel"}
        assert item.get("href", "#note-").startswith(("#note-", f"{BASE}/a/"))
        assert item.tag not in ("img", "script", "iframe", "b", "link")
    tokens = markdown_it.MarkdownIt("commonmark").enable("table").parse(printed(made))
    every = [*tokens, *(child for token in tokens for child in token.children or ())]
    links = [token.attrs["href"] for token in every if token.type == "link_open"]
    assert all(str(link).startswith(f"{BASE}/a/") for link in links)
    assert not {token.type for token in every} & {"html_block", "html_inline", "image"}


# --- the clipboard


def test_what_is_copied_is_a_text_with_raised_numbers_and_its_sources() -> None:
    got = clipboard.copied(TWO)
    assert got.plain == (
        "It cost 9. [1]\n\nAda left. [1], [2] (partly backed by its sources: the name Bo is not in "
        "the cited text) So it ended. [2]\n\nSources\n"
        "[1] Talks end. Jo Day, The Post, 4 March 2024. talks.pdf. “It cost 9.” "
        f"{clipboard.HERE}/a/i?start=0&end=10\n"
        "[2] talks.pdf. Jo Day, The Post, 4 March 2024. Speaking: Ada Roe. “Ada left. So it "
        f"ended.” {clipboard.HERE}/a/i?start=0&end=22"
    )
    rich = html.fragment_fromstring(got.rich, "div")
    assert [item.text_content() for item in rich.iter("sup")] == ["1", "1", ",", "2", "2"]
    assert rich.xpath(".//a/@href") == [
        "https://post.example/talks",
        f"{clipboard.HERE}/a/i?start=0&end=10",
        f"{clipboard.HERE}/a/i?start=0&end=22",
    ]
    assert rich.xpath(".//ol/li/@value") == ["1", "2"]
    assert not rich.xpath(".//*[@id]")


@given(HOSTILE)
def test_nothing_that_is_copied_is_active(text: str) -> None:
    rich = html.fragment_fromstring(clipboard.copied(hostile(text)).rich, "div")
    assert {item.tag for item in rich.iter()} <= {"div", "p", "sup", "span", "ol", "li", "a"}
    assert json.dumps(clipboard.copied(hostile(text)).plain)
