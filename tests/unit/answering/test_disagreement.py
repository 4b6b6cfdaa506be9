"""Sources side by side, from made-up articles."""

from datetime import date

import pytest

from rag.answering.candidates import Extract
from rag.answering.disagreement import (
    Stated,
    developed,
    differing,
    disagreement,
    grew,
    in_words,
)
from tests.unit.building import article, hit, query

COUNT = "How many people took part in the march on Saturday?"


def said(
    words: str,
    outlet: str,
    day: int,
    score: float = 1.0,
    origin: str = "",
    kind: str = "body",
    town: str = " All of Port Ilvane was out, from Cooper Street to the Customs House.",
) -> Extract:
    source = article(
        words + town, path=f"{outlet}.txt", outlet=outlet, published=date(2024, 3, day)
    )
    found = hit(source, kind=kind, origin=origin)  # type: ignore[arg-type]
    return Extract(found, 0, len(words), 1, score, 0.5)


POLICE = said(
    "Police put the number who took part in Saturday's march at 8,500 people.", "Courier", 10
)
UNION = said("Twenty-two thousand people took part in Saturday's march.", "Weekly", 12)


def values(question: str, *extracts: Extract) -> list[str]:
    ranked = sorted(extracts, key=lambda item: -item.score)
    return [item.value.text for item in differing(query(question), ranked)]


def test_different_figures_stand_side_by_side_by_date() -> None:
    assert values(COUNT, UNION, POLICE) == ["8,500", "Twenty-two thousand"]


@pytest.mark.parametrize(
    "other",
    [
        said("Some 8,500 people took part in the march on Saturday.", "Echo", 11),
        said("More than 8,000 people took part in the march on Saturday.", "Echo", 11),
        said("The march on Saturday passed 14 bridges with no people on them.", "Echo", 11, -5.0),
        said("22,000 people took part in the march on Saturday.", "Echo", 11, kind="comment"),
        said("People took part in the march on Saturday.", "Echo", 11),
        said("Nine people took part in the march on Saturday.", "Echo", 11),
    ],
)
def test_the_same_figure_rounded_is_no_other(other: Extract) -> None:
    assert values(COUNT, POLICE, other) == []


def test_copies_of_one_story_are_one_source() -> None:
    first = said("22,000 people took part in Saturday's march.", "Sun", 11, 1.0, "wire")
    second = said("8,500 people took part in Saturday's march.", "Moon", 11, 0.5, "wire")
    assert values(COUNT, first, second) == []


def test_sums_are_compared_with_sums_alone() -> None:
    asked = "How much did the strike cost the region?"
    dear = said("The strike cost the region 340 million crowns.", "Courier", 10)
    cheap = said("He put the cost of the strike to the region at 145 million crowns.", "Weekly", 11)
    days = said("The strike cost the region 36 days.", "Echo", 12)
    assert values(asked, dear, cheap, days) == ["340 million crowns", "145 million crowns"]


def test_a_question_for_no_figure_compares_nothing() -> None:
    assert values("Who marched?", POLICE, UNION) == []
    assert values(COUNT) == []


def test_the_only_newest_is_marked_and_all_is_said_in_words() -> None:
    stated: list[Stated] = differing(query(COUNT), [UNION, POLICE])
    found = disagreement(query(COUNT), stated, [1, 2])
    assert [(side.value, side.number, side.newest) for side in found.sides] == [
        ("8,500", 1, False),
        ("Twenty-two thousand", 2, True),
    ]
    assert in_words(found, stated) == (
        "The articles give different figures for people: 8,500 (Courier, 10 March 2024); "
        "Twenty-two thousand (Weekly, 12 March 2024, the newest)."
    )


def test_sources_with_the_same_figure_stand_together() -> None:
    again = said("8,500 people took part in Saturday's march.", "Echo", 14)
    stated = differing(query(COUNT), [UNION, POLICE, again])
    found = disagreement(query(COUNT), stated, [1, 2, 3])
    assert in_words(found, stated) == (
        "The articles give different figures for people: 8,500 (Courier, 10 March 2024 and "
        "Echo, 14 March 2024, the newest); Twenty-two thousand (Weekly, 12 March 2024)."
    )


def test_different_days_are_dates() -> None:
    first = said("The quay was shut on 4 March 2024 by the wardens.", "Echo", 6)
    other = said("The quay was shut on 5 March 2024 by the wardens.", "Sun", 7)
    asked = "When was the quay shut by the wardens?"
    stated = differing(query(asked), [first, other])
    words = in_words(disagreement(query(asked), stated, [1, 2]), stated)
    assert words.startswith("The articles give different dates: 4 March 2024 (Echo")


def test_days_of_other_events_are_no_disagreement() -> None:
    shut = said("The quay was shut on 4 March 2024 by the wardens.", "Echo", 6)
    other = said("On 5 March 2024 the wardens met the mayor near the quay.", "Sun", 7)
    assert differing(query("When was the quay shut to all ships?"), [shut, other]) == []


def test_spans_of_time_of_other_things_are_no_disagreement() -> None:
    ban = said("The captain was barred from the harbour for five years on Monday.", "Echo", 6)
    other = said("The captain was first elected by the wardens for two years.", "Sun", 7)
    ago = said(
        "The captain was barred from the quay 60 years ago, on the harbour's day.", "Post", 8
    )
    asked = "For how many years was the captain barred from the harbour?"
    assert differing(query(asked), [ban, other, ago]) == []


def test_of_two_on_the_newest_day_none_is_newest() -> None:
    same_day = said("Twenty-two thousand people took part in Saturday's march.", "Weekly", 10)
    stated = differing(query(COUNT), [same_day, POLICE])
    assert not any(side.newest for side in disagreement(query(COUNT), stated, [1, 2]).sides)


def test_what_was_printed_before_the_day_asked_for_is_left_out() -> None:
    early = said("3,400 people took part in the march of the dockers.", "Echo", 4)
    asked = "How many people took part in the march of the dockers on 9 March?"
    assert values(asked, POLICE, early) == []


def test_of_articles_that_name_nothing_in_common_nothing_is_compared() -> None:
    elsewhere = said(
        "22,000 people took part in Saturday's march.", "Post", 11, town=" Tarsk was silent."
    )
    assert values(COUNT, POLICE, elsewhere) == []


def test_a_figure_of_the_whole_is_none_of_a_part() -> None:
    asked = "How many passengers were hurt?"
    part = said("The plane turned over, injuring 18 of the 80 passengers on board.", "Echo", 6)
    whole = said("All 80 passengers were brought out of the plane.", "Sun", 7)
    assert values(asked, part, whole) == []


def test_what_grows_is_a_development_told_newest_first() -> None:
    asked = query("How many passengers were hurt?")
    first = said("The plane turned over, injuring 18 of the 80 passengers.", "Echo", 6)
    later = said("21 passengers were hurt when the plane turned over.", "Sun", 8)
    stated = differing(asked, [first, later])
    assert grew(asked, stated)
    assert developed(asked, stated) == (
        "The newest figure for passengers is 21 (Sun, 8 March 2024); earlier articles gave "
        "18 (Echo, 6 March 2024)."
    )
    assert not grew(query(COUNT), differing(query(COUNT), [POLICE, UNION]))


def test_what_was_long_ago_is_background() -> None:
    before = said("In March 2019, 3,400 people took part in a march.", "Post", 11)
    assert values(COUNT, POLICE, before) == []
