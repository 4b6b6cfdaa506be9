import random
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import numpy as np
from datasketch import MinHash  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.indexing.duplicates import signature
from rag.schema import Article, Part
from rag.text.words import fold
from vectorstore import database, likeness, manifest_tables

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


def origins(signatures: Mapping[str, bytes], *gone: str) -> dict[str, str]:
    """The groups of articles that came one by one, after some of them went again."""
    with closing(database.in_file(Path(":memory:"))) as tables, tables.transaction() as db:
        db.make(manifest_tables.TABLES)
        for id_, data in signatures.items():
            likeness.put(db, {id_: data})
            likeness.link(db, [id_])
        again = likeness.unlink(db, gone)
        likeness.forget(db, gone)
        likeness.link(db, again)
        assert not gone or not db.rows("SELECT 1 FROM bands WHERE article_id IN :ids", ids=gone)
        return {row.article_id: row.origin for row in db.rows("SELECT * FROM likeness")}


def compared(signatures: Mapping[str, bytes]) -> dict[str, str]:
    """The same by comparing all with all, until nothing changes."""
    origin = {id_: id_ for id_ in signatures}
    for _ in signatures:
        for one in signatures:
            for other in signatures:
                own, its = signatures[one], signatures[other]
                share = set(likeness.bands(own)) & set(likeness.bands(its))
                if share and likeness.alike(own, its):
                    origin[one] = origin[other] = min(origin[one], origin[other])
    return origin


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


def test_a_signature_is_datasketchs_own() -> None:
    body = "“It is so,” " + text(300)
    words = fold(body).split()
    shingles = {" ".join(words[at : at + 4]).encode() for at in range(len(words) - 3)}
    theirs = MinHash(num_perm=128, scheme="affine32")
    theirs.update_batch(shingles)
    assert signature(article(body)) == np.asarray(theirs.hashvalues, np.uint32).tobytes()


def test_a_short_text_has_no_signature() -> None:
    assert signature(article("Corrections appear here every Saturday.")) == b""


def edited(words: list[str], share: float, seed: int) -> list[str]:
    rng = random.Random(seed)
    return [rng.choice(WORDS) if rng.random() < share else word for word in words]


# Chains of edits: the last is like the one before and hardly like the first.
CHAINS = []
for _ in range(2):
    last = text(120).split()
    for step in range(4):
        last = edited(last, 0.04, step)
        CHAINS.append(signature(article(" ".join(last))))


@settings(max_examples=60, deadline=None)
@given(st.permutations(range(len(CHAINS))), st.sets(st.integers(0, len(CHAINS) - 1), max_size=4))
def test_whatever_comes_and_goes_the_groups_are_those_of_comparing_all(
    order: list[int], gone: set[int]
) -> None:
    signatures = {f"a{n}": CHAINS[n] for n in order}
    left = {id_: data for id_, data in signatures.items() if int(id_[1:]) not in gone}
    assert origins(signatures, *(f"a{n}" for n in gone)) == compared(left)
