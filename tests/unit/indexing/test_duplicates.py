import random

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.indexing.duplicates import origins, signature
from rag.schema import Article, Part

RANDOM = random.Random(3)
WORDS = [f"word{n}" for n in range(5000)]


def text(words: int) -> str:
    return " ".join(RANDOM.choices(WORDS, k=words))


def article(body: str, comment: str = "") -> Article:
    whole = f"{body}\n\n{comment}" if comment else body
    parts = [Part("body", 0, len(body))]
    if comment:
        parts.append(Part("comment", len(body) + 2, len(whole)))
    return Article("i", "p", None, None, None, None, None, whole, tuple(parts))


def test_a_trimmed_and_edited_reprint_has_the_same_origin() -> None:
    wire = text(400)
    words = wire.split()
    reprint = " ".join([*words[:120], "edited", *words[121:300], *text(15).split()])
    other = text(400)
    found = origins(
        {
            name: signature(article(body))
            for name, body in zip("abc", (wire, reprint, other), strict=True)
        }
    )
    assert found == {"a": "a", "b": "a", "c": "c"}


def test_readers_comments_make_no_copy() -> None:
    comment = text(400)
    first, second = article(text(60), comment), article(text(60), comment)
    assert origins({"a": signature(first), "b": signature(second)}) == {"a": "a", "b": "b"}


def test_case_quotes_and_white_space_do_not_matter() -> None:
    body = "“It is so,” she said – and " + text(100)
    assert signature(article(body)) == signature(
        article(body.upper().replace("“", '"').replace("”", '"').replace(" ", "\n"))
    )


def test_a_short_text_has_no_signature() -> None:
    assert signature(article("Corrections appear here every Saturday.")) == b""


KINDS = [signature(article(" ".join(f"k{kind}w{n}" for n in range(60)))) for kind in range(3)]


@settings(max_examples=30)
@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 2), max_size=6))
def test_groups_do_not_depend_on_order(kinds: dict[str, int]) -> None:
    signatures = {name: KINDS[kind] for name, kind in kinds.items()}
    found = origins(signatures)
    assert found == origins(dict(reversed(signatures.items())))
    assert found == {
        name: min(other for other, same in kinds.items() if same == kind)
        for name, kind in kinds.items()
    }
