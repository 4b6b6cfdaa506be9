from datetime import date

import pytest

from rag.answering.prose import prose
from rag.answering.summary import LEAST, MOST, alone, argues, chosen, digest, leans
from rag.models.embedding import Embedder
from rag.schema import Article
from tests.unit.building import article

LINES = [
    "The city of Tarn closed its only bridge on Monday after engineers found cracks in two piers.",
    "Mayor Ann Roe told reporters that the repair would cost 40 million crowns and take a year.",
    "It will be the longest closure since the bridge was built.",
    "Shops on the quay fear that they will lose half of their customers while the bridge is shut.",
    "The ferry company has promised to run boats every ten minutes from six in the morning.",
    "Engineers had warned of cracks in the piers as early as 2019, documents of the council show.",
    "The council put off the repair three times because it had no money for the bridge.",
    "A choir sang on the quay on Sunday, as it does on every first Sunday of the month.",
]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder()


def report(lines: list[str] = LINES, **more: str) -> Article:
    title = more.pop("title", "Cracks close the bridge of Tarn")
    return article("\n\n".join([title, *lines]), title=title, published=date(2024, 3, 4), **more)


def summary(of: Article, embedder: Embedder) -> list[str]:
    found = digest(of, prose(of), embedder)
    return [found.words(at) for at in chosen(found)]


def test_a_report_s_lead_and_what_adds_to_it_in_reading_order(embedder: Embedder) -> None:
    told = summary(report(), embedder)

    assert told[0] == LINES[0]
    assert LEAST <= len(told) <= MOST
    assert told == sorted(told, key=LINES.index)
    assert LINES[7] not in told


def test_nothing_is_said_twice(embedder: Embedder) -> None:
    told = summary(report([LINES[0], *LINES]), embedder)

    assert told.count(LINES[0]) == 1


def test_what_leans_on_another_sentence_never_comes_without_it(embedder: Embedder) -> None:
    told = summary(report([*LINES[3:6], LINES[2], *LINES[6:]]), embedder)

    assert LINES[2] not in told or LINES[5] in told


def test_of_an_opinion_piece_what_ought_to_be_wherever_it_stands(embedder: Embedder) -> None:
    thesis = "The council should sell the old bridge and build a new one without delay."
    of = report([*LINES, thesis], title="Tarn must build a new bridge")

    assert argues(of)
    assert thesis in summary(of, embedder)


@pytest.mark.parametrize(
    "words",
    [
        "However it only came about after a long talk.",
        "This is what the mayor had feared all along.",
        "They had been warned by the engineers.",
        "If it rains, the boats will stay in the port.",
    ],
)
def test_what_does_not_say_of_whom_it_speaks_leans(words: str) -> None:
    assert leans(article(words), 0, len(words))


@pytest.mark.parametrize(
    "words",
    [
        "However, the ferry company has promised more boats.",
        "Mayor Roe said she would resign if the bridge fell.",
        "Its chief executive, Gerrard Voss, said it was a precaution.",
        "The bridge is closed until it is mended.",
    ],
)
def test_what_says_of_whom_it_speaks_stands_alone(words: str) -> None:
    assert not leans(article(words), 0, len(words))


def test_a_question_does_not_stand_in_a_summary() -> None:
    of = article("Who is going to pay for the new bridge?\n\n" + LINES[0] + "\n\n" + LINES[1])

    assert [of.text[item.start : item.end] for item in alone(of)] == LINES[:2]
