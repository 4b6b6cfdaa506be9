import pytest

from rag.checking.cited_names import wrong_names

ARTICLE = (
    "Sergei Lavrov, the foreign minister, spoke in Moscow. Mr Lavrov told the United Nations that "
    "Russia would sign. Angela Merkel of Germany and President Barack Obama did not answer. The "
    "EU stayed silent."
)
PASSAGE = ARTICLE[ARTICLE.index("Mr Lavrov") :]


@pytest.mark.parametrize(
    "sentence",
    [
        "Mr Lavrov told the UN that Russia would sign.",
        "Sergei Lavrov told the U.N. so.",
        "The Russians would sign, Foreign Minister Lavrov said.",
        "On Friday, the German chancellor Merkel did not answer.",
        "Russian officials would sign.",
        "Obama’s answer did not come.",
        "The European Union stayed silent.",
        "Nobody else answered.",
    ],
)
def test_known(sentence: str) -> None:
    assert not list(wrong_names(sentence, [PASSAGE], [ARTICLE]))


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Mr Lavrov told NATO that Russia would sign.", "NATO"),
        ("Sergei Ivanov told the UN so.", "Sergei Ivanov"),
        ("The French would sign.", "French"),
        ("They say that Angela Lavrov would sign.", "Angela Lavrov"),
        ("Emmanuel Macron did not answer.", "Emmanuel Macron"),
    ],
)
def test_unknown(sentence: str, name: str) -> None:
    (reason,) = wrong_names(sentence, [PASSAGE], [ARTICLE])
    assert reason == f"the name {name} is not in the cited text"


def test_what_an_acronym_stands_for_may_have_an_and_in_it() -> None:
    passage = "The FDA banned the dye."
    sentence = "On Monday the Food and Drug Administration banned the dye."
    assert not list(wrong_names(sentence, [passage], [passage]))
