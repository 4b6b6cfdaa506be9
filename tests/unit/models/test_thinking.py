import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.models.thinking import Spoken, spoken


def heard(*pieces: str) -> str:
    """What is said in the end, whatever was withdrawn on the way."""
    voice, said = Spoken(), ""
    for piece in pieces:
        new = voice.feed(piece)
        said = new if voice.withdrawn else said + new
    return said + voice.finish()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<think>Perhaps [7].</think>It closed [1].", "It closed [1]."),
        ("<THINK >\nPerhaps.\n</Think>It closed.", "It closed."),
        ("It closed. <reasoning>Or not?</reasoning>At noon.", "It closed. At noon."),
        ("<think>It <tool_call>never</tool_call> ends", ""),
        ("It closed.<think>Or", "It closed."),
        ("<think>a</think><think>b</think>It closed.", "It closed."),
        ("Perhaps it did.</think>It closed.", "It closed."),
        ('<tool_call>{"name": "f"}</tool_call>', ""),
        ("5 < 6, <b>bold</b>, <thinker>, a <", "5 < 6, <b>bold</b>, <thinker>, a <"),
        ("", ""),
    ],
)
def test_thoughts_and_tool_calls_are_left_out(text: str, said: str) -> None:
    assert heard(text) == said
    assert heard(*text) == said
    assert spoken(text) == said


PIECE = st.sampled_from(
    ["<think>", "</think>", "<", "/", "think", ">", " ", "It closed.", "<tool_call>", "</",
     "</tool_call>", "\n", "thinking", "<thinking>", "</thinking>", "[1]", "a < b"]
)  # fmt: skip


@given(st.lists(PIECE, max_size=20), st.data())
def test_what_is_said_does_not_depend_on_where_the_stream_is_cut(
    parts: list[str], data: st.DataObject
) -> None:
    text = "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert heard(*pieces) == heard(text) == heard(*text)
