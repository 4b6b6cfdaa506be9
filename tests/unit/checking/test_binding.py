"""What belongs to one in a claim and to another in its evidence. The passages are fiction."""

import pytest

from rag.checking.support import check
from tests.unit.building import hit

SHOPS = (
    "Supermarket chain Kessel announced on Friday that it plans to close 60 shops. The rival "
    "Wollmer, which runs 900 shops, said that it had no such plans.\n"
    "Sales at Kessel dipped 4 percent last year.\n"
    "Goalkeeper Ines Marrow: 9 saves in the first half\n"
    "Midfielder Pia Lorne: 2 goals, 31 passes in the second half"
)
COURT = (
    "A jury found Nordan and Telvik liable for 6 million crowns. Nordan is responsible for 70% of "
    "the total and Telvik for 30%.\n"
    "About 100,000 cases of fever and 20,000 deaths were counted in 2024."
)
SPEECH = (
    "Ada Brenn, who leads the harbour union, said that the offer was an insult. "
    "Minister Olaf Trenk called the union stubborn."
)
LIMITS = (
    "The verdict could open the door to more lawsuits. Unless the tax is replaced, revenue will "
    "fall by half. Some passengers vented anger over the fares. The request could run as high as "
    "100 million crowns."
)


@pytest.mark.parametrize(
    ("passage", "claim", "reason"),
    [
        (SHOPS, "Wollmer announced that it plans to close 60 shops.", "Wollmer"),
        (SHOPS, "Ines Marrow had 31 saves in the first half.", "31"),
        (SPEECH, "Olaf Trenk of the harbour union called the offer an insult.", "Brenn"),
        (COURT, "Telvik is responsible for 70% and Nordan for 30%.", "Nordan"),
        (COURT, "There were 20,000 cases and 100,000 deaths.", "the other way round"),
        (SPEECH, "Olaf Trenk said that the offer was an insult.", "Ada Brenn"),
    ],
)
def test_of_another(passage: str, claim: str, reason: str) -> None:
    verdict, reasons = check(claim, [hit(passage)])
    assert verdict == "unsupported"
    assert any(reason in found for found in reasons), reasons


@pytest.mark.parametrize(
    ("claim", "limit"),
    [
        ("The verdict opens the door to more lawsuits.", "could"),
        ("Revenue will fall by half.", "Unless the tax is replaced"),
        ("All passengers vented anger over the fares.", "some"),
        ("The request will come to 100 million crowns.", "could"),
    ],
)
def test_a_limit_dropped(claim: str, limit: str) -> None:
    verdict, reasons = check(claim, [hit(LIMITS)])
    assert verdict == "partial"
    assert any(f"“{limit}" in found for found in reasons), reasons


@pytest.mark.parametrize(
    ("passage", "claim"),
    [
        (SHOPS, "Kessel wants to close 60 shops."),
        (SHOPS, "Wollmer, with its 900 shops, has no such plans."),
        (SHOPS, "Marrow had nine saves in the first half."),
        (COURT, "Telvik has to bear 30% and Nordan 70%."),
        (COURT, "In 2024 some 20,000 people died and 100,000 cases were counted."),
        (SPEECH, "To Ada Brenn, the offer was an insult."),
        (SPEECH, "The minister called the union stubborn."),
        (LIMITS, "More lawsuits may follow from the verdict."),
        (LIMITS, "Revenue would fall by half if the tax is not replaced."),
        (LIMITS, "Some passengers were angry over the fares."),
    ],
)
def test_in_other_words(passage: str, claim: str) -> None:
    assert check(claim, [hit(passage)]) == ("supported", ())
