import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.articles import find_files, read_articles
from rag.articles.splitting import Limits, split
from rag.checking.support import NO_CITATION, check
from rag.schema import Hit, Part
from rag.text.sentences import sentence_spans
from tests.unit.building import article, hit

SOURCE = (
    "America suspects that Moscow’s motives in sending 200 Russian naval infantry soldiers, seven "
    "tanks and a portable air traffic control station to an airbase near Latakia are part of a "
    "build-up. Jeff Rathke said on 27 September 2013 that Assad has “lost his legitimacy”."
)
STRIKE = (
    "Harbour fees in Ilvane rose by 12 per cent on Friday. About 600 dockers did not return to "
    "work, and the union refused to sign the draft agreement. The port authority may close two "
    "terminals. Mayor Yelena Dorsk, who had approved the voluntary scheme before the vote, called "
    "it “a fair deal for everyone”. “We were never asked,” said Tomas Brandt of the United Dock "
    "Workers. Between 5 and 7 ships waited outside, and losses reached $1.5bn."
)
EXAMPLES = Path(__file__).parents[3] / "examples" / "articles"


def cited() -> list[Hit]:
    return [hit(article(STRIKE, published=date(2024, 3, 10)))]


@pytest.mark.parametrize(
    "sentence",
    [
        "Moscow sent two hundred naval infantry soldiers and 7 tanks to an airbase near Latakia.",
        'Jeff Rathke said that Assad has "lost his legitimacy".',
        "On September 27, 2013, Jeff Rathke said that Assad has lost his legitimacy.",
        "Russia sent seven tanks and 200 soldiers to Latakia, the Americans suspect.",
        SOURCE,
    ],
)
def test_supported(sentence: str) -> None:
    assert check(sentence, [hit(SOURCE)]) == ("supported", ())


@pytest.mark.parametrize(
    "sentence",
    [
        "Harbour fees went up by 12% on 8 March 2024.",
        "Fees in the harbour of Ilvane increased by twelve percent.",
        "Some 600 dockers stayed away and didn't return to work.",
        "The UDW's Tomas Brandt said: “We were never asked.”",
        "Mayor Dorsk called it “a fair deal … for everyone”.",
        "About six ships waited outside.",
        "Losses reached 1.5 billion dollars.",
        "Losses of more than $1bn were reached.",
        "The authority of the port could close two terminals.",
        "The union did not sign the draft agreement.",
    ],
)
def test_the_same_in_other_words(sentence: str) -> None:
    assert check(sentence, cited()) == ("supported", ())


@pytest.mark.parametrize(
    ("sentence", "verdict", "reason"),
    [
        ("Moscow sent 300 naval infantry soldiers to Latakia.", "unsupported", "300"),
        ("Moscow sent 200 tanks to an airbase near Latakia.", "unsupported", "seven, not 200"),
        ("Rathke said that Assad “must go now”.", "unsupported", "“must go now”"),
        ("Moscow sent 200 soldiers to Latakia, Merkel suspects.", "partial", "Merkel"),
        ("Bananas are cheaper in winter because harvests peak.", "unsupported", "words"),
        ("Jeff Rathke said on 28 September 2013 that Assad lost.", "unsupported", "28 September"),
        ("Jeff Rathke said in 2014 that Assad has lost his legitimacy.", "unsupported", "2014"),
    ],
)
def test_says_what_is_missing(sentence: str, verdict: str, reason: str) -> None:
    found, reasons = check(sentence, [hit(SOURCE)])
    assert found == verdict
    assert any(reason in item for item in reasons)


@pytest.mark.parametrize(
    ("sentence", "verdict", "reason"),
    [
        ("Harbour fees in Ilvane fell by 12 per cent.", "unsupported", "“rose”, not “fell”"),
        ("About 600 dockers did return to work.", "unsupported", "“not return”"),
        ("The union signed the draft agreement.", "unsupported", "“refused to sign”"),
        ("Mayor Dorsk rejected the voluntary scheme.", "unsupported", "“approved”"),
        ("Dorsk approved the mandatory scheme.", "unsupported", "“voluntary”"),
        ("Dorsk approved the scheme after the vote.", "unsupported", "“before”, not “after”"),
        ("Harbour fees in Ilvane rose by 12 dollars.", "unsupported", "12 dollars"),
        ("Harbour fees in Ilvane rose on Tuesday.", "partial", "“Tuesday”"),
        ("Losses reached €1.5bn.", "unsupported", "€1.5bn"),
        ("More than 700 dockers did not return to work.", "unsupported", "700"),
        ("Harbour fees in Ilvane did not rise on Friday.", "unsupported", "without “not”"),
        ("Mayor Yelena Brandt approved the voluntary scheme.", "partial", "Yelena Brandt"),
        (
            "Tomas Brandt called it “a fair deal for everyone”.",
            "unsupported",
            "the article gives these words to Yelena Dorsk",
        ),
    ],
)
def test_says_what_is_turned_round(sentence: str, verdict: str, reason: str) -> None:
    found, reasons = check(sentence, cited())
    assert any(reason in item for item in reasons), reasons
    assert found == verdict


def test_words_of_a_reader_are_not_an_officials() -> None:
    text = "The strike is over, the mayor said.\nThis was a shameful waste of public money."
    comment = text.index("This")
    source = article(
        text, parts=(Part("body", 0, comment - 1), Part("comment", comment, len(text)))
    )
    verdict, reasons = check(
        "John Roe said it was “a shameful waste of public money”.", [hit(source)]
    )
    assert verdict == "unsupported"
    assert any("gives these words to reader comment" in reason for reason in reasons)


def test_two_cited_passages_bear_out_what_neither_does_alone() -> None:
    sentence = "Harbour fees rose by 12 per cent, and Moscow sent seven tanks to Latakia."
    assert check(sentence, [*cited(), hit(SOURCE)])[0] == "supported"
    assert check(sentence, cited())[0] != "supported"


def test_a_relative_day_is_read_by_the_date_of_its_own_article() -> None:
    text = "The terminal burned down on Friday, officials in Ilvane said."
    early, late = (article(text, path=p, published=d) for p, d in DAYS)
    sentence = "The terminal burned down on 8 March 2024, officials in Ilvane said."
    assert check(sentence, [hit(early)])[0] == "supported"
    assert check(sentence, [hit(late)])[0] == "unsupported"
    assert check(sentence, [hit(late), hit(early)])[0] == "supported"


DAYS = (("a.txt", date(2024, 3, 10)), ("b.txt", date(2024, 5, 10)))


def test_without_a_citation_nothing_is_supported() -> None:
    assert check("Anything.", []) == ("unsupported", (NO_CITATION,))


def test_reasons_are_given_unless_supported() -> None:
    for sentence in ("Fees fell.", "Nobody knows Zanzibar.", "…", "12", "“”", "No."):
        verdict, reasons = check(sentence, cited())
        assert bool(reasons) == (verdict != "supported")


# --- a sentence of the cited passage, word for word, is supported: real sentences


@cache
def real() -> list[tuple[str, Hit]]:
    return list(_sentences(EXAMPLES))


def _sentences(folder: Path) -> Iterator[tuple[str, Hit]]:
    for file in find_files(folder):
        for found in read_articles(file, file.name):
            for passage in split(found, _tokens, Limits()):
                for start, end in sentence_spans(found.text, passage.start, passage.end):
                    words = " ".join(found.text[start:end].split())
                    yield words, Hit(passage, found, 1.0)


def _tokens(text: str) -> list[int]:
    return [match.start() for match in re.finditer(r"\w+|[^\w\s]", text)]


@given(st.data())
def test_a_verbatim_sentence_is_supported(data: st.DataObject) -> None:
    sentence, source = data.draw(st.sampled_from(real()))
    others = data.draw(st.lists(st.sampled_from(real()), max_size=3))
    hits = data.draw(st.permutations([source, *(other for _, other in others)]))
    assert check(sentence, hits) == ("supported", ())


def test_every_verbatim_sentence_is_supported_even_where_its_end_is_cut_off() -> None:
    """Without its last sign it is no longer found word for word: each comparison must hold."""
    for sentence, source in real():
        assert check(sentence.rstrip('.!?”"’') + " .", [source])[0] == "supported", sentence


def test_verbatim_sentences_of_scraped_articles(shared: Path) -> None:
    for sentence, source in _sentences(shared / "articles"):
        assert check(sentence, [source]) == ("supported", ()), sentence


@given(st.data())
def test_a_changed_figure_is_never_supported(data: st.DataObject) -> None:
    dated = [
        pair for pair in real() if re.search(r"(?<![\d,.:–-])\b\d{2,3}(?=\s+[a-z]{4,})", pair[0])
    ]
    sentence, source = data.draw(st.sampled_from(dated))
    other = data.draw(st.integers(1000, 1500).map(lambda n: str(n * 7 + 3000)))
    changed = re.sub(r"(?<![\d,.:–-])\b\d{2,3}(?=\s+[a-z]{4,})", other, sentence, count=1)
    verdict, reasons = check(changed, [source])
    assert verdict == "unsupported"
    assert any(other in reason for reason in reasons)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_gets_a_verdict(sentence: str, source: str) -> None:
    verdict, reasons = check(sentence, [hit(source)])
    assert verdict in ("supported", "partial", "unsupported")
    assert bool(reasons) == (verdict != "supported")
