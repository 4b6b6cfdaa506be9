from rag.answering.prose import prose
from rag.schema import Article, Part
from tests.unit.building import article

TEXT = """Bridge closes for a year

By Jane Roe | The Gazette | 4 March 2024

PORT TARN, March 4 (Wire) — The Tarn bridge closed on Monday. Engineers found cracks in it.

Need a break? Play the daily crossword.

More:Why bridges in the north are falling apart

What comes next?

The town hall expects the work to take a year.

'BAD NEWS':Shops on the quay fear for their trade

Watch live: the mayor speaks

Jane Roe is a reporter at The Gazette. Reach her at roe@example.com."""


def said(of: Article) -> list[str]:
    return [of.text[item.start : item.end] for item in prose(of)]


def test_only_the_authors_sentences_are_left() -> None:
    of = article(TEXT, title="Bridge closes for a year", author="Jane Roe")

    assert said(of) == [
        "The Tarn bridge closed on Monday.",
        "Engineers found cracks in it.",
        "The town hall expects the work to take a year.",
    ]


def test_a_heading_stands_with_the_sentences_under_it() -> None:
    of = article("First comes this line of prose.\n\nWhat comes next?\n\nThe work takes a year.")

    first, second = prose(of)

    assert first.heading is None
    assert second.heading is not None
    assert of.text[slice(*second.heading)] == "What comes next?"


def test_comments_and_captions_are_nobody_s_prose() -> None:
    text = "The bridge closed on Monday.\n\nA crane lifts a deck.\n\nGood riddance to that bridge."
    ends = [text.index("\n\nA"), text.index("\n\nGood"), len(text)]
    parts = (
        Part("body", 0, ends[0]),
        Part("caption", ends[0] + 2, ends[1]),
        Part("comment", ends[1] + 2, ends[2]),
    )

    assert said(article(text, parts=parts)) == ["The bridge closed on Monday."]


def test_a_sentence_that_describes_somebody_in_the_middle_is_no_note_on_the_author() -> None:
    middle = "Ada Lund is the director of the port and has run it for years."
    rest = [f"Paragraph number {n} tells the reader something else." for n in range(8)]

    assert middle in said(article("\n\n".join([rest[0], middle, *rest[1:]])))
