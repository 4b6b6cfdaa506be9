import pytest

from rag.checking.opposites import Line, Places, nearest, negated, opposed

SOURCE = [
    "Fuel prices rose sharply in spring.",
    "The council did not approve the harbour plan.",
    "The minister denied that the bridge was unsafe.",
    "Most members voted for the merger.",
    "Biologists may close the reserve near the lake.",
]


def reasons(sentence: str) -> list[str]:
    claim, lines = Line.of(sentence), [Line.of(text) for text in SOURCE]
    near, places = nearest(claim, lines), Places.of(lines)
    return [*opposed(claim, near, places), *negated(claim, near, places)]


@pytest.mark.parametrize(
    "sentence",
    [
        *SOURCE,
        "In spring fuel prices increased.",
        "The council rejected the harbour plan.",
        "The council refused to approve the harbour plan.",
        "The bridge was not safe, which the minister denied.",
        "The reserve near the lake might be closed.",
        "If the council does not approve the harbour plan, fuel prices rise.",
        "Nearly all fuel prices rose sharply in spring.",
        "It rained.",
        "",
    ],
)
def test_nothing_turned_round(sentence: str) -> None:
    assert not reasons(sentence)


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("In spring fuel prices fell.", "“rose”, not “fell”"),
        ("Fuel prices did not rise sharply in spring.", "“rose” without “not”"),
        ("The council approved the harbour plan.", "“not approve”"),
        ("Most members voted against the merger.", "“for”, not “against”"),
    ],
)
def test_turned_round(sentence: str, words: str) -> None:
    assert any(words in reason for reason in reasons(sentence))
