"""A gate shuts where a floor, a ceiling or an allowed drop does not hold, and only there."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import SettingsError
from rag.evaluation.gate import Gate, Limit, breaches, load_gate
from rag.evaluation.report import Report, report
from tests.unit.evaluation.made import failed, made, outcome

HALF = made(outcome(), outcome(answer="No."))


def gate(tmp_path: Path, text: str) -> Gate:
    file = tmp_path / "gate.toml"
    file.write_text(text, encoding="utf-8")
    return load_gate(file)


def test_what_a_gate_may_say(tmp_path: Path) -> None:
    found = gate(
        tmp_path,
        'baseline = "scores.json"\n[floors]\nright = 0.5\n"hit@5" = 1\n[ceilings]\nfailed = 0\n'
        '"seconds.total.p95" = 0.2\n[drops]\nright = 0.0\n[types.fact.floors]\nright = 0.6\n',
    )
    assert found.baseline == tmp_path / "scores.json"
    assert breaches(found, HALF, HALF) == ["right of fact is 0.5, the floor is 0.6"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[floors]\nright = 0.51", "right is 0.5, the floor is 0.51"),
        ("[ceilings]\nright = 0.4", "right is 0.5, the ceiling is 0.4"),
        ("[floors]\nf1 = 0.1", "f1: not measured, so floors 0.1 cannot hold"),
        ("[types.nope.floors]\nright = 0.1", "right of nope: not measured, so floors 0.1 cannot"),
        ('[ceilings]\n"seconds.total.p50" = 0.05', "seconds.total.p50 is 0.1, the ceiling is 0.05"),
        ("[drops]\nright = 0.4", "right went from 1 to 0.5; 0.4 is allowed"),
        ("[drops]\nf1 = 0.4", "f1: not measured"),
    ],
)
def test_what_does_not_hold(tmp_path: Path, text: str, line: str) -> None:
    (found,) = breaches(gate(tmp_path, text), HALF, made(outcome(), outcome()))
    assert found.startswith(line)


def test_of_some_figures_less_is_better() -> None:
    limit = Gate((Limit("drops", "failed", 0.1),))
    one, none = made(failed(), outcome()), made(outcome(), outcome())
    assert breaches(limit, one, none) == ["failed went from 0 to 0.5; 0.1 is allowed"]
    assert breaches(limit, none, one) == []


@given(floor=st.floats(0, 1), right=st.integers(0, 7))
def test_a_floor_holds_where_the_figure_is_no_less(floor: float, right: int) -> None:
    whole = {"summary": {"figures": {"right": {"value": round(right / 7, 4)}}}, "by_type": {}}
    shut = breaches(Gate((Limit("floors", "right", floor),)), whole, None)
    assert bool(shut) is (round(right / 7, 4) < floor - 1e-9)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[floors]\nrihgt = 1", "no figure 'rihgt'. Did you mean right?"),
        ("[floor]\nright = 1", "there is no 'floor'; tables are floors, ceilings, drops and types"),
        ('[floors]\nright = "high"', "right is 'high'; write a number"),
        ("[floors]\n", "sets no limit"),
        ("[floors", "not valid TOML"),
    ],
)
def test_a_wrong_gate_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SettingsError) as raised:
        gate(tmp_path, text)
    assert words in str(raised.value)


def test_drops_need_something_to_drop_from(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="give --compare FILE, or baseline in the gate"):
        breaches(gate(tmp_path, "[drops]\nright = 0.1"), HALF, None)
    with pytest.raises(SettingsError, match="cannot be read"):
        load_gate(tmp_path / "nowhere.toml")


def test_the_shipped_gate_names_what_there_is() -> None:
    root = Path(__file__).parents[3]
    shipped = load_gate(root / "examples/gate.toml")
    whole: Report = report([outcome()], {})
    assert shipped.baseline == root / "examples/scores.json"
    assert {limit.figure for limit in shipped.limits} <= set(whole["summary"]["figures"])
