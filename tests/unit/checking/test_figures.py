import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.checking.cited_figures import wrong_figures
from rag.checking.figures import read
from rag.text.numbers import figures


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("200 men", [200]),
        ("two hundred men", [200]),
        ("two hundred and fifty men", [250]),
        ("1,429 Syrians", [1429]),
        ("twenty-five of 60", [25, 60]),
        ("5.2 million crowns", [5_200_000]),
        ("7m and 1.5bn", [7_000_000, 1_500_000_000]),
        ("three hundred thousand", [300_000]),
        ("half a million, a dozen", [500_000, 12]),
        ("two and a half million", [2_500_000]),
        ("no figure", []),
        ("one, two, three", [1, 2, 3]),
        ("in 2013", [2013]),
    ],
)
def test_values(text: str, values: list[float]) -> None:
    assert list(figures(text)) == values


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("about 600 people", "612 people"),
        ("more than 600 people", "612 people"),
        ("at least 600 men", "600 men"),
        ("nearly 700", "680"),
        ("up to 700", "650"),
        ("600 people", "more than 600 people"),
        ("5 per cent", "5% of it"),
        ("five percent", "from 5 to 7 per cent"),
        ("between 5 and 7 ships", "six ships"),
        ("5-7 ships", "between five and seven ships"),
        ("5-7 million", "6 million"),
        ("half of the voters", "50 per cent of the voters"),
        ("a third of the crew", "33% of the crew"),
        ("a dozen ships", "12 ships"),
        ("it doubled", "it rose from 40 to 80"),
        ("it doubled", "it rose by 100 per cent"),
        ("1.4 million dollars", "$1,429,000"),
        ("$7m", "7 million dollars"),
        ("the 21st century", "the twenty-first or 21st century"),
        ("hundreds of people", "612 people"),
        ("two boats", "two small boats"),
        ("no figure at all", ""),
        ("one of them", "none"),
        ("at 3.30 p.m.", "at 15:30"),
        ("at 3pm", "at 3 p.m. sharp"),
        ("67% of the crew", "two thirds of the crew"),
    ],
)
def test_borne_out(claim: str, source: str) -> None:
    assert not list(wrong_figures(read(claim), read(source)))


@pytest.mark.parametrize(
    ("claim", "source", "reason"),
    [
        ("300 people", "612 people", "the figure 300 is not in the cited text, which gives 612"),
        ("about 600 people", "712 people", "600"),
        ("more than 600 people", "580 people", "600"),
        ("more than 600 people", "6,000 people", "600"),
        ("fewer than 600 people", "612 people", "600"),
        ("5 per cent of it", "5 ships", "5 per cent"),
        ("$7m", "€7m", "$7m"),
        ("three years", "three months", "another unit"),
        ("200 tanks", "200 soldiers, seven tanks", "gives seven, not 200, for “tanks”"),
        ("its 5% cap", "a 5% rise broke the 3% cap", "gives 3%, not 5%, for “cap”"),
        ("at 4 p.m.", "at 3 p.m.", "4 p.m."),
        ("a third day", "a second day", "third"),
        ("it tripled", "it rose from 40 to 80", "tripled"),
        ("half of the crew", "33% of the crew", "half"),
        ("5-7 ships", "nine ships", "5-7"),
        ("6 ships", "between 5 and 7 ships", "6"),
    ],
)
def test_not_borne_out(claim: str, source: str, reason: str) -> None:
    (found,) = wrong_figures(read(claim), read(source))
    assert reason in found


@given(st.integers(2, 10**9), st.booleans())
def test_a_figure_bears_itself_out_with_or_without_commas(value: int, commas: bool) -> None:
    printed = f"{value:,}" if commas else str(value)
    assert list(figures(f"It cost {printed} crowns.")) == [value]
    assert not list(wrong_figures(read(f"{value} crowns"), read(f"{printed} crowns")))


@given(st.text(max_size=120))
def test_any_text_bears_itself_out(text: str) -> None:
    assert not list(wrong_figures(read(text), read(text)))
