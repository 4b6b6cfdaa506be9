from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.speakers.quotations import HERE, SAMPLE, judge, labels
from rag.schema import Article, Part
from rag.speakers.attribution import READER, Quotation, quotations, speaker
from rag.text.quotation_marks import masked, quoted_spans
from tests.unit.building import article

TEXT = """Russian Foreign Minister Sergei Lavrov said the U.S. should form a strategy.

“You can’t defeat Islamic State from the air alone,” Lavrov said in an interview. “There will \
have to be ground operations.”

“I don’t see how one can do without” its help, he said.

Jeff Rathke, a State Department spokesman, told reporters that Assad has “no future”.

According to Alexey Pushkov, this meeting could also represent a rapprochement.

That is why the ministry’s spokesperson, Maria Zakharova, inferred on Tuesday that it would be \
“premature”.

Islamic State militants this month seized the city of Ramadi."""

WHO = "Ada Thornbury, the mayor of Skelwick, opened the bridge. Her deputy is Colm Varley, 58."


def said(words: str, text: str = TEXT, parts: tuple[Part, ...] = ()) -> str | None:
    start = text.index(words)
    return speaker(article(text, author="Henry Meyer", parts=parts), start, start + len(words))


@pytest.mark.parametrize(
    ("words", "who"),
    [
        (
            "Russian Foreign Minister Sergei Lavrov said the U.S. should form a strategy.",
            "Sergei Lavrov",
        ),
        (
            "“You can’t defeat Islamic State from the air alone,” Lavrov said in an interview.",
            "Sergei Lavrov",
        ),
        ("“There will have to be ground operations.”", "Sergei Lavrov"),
        ("“I don’t see how one can do without” its help, he said.", "Sergei Lavrov"),
        (
            "Jeff Rathke, a State Department spokesman, told reporters that Assad has “no future”.",
            "Jeff Rathke",
        ),
        (
            "According to Alexey Pushkov, this meeting could also represent a rapprochement.",
            "Alexey Pushkov",
        ),
        (
            "That is why the ministry’s spokesperson, Maria Zakharova, inferred on Tuesday that it "
            "would be “premature”.",
            "Maria Zakharova",
        ),
        ("Islamic State militants this month seized the city of Ramadi.", None),
    ],
)
def test_who_speaks(words: str, who: str | None) -> None:
    assert said(words) == who


@pytest.mark.parametrize(
    ("text", "words", "who"),
    [
        # every style of quotation mark
        ("“It will hold,” Thornbury said.", "It will hold,", "Ada Thornbury"),
        ('"It will hold," Thornbury said.', "It will hold,", "Ada Thornbury"),
        ("‘It won’t fall,’ Thornbury said.", "It won’t fall,", "Ada Thornbury"),
        ("'It won't fall,' Thornbury said.", "It won't fall,", "Ada Thornbury"),
        ("«It will hold», Thornbury said.", "It will hold", "Ada Thornbury"),
        ("„It will hold“, Thornbury said.", "It will hold", "Ada Thornbury"),
        ('“It will hold," Thornbury said.', "It will hold,", "Ada Thornbury"),
        ("“He said ‘never’ to me,” Thornbury said.", "never", "Ada Thornbury"),
        # the speaker before, after, between, in the sentence before
        ("Varley said: “It will hold.”", "It will hold.", "Colm Varley"),
        ("“It will hold,” said Colm Varley, her deputy.", "It will hold,", "Colm Varley"),
        ("“It will hold,” said her deputy, Colm Varley.", "It will hold,", "Colm Varley"),
        ("“It,” Varley said, “will hold.”", "will hold.", "Colm Varley"),
        ("“Will it?” Varley asked. “It will.”", "Will it?", "Colm Varley"),
        ("“Will it?” Varley asked. “It will.”", "It will.", "Colm Varley"),
        ("Varley had no doubt. “It will hold.”", "It will hold.", "Colm Varley"),
        ("Varley was blunt: “It will hold.”", "It will hold.", "Colm Varley"),
        ("Varley told the crowd:\n\n“It will hold.”", "It will hold.", "Colm Varley"),
        ("Varley told the crowd:\n\nWe built it to hold.", "We built it to hold.", "Colm Varley"),
        ("“One,” Varley said.\n\n“And two of them,” he said.", "And two of them,", "Colm Varley"),
        # over several paragraphs
        ("“It will hold.\n\n“And it will last,” Varley said.", "It will hold.", "Colm Varley"),
        ("“It will hold,” Varley said. “Yes.\n\n“It will last.”", "It will last.", "Colm Varley"),
        # pronouns and offices
        ("Varley coughed. “It will hold,” he said.", "It will hold,", "Colm Varley"),
        ("The mayor said that it would hold.", "that it would hold", "Ada Thornbury"),
        ("“It will hold,” the mayor said.", "It will hold,", "Ada Thornbury"),
        ("Mrs Thornbury smiled. Mr Varley left. She said so.", "She said so.", "Ada Thornbury"),
        # in other words
        ("It would hold, Varley said.", "It would hold, Varley said.", "Colm Varley"),
        ("It would, he argues, hold.", "It would, he argues, hold.", "Colm Varley"),
        ("Varley puts the cost at nine million.", "Varley puts the cost at nine", "Colm Varley"),
        ("It cost nine million, according to Varley.", "It cost nine million", "Colm Varley"),
        ("Varley’s claim that it would hold was tested.", "that it would hold", "Colm Varley"),
        ("Varley, speaking in Skelwick, said it would hold.", "it would hold", "Colm Varley"),
        ("In Skelwick Varley said it would hold.", "it would hold", "Colm Varley"),
        # organisations, by their names
        ("It will hold, the Bridge Authority said.", "It will hold", "Bridge Authority"),
        (
            "The Ministry of Roads and Rivers said it held.",
            "it held",
            "Ministry of Roads and Rivers",
        ),
        (
            "It held, said the Sand and Gravel Workers’ Union.",
            "It held",
            "Sand and Gravel Workers’ Union",
        ),
        ("Ivo Penn of the Bridge Authority said it held.", "it held", "Ivo Penn"),
        ("Varley on Friday said it held.", "it held", "Colm Varley"),
        ("Data released Friday showed that it held.", "it held", None),
        # two speakers
        (
            "Varley said it would hold, but Thornbury said it would not.",
            "it would hold",
            "Colm Varley",
        ),
        (
            "Varley said it would hold, but Thornbury said it would not.",
            "would not.",
            "Ada Thornbury",
        ),
        (
            "Thornbury had called it safe, Varley said.",
            "Thornbury had called it safe",
            "Colm Varley",
        ),
        ("Thornbury said that Varley had said it was safe.", "it was safe", "Ada Thornbury"),
        # nobody who is named
        ("It will hold, officials said.", "It will hold", None),
        ("“It will hold,” said a spokesman for Varley.", "It will hold,", None),
        ("It will hold, his lawyer said.", "It will hold", None),
        ("According to the report, it will hold.", "it will hold", None),
        ("The sign at the gate reads: “Closed for works.”", "Closed for works.", None),
        ("Varley and Thornbury said it would hold.", "it would hold", None),
        ("Someone shouted: “It will hold!”", "It will hold!", None),
        # the author's own words
        ("Varley was told that it would hold.", "Varley was told that it would hold.", None),
        ("Varley is said to have left.", "Varley is said to have left.", None),
        ("Varley told us what he thought.", "Varley told us what he thought.", None),
        ("The so-called “bridge” is a plank.", "“bridge”", None),
        ("“It will hold,” Varley said. The plank broke.", "The plank broke.", None),
        ("His calls for a new bridge went unheard.", "His calls for a new bridge", None),
        ("The statement said nothing. It rained.", "It rained.", None),
    ],
)
def test_in_every_way_to_report(text: str, words: str, who: str | None) -> None:
    assert said(words, f"{WHO}\n\n{text}") == who


def test_an_interview() -> None:
    text = (
        f"{WHO}\n\nQ: Will it hold?\n\nVarley: It will. Thornbury told me so.\n\nAnd it will last."
        "\n\nQ: For how long?\n\nVarley: A while.\n\nColm Varley was born in Skelwick."
    )
    assert said("Will it hold?", text) is None
    assert said("Thornbury told me so.", text) == "Colm Varley"
    assert said("And it will last.", text) == "Colm Varley"
    assert said("Colm Varley was born in Skelwick.", text) is None


def test_headings_with_a_colon_are_no_interview() -> None:
    text = f"{WHO}\n\nCorrection: the bridge\n\nIt is red.\n\nCorrection: the road\n\nIt is wide."
    assert said("It is red.", text) is None


def test_most_of_the_words_decide() -> None:
    text = f"{WHO}\n\n“It will hold for a hundred years,” Varley said. It broke."
    assert said(text[len(WHO) + 2 :], text) == "Colm Varley"
    assert said(text, text) is None


def test_a_comment_is_a_readers_whoever_it_quotes() -> None:
    text = "Body.\n\nNapoleon said it of the British."
    part = Part("comment", 7, len(text))
    assert said("Napoleon said it of the British.", text, (part,)) == READER
    named = Part("comment", 7, len(text), "gull47")
    assert said("Napoleon said it of the British.", text, (named,)) == f"gull47 ({READER})"


def test_words_within_quotation_marks_in_a_comment_are_their_speakers() -> None:
    text = f"{WHO}\n\nI was there. Thornbury said “never again” to us. What a day."
    parts = (Part("body", 0, len(WHO)), Part("comment", len(WHO) + 2, len(text), "gull47"))
    assert said("“never again”", text, parts) == f"Thornbury, quoted in a {READER}"
    assert said("I was there.", text, parts) == f"gull47 ({READER})"
    assert said("What a day.", text, parts) == f"gull47 ({READER})"


def test_quotations_are_whole_and_of_one_speaker() -> None:
    text = (
        "“It will hold,” Colm Varley said. “And it will\n\n“last.” It broke. Varley said that the "
        "plank was “rather old”."
    )
    found = quotations(article(text))
    assert [(item.speaker, item.direct, text[item.start : item.end]) for item in found] == [
        ("Colm Varley", True, "It will hold,"),
        ("Colm Varley", True, "And it will\n\n“last."),
        ("Colm Varley", False, "Varley said that the plank was “rather old”."),
    ]


WORDS = st.sampled_from(
    [
        "“", "”", '"', "‘", "’", "'", "«", "»", ".", ",", ":", ";", "?", "\n", "\n\n", " — ",
        "said",
        "says", "according to", "he", "she", "the mayor", "Ada Thornbury", "Varley", "Mr", "that",
        "and", "but", "Q:", "Varley:", "of the", "Bridge Authority", "it holds", "who", "We", "’s",
    ]
)  # fmt: skip


@st.composite
def articles(draw: st.DrawFn) -> Article:
    body = " ".join(draw(st.lists(WORDS, max_size=40)))
    comment = " ".join(draw(st.lists(WORDS, max_size=20)))
    text = f"{body}\n\n{comment}"
    start = len(body) + 2
    return article(
        text, parts=(Part("body", 0, len(body)), Part("comment", start, len(text), "gull47"))
    )


@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_quoted_spans_are_disjoint_and_leave_the_rest_as_it_is(text: str) -> None:
    spans = quoted_spans(text)
    flat = masked(text, 0, len(text), spans)
    assert len(flat) == len(text)
    for (_, before), (start, end) in pairwise([(0, 0), *spans]):
        assert before <= start < end <= len(text)
        assert text[before:start] == flat[before:start]


@given(articles())
def test_quotations_lie_in_order_within_the_body(read: Article) -> None:
    at = 0
    for item in quotations(read):
        assert at <= item.start < item.end <= read.parts[0].end
        assert not read.text[item.start].isspace()
        assert not read.text[item.end - 1].isspace()
        at = item.end


@given(articles(), st.data())
def test_a_comments_words_are_a_readers(read: Article, data: st.DataObject) -> None:
    part = read.parts[1]
    start = data.draw(st.integers(part.start, part.end))
    end = data.draw(st.integers(start, part.end))
    who = speaker(read, start, end)
    assert who is None or READER in who
    if who and not who.startswith("gull47"):
        assert who.split(",")[0].split()[-1] in read.text[part.start :]


@given(articles(), st.data())
def test_no_stretch_of_the_body_is_a_readers(read: Article, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, read.parts[0].end))
    end = data.draw(st.integers(start, read.parts[0].end))
    assert READER not in (speaker(read, start, end) or "")


@pytest.mark.parametrize(
    "odd",
    ["Said ", "of X ", "a, ", "'a ", "“", "A and ", "“a” said X, ", "X’s claim that ", "X said "],
)
def test_odd_texts_have_an_end(odd: str) -> None:
    text = odd * 4_000
    assert all(item.end <= len(text) for item in quotations(article(text)))


def test_a_quotation_is_its_speakers() -> None:
    found = quotations(article(TEXT))
    assert found
    for item in found:
        assert isinstance(item, Quotation)
        assert speaker(article(TEXT), item.start, item.end) == item.speaker


@pytest.mark.parametrize("half", [False, True], ids=["developed on", "held out"])
def test_the_labelled_sample(half: bool) -> None:
    found = [judge(label, SAMPLE) for label in labels(HERE / "sample.jsonl")]
    verdicts = [item.verdict for item in found if item.label.held_out is half]
    assert verdicts.count("right") >= 0.9 * len(verdicts)
    assert verdicts.count("wrong") <= 0.03 * len(verdicts)


def test_labels_give_no_more_than_five_words_of_articles_that_are_not_ours() -> None:
    for label in labels(Path(HERE / "shared.jsonl")):
        assert len(label.words.split()) <= 5
