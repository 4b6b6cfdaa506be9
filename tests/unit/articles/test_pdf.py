"""What a page of a PDF shows: turned pages, initials, raised figures, notes, forms, hidden text."""

from collections.abc import Callable, Sequence

import pytest
from documents import make_drawn_pdf, make_image_object
from PIL import Image

from rag.articles.files import read_data
from rag.articles.reading import Reading
from rag.schema import Article

Read = Callable[..., Article]
BODY = (
    "The tram depot at Ostermoor will close in March because its roof is unsafe,",
    "the city council decided on Monday evening. Engineers found cracks in eleven",
    "of the forty concrete beams when they looked at them in October.",
)
TEXT = " ".join(BODY)
MORE = (
    "Mayor Henrike Vos said the drivers would move to the northern depot for two",
    "years. The union called the plan hasty and asked for a meeting before the end",
    "of the month.",
)


def show(left: float, bottom: float, size: float, text: str, rest: str = "") -> str:
    return f"BT {rest} /F1 {size} Tf {left} {bottom} Td ({text}) Tj ET"


def paragraph(top: float, lines: Sequence[str], size: float = 10, left: float = 72) -> str:
    return "\n".join(show(left, top - 1.2 * size * n, size, line) for n, line in enumerate(lines))


def reading(pages: Sequence[str], **more: object) -> Reading:
    return read_data(make_drawn_pdf(pages, **more), ".pdf", "a.pdf")  # type: ignore[arg-type]


def text_of(pages: Sequence[str], **more: object) -> str:
    return "\n\n".join(article.text for article in reading(pages, **more).articles)


# --- turned pages

QUARTERS = {
    90: "0 1 -1 0 595 0",
    180: "-1 0 0 -1 595 842",
    270: "0 -1 1 0 0 842",
}


@pytest.mark.parametrize("degrees", QUARTERS)
def test_text_that_lies_on_its_side_or_head(degrees: int) -> None:
    content = f"q {QUARTERS[degrees]} cm {paragraph(500, BODY)} Q"
    assert text_of([content]) == TEXT
    assert text_of([content], page=f"/Rotate {degrees}") == TEXT


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_that_is_shown_turned(degrees: int) -> None:
    assert text_of([paragraph(700, BODY)], page=f"/Rotate {degrees}") == TEXT


def test_a_stamp_across_or_beside_the_pages_breaks_no_sentence() -> None:
    stamp = f"q .7 .7 -.7 .7 150 300 cm {show(0, 0, 80, 'DRAFT')} Q"
    side = f"q 0 1 -1 0 30 300 cm {show(0, 0, 7, 'Downloaded from an archive')} Q"
    found = reading([f"{stamp} {side} {paragraph(700, part)}" for part in (BODY[:2], BODY[2:])])
    assert [article.text for article in found.articles] == [TEXT]
    assert not found.partly


def test_a_table_on_its_side_is_read_after_the_page() -> None:
    table = "\n".join(show(0, -15 * n, 10, f"District {n} has {n}4 beams") for n in range(3))
    text = text_of([f"{paragraph(700, BODY)} q 0 1 -1 0 400 100 cm {table} Q"])
    assert text.startswith(TEXT)
    assert "District 1 has 14 beams" in text


# --- what repeats


def test_the_same_page_twice_is_no_running_head() -> None:
    page = f"{show(72, 760, 20, 'Depot to close')} {paragraph(720, BODY)}"
    assert text_of([page, page]).count(TEXT) == 2


def test_a_head_goes_from_a_page_with_one_line_too() -> None:
    head = show(72, 810, 8, "Moor Gazette, number 12")
    pages = [f"{head} {paragraph(700, lines)}" for lines in (BODY, MORE, ["It rained."])]
    assert "Moor Gazette" not in text_of(pages)
    assert "It rained." in text_of(pages)


# --- initials and raised figures


def test_an_initial_of_three_lines(read: Read) -> None:
    lines = ("HE TRAM DEPOT at Ostermoor will close in March", *BODY[1:])
    beside = [show(100, 700 - 12 * n, 10, line) for n, line in enumerate(lines)]
    content = "\n".join([show(72, 676, 34, "T"), *beside, paragraph(650, MORE)])
    text = read(make_drawn_pdf([content]), "a.pdf").text
    assert text.startswith("THE TRAM DEPOT at Ostermoor will close in March the city council")


def test_an_initial_that_is_a_word_of_its_own() -> None:
    lines = ("tram left the depot at Ostermoor for the last time on", "Friday, and another tram")
    beside = [show(100, 700 - 12 * n, 10, line) for n, line in enumerate(lines)]
    text = text_of(["\n".join([show(72, 688, 24, "A"), *beside, paragraph(660, MORE)])])
    assert text.startswith("A tram left")


def mixed(bottom: float, *parts: tuple[str, float, float]) -> str:
    """One line of texts, each with its size and how far it is raised."""
    shown = " ".join(f"/F1 {size} Tf {rise} Ts ({text}) Tj" for text, size, rise in parts)
    return f"BT 72 {bottom} Td {shown} ET"


def test_raised_figures_never_join_the_word_before() -> None:
    line = mixed(
        700, ("It moved 6,200", 11, 0), ("3", 7, 4), (" tonnes of 10", 11, 0), ("6", 7, 4),
        (" on the 21", 11, 0), ("st", 7, 4), (" day, with H", 11, 0), ("2", 7, -2),
        ("O in a hall of 400 m", 11, 0), ("2", 7, 4), (".", 11, 0),
    )  # fmt: skip
    assert (
        text_of([line])
        == "It moved 6,200 tonnes of 10^6 on the 21st day, with H2O in a hall of 400 m²."
    )


def test_raised_figures_that_are_drawn_by_themselves() -> None:
    pieces = ((72, 700, 11, "about 10"), (116.1, 704, 7, "6"), (124, 700, 11, "bags on the 21"))
    content = " ".join([show(*piece) for piece in pieces] + [paragraph(680, BODY)])
    assert text_of([content]).startswith("about 10^6 bags on the 21")


def test_rows_of_a_table_are_lines() -> None:
    rows = (("District", "2023", "2024"), ("North", "1,204", "1,377"), ("South", "893", "871"))
    cells = [
        show(72 + 120 * n, 640 - 15 * row, 10, cell)
        for row, texts in enumerate(rows)
        for n, cell in enumerate(texts)
    ]
    text = text_of(["\n".join([paragraph(700, BODY), *cells])])
    assert text.endswith("District | 2023 | 2024\n\nNorth | 1,204 | 1,377\n\nSouth | 893 | 871")


def test_footnotes_stand_on_their_page_and_in_no_sentence(read: Read) -> None:
    last = mixed(
        676, ("which the office", 10, 0), ("1", 6, 4), (" confirmed in a letter to the", 10, 0)
    )
    notes = mixed(90, ("1", 5, 3), (" Figures of the harbour office.", 8, 0))
    first = f"{paragraph(712, BODY)}\n{last}\n{notes}\n{show(290, 40, 9, '7')}"
    second = paragraph(700, ("council in January. The council said nothing.", *MORE))
    article = read(make_drawn_pdf([first, second]), "a.pdf")
    assert "which the office confirmed in a letter to the council in January." in article.text
    (note,) = [part for part in article.parts if part.kind == "caption"]
    assert article.text[note.start : note.end] == "Figures of the harbour office."
    assert article.page_at(note.start) == 1
    assert article.page_at(article.text.index("council in January")) == 2
    assert article.page_at(article.text.index("Mayor")) == 2


def test_letters_set_apart_are_words() -> None:
    text = text_of([f"{show(72, 760, 14, 'THE DEPOT CLOSES', '8 Tc')} {paragraph(700, BODY)}"])
    assert text.startswith("THE DEPOT CLOSES")


# --- numbers of lines


COURT = (
    "THE COURT: Mr. Falk, you have been sworn in", "and you know what that means for a", "witness.",
    "Q. When did you see the crane for the first", "time after the storm?",
    "A. It was on the Tuesday, in the morning, when", "I went down to the quay with the keys.",
    "Q. Was anybody with you?", "A. My colleague Olof Brask was there, but he",
    "stayed in the van because of the rain.",
)  # fmt: skip


@pytest.mark.parametrize("gap", [" ", "      "])
def test_numbers_of_lines_are_not_read(gap: str) -> None:
    lines = [f"{number:2}{gap}{line}" for number, line in enumerate(COURT, start=1)]
    found = reading([paragraph(700, lines, 12)])
    text = found.articles[0].text
    assert "and you know what that means for a witness." in text
    assert "\n\nQ. Was anybody with you?\n\nA. My colleague" in text
    assert not any(character.isdigit() for character in text)
    assert not found.partly


def test_a_ranking_keeps_its_numbers() -> None:
    lines = [f"{n}      Town {n * 11} has the {n}th largest hall" for n in range(1, 11)]
    assert "10 Town 110 has" in " ".join(text_of([paragraph(700, lines, 12)]).split())


# --- what is beside the text


def test_a_box_of_facts_breaks_no_sentence() -> None:
    facts = ("The depot in figures", "Built: 1931", "Beams: 40 in all")
    column = ["The tram depot will be shut for", *(f"line {n} goes on and on," for n in range(5))]
    rows = [show(60, 700 - 12 * n, 10, line) for n, line in enumerate(column)]
    rows[1:1] = [show(320, 700 - 12 * n, 9, fact) for n, fact in enumerate(facts)]
    text = text_of(["\n".join([*rows, "310 670 150 45 re S"])])
    assert "shut for line 0 goes on and on, line 1" in text
    assert "Built: 1931" in text


def test_a_caption_under_a_picture_breaks_no_sentence(read: Read) -> None:
    noise = make_image_object(Image.effect_noise((60, 30), 40))
    content = (
        f"{paragraph(700, BODY[:1])} q 200 0 0 100 72 585 cm /I Do Q "
        f"{show(72, 574, 7, CAPTION)} {paragraph(550, BODY[1:])}"
    )
    article = read(make_drawn_pdf([content], objects=[noise]), "a.pdf")
    assert TEXT in article.text
    (part,) = [part for part in article.parts if part.kind == "caption"]
    assert article.text[part.start : part.end] == CAPTION


CAPTION = "The depot in 1931, the year it was built"


def test_two_stories_of_a_page_are_two_articles() -> None:
    left = (show(40, 780, 20, "Depot to close"), show(40, 760, 9, "By Tilda Renn"))
    right = (show(320, 780, 20, "Rock for sale"), show(320, 760, 9, "By Olof Brask"))
    rows = [
        show(x, 740 - 12 * n, 10, line)
        for n in range(4)
        for x, lines in ((40, LEFT), (320, RIGHT))
        for line in lines[n : n + 1]
    ]
    found = reading(["\n".join([left[0], right[0], left[1], right[1], *rows])])
    assert [(it.path, it.title, it.author) for it in found.articles] == [
        ("a.pdf#1", "Depot to close", "Tilda Renn"),
        ("a.pdf#2", "Rock for sale", "Olof Brask"),
    ]
    assert " ".join(LEFT) in found.articles[0].text
    assert " ".join(RIGHT) in found.articles[1].text
    assert found.articles[1].page_at(0) == 1


LEFT = (
    "The tram depot at Ostermoor will close in", "March because its roof is unsafe, the city",
    "council decided on Monday evening, after", "a debate of nearly four hours.",
)  # fmt: skip
RIGHT = (
    "The lighthouse on Skarv rock is to be sold", "to the highest bidder, the coast office",
    "said on Thursday, and it asks bidders to", "bring a boat of their own.",
)  # fmt: skip


def test_lines_that_are_drawn_from_the_foot_up() -> None:
    lines = [show(72, 700 - 12 * n, 10, line) for n, line in enumerate(BODY)]
    assert text_of(["\n".join(reversed(lines))]) == TEXT


def test_words_that_are_drawn_last_stand_in_their_line() -> None:
    parts = [show(72, 700, 10, "The depot at"), show(180, 700, 10, "will close in March, it said.")]
    named = show(131, 700, 10, "Ostermoor")
    text = text_of(["\n".join([*parts, paragraph(680, MORE), named])])
    assert text.startswith("The depot at Ostermoor will close in March, it said.")


# --- hidden and struck-out text


@pytest.mark.parametrize(
    "hidden",
    [
        f"1 g {show(72, 600, 10, 'Olga Secret told us')} 0 g",
        show(700, 600, 10, "Olga Secret told us"),
        f"q {show(72, 600, 10, 'Olga Secret told us', '3 Tr')} Q",
        show(72, 600, 0.5, "Olga Secret told us"),
        f"{show(72, 600, 10, 'Olga Secret told us')} 70 596 120 14 re f",
        f"70 596 120 14 re f {show(72, 600, 10, 'Olga Secret told us')}",
        f"{show(72, 600, 10, 'Olga Secret told us')} q 150 0 0 40 60 590 cm /I Do Q",
    ],
    ids=["white", "off the page", "not drawn", "tiny", "covered", "black on black", "photograph"],
)
def test_what_nobody_sees_is_not_read(hidden: str) -> None:
    noise = make_image_object(Image.effect_noise((60, 30), 40))
    found = reading([f"{paragraph(700, BODY)} {hidden}"], objects=[noise])
    assert [article.text for article in found.articles] == [TEXT]
    assert not found.partly


def test_white_on_a_dark_box_is_read() -> None:
    box = f"70 596 200 14 re f 1 g {show(72, 600, 10, 'The depot in figures')} 0 g"
    assert "The depot in figures" in text_of([f"{paragraph(700, BODY)} {box}"])


def test_a_layer_of_recognised_text_is_read_but_not_under_a_bar() -> None:
    page = Image.new("L", (595, 842), 255)
    page.paste(0, (72, 130, 420, 145))  # what the letters are is not known to PDFium
    page.paste(0, (72, 160, 420, 165))
    layer = [
        show(72, 842 - 143, 12, "The witness was seen at the depot.", "3 Tr"),
        show(72, 842 - 165, 12, "The council had been told so long before.", "3 Tr"),
    ]
    text = text_of(
        [f"q 595 0 0 842 0 0 cm /I Do Q {' '.join(layer)} 98 672 60 16 re f"],
        objects=[make_image_object(page)],
    )
    assert "council" not in text
    assert "been told so long before." in text


def test_struck_out_words_are_left_out() -> None:
    line = show(72, 700, 12, "The mayor would not resign on Friday, her office said.")
    through = "166 703.6 m 184 703.6 l S"
    assert text_of([f"{line} {through}"]).startswith("The mayor would resign on Friday")
    mark = (
        "/Annots [<< /Type /Annot /Subtype /StrikeOut /Rect [166 698 184 712] "
        "/QuadPoints [166 712 184 712 166 698 184 698] >>]"
    )
    assert text_of([line], page=mark).startswith("The mayor would resign on Friday")


def test_comments_of_reviewers_are_not_read() -> None:
    note = "/Annots [<< /Type /Annot /Subtype /Text /Rect [300 700 320 720] /Contents (Check!) >>]"
    assert text_of([paragraph(700, BODY)], page=note) == TEXT


# --- forms


def field(number: int, entries: str) -> bytes:
    return f"<< /Type /Annot /Subtype /Widget /F 4 {entries} >>".encode()


def test_the_values_of_a_form_stand_beside_their_labels() -> None:
    fields = [
        field(4, "/FT /Tx /T (n) /V (Ragna Tveit) /Rect [160 695 300 712]"),
        field(5, "/FT /Btn /T (y) /V /On /AS /On /Rect [72 668 84 680] "
                 "/AP << /N << /On << >> /Off << >> >> >>"),
        field(6, "/FT /Btn /T (z) /V /Off /AS /Off /Rect [172 668 184 680] "
                 "/AP << /N << /On << >> /Off << >> >> >>"),
        field(7, "/FT /Tx /T (s) /V (Olga Secret) /F 2 /Rect [160 600 300 612]"),
    ]  # fmt: skip
    content = " ".join(
        [
            show(72, 760, 11, "Complaint to the harbour office about the crane"),
            show(72, 700, 11, "Name:"), show(90, 670, 11, "by day"), show(190, 670, 11, "by night"),
        ]
    )  # fmt: skip
    found = reading(
        [content],
        page="/Annots [4 0 R 5 0 R 6 0 R 7 0 R]",
        catalog="/AcroForm << /Fields [4 0 R 5 0 R 6 0 R 7 0 R] >>",
        objects=fields,
    )
    text = found.articles[0].text
    assert "Name: Ragna Tveit" in text
    assert "☒ by day" in text
    assert "☐ by night" in text
    assert "Olga" not in text
    assert not found.partly


# --- what is missing


def test_what_is_attached_is_named() -> None:
    attached = [
        b"<< /Type /Filespec /F (plan.dwg) /UF (plan.dwg) /EF << /F 5 0 R >> >>",
        b"<< /Type /EmbeddedFile /Length 1 >>\nstream\nx\nendstream",
    ]
    found = reading(
        [paragraph(700, BODY)],
        catalog="/Names << /EmbeddedFiles << /Names [(plan.dwg) 4 0 R] >> >>",
        objects=attached,
    )
    assert [item.reason for item in found.partly] == [
        "read in part; missing: the attachment plan.dwg"
    ]


def test_the_text_of_the_pages_is_counted() -> None:
    found = reading([paragraph(700, BODY), paragraph(700, MORE)])
    assert found.coverage is not None
    letters = sum(character.isalnum() for character in TEXT + " ".join(MORE))
    assert found.coverage.held == found.coverage.kept == letters
