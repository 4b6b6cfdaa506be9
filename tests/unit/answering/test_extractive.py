"""Which sentences answer, with words shared standing in for the reranker."""

from datetime import date

from rag.answering.extractive import ranked
from rag.schema import Part
from tests.unit.building import article, hit, query

TEXT = (
    "Jane Roe said the bridge was a folly. Tom Hale said the bridge was a blessing. "
    "The bridge is 41 metres high."
)


def test_the_words_of_the_person_asked_for_come_first() -> None:
    source = article(TEXT, title="Bridge", published=date(2024, 3, 4))
    for person, words in (("Jane Roe", "a folly"), ("Tom Hale", "a blessing")):
        best, *_ = ranked(query(f"What did {person} say about the bridge?"), [hit(source)], None)
        assert words in best.words


def test_readers_come_last_unless_there_is_nobody_else() -> None:
    comment = "The bridge cost 9 crowns, as everybody knows."
    body = "The bridge cost 40 million crowns."
    text = f"{body}\n{comment}"
    at = len(body) + 1
    parts = (Part("body", 0, len(body)), Part("comment", at, len(text), "gull47"))
    source = article(text, parts=parts)
    readers = hit(source, at, kind="comment")
    asked = query("How much did the bridge cost?")
    both = ranked(asked, [hit(source, 0, len(body)), readers], None)
    assert [item.hit.passage.kind for item in both] == ["body", "comment"]
    alone = ranked(asked, [readers], None)
    assert alone[0].words == comment


def test_extracts_are_slices_of_their_article() -> None:
    for item in ranked(query("How high is the bridge?"), [hit(TEXT)], None):
        article_text = item.hit.article.text
        assert item.words == " ".join(article_text[item.start : item.end].split())
