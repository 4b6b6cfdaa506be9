"""Heads of PDF pages: what stands above and below the text, letterheads, stories, notes."""

from collections.abc import Sequence

from documents import make_drawn_pdf

from rag.articles.files import read_data
from rag.schema import Article

BODY = (
    "The tram depot at Ostermoor will close in March because its roof is unsafe,",
    "the city council decided on Monday evening. Engineers found cracks in eleven",
    "of the forty concrete beams when they looked at them in October. A borrowed re-",
)
MORE = (
    "ceiver of the fault signals had been mounted beneath the switch near the gate.",
    "Mayor Henrike Vos said the drivers would move to the northern depot for two re-",
)
LAST = (
    "warding years. The union called the plan hasty and asked for a meeting before",
    "the end of the month.",
)


def show(left: float, bottom: float, size: float, text: str, rest: str = "") -> str:
    return f"BT {rest} /F1 {size} Tf {left} {bottom} Td ({text}) Tj ET\n"


def paragraph(
    top: float, lines: Sequence[str], size: float = 10, left: float = 72, step: float = 12
) -> str:
    return "\n".join(show(left, top - step * n, size, line) for n, line in enumerate(lines))


def articles(pages: Sequence[str]) -> list[Article]:
    return [*read_data(make_drawn_pdf(pages), ".pdf", "a.pdf").articles]


def text_of(pages: Sequence[str]) -> str:
    return "\n\n".join(article.text for article in articles(pages))


def test_heads_that_differ_from_page_to_page() -> None:
    left = show(72, 800, 9, "2") + show(100, 800, 9, "The depot in winter")
    right = show(440, 800, 9, "Tilda Renn") + show(510, 800, 9, "3")
    text = text_of(
        [paragraph(760, BODY), left + paragraph(760, MORE), right + paragraph(760, LAST)]
    )
    assert "A borrowed receiver of the fault" in text
    assert "for two rewarding years." in text
    assert "Renn" not in text
    assert "winter" not in text


def test_the_head_of_a_second_page() -> None:
    head = show(72, 800, 8, "2 | The depot in winter")
    assert "borrowed receiver" in text_of([paragraph(760, BODY), head + paragraph(760, MORE)])


def test_heads_without_a_number() -> None:
    heads = show(100, 800, 8, "The depot in winter"), show(440, 800, 8, "Tilda Renn")
    pages = [paragraph(760, BODY), heads[0] + paragraph(760, MORE), heads[1] + paragraph(760, LAST)]
    for number in (2, 3):
        text = text_of(pages[:number])
        assert "A borrowed receiver of the fault" in text
        assert "winter" not in text
        assert "Renn" not in text


def test_pages_that_begin_and_end_alike_keep_their_sentences() -> None:
    first = ("The parish council gives notice that the road named here will be closed to all",)
    ends = ("Objections must reach the clerk within fourteen days of the date of this notice.",)
    middles = (BODY[:2], LAST)
    pages = [
        paragraph(760, first) + paragraph(700, middle) + paragraph(600, ends) for middle in middles
    ]
    text = text_of(pages)
    assert text.count(first[0]) == text.count(ends[0]) == 2


def test_short_headlines_side_by_side_are_of_two_stories() -> None:
    stories = (
        ("Depot shuts", "By Tilda Renn", "The tram depot at Ostermoor will close", 40),
        ("Light unsold", "By Olof Brask", "The old lighthouse on Skarv rock has", 320),
    )
    rest = (
        ("soon, the city council said.", "The roof is not safe, and the drivers", "must move."),
        ("no buyer, an office said.", "Nobody has lived there since the keeper", "went away."),
    )
    rows = [
        show(left, 780, 18, title) + show(left, 760, 9, byline)
        for title, byline, _, left in stories
    ]
    lines = [
        "".join(show(it[3], 746, 10, it[2]) for it in stories),
        *(
            "".join(show(it[3], 734 - 12 * n, 10, rest[k][n]) for k, it in enumerate(stories))
            for n in range(3)
        ),
    ]
    found = articles(["\n".join(["".join(rows), *lines])])
    assert [(it.title, it.author) for it in found] == [
        ("Depot shuts", "Tilda Renn"),
        ("Light unsold", "Olof Brask"),
    ]
    assert "will close soon, the city council said." in found[0].text


def test_a_masthead_above_two_stories() -> None:
    content = (
        show(150, 800, 32, "The Ostermoor Herald")
        + show(72, 760, 18, "Depot to close in March")
        + show(72, 740, 9, "By Tilda Renn")
        + paragraph(720, (*BODY[:2], "of the forty beams."))
        + show(72, 660, 18, "Lighthouse finds no buyer")
        + show(72, 640, 9, "By Olof Brask")
        + paragraph(620, ("The coast office said so on Tuesday.", *LAST[1:]))
    )
    found = articles([content])
    assert [it.title for it in found] == ["Depot to close in March", "Lighthouse finds no buyer"]
    assert [it.author for it in found] == ["Tilda Renn", "Olof Brask"]


def test_the_headline_of_a_press_release() -> None:
    content = (
        show(72, 800, 28, "NORDTRAM AS")
        + show(72, 780, 9, "Hall Road 4, 4400 Ostermoor, www.nordtram.example")
        + show(72, 750, 12, "FOR IMMEDIATE RELEASE")
        + show(72, 730, 14, "Ostermoor tram depot closes in March")
        + paragraph(700, (*BODY[:2], "of the forty beams."))
    )
    (found,) = articles([content])
    assert found.title == "Ostermoor tram depot closes in March"
    assert "NORDTRAM AS" in found.text


def test_a_letter_has_no_headline() -> None:
    content = (
        show(72, 800, 28, "Tram Drivers Union")
        + show(72, 780, 9, "Hall Road 4, 4400 Ostermoor, www.union.example")
        + show(72, 740, 10, "Dear Mayor Vos,")
        + paragraph(720, (*BODY[:2], "of the forty beams."))
    )
    (found,) = articles([content])
    assert found.title is None
    assert "Tram Drivers Union" in found.text


def test_words_in_bold_between_two_columns_of_a_sentence() -> None:
    left = paragraph(760, (*BODY[:2], "of the forty beams when they looked at them in the cold"))
    right = paragraph(760, ("month of October, which nobody", "had expected of them."), left=460)
    bold = "BT /F2 10 Tf 72 710 Td (The depot at dawn) Tj ET\n"
    font = "/Font << /F1 3 0 R /F2 4 0 R >>"
    helvetica = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>"
    data = make_drawn_pdf([left + bold + right], objects=[helvetica])
    data = data.replace(b"/Font << /F1 3 0 R >> /XObject << /I 4 0 R >>", font.encode().ljust(45))
    (found,) = read_data(data, ".pdf", "a.pdf").articles
    assert "in the cold month of October, which nobody" in found.text
    assert "The depot at dawn" in found.text


def test_notes_in_the_usual_type_below_a_rule_or_with_a_raised_number() -> None:
    text = paragraph(760, (*BODY[:2], "of the forty beams when they looked at them in the cold"))
    rule = "72 700 m 200 700 l S "
    raised = "BT 5 Ts /F1 6 Tf 72 688 Td (1) Tj 0 Ts /F1 10 Tf ( Minutes, page 4.) Tj ET"
    after = paragraph(760, ("month of October, which nobody had expected.",))
    for foot in (rule + show(72, 688, 10, "1 Minutes, page 4."), raised):
        (found,) = articles([text + foot, after])
        assert "in the cold month of October, which" in found.text
        notes = [found.text[it.start : it.end] for it in found.parts if it.kind == "caption"]
        assert notes == ["Minutes, page 4."]
