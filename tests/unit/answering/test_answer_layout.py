"""What of an answer is a sentence, what is a label, and who is credited with which marker."""

from __future__ import annotations

import pytest

from rag.answering.layout import Node, Tag, laid_out, paired, segments
from rag.answering.paragraphs import Segment
from rag.schema import Sentence


def said(text: str) -> list[tuple[str, tuple[int, ...]]]:
    """The sentences that are no labels, with their numbers."""
    return [(s.words, s.numbers) for s in segments(laid_out(text)) if s.words and not s.label]


def shape(nodes: list[Node]) -> str:
    """The elements as HTML without attributes, the sentences as their words."""
    return "".join(
        node.bare if isinstance(node, Segment) else f"<{'' if node.opens else '/'}{node.name}>"
        for node in nodes
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Cost\n\nIt cost 9 [1].", "<h3>Cost</h3><p>It cost 9 .</p>"),
        ("- A\n- B\n  - C", "<ul><li>A</li><li>B<ul><li>C</li></ul></li></ul>"),
        ("3. A\n4. B", "<ol><li>A</li><li>B</li></ol>"),
        ("> Nobody came.", "<blockquote><p>Nobody came.</p></blockquote>"),
        (
            "| a | b |\n|---|---|\n| c | d |",
            "<table><thead><tr><th>a</th><th>b</th></tr></thead>"
            "<tbody><tr><td>c</td><td>d</td></tr></tbody></table>",
        ),
        ("A\n\n---\n\nB", "<p>A</p><hr><p>B</p>"),
        ("Cost\n----", "<p>Cost</p><hr>"),
        ("    indented", "<p>indented</p>"),
        ("<b>x</b> [a](http://e.example) ![i](j.png)", None),
        ("[a]: http://e.example", None),
        ("<div onclick='x'>\n\n</div>", "<p><div onclick='x'></p><p></div></p>"),
    ],
)
def test_lists_tables_and_headings_are_elements_and_nothing_else_is(
    text: str, expected: str | None
) -> None:
    plain = f"<p>{' '.join(text.split())}</p>"
    assert shape(laid_out(text)) == (plain if expected is None else expected)


def test_bold_in_bold_is_bold_once() -> None:
    (item,) = segments(laid_out(f"{'**' * 900}a{'**' * 900} **b *c* d** e"))
    assert {run.styles for run in item.runs} == {(), ("strong",), ("strong", "em")}


def test_an_ordered_list_begins_where_it_says() -> None:
    assert [n.start for n in laid_out("3. A\n4. B") if isinstance(n, Tag) and n.name == "ol"][
        0
    ] == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A lot. It is so. [1]", [("A lot.", (1,)), ("It is so.", (1,))]),
        ("One is so [1]. Two is so. Three is so [2].", [("One is so.", (1,)), ("Two is so.", (2,)),
                                                        ("Three is so.", (2,))]),
        ("It is so [1]. It was so.", [("It is so.", (1,)), ("It was so.", ())]),
        ("It is so.\n\nIt was so.\n\n[1][2]", [("It is so.", (1, 2)), ("It was so.", (1, 2))]),
        ("It is so [1].\n\nIt was so.\n\n[2]", [("It is so.", (1,)), ("It was so.", (2,))]),
        ("[1] It is so. [2] It was so.", [("It is so.", (1,)), ("It was so.", (2,))]),
        ("# All [1]\n\nIt is so.\n\n# None\n\nIt was.", [("It is so.", (1,)), ("It was.", ())]),
        ("| | A | B |\n|-|-|-|\n| x | is 1 [1] | is 2 [2] |",
         [("x: is 1", (1,)), ("x: is 2", (2,))]),
        ("| Day | Event [1] |\n|-|-|\n| May | it began |", [("May: it began", (1,))]),
        (
            "| Day | Event | Cost |\n|-|-|-|\n| May | it began [1] | nine |",
            [("May: it began", (1,)), ("May: nine", (1,))],
        ),
        ("| Ada [1] | left |", [("| Ada | left |", (1,))]),
        ("| Who | What |\n|-|-|\n| Ada [1] | left |", [("Ada: left", (1,))]),
        ("It ended on 19 May [1][2]. Prices rose [2].",
         [("It ended on 19 May.", (1, 2)), ("Prices rose.", (2,))]),
        ("Yes. It is so [1].", [("It is so.", (1,))]),
        ("The reasons are:\n- the cost [1]", [("the cost", (1,))]),
        ("There were 3 dead:\n- one here [1]", [("There were 3 dead:", ()), ("one here", (1,))]),
        ("They say [1][2]:\n- it is so\n- it was so [3]\n\nIt is.",
         [("it is so", (1, 2)), ("it was so", (3,)), ("It is.", ())]),
        ("[1]: it is so.", [("it is so.", (1,))]),
        ("**4 April**\nIt began [1].", [("It began.", (1,))]),
        ("**Cost:** it was 9 [1].", [("it was 9.", (1,))]),
        ("- **Cost**: it was 9 [1].", [("it was 9.", (1,))]),
        ("**It ended on Monday.** [1]", [("It ended on Monday.", (1,))]),
        ("According to [1], it was 9.", [("it was 9.", (1,))]),
        ("As [1] and [2] show, it was 9.", [("it was 9.", (1, 2))]),
        ("[1] says that it was 9.", [("it was 9.", (1,))]),
        ("Based on the passages provided, it was 9 [1].", [("it was 9.", (1,))]),
        ("Laut den Textstellen: es waren 9 [1].", [("es waren 9.", (1,))]),
        ("It was 9 [1], [2] and [3].", [("It was 9.", (1, 2, 3))]),
        ("It was 9 [1] [7: no such passage].", [("It was 9.", (1,))]),
    ],
)  # fmt: skip
def test_sentences_and_what_they_are_credited_with(
    text: str, expected: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert said(text) == expected


def test_sentences_are_found_again_in_the_text_that_they_came_from() -> None:
    text = "## A\n\nIt is so [1]. Not checked. It was so [2]."
    first, last = (
        Sentence(f"It {was} so.", (n,), "supported") for was, n in (("is", 1), ("was", 2))
    )
    found = [sentence for node, sentence in paired(laid_out(text), [first, last]) if sentence]
    assert found == [first, last]
    assert paired(laid_out(text), [first, Sentence("It never was.", (1,), "supported")]) == []
    assert paired(laid_out("It is so."), [first]) == []  # its marker is not in the text
