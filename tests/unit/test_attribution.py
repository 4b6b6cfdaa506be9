import pytest

from rag.attribution import READER, speaker
from rag.schema import Article, Part

TEXT = """Russian Foreign Minister Sergei Lavrov said the U.S. should form a strategy.

“You can’t defeat Islamic State from the air alone,” Lavrov said in an interview. “There will \
have to be ground operations.”

“I don’t see how one can do without” its help, he said.

Jeff Rathke, a State Department spokesman, told reporters that Assad has “no future”.

According to Alexey Pushkov, this meeting could also represent a rapprochement.

That is why the ministry’s spokesperson, Maria Zakharova, inferred on Tuesday that it would be \
“premature”.

Islamic State militants this month seized the city of Ramadi."""


def said(words: str, text: str = TEXT, parts: tuple[Part, ...] = ()) -> str | None:
    start = text.index(words)
    article = Article("i", "p", None, "Henry Meyer", None, None, None, text, parts)
    return speaker(article, start, start + len(words))


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


def test_a_comment_is_a_readers_whoever_it_quotes() -> None:
    text = "Body.\n\nNapoleon said it of the British."
    part = Part("comment", 7, len(text))
    assert said("Napoleon said it of the British.", text, (part,)) == READER
    named = Part("comment", 7, len(text), "gull47")
    assert said("Napoleon said it of the British.", text, (named,)) == f"gull47 ({READER})"
