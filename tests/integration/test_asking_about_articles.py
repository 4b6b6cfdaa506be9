"""What is asked of the articles themselves, of the whole folder, or of nothing at all."""

from collections.abc import Iterator

import pytest

from rag.pipeline import answer
from rag.resources import Resources
from rag.schema import Answer, Done, Turn
from tests import samples


@pytest.fixture(scope="module")
def resources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Resources]:
    with samples.opened(tmp_path_factory.mktemp("asked") / "index") as opened:
        yield opened


def ask(question: str, resources: Resources, *history: Turn) -> Answer:
    *_, done = answer(question, resources, history=history)
    assert isinstance(done, Done)
    return done.answer


def lines(given: Answer) -> list[str]:
    return [sentence.text for sentence in given.sentences]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "What did Bram Ottoway write?",
            [
                "There are 2 articles by Bram Ottoway, newest first:",
                "“From up there you see who waves back”, by Bram Ottoway (Slackwater Weekly, "
                "20 March 2024).",
                "“Lantern Square was not big enough”, by Bram Ottoway (Slackwater Weekly, "
                "10 March 2024).",
            ],
        ),
        (
            "what is the oldest article?",
            [
                "The oldest article is “Dockers walk out as cranes fall silent at Port Ilvane”, "
                "by Maud Feltrey (The Ilvane Courier, 4 March 2024).",
                "2 more have no date.",
            ],
        ),
        (
            "Who wrote “Ships divert to Drennick as Port Ilvane strike enters second day”?",
            [
                "“Ships divert to Drennick as Port Ilvane strike enters second day” is by Tamsin "
                "Orvell, Luc Haverty (Meridel Press Agency)."
            ],
        ),
        (
            "articles by Jane Roe",
            ["No article here names “Jane Roe” as its author or outlet."],
        ),
        (
            "Which articles are from 2015?",
            [
                "There is no article published from 1 January 2015 to 31 December 2015.",
                "2 more have no date: “Ships divert to Drennick as Port Ilvane strike enters "
                "second day”, “Contract worker injured at strike-hit Gannet Dock”.",
            ],
        ),
        (
            "which articles mention Zanzibar?",
            ["There is no article that mentions “Zanzibar”."],
        ),
        (
            "How many articles of The Ilvane Courier mention Sabine Muirholt?",
            ["There are 3 articles of The Ilvane Courier that mention “Sabine Muirholt”."],
        ),
    ],
)
def test_the_catalogue_answers(question: str, said: list[str], resources: Resources) -> None:
    given = ask(question, resources)
    assert (given.status, lines(given)) == ("answered", said)
    assert all(sentence.support == "supported" for sentence in given.sentences)


def test_articles_are_cited_each_by_its_line(resources: Resources) -> None:
    given = ask("list the articles from March 2024", resources)
    assert lines(given)[0] == (
        "There are 14 articles published from 1 March 2024 to 31 March 2024; the newest 12:"
    )
    for sentence in given.sentences[1:13]:
        (number,) = sentence.citations
        assert (given.citations[number - 1].article.title or "").strip("“”") in sentence.text


def test_an_overview_groups_the_folder(resources: Resources) -> None:
    given = ask("What are these articles about?", resources)
    first, outlets, *groups = lines(given)
    assert (
        first == "There are 18 articles, dated from 4 March 2024 to 9 April 2024; 2 have no date."
    )
    assert outlets.startswith("The 18 articles name 7 outlets: The Ilvane Courier (6)")
    assert 1 < len(groups) <= 13
    assert all("articles" in line and "“" in line for line in groups[:-1])
    assert given.seconds["search"] == 0


@pytest.mark.parametrize("words", ["hello", "thanks!", "what can you do?", "who are you?"])
def test_talk_is_answered_in_kind_and_asks_nothing_again(words: str, resources: Resources) -> None:
    before = Turn("Who is Odile Hartsgrave?", "A mediator. [1]")
    given = ask(words, resources, before)
    assert given.status == "answered"
    assert given.standalone_question == words
    assert not given.citations
    assert not given.hits
    assert "18 articles" in given.text
    assert given.text.count("?") >= 3  # examples to ask
    assert len(given.sentences) <= 2


def test_a_question_in_another_language_is_told_so(resources: Resources) -> None:
    given = ask("Wie viele Kräne werden bestellt?", resources)
    assert given.status == "not_in_articles"
    assert given.text == (
        "Die Artikel hier sind nicht auf Deutsch, ihre Sprache ist Englisch: bitte stellen Sie "
        "Ihre Frage in dieser Sprache."
    )
