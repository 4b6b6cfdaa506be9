import pytest

from rag.support import NO_CITATION, check, figures, fold
from tests.unit.building import hit

SOURCE = (
    "America suspects that Moscow’s motives in sending 200 Russian naval infantry soldiers, seven "
    "tanks and a portable air traffic control station to an airbase near Latakia are part of a "
    "build-up. Jeff Rathke said on 27 September 2013 that Assad has “lost his legitimacy”."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Moscow sent two hundred naval infantry soldiers and 7 tanks to an airbase near Latakia.",
        'Jeff Rathke said that Assad has "lost his legitimacy".',
        SOURCE,
    ],
)
def test_supported(sentence: str) -> None:
    assert check(sentence, [hit(SOURCE)]) == ("supported", ())


@pytest.mark.parametrize(
    ("sentence", "verdict", "reason"),
    [
        ("Moscow sent 300 naval infantry soldiers to Latakia.", "unsupported", "300"),
        ("Rathke said that Assad “must go now”.", "unsupported", "“must go now”"),
        ("Moscow sent 200 soldiers to Latakia, Merkel suspects.", "partial", "Merkel"),
        ("Bananas are cheaper in winter because harvests peak.", "unsupported", "words"),
    ],
)
def test_says_what_is_missing(sentence: str, verdict: str, reason: str) -> None:
    found, reasons = check(sentence, [hit(SOURCE)])
    assert found == verdict
    assert any(reason in item for item in reasons)


def test_without_a_citation_nothing_is_supported() -> None:
    assert check("Anything.", []) == ("unsupported", (NO_CITATION,))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("200 men", [200]),
        ("two hundred men", [200]),
        ("1,429 Syrians", [1429]),
        ("twenty-five of 60", [25, 60]),
        ("5.2 million crowns", [5_200_000]),
        ("three hundred thousand", [300_000]),
        ("no figure", []),
        ("one, two, three", [1, 2, 3]),
        ("in 2013", [2013]),
    ],
)
def test_figures(text: str, values: list[float]) -> None:
    assert list(figures(text)) == values


def test_fold_makes_equal_what_only_looks_different() -> None:
    assert fold("“A –\u00a0B’s”") == fold('"a - b\'s"')
