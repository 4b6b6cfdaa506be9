import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.citations import MarkedText
from rag.schema import Article, Hit, Passage

TEXTS = [
    "The port closed on Monday. Nobody was hurt.",
    "Three ships were turned away. The mayor protested.",
    "The union wants 9.5 percent.",
]


def hits() -> list[Hit]:
    found = []
    for number, text in enumerate(TEXTS):
        article = Article(f"{number}", f"{number}.txt", None, None, None, None, None, text)
        passage = Passage(f"{number}-0", article.id, 0, 0, len(text), text, "", "body")
        found.append(Hit(passage, article, 0.9))
    return found


def run(*pieces: str) -> MarkedText:
    marked = MarkedText(hits())
    shown = "".join([*(marked.feed(piece) for piece in pieces), marked.finish()])
    assert shown == marked.text
    return marked


def test_numbers_are_given_in_order_of_first_use() -> None:
    marked = run("Three ships were turned away [2]. The port closed on Monday [1][2].")
    assert marked.text == "Three ships were turned away [1]. The port closed on Monday [2][1]."
    assert [(c.number, c.article.path) for c in marked.citations()] == [(1, "1.txt"), (2, "0.txt")]
    assert [s.citations for s in marked.sentences()] == [(1,), (2, 1)]


@pytest.mark.parametrize("form", ["[1, 3]", "[1,3]", "[1][3]", "【1】【3】", "[1; 3]", "[^1][^3]"])
def test_forms_of_markers(form: str) -> None:
    assert run(f"So it is {form}.").sentences()[0].citations == (1, 2)


def test_a_range_is_spelled_out() -> None:
    assert run("So it is [1-3].").text == "So it is [1][2][3]."
    assert run("So it is [3-1].").text == "So it is [1][2]."


def test_a_number_without_a_passage_is_dropped_for_all_to_see() -> None:
    marked = run("So it is [7].")
    assert marked.dropped == ["[7]"]
    assert "no such passage" in marked.text
    assert marked.citations() == []
    assert marked.sentences()[0].support == "unsupported"


def test_a_marker_after_the_full_stop_belongs_to_the_sentence_before() -> None:
    marked = run("The port closed on Monday. [1] The union wants 9.5 percent. [3]")
    assert [s.citations for s in marked.sentences()] == [(1,), (2,)]
    assert [s.support for s in marked.sentences()] == ["supported", "supported"]


def test_the_quote_is_the_sentence_that_was_used() -> None:
    citation = run("The mayor protested [2].").citations()[0]
    assert citation.quote == "The mayor protested."


def test_brackets_that_are_no_markers_stay() -> None:
    text = "He [the mayor] said [sic] so in [2024 or 2025]. An array[0] too [1"
    assert run(text).text == text.replace("[0]", "[0: no such passage]")


PIECE = st.sampled_from(
    [
        "The port closed ",
        "on Monday",
        ". ",
        "[1]",
        "[2",
        ", 3]",
        "[",
        "]",
        "1",
        "【2】",
        "[9]",
        "[1-3]",
        "**bold** ",
        "`code` ",
        "| cell |",
        "\n\n- item ",
        "- ",
        " ",
        "“",
        "9.5",
    ]
)


@given(st.lists(PIECE, max_size=30), st.data())
def test_the_result_does_not_depend_on_where_the_stream_is_cut(
    parts: list[str], data: st.DataObject
) -> None:
    text = "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    whole, cut = run(text), run(*pieces)
    assert cut.text == whole.text
    assert cut.sentences() == whole.sentences()
    assert cut.citations() == whole.citations()
    assert cut.dropped == whole.dropped
