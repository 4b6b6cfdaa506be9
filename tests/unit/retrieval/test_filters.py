"""Filters as typed, in words, and held against an index."""

from datetime import date
from pathlib import Path

import pytest

from rag.errors import FilterError
from rag.retrieval.filters import (
    FIELDS,
    Typed,
    answered_from,
    described,
    read,
    relative,
    scope,
    summary,
)
from rag.schema import Filters, Part, Scope
from tests.unit.building import article, catalogue

ARTICLES = (
    article("Words.", path="old/a.txt", published=date(2012, 3, 3), outlet="The Guardian",
            author="Jane Doe and John Roe"),
    article("Words.", path="new/b.pdf", published=date(2016, 5, 9), outlet="TechCrunch",
            author="Élodie Martin", label="opinion",
            parts=(Part("body", 0, 3), Part("comment", 3, 6))),
    article("Words.", path="c.jsonl#1"),
)  # fmt: skip
KNOWN = catalogue(*ARTICLES)


def test_reading() -> None:
    typed = Typed(
        since="2015", until=" June 2016", as_of="1 May 2016", outlets=["A", " ", "A", "B "],
        kinds=["comment", "body"], opinion="No",
    )  # fmt: skip
    assert read(typed) == Filters(
        since=date(2015, 1, 1), until=date(2016, 5, 1), outlets=("A", "B"),
        kinds=("body", "comment"), opinion=False,
    )  # fmt: skip
    assert read(Typed(until="2016", as_of="2017")).until == date(2016, 12, 31)
    assert read(Typed()) == Filters()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (Typed(since="31/13/2015"), "--since 31/13/2015 is no date. Write 2015, 2015-06, 2015-06-"),
        (Typed(as_of="03/04/2015"), "--as-of 03/04/2015 can be read two ways. Write 2015"),
        (Typed(until="soon"), "--until soon is no date."),
        (Typed(since="2016", until="May 2015"), "--since 2016 is after --until May 2015"),
        (Typed(kinds=["photo"]), "--kind photo: write body or comment or caption."),
        (Typed(opinion="maybe"), "--opinion maybe: write yes or no."),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_form_wanted(typed: Typed, words: str) -> None:
    with pytest.raises(FilterError) as error:
        read(typed)
    assert str(error.value).startswith(words)
    assert "\n" not in str(error.value)


def test_the_page_has_its_own_names_for_the_fields() -> None:
    with pytest.raises(FilterError, match=r"^As of soon is no date\."):
        read(Typed(as_of="soon"), FIELDS)


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        (Filters(), ""),
        (
            Filters(since=date(2015, 6, 1), outlets=("Guardian",)),
            "published from 1 June 2015, outlet Guardian",
        ),
        (Filters(until=date(2015, 6, 1)), "published until 1 June 2015"),
        (Filters(since=date(2015, 6, 1), until=date(2015, 6, 1)), "published on 1 June 2015"),
        (
            Filters(since=date(2015, 6, 1), until=date(2015, 6, 2)),
            "published from 1 June 2015 until 2 June 2015",
        ),
        (
            Filters(authors=("A", "B"), files=("*.pdf",), kinds=("comment",), opinion=True),
            "author A or B, file *.pdf, reader comments only, opinion only",
        ),
        (Filters(opinion=False), "no opinion"),
    ],
)
def test_in_words(filters: Filters, words: str) -> None:
    assert described(filters) == words


@pytest.mark.parametrize(
    ("filters", "trouble"),
    [
        (
            Filters(outlets=("Guardain",)),
            "No article passes the filters: outlet Guardain. "
            "There is no outlet “Guardain”; did you mean The Guardian?",
        ),
        (
            Filters(outlets=("Xq",)),
            "No article passes the filters: outlet Xq. "
            "There is no outlet “Xq”; there is TechCrunch, The Guardian.",
        ),
        (
            Filters(since=date(2017, 1, 1), outlets=("guardian",)),
            "No article passes the filters: published from 1 January 2017, outlet guardian. "
            "The articles run from 3 March 2012 to 9 May 2016; 1 article without a date never "
            "passes.",
        ),
        (
            Filters(since=date(2017, 1, 1), until=date(2016, 1, 1)),
            "No article passes the filters: published from 1 January 2017 until 1 January 2016. "
            "These dates end before they begin.",
        ),
        (
            Filters(authors=("rowe",)),
            "No article passes the filters: author rowe. "
            "There is no author “rowe”; did you mean John Roe?",
        ),
        (
            Filters(files=("b.pfd",)),
            "No article passes the filters: file b.pfd. "
            "There is no file “b.pfd”; did you mean new/b.pdf?",
        ),
        (
            Filters(kinds=("caption",)),
            "No article passes the filters: captions only. The articles have no captions.",
        ),
        (
            Filters(outlets=("TechCrunch",), authors=("Roe",)),
            "No article passes the filters: outlet TechCrunch, author Roe. Each filter alone "
            "leaves some (outlet TechCrunch: 1; author Roe: 1), together they leave none.",
        ),
    ],
)
def test_a_filter_that_leaves_nothing_says_why(filters: Filters, trouble: str) -> None:
    assert scope(filters, KNOWN) == Scope(0, 3, described(filters), trouble)


def test_no_outlets_at_all() -> None:
    nameless = catalogue(*ARTICLES[2:])
    trouble = scope(Filters(outlets=("X",)), nameless).trouble
    assert trouble.endswith("There is no outlet “X”; no article names one.")


def test_an_empty_index_is_the_reason_itself() -> None:
    assert "holds no articles yet" in scope(Filters(opinion=True), catalogue()).trouble


def test_no_opinion_among_the_articles() -> None:
    plain = catalogue(*ARTICLES[:1])
    assert scope(Filters(opinion=True), plain).trouble.endswith("No article is labelled opinion.")
    column = catalogue(*ARTICLES[1:2])
    assert scope(Filters(opinion=False), column).trouble.endswith(
        "Every article is labelled opinion."
    )


def test_what_was_searched() -> None:
    some = scope(Filters(until=date(2015, 6, 1)), KNOWN)
    assert summary(some) == "Searched 1 of 3 articles: published until 1 June 2015."
    assert answered_from(some) == "Answered from 1 of 3 articles: published until 1 June 2015."
    everything = scope(Filters(), KNOWN)
    assert (everything.searched, everything.articles, everything.filters) == (3, 3, "")
    days = sorted(item.published for item in ARTICLES if item.published)
    assert (everything.since, everything.until) == (days[0], days[-1])
    assert (summary(everything), answered_from(everything)) == ("Searched 3 articles.", "")


def test_one_unknown_name_among_several_is_told() -> None:
    found = scope(Filters(outlets=("TechCrunch", "Guardain")), KNOWN)
    assert (found.searched, found.trouble) == (
        1, "There is no outlet “Guardain”; did you mean The Guardian?",
    )  # fmt: skip


def test_paths_from_here_become_the_indexs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "articles" / "old").mkdir(parents=True)
    (tmp_path / "articles" / "old" / "a.txt").touch()
    monkeypatch.chdir(tmp_path)
    filters = Filters(files=("articles/old/a.txt", "articles/old", "articles", "b.pdf", "*.txt"))
    got = relative(filters, Path("articles"))
    assert got.files == ("old/a.txt", "old", "*", "b.pdf", "*.txt")
    assert relative(filters, None) == filters
