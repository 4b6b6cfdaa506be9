"""When an answer begins with Yes or No, from made-up sentences."""

from datetime import date

import pytest

from rag.answering.candidates import Extract
from rag.answering.closed import denial, verdict
from tests.unit.building import article, hit


def extract(words: str) -> Extract:
    source = article(words, path=f"{words[:20]}.txt", published=date(2025, 5, 3))
    return Extract(hit(source), 0, len(words), 1)


@pytest.mark.parametrize(
    ("stated", "words", "said"),
    [
        ("Did the court ban the strike", "The court banned the strike on Monday.", "Yes"),
        ("Did the court ban the strike", "The court refused to ban the strike.", "No"),
        ("Did the members reject the offer", "The members accepted the offer by 9 votes.", "No"),
        ("Did the line divert nine ships", "The line diverted three ships to Vale.", "No"),
        ("Did the line divert three ships", "The line diverted three ships to Vale.", "Yes"),
        ("Did the Terns win the cup", "The Anglers beat the Terns in the cup.", "No"),
        ("Did the Terns beat the Anglers", "The Anglers beat the Terns.", "No"),
        ("Did the Terns win the 2025 cup", "The Terns won the cup on Monday.", "Yes"),
    ],
)
def test_what_a_sentence_surely_says(stated: str, words: str, said: str) -> None:
    assert verdict(stated, [extract(words)])[0] == said


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ("Did the court ban the strike", "The court may ban the strike."),
        ("Did the court ban the strike", "The court will ban the strike."),
        ("Did the court ban the strike", "The strike began after the court met."),
        ("Did the Guild sue the city", "The city sued the Guild."),  # the other way round
        ("Did all members accept the offer", "The members accepted the offer."),
        ("Did the Terns win the 2025 cup", "The Terns won the cup last May."),
        ("Did the mayor visit Vale", "It rained in Vale."),
        ("", "It rained in Vale."),
    ],
)
def test_what_is_not_sure_is_neither(stated: str, words: str) -> None:
    assert verdict(stated, [extract(words)])[0] == ""


def test_what_somebody_claims_is_not_so_for_that() -> None:
    words = "“The court banned the strike,” said Jane Roe."
    assert verdict("Did the court ban the strike", [extract(words)])[0] == ""


def test_sentences_that_differ_tell_nothing() -> None:
    found = [extract("The court banned the strike."), extract("The court did not ban the strike.")]
    assert verdict("Did the court ban the strike", found) == ("", None)


def test_what_a_question_takes_for_granted_is_denied_unless_more_bear_it_out() -> None:
    beaten = extract("The Anglers beat the Terns in the Harbour Cup.")
    hoped = extract("The Terns need to win the Harbour Cup.")
    won = [extract(f"The Terns won the Harbour Cup{end}.") for end in ("", " easily")]
    assert denial("Terns win the Harbour Cup", [hoped, beaten]) is beaten
    assert denial("Terns win the Harbour Cup", [*won, beaten]) is None
    assert denial("Anglers win the Harbour Cup", [beaten]) is None
