"""Which sentences may stand in an answer, from made-up articles."""

import pytest

from rag.answering.candidates import Extract, candidates, is_prose, understood
from tests.unit.building import article, hit


@pytest.mark.parametrize(
    "words",
    [
        "Sunday, 10 March 2024.",
        "Need a break? Play the crossword.",
        "Photo by Ada Roe.",
        "Read more about the strike here.",
        "Editor’s note: this text was changed on Monday.",
        "Sign up for our newsletter.",
        "Ships wait in the roads on Monday. (Tom Vale/Getty Images)",
        "Related: Dockers walk out.",
        "Reporting by Ada Roe in Vale.",
        "Dockers walk out",
    ],
)
def test_what_stands_around_the_article_is_no_sentence_of_it(words: str) -> None:
    assert not is_prose(words)


@pytest.mark.parametrize(
    "words",
    [
        "Read, who chairs the Guild, said more ships were due.",
        "Follow-up talks are to begin on Monday.",
        "More than 40 ships lay in the roads.",
        "The photo was taken on Monday.",
        "Play was stopped for more than an hour.",
    ],
)
def test_sentences_that_begin_alike_are(words: str) -> None:
    assert is_prose(words)


def extract(text: str, words: str) -> Extract:
    start = text.index(words)
    return Extract(hit(text), start, start + len(words), 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Guild met on Monday. It voted to strike.", "It voted to strike."),
        ("Ships lay there. However, they were empty.", "However, they were empty."),
        ("The Guild called a strike. This was unlawful.", "This was unlawful."),
    ],
)
def test_it_and_they_bring_the_sentence_that_they_mean(text: str, words: str) -> None:
    assert understood(extract(text, words)).words == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It rained. The Guild voted to strike.", "The Guild voted to strike."),
        ("It rained. This week the Guild voted.", "This week the Guild voted."),
        ("It rained. It is likely that the Guild strikes.", "It is likely that the Guild strikes."),
        ("Ms Jane Roe spoke.\nMs Roe rang. She left.", "She left."),  # her name is put in
        ("It voted to strike.", "It voted to strike."),  # nothing stands before
    ],
)
def test_others_stand_alone(text: str, words: str) -> None:
    assert understood(extract(text, words)).words == words


def test_a_passage_grows_with_the_sentence_before_it() -> None:
    text = "The Guild met on Monday. It voted to strike."
    item = Extract(hit(text, 25), 25, len(text), 1)
    grown = understood(item)
    assert grown.hit.passage.text == text
    assert grown.words == text


def test_what_only_asks_or_announces_is_no_sentence_alone() -> None:
    text = "Who won the cup? The minister said this: The Terns won the cup."
    found = [item.words for item in candidates([hit(text)]) if item.sentences == 1]
    assert found == ["The minister said this: The Terns won the cup."]


def test_a_headline_is_told() -> None:
    source = article("Dockers walk out in Vale ... It rained.", title="Dockers walk out in Vale")
    headline = Extract(hit(source), 0, 28, 1)
    assert headline.is_headline
    assert not Extract(hit(source), 29, 39, 1).is_headline
