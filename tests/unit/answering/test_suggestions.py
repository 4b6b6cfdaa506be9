"""What to ask next follows from an answer, and is neither shown nor asked already."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from rag.answering import suggestions
from rag.schema import Answer, Article, Citation
from tests.unit.building import article, catalogue, hit
from vectorstore.holdings import Catalogue

TALKS = article(
    "The talks in Port Ilvane were broken off. The talks had gone on for four days.\n\n"
    "“You cannot shake a man’s hand at the talks and have a barge waiting,” said Tobin Raskey, "
    "the chairman. Raskey went home.\n\n"
    "“The talks were honest as far as they went,” said Marit Oldane, the union’s secretary.",
    path="talks.txt", title="Talks collapse in Port Ilvane", published=date(2024, 3, 15),
)  # fmt: skip
LATER = article(
    "The talks in Port Ilvane go on. " + "The sides met again at the Tollmaster’s House. " * 20,
    path="later.txt", title="Talks resume in Port Ilvane", published=date(2024, 3, 25),
)  # fmt: skip


@dataclass(frozen=True)
class Index:
    """As much of an index as is asked: its articles, all of which are found by any words."""

    held: tuple[Article, ...]

    def state(self) -> str:
        return " ".join(item.id for item in self.held)

    def catalogue(self) -> Catalogue:
        return catalogue(*self.held)

    def lexical(self, words: str, k: int) -> list[tuple[str, float]]:
        return [(item.id, 1.0) for item in self.held]

    def passages(self, ids: Any) -> dict[str, Any]:
        return {item.id: replace(hit(item).passage, article_id=item.id) for item in self.held}

    def articles(self, ids: Any) -> dict[str, Article]:
        return {item.id: item for item in self.held if item.id in set(ids)}


@dataclass(frozen=True)
class Likely:
    """A reranker that finds everything as likely."""

    chance: float

    def logits(self, question: str, texts: Any) -> list[float]:
        return [self.chance for _ in texts]

    def probability(self, logit: float) -> float:
        return logit


def answered(question: str, cited: Article, words: str, *found: Article) -> Answer:
    start = cited.text.index(words)
    of = hit(cited)
    citation = Citation(1, cited, of.passage, start, start + len(words), None)
    hits = tuple(hit(item) for item in (cited, *found))
    return Answer(question, question, "answered", words, (), (citation,), hits, (), "extractive")


def offered(answer: Answer, chance: float = 0.9, asked: tuple[str, ...] = ()) -> list[str]:
    index = Index(tuple({h.article.id: h.article for h in answer.hits}.values()))
    resources: Any = SimpleNamespace(reranker=Likely(chance), index=index)
    return suggestions.follow_ups(answer, asked, resources, 3)


COLLAPSED = answered("Why did the talks collapse?", TALKS, "were broken off", LATER)


def test_who_else_spoke_of_it_and_what_came_after_can_be_asked() -> None:
    assert offered(COLLAPSED) == [
        "What did Tobin Raskey say about the talks?",
        "Summarise “Talks resume in Port Ilvane”",
        "What did Marit Oldane say about the talks?",
    ]


def test_what_the_answer_shows_or_was_asked_is_not_offered() -> None:
    shown = answered(
        "Why did the talks collapse?", TALKS, "The talks were honest as far as they went"
    )
    assert offered(shown) == ["What did Tobin Raskey say about the talks?"]
    assert offered(shown, asked=("what did tobin raskey say about the talks?",)) == []


def test_what_the_words_do_not_surely_answer_is_not_offered() -> None:
    assert offered(COLLAPSED, chance=0.6) == ["Summarise “Talks resume in Port Ilvane”"]


def test_another_outlet_that_gives_a_figure_is_asked_for_it() -> None:
    text = "Police counted 8,500 marchers in the square in Averstad on Saturday."
    other = "The union counted 22,000 marchers in the square in Averstad."
    courier = article(text, path="a.txt", outlet="The Courier", published=date(2024, 3, 10))
    weekly = article(other, path="b.txt", outlet="Slackwater Weekly", published=date(2024, 3, 10))
    answer = answered("How many marchers were counted?", courier, text, weekly)
    assert offered(answer) == ["How many marchers were counted, according to Slackwater Weekly?"]


def test_without_passages_there_is_nothing_to_suggest() -> None:
    blank = Answer("Who?", "Who?", "answered", "x", (), (), (), (), "extractive")
    assert offered(blank) == []
