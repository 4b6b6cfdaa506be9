import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.telling import Telling
from rag.schema import Answer, Article, Hit, Passage, Token

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


def run(*pieces: str) -> Answer:
    """What comes of a model's text in these pieces, which must be what was shown."""
    telling = Telling(hits())
    events = [event for piece in pieces for event in telling.feed(piece)]
    events += telling.finish()
    blank = Answer("Why?", "Why?", "answered", "", (), (), tuple(hits()), (), "test:model")
    answer = telling.answer(blank)
    assert "".join(event.text for event in events if isinstance(event, Token)) == answer.text
    return answer


def test_a_sentence_without_end_is_not_checked() -> None:
    (sentence,) = run(
        f"{'Three ships were not turned away, and ' * 60}the mayor protested [2]."
    ).sentences
    assert (sentence.support, sentence.reasons) == (
        "unsupported",
        ("too long for one sentence to be checked",),
    )


def test_numbers_are_given_in_order_of_first_use() -> None:
    marked = run("Three ships were turned away [2]. The port closed on Monday [1][2].")
    assert marked.text == "Three ships were turned away [1]. The port closed on Monday [2][1]."
    assert [(c.number, c.article.path) for c in marked.citations] == [
        (1, "1.txt"),
        (2, "0.txt"),
    ]
    assert [s.citations for s in marked.sentences] == [(1,), (2, 1)]


@pytest.mark.parametrize(
    "form",
    [
        "[1, 3]", "[1,3]", "[1][3]", "【1】【3】", "[1; 3]", "[^1][^3]", "[^1, ^3]", "[1 & 3]",
        "[1 and 3]", "[Passage 1][passage 3]", "[passages 1 and 3]", "[Passage 1, Passage 3]",
        "[ 1 , 3 ]", "[1, 3, 1]", "【1†source】【3†L4-L9】",
    ],
)  # fmt: skip
def test_forms_of_markers(form: str) -> None:
    assert run(f"So it is {form}.").sentences[0].citations == (1, 2)


def test_a_range_is_spelled_out() -> None:
    assert run("So it is [1-3].").text == "So it is [1][2][3]."
    assert run("So it is [3-1].").text == "So it is [1][2]."


def test_a_long_list_of_numbers_is_a_marker_however_it_arrives() -> None:
    text = f"So it is [{', '.join(['1', '2', '3'] * 8)}]."
    assert run(*text).text == run(text).text == "So it is [1][2][3]."


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("**The port closed [1].** Nobody _was hurt_ [2]", [(1,), (2,)]),
        ("- The port closed [1]\n- Nobody was hurt [2]", [(1,), (2,)]),
        ("- [1] The port closed\n- [2] Nobody was hurt", [(1,), (2,)]),
        ("1. The port closed. [1]\n2. Nobody was hurt. [2]", [(1,), (2,)]),
        ("| Port | [1] |\n|---|---|\n| Ships | three [2] |", [(2,)]),
        ("| Port | Ships [2] |\n|---|---|\n| Ilvane | three |", [(1,)]),
        ("| Port | Ships | |\n|---|---|---|\n| Ilvane | three | [2] |", [(1,)]),
        ("It says `closed[1]` so. Nobody was hurt [2].", [(1,), (2,)]),
        ("The port closed.\n[1]\n\nNobody was hurt.\n[2]", [(1,), (2,)]),
        ("[1] The port closed. [2] Nobody was hurt.", [(1,), (2,)]),
    ],
)
def test_a_marker_belongs_to_a_sentence_wherever_it_stands(
    text: str, sentences: list[tuple[int, ...]]
) -> None:
    assert [s.citations for s in run(text).sentences] == sentences


def test_no_space_is_left_where_a_marker_stood() -> None:
    found = run("The port closed [1]. Was it so [2] [3]? Three , four [9].").sentences
    assert [s.text for s in found] == ["The port closed.", "Was it so?", "Three , four."]


def test_parentheses_are_citations_only_where_they_can_be_nothing_else() -> None:
    marked = run("The port closed (1) on Monday (2).")
    assert marked.text == "The port closed (1) on Monday [1]."
    assert run("It closed [1]. Three ships (3).").text == "It closed [1]. Three ships (3)."
    assert run("Why? (1) The cost, (2) the time.").text == "Why? (1) The cost, (2) the time."
    assert run("It closed in May (2021).").text == "It closed in May (2021)."


def test_a_number_without_a_passage_is_dropped_for_all_to_see() -> None:
    marked = run("So it is [7].")
    assert marked.dropped_markers == ("[7]",)
    assert "no such passage" in marked.text
    assert marked.citations == ()
    assert marked.sentences[0].support == "unsupported"


def test_a_marker_after_the_full_stop_belongs_to_the_sentence_before() -> None:
    marked = run("The port closed on Monday. [1] The union wants 9.5 percent. [3]")
    assert [s.citations for s in marked.sentences] == [(1,), (2,)]
    assert [s.support for s in marked.sentences] == ["supported", "supported"]


def test_the_quote_is_the_sentence_that_was_used() -> None:
    marked = run("The mayor protested [2].")
    (citation,) = marked.citations
    assert citation.quote == "The mayor protested."


def test_brackets_that_are_no_markers_stay() -> None:
    text = "He [the mayor] said [sic] so in [2024 or 2025]. An array[0] too [1"
    assert run(text).text == text.replace("[0]", "[0: no such passage]")


PIECE = st.sampled_from(
    [
        "The port closed ", "on Monday", "Three ships", ". ", "! ", "? ", "”", "“", "9.5", " ",
        "…", "[1]", "[2", ", 3]", "[", "]", "[[", "]]", "1", "-", " and ", "&", "^", "(1)", "[9]",
        "[1-3]", "【2】", "【", "】", "†source", "[Passage 1]", "[pass", "age ", "s 2", "[^",
        "[1, 2, 3, 1, 2, 3", "**bold** ", "**", "`code[1]` ", "`", "```\n", "```\nx[0] = 1\n",
        "| cell [1] |", "|---|", "\n", "\n\n", "\n- item ", "\n1. ", "- ", "\r", "\u2028",
        "\u00a0", "é", "e\u0301", "港は", "。", "🙂", "\u200b",
        "A long stretch of words that says nothing much about anything at all, ",
    ]
)  # fmt: skip


@given(st.lists(PIECE, max_size=40), st.data())
def test_the_result_does_not_depend_on_where_the_stream_is_cut(
    parts: list[str], data: st.DataObject
) -> None:
    text = "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=12)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    whole = run(text)
    for cut in (run(*pieces), run(*text)):
        assert cut.text == whole.text
        assert cut.sentences == whole.sentences
        assert cut.citations == whole.citations
        assert cut.dropped_markers == whole.dropped_markers


@given(st.lists(PIECE, max_size=40))
def test_numbers_run_from_one_and_each_cited_passage_has_one(parts: list[str]) -> None:
    marked = run("".join(parts))
    sentences = marked.sentences
    cited = marked.citations
    assert [item.number for item in cited] == list(range(1, len(cited) + 1))
    assert len({item.passage.id for item in cited}) == len(cited)
    # One in the head of a table may be meant for none of its rows.
    assert {n for s in sentences for n in s.citations} <= {item.number for item in cited}
