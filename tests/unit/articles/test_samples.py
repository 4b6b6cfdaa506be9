"""The sample articles that come with the project, in every format."""

from datetime import date
from pathlib import Path

import pytest

from rag.articles import find_files, read_articles

FOLDER = Path(__file__).parents[3] / "examples" / "articles"
WIRE = "Meridel Press Agency"  # its reports carry no year, so they have no date
FACTS = {
    "dockers-walk-out": ("Maud Feltrey", "The Ilvane Courier", date(2024, 3, 4), None),
    "ships-divert-drennick": ("Tamsin Orvell, Luc Haverty", WIRE, None, None),
    "minister-cost-per-day": ("Joris Penhallick", "The Averstad Sentinel", date(2024, 3, 6), None),
    "fruit-sallow-basin": ("Nessa Quillan", "Sorrel Valley Farmer", date(2024, 3, 8), None),
    "march-lantern-square": ("Oskar Lyndhall", "The Ilvane Courier", date(2024, 3, 10), None),
    "weekly-lantern-square": ("Bram Ottoway", "Slackwater Weekly", date(2024, 3, 10), None),
    "mediator-expects-deal": ("Joris Penhallick", "The Averstad Sentinel", date(2024, 3, 12), None),
    "talks-collapse": (
        "Maud Feltrey, Oskar Lyndhall",
        "The Ilvane Courier",
        date(2024, 3, 15),
        None,
    ),
    "column-wynstrake": (
        "Cordelia Wynstrake",
        "The Averstad Sentinel",
        date(2024, 3, 16),
        "opinion",
    ),
    "chamber-340-million": ("Oskar Lyndhall", "The Ilvane Courier", date(2024, 3, 18), None),
    "counting-the-cost": ("Piers Amblecote", "Freight & Fairway", date(2024, 3, 19), None),
    "yelena-dorsk": ("Bram Ottoway", "Slackwater Weekly", date(2024, 3, 20), "interview"),
    "contract-worker-injured": ("Tamsin Orvell", WIRE, None, None),
    "worker-hurt": ("Lorna Tipwell", "Drennick Evening Echo", date(2024, 3, 22), None),
    "corrections": ("Philippa Dunmarrow", "The Ilvane Courier", date(2024, 3, 23), "correction"),
    "court-rejects": ("Joris Penhallick", "The Averstad Sentinel", date(2024, 3, 28), None),
    "settlement": ("Maud Feltrey", "The Ilvane Courier", date(2024, 4, 4), None),
    "cranes-turn-again": ("Joris Penhallick", "The Averstad Sentinel", date(2024, 4, 9), None),
}
FURNITURE = (
    "dvertis", "ADVERT", "READ ALSO", "Share this", "Support our", "Latest", "cookie", "newsletter",
    "Home >", "Menu", "late edition", "Page 1", "free articles", "You may also", "rights reserved",
)  # fmt: skip


@pytest.mark.parametrize("name", FACTS)
def test_sample(name: str) -> None:
    (file,) = (file for file in find_files(FOLDER) if name in file.name)
    (a,) = read_articles(file, file.name)
    assert (a.author, a.outlet, a.published, a.label) == FACTS[name]
    assert a.title
    assert a.text.startswith(f"{a.title}\n\n")
    assert [words for words in FURNITURE if words in a.text] == []


def test_every_sample_is_checked() -> None:
    assert len(find_files(FOLDER)) == len(FACTS)
