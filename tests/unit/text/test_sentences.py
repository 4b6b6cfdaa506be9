import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "whole",
    [
        "The U.S. said Maj. Gen. Konashenkov came at 5 p.m. on Dec. 11.",
        "Mr. Smith (U.K.) paid $5.2 million to Acme Inc. in Jan. 2015.",
        "“We shall see,” she said.",
        "1. I very much doubt it.",
    ],
)
def test_keeps_abbreviations_figures_and_list_numbers_in_one_sentence(whole: str) -> None:
    assert sentences(whole) == [whole]


def test_splits_after_a_closing_quotation_mark() -> None:
    text = (
        "“You can’t win from the air,” Lavrov said. “There will have to be ground operations.” Why?"
    )
    assert sentences(text) == [
        "“You can’t win from the air,” Lavrov said.",
        "“There will have to be ground operations.”",
        "Why?",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Am Dienstag, dem 4. Mai, kam er. Es waren 14. Danach ging er.",
        "Am Dienstag, 14. Juni, kam er. Es schneite. Der 3. Platz blieb leer.",
    ],
)
def test_a_german_ordinal_ends_no_sentence(text: str) -> None:
    assert len(sentence_spans(text, language="de")) == 3


def test_a_line_break_ends_a_sentence() -> None:
    assert sentences("Headline without stop\n\nFirst. Second") == [
        "Headline without stop",
        "First.",
        "Second",
    ]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300), st.data())
def test_spans_are_ordered_trimmed_and_cover_all_but_white_space(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    spans = sentence_spans(text, start, end)
    last = start
    for begin, stop in spans:
        assert last <= begin < stop <= end
        assert text[last:begin].strip() == ""
        assert text[begin:stop] == text[begin:stop].strip()
        last = stop
    assert text[last:end].strip() == ""
