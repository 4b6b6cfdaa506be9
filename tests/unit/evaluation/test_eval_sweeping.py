from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.evaluation.sweeping import grid, index_of, rows, sweep, with_values
from rag.settings import Settings
from tests.unit.evaluation.made import made, outcome


def test_every_combination_once() -> None:
    assert grid(["threshold=0.1, 0.2", "passages=4,8"]) == [
        {"threshold": "0.1", "passages": "4"}, {"threshold": "0.1", "passages": "8"},
        {"threshold": "0.2", "passages": "4"}, {"threshold": "0.2", "passages": "8"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "at least once"),
        (["threshold"], "write setting=value"),
        (["threshold="], "write setting=value"),
        (["passages=1", "passages=2"], "passages is set twice"),
        ([f"passages={','.join(map(str, range(1, 66)))}"], "65 combinations; at most 64"),
    ],
)
def test_a_wrong_grid_is_refused(lines: list[str], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        grid(lines)


def test_settings_take_the_values_and_keep_the_rest() -> None:
    own = with_values(Settings(port=9), {"threshold": "0.5"})
    assert (own.threshold, own.port) == (0.5, 9)
    with pytest.raises(SettingsError, match="Did you mean threshold"):
        with_values(Settings(), {"treshold": "0.5"})
    with pytest.raises(SettingsError, match="from 0 to 1"):
        with_values(Settings(), {"threshold": "5"})


def test_settings_that_can_share_an_index_do() -> None:
    here, other = Settings(), Settings(threshold=0.9)
    assert index_of(here, Path("w")) == index_of(other, Path("w"))
    assert index_of(Settings(passage_words=50), Path("w")) != index_of(here, Path("w"))
    assert index_of(Settings(embedding="a/b"), Path("w")).parent == Path("w")


def test_the_best_of_a_column_has_a_star() -> None:
    reports = {"0.1": made(outcome(), outcome()), "0.9": made(outcome(), outcome(answer="No."))}
    found = list(sweep(grid(["threshold=0.1,0.9"]), lambda values: reports[values["threshold"]]))
    head, first, second = rows(found)
    assert head[:2] == ["threshold", "right"]
    assert (first[1], second[1]) == ("1.00*", "0.50 ")
    assert head[-1] == "s a question"
    assert first[-1] == "0.10"
