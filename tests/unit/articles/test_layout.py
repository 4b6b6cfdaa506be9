"""Reading order of pages with columns, of boxes alone and of whole PDFs."""

import textwrap
from collections.abc import Callable

import pytest

from rag.articles.formats.paged.pdf_layout import Character, Line, mirrored, pieces
from rag.articles.formats.paged.pdf_order import lines_in_order, merge
from rag.schema import Article

Read = Callable[..., Article]
Words = tuple[float, float, float, str]
TEXTS = (
    "The harbour master said on Monday that the ferry would sail again as soon as the ice allows, "
    "and that nobody should hope for more than one boat a day before the middle of the month.",
    "Two engineers were still at work in the engine room, a third was on her way from the city; "
    "spare parts for the older of the two engines had been ordered by telegram from abroad.",
    "Passengers who had waited since Friday were given soup, blankets and a new timetable to read, "
    "which some of them folded into hats for the children who played under the long benches.",
    "In the evening the wind turned to the south and the first floes left the sound, watched by a "
    "crowd that had come down to the quay with lanterns and stayed until the bells rang twelve.",
)


def column(left: float, top: float, *texts: str, width: int = 44, size: float = 10) -> list[Words]:
    lines = [line for text in texts for line in textwrap.wrap(text, width)]
    return [(left, top - 13 * n, size, line) for n, line in enumerate(lines)]


def row_by_row(*columns: list[Words]) -> list[Words]:
    return sorted((words for each in columns for words in each), key=lambda w: (-w[1], w[0]))


HEAD = [(60.0, 770.0, 20.0, "Ferry sails again over the frozen sound tonight")]
LEFT, RIGHT = column(60, 720, *TEXTS[:2]), column(310, 720, *TEXTS[2:])


@pytest.mark.parametrize(
    "words",
    [LEFT + RIGHT, RIGHT + LEFT, row_by_row(LEFT, RIGHT)],
    ids=["left first", "right first", "row by row"],
)
def test_two_columns(read: Read, pdf: Callable[..., bytes], words: list[Words]) -> None:
    article = read(pdf([HEAD + words]), "a.pdf")
    assert article.title == HEAD[0][3]
    assert " ".join(article.text.split()) == " ".join([HEAD[0][3], *TEXTS])


def test_three_columns(read: Read, pdf: Callable[..., bytes]) -> None:
    thirds = [column(50 + 175 * n, 720, TEXTS[n], width=28, size=9) for n in range(3)]
    article = read(pdf([HEAD + row_by_row(*thirds)]), "a.pdf")
    assert " ".join(article.text.split()) == " ".join([HEAD[0][3], *TEXTS[:3]])


def test_what_is_printed_across_parts_the_columns(read: Read, pdf: Callable[..., bytes]) -> None:
    across = "A subheading that runs across both columns of the page, from edge to edge of it"
    above = row_by_row(column(60, 720, TEXTS[0]), column(310, 720, TEXTS[1]))
    below = row_by_row(column(60, 580, TEXTS[2]), column(310, 580, TEXTS[3]))
    article = read(pdf([HEAD + above + [(60, 620, 13, across)] + below]), "a.pdf")
    order = [article.text.find(text[:20]) for text in (*TEXTS[:2], across, *TEXTS[2:])]
    assert order == sorted(order)
    assert -1 not in order


def test_pages_of_columns_keep_their_places(read: Read, pdf: Callable[..., bytes]) -> None:
    last = "Nobody had expected " + TEXTS[2][0].lower() + TEXTS[2][1:]
    second = row_by_row(column(60, 720, last), column(310, 720, TEXTS[3]))
    article = read(pdf([HEAD + row_by_row(LEFT, column(310, 720, TEXTS[2])), second]), "a.pdf")
    start = article.text.index("Nobody")
    assert article.pages == (0, start)
    assert article.page_at(start - 3) == 1


def test_a_table_is_read_row_by_row(read: Read, pdf: Callable[..., bytes]) -> None:
    rows = [(60.0, 700.0 - 13 * n, 10.0, f"Month {n}") for n in range(8)]
    rows += [(310.0, 700.0 - 13 * n, 10.0, f"{n * 100} boats") for n in range(8)]
    text = read(pdf([HEAD + row_by_row(rows)]), "a.pdf").text
    assert text.index("200 boats") < text.index("Month 3")


def test_a_list_of_years_is_read_row_by_row(read: Read, pdf: Callable[..., bytes]) -> None:
    years = [(60.0, 700.0 - 26 * n, 10.0, f"{1990 + n}") for n in range(6)]
    deeds = [(120.0, 700.0 - 26 * n, 10.0, f"In that year the ferry {text[:40]}")
             for n, text in enumerate((*TEXTS, *TEXTS[:2]))]  # fmt: skip
    text = read(pdf([HEAD + row_by_row(years, deeds)]), "a.pdf").text
    assert text.index("1990") < text.index(deeds[0][3]) < text.index("1991")


def test_halves_of_a_word_are_joined(read: Read, pdf: Callable[..., bytes]) -> None:
    lines = [
        "The harbour master was exam-",
        "ined on Monday by a state-",
        "of-the-art doctor who had",
        "a well-",
        "known name; his well was known, too, to all who lived there.",
    ]
    words = [(60.0, 700.0 - 13 * n, 10.0, line) for n, line in enumerate(lines)]
    text = " ".join(read(pdf([HEAD + words]), "a.pdf").text.split())
    assert "was examined on Monday by a state-of-the-art doctor who had a well-known name" in text


def characters(text: str, left: float, bottom: float, size: float = 10) -> list[Character]:
    return [
        Character(c, left + 5 * n, bottom, left + 5 * n + 5, bottom + size, size)
        for n, c in enumerate(text)
    ]


def test_a_gap_begins_a_new_piece() -> None:
    drawn = [*characters("left side", 0, 0), *characters("right side", 80, 0)]
    assert [piece.text for piece in pieces(drawn, 0)] == ["left side", "right side"]


def test_letters_that_run_up_the_page_stay_together() -> None:
    drawn = [Character(c, 0, 12 * n, 10, 12 * n + 10, 10) for n, c in enumerate("stamp")]
    assert [piece.text for piece in pieces(drawn, 0)] == ["stamp"]


def test_a_footnote_mark_makes_no_line_larger() -> None:
    drawn = [*characters("A sentence", 0, 0), Character("1", 50, 6, 53, 12, 6)]
    (line,) = pieces(drawn, 0)
    assert (line.text, line.size, line.bottom, line.top) == ("A sentence", 10, 0, 10)


def test_letters_of_a_word_come_from_the_right_however_they_are_handed_on() -> None:
    word = [Character(c, 10 * n, 0, 10 * n + 9, 10, 10, 2) for n, c in enumerate("קלגי")]
    assert [it.text for it in mirrored(word)] == ["י", "ג", "ל", "ק"]
    assert [it.text for it in mirrored(word[::-1])] == ["י", "ג", "ל", "ק"]


def test_pieces_of_a_line_are_merged() -> None:
    first = Line("one", 0, 0, 0, 15, 10, 10)
    second = Line("two", 0, 18, 0, 33, 10, 10)
    glued = Line("three", 0, 33.5, 0, 60, 10, 10)
    assert [line.text for line in merge([first, second, glued], 0.6)] == ["one twothree"]


def test_no_line_is_lost() -> None:
    lines = [Line(f"words in line {n}", 0, 60 + 250 * (n % 2), 700 - 7 * n, 280 + 250 * (n % 2),
                  709 - 7 * n, 10) for n in range(40)]  # fmt: skip
    assert sorted(line.text for line in lines_in_order(lines)) == sorted(
        line.text for line in lines
    )
