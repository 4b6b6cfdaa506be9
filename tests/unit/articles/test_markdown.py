"""Markdown of all dialects: notes, changes, links of notes, and what apps list above a text."""

from collections.abc import Callable
from datetime import date

import pytest

from rag.schema import Article

Read = Callable[..., Article]
LINE = "The quota fell to 6,200 tonnes this year, the ministry said on Monday."


def parts(article: Article) -> list[tuple[str, str | None, str]]:
    return [(p.kind, p.author, article.text[p.start : p.end]) for p in article.parts]


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        ("It is ~~12~~ 31 tonnes.", "It is 31 tonnes."),
        ("It is <del>12</del> <ins>31</ins> tonnes.", "It is 31 tonnes."),
        ("It is ==very== high.", "It is very high."),
        ("It is {++very++} high.", "It is very high."),
        ("It is {--not --}high.", "It is high."),
        ("It is {~~low~>high~~}.", "It is high."),
        ("It is high{>>is it?<<}.", "It is high."),
        ("See [[Kolvik ferry|the ferry]] and [[Ostby]].", "See the ferry and Ostby."),
        ("It is%% ask Ida %% high.", "It is high."),
        ("It is 6,200<sup>3</sup> tonnes.", "It is 6,200 tonnes."),
        ("It is 10^6^ m<sup>2</sup>.", "It is 10^6 m²."),
        ("It is high. ^a1b2c3", "It is high."),
        ("It is high. ([View Highlight](https://r.example/1))", "It is high."),
        ("> [!note] It is high.", "It is high."),
        ("It is `==x== ~~y~~`.", "It is ==x== ~~y~~."),
        ("It is <span style='display:none'>secret</span>high.", "It is high."),
        ("2 ++ 3 == 5 and 5 == 5, a^2 and x_y.", "2 ++ 3 == 5 and 5 == 5, a^2 and x_y."),
    ],
)
def test_marks_of_dialects(read: Read, marked: str, text: str) -> None:
    assert read(f"# Cod\n\n{LINE}\n\n{marked}\n", "a.md").text == f"Cod\n\n{LINE}\n\n{text}"


def test_changes_are_said(read: Read) -> None:
    assert read(f"# Cod\n\n{LINE} {{++Never.++}}\n", "a.md").notes == ("has tracked changes",)


def test_a_note_is_a_caption_after_its_paragraph(read: Read) -> None:
    notes = "[^3]: Without the\n    islands.\n"
    text = f"# Cod\n\nIt is 6,200[^3] tonnes.\n\n{LINE}^[Said twice.]\n\n{notes}"
    assert parts(read(text, "a.md")) == [
        ("body", None, "Cod\n\nIt is 6,200 tonnes."),
        ("caption", None, "Without the islands."),
        ("body", None, LINE),
        ("caption", None, "Said twice."),
    ]


def test_a_quotation_is_whose_name_stands_under_it(read: Read) -> None:
    text = f"# Cod\n\n{LINE}\n\n> We never pay.\n>\n> — Tove Brandt, leader\n\n{LINE}\n"
    assert ("body", "Tove Brandt", "We never pay.\n\n— Tove Brandt, leader") in parts(
        read(text, "a.md")
    )


@pytest.mark.parametrize(
    "front",
    [
        '---\ntitle: Cod\nsource: https://o.example/cod\nauthor:\n  - "[[Mira Olsen]]"\n'
        "published: 2024-05-06\ncreated: 2024-06-01\ntags:\n  - clippings\n---\n",
        '+++\ntitle = "Cod"\nauthor = "Mira Olsen"\ndate = 2024-05-06T09:00:00Z\n'
        'url = "https://o.example/cod"\n+++\n',
        "# Cod\n\n![rw-book-cover](https://o.example/x.png)\n\n## Metadata\n"
        "- Author: [[Mira Olsen]]\n- Full Title: Cod\n- Category: #articles\n"
        "- URL: https://o.example/cod\n- Published: 2024-05-06\n\n## Highlights\n",
    ],
)
def test_what_apps_say_of_what_they_keep(read: Read, front: str) -> None:
    article = read(f"{front}\n{LINE}\n", "a.md")
    assert (article.title, article.author, article.published, article.url) == (
        "Cod", "Mira Olsen", date(2024, 5, 6), "https://o.example/cod",
    )  # fmt: skip
    assert article.text.endswith(LINE)
    assert "Author:" not in article.text
