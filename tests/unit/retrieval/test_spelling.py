"""Misspelt words of a question, mended by a real index's own words and by a list of common ones."""

from pathlib import Path

import pytest

from rag.models.vocabulary import Vocabulary
from rag.retrieval.spelling import Mended, mended
from rag.schema import Passage
from vectorstore.lexical import LexicalIndex

TEXTS = (
    "Foreign minister Sergei Lavrov said that air strikes alone defeat nobody.",
    "Ayman al-Zawahiri called for cooperation with Abu Bakr al-Baghdadi.",
    "Starbucks changes its bathroom policy: only customers may use the rooms.",
    "The new policy must be read by all who work at Starbucks.",
)
COMMON = "what which about changes change policy must bathroom said people poly"


class Words:
    """The lexical part of an index, which is all that spelling asks."""

    def __init__(self, folder: Path) -> None:
        self.lexical = LexicalIndex(folder)
        self.passages = [
            Passage(f"p{n}", f"p{n}", 0, 0, len(text), text, "", "body")
            for n, text in enumerate(TEXTS)
        ]
        self.lexical.rebuild(self.passages, "x", 1)
        self.words, self.terms = self.lexical.words, self.lexical.terms

    def holding(self, stem: str, k: int) -> list[Passage]:
        found = set(self.lexical.holding(stem, k))
        return [passage for passage in self.passages if passage.id in found]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Words:
    return Words(tmp_path_factory.mktemp("words"))


def common() -> Vocabulary:
    words = COMMON.split()
    letters = {word[0] for word in words}
    by_letter = {x: [word for word in words if word[0] == x] for x in letters}
    return Vocabulary({word: place for place, word in enumerate(words)}, by_letter)


def ask(question: str, index: Words) -> Mended:
    return mended(question, index, common())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "searched"),
    [
        ("What did Lavrof say?", "What did Lavrov say?"),
        (
            "waht did zawahri say abuot baghdadi",
            "what did Zawahiri say about baghdadi",
        ),
        ("chnages to starbuks bathroom polcy", "changes to Starbucks bathroom policy"),
    ],
)
def test_a_slip_is_searched_as_the_nearest_known_word(
    typed: str, searched: str, index: Words
) -> None:
    assert ask(typed, index).text == searched


def test_what_was_searched_is_said(index: Words) -> None:
    said = ask("waht did Lavrof say about Lavrof", index).note
    assert said == "Searched “what” for “waht” and “Lavrov” for “Lavrof”."


@pytest.mark.parametrize(
    "question",
    [
        "Summarise the strike",
        "Give me the gist of the strike",
        "What did Lavrov say about Brexit?",
        "What does Merkel think?",
        "What did Musk say?",  # "must" is no name
        "Which article says “waht did Lavrof”?",
        "Did NTAO agree?",
        "Was sagte Lawrow über Luftangriffe?",
        "Quanti giorni lo sciopero",
        "Who changed it?",  # a form of a known word
    ],
)
def test_what_is_right_or_cannot_be_told_is_left(question: str, index: Words) -> None:
    assert ask(question, index) == Mended(question)


def test_without_a_list_of_common_words_nothing_is_mended(index: Words) -> None:
    typed = "What did Lavrof say?"
    assert mended(typed, index, Vocabulary({}, {})).text == typed  # type: ignore[arg-type]
