"""A report as one HTML file that loads nothing: figures, plots, and a row for each question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from importlib import resources
from typing import Any

from rag.evaluation import plots
from rag.evaluation.changes import Changes
from rag.evaluation.matching import fold, pattern
from rag.evaluation.metrics import FIGURES
from rag.evaluation.table import cell
from rag.schema import EXTRACTIVE

Report = Mapping[str, Any]
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
_MARKER = re.compile(r"\[(\d+)\]")
_HEADLINES = (
    "right", "hit@5", "contains", "citation_precision", "abstention_recall", "offsets_exact",
)  # fmt: skip
_CHANCE = 0.05


def as_html(report: Report, changes: Changes | None = None, breaches: Sequence[str] = ()) -> str:
    """The page. `changes`, `breaches`: what `--compare` and `--gate` found."""
    sections = [
        _header(report),
        _gate(breaches),
        _headlines(report),
        _plots(report),
        _changes(changes),
        _questions(report),
        _figures(report),
        _made_with(report),
    ]
    body = "\n".join(section for section in sections if section)
    return (
        "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        "<meta name='color-scheme' content='light dark'><link rel='icon' href='data:,'>"
        f"<title>Byline evaluation</title>\n<style>\n{_file('report.css')}</style></head>\n"
        f"<body>\n{body}\n<script>\n{_file('report.js')}</script></body></html>\n"
    )


def _file(name: str) -> str:
    return resources.files("rag.evaluation").joinpath(name).read_text(encoding="utf-8")


def _header(report: Report) -> str:
    made, whole = report["made_with"], report["summary"]
    about = (
        f"{whole['questions']} questions, {made.get('articles', 0):,} articles, "
        f"{_answers_by(made.get('model', EXTRACTIVE))}, {report['times']['made'][:10]}"
    )
    said = (
        f"<b>{whole['answered_right']} of {whole['answerable']}</b> answered right, "
        f"<b>{whole['abstained_right']} of {whole['must_abstain']}</b> rightly declined, "
        f"<b>{whole['failed']}</b> failed"
    )
    return (
        f"<header><h1>Evaluation</h1><p class='soft'>{escape(about)}</p>"
        f"<p class='lead'>{said}</p></header>"
    )


def _answers_by(model: str) -> str:
    return "extractive answers" if model == EXTRACTIVE else f"answers by {model}"


def _gate(breaches: Sequence[str]) -> str:
    if not breaches:
        return ""
    listed = "".join(f"<li>{escape(line)}</li>" for line in breaches)
    return f"<section class='breach'><h2>The gate is shut</h2><ul>{listed}</ul></section>"


def _headlines(report: Report) -> str:
    figures = report["summary"]["figures"]
    tiles = "".join(_tile(name, figures[name]) for name in _HEADLINES if figures[name]["n"])
    return f"<section class='tiles'>{tiles}</section>"


def _tile(name: str, item: Mapping[str, Any]) -> str:
    between = "" if item["low"] is None else f"{item['low']:.2f}–{item['high']:.2f}"
    return (
        f"<div class='tile'><span class='name'>{escape(_plain(name))}</span>"
        f"<span class='number'>{cell(item['value'])}</span>"
        f"<span class='soft'>{between}</span><small>{escape(FIGURES[name].says)}</small></div>"
    )


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _plots(report: Report) -> str:
    threshold = float(report["made_with"].get("settings", {}).get("threshold", 0.0))
    weighed = [row for row in report["questions"] if row["got"]["chance"] is not None]
    yes = [row["got"]["chance"] for row in weighed if not row["expected"].get("must_abstain")]
    no = [row["got"]["chance"] for row in weighed if row["expected"].get("must_abstain")]
    times, area = report["times"], report["abstention"]["area"]
    found = (
        ("Right, by type of question", "", plots.bars(report["by_type"], "right")),
        ("Why questions went wrong", "", plots.counts(report["reasons"])),
        (
            "The chance that the articles answer",
            "Above the line questions that have an answer, below it those that have none.",
            plots.chances(yes, no, threshold),
        ),
        (
            "Answering and declining",
            ""
            if area is None
            else f"The area is {area:.3f}: how often a question with an answer "
            "has a higher chance than one without. The large dot is the threshold in use.",
            plots.abstention(report["abstention"], threshold),
        ),
        (
            "Time",
            "One dot a question; lines at the median and the 95th percentile.",
            plots.latency(times["seconds"], times["questions"]),
        ),
    )
    return (
        "<section class='plots'>"
        + "".join(_plot(*item) for item in found if item[2])
        + ("</section>")
    )


def _plot(title: str, words: str, svg: str) -> str:
    more = f"<p class='soft'>{escape(words)}</p>" if words else ""
    return f"<figure><figcaption><h2>{escape(title)}</h2>{more}</figcaption>{svg}</figure>"


def _changes(found: Changes | None) -> str:
    if found is None:
        return ""
    lines = "".join(
        f"<tr class='{_colour(item.better)}'><td>{escape(item.id)}</td>"
        f"<td>{escape(item.question)}</td><td>{escape(item.before)} → {escape(item.now)}</td></tr>"
        for item in found.turned
    )
    moved = "".join(
        f"<tr><td>{escape(_plain(item.figure))}</td><td>{cell(item.before)} → {cell(item.now)}</td>"
        f"<td>p {item.p:.3g} ({item.test}{'' if item.p < _CHANCE else '; may be chance'})</td></tr>"
        for item in found.moved
        if item.change
    )
    none = "" if lines or moved else "<p class='soft'>Nothing changed.</p>"
    return (
        "<section><h2>What changed</h2>"
        f"{none}<div class='wide'><table>{lines}</table></div>"
        f"<div class='wide'><table>{moved}</table></div></section>"
    )


def _colour(better: bool | None) -> str:
    return "" if better is None else ("good" if better else "worse")


def _questions(report: Report) -> str:
    types = list(report["by_type"])
    reasons = [name for name, count in report["reasons"].items() if count]
    times = report["times"]["questions"]
    rows = "".join(_row(row, times.get(row["id"], {})) for row in report["questions"])
    return (
        "<section id='questions'><h2>Questions</h2><form id='pick'>"
        f"{_select('verdict', 'verdict', ['right', 'wrong', *reasons])}"
        f"{_select('type', 'type', types)}"
        "<label>words <input type='search' name='words'></label>"
        f"<output>{len(report['questions'])} shown</output></form>{rows}</section>"
    )


def _select(name: str, label: str, values: Sequence[str]) -> str:
    options = "".join(f"<option>{escape(value)}</option>" for value in values)
    return (
        f"<label>{label} <select name='{name}'><option value=''>all</option>{options}</select>"
        "</label>"
    )


def _row(row: Mapping[str, Any], seconds: Mapping[str, float]) -> str:
    asked, why = row["expected"], row["why"]
    reason = why["reason"] if why else "right"
    verdict = "right" if row["right"] else "wrong"
    return (
        f"<details class='q {verdict}' id='q-{escape(row['id'])}' data-verdict='{verdict}' "
        f"data-reason='{escape(reason)}' data-type='{escape(asked['type'])}'>"
        f"<summary><span class='badge'>{escape(reason)}</span>"
        f"<span class='asked'>{escape(asked['question'])}</span>"
        f"<span class='soft'>{escape(row['id'])} · {escape(asked['type'])}</span></summary>"
        f"<div class='inside'>{''.join(_inside(row, seconds))}</div></details>\n"
    )


def _inside(row: Mapping[str, Any], seconds: Mapping[str, float]) -> Iterator[str]:
    got, why = row["got"], row["why"]
    if why:
        yield f"<p class='why'><b>{escape(why['reason'])}.</b> {escape(why['details'])}</p>"
    if got["asked"] and got["asked"] != row["expected"]["question"]:
        yield f"<p class='soft'>Searched for: {escape(got['asked'])}</p>"
    yield f"<h3>Answer</h3>{_answer(row)}"
    yield f"<h3>Expected</h3>{_expected(row['expected'])}"
    if got["judge"]:
        yield (
            f"<p class='soft'>The judge says {escape(got['judge'])}: "
            f"{escape(got['judge_reason'])}</p>"
        )
    if got["hits"]:
        yield f"<h3>Retrieved</h3>{_retrieved(got)}"
    facts = list(_facts(got, seconds))
    if facts:
        yield f"<p class='soft'>{escape('; '.join(facts))}</p>"


def _facts(got: Mapping[str, Any], seconds: Mapping[str, float]) -> Iterator[str]:
    if got["chance"] is not None:
        yield f"chance {got['chance']:.2f}"
    if got["semantic"] is not None:
        yield f"cross-encoder {got['semantic']:.2f}"
    if seconds:
        yield f"{seconds.get('total', 0.0):.2f} s"
    if got["tokens"]:
        yield f"{got['tokens']['input']:,} tokens read, {got['tokens']['output']:,} written"


def _answer(row: Mapping[str, Any]) -> str:
    """The sentences with the wanted words marked, their support, and what they cite."""
    got = row["got"]
    if got["error"]:
        return f"<p class='why'>{escape(got['error'])}</p>"
    words = _wanted(row["expected"])
    if not got["sentences"]:
        return f"<p class='answer'>{_marked(got['answer'], words)}</p>"
    said = "".join(_sentence(item, words) for item in got["sentences"])
    notes = "".join(f"<p class='soft'>{escape(note)}</p>" for note in got["notes"])
    cited = "".join(_citation(item) for item in got["citations"])
    return f"<div class='answer'>{said}{notes}</div><ol class='cited'>{cited}</ol>"


def _wanted(expected: Mapping[str, Any]) -> list[str]:
    groups = expected.get("must_contain") or [expected.get("answers", [])]
    return [word for group in groups for word in group]


def _sentence(item: Mapping[str, Any], words: Sequence[str]) -> str:
    numbers = "".join(
        f"<sup class='{'' if n in item['precise'] else 'weak'}'>[{n}]</sup>"
        for n in item["citations"]
    )
    reasons = "; ".join(item["reasons"])
    weak = f" <small class='weak'>{escape(item['support'])}: {escape(reasons)}</small>"
    return (
        f"<p class='{escape(item['support'])}'>{_marked(item['text'], words)}{numbers}"
        f"{'' if item['support'] == 'supported' else weak}</p>"
    )


def _citation(item: Mapping[str, Any]) -> str:
    flags = [
        name
        for name, on in (
            ("on the evidence", item["evidence"]),
            ("of a source", item["source"] and not item["evidence"]),
            ("offsets wrong", not item["exact"]),
        )
        if on
    ]
    said = f", says {item['speaker']}" if item["speaker"] else ""
    where = f"{item['file']}, {item['start']}–{item['end']}{said}"
    tags = "".join(f" <span class='tag'>{escape(flag)}</span>" for flag in flags)
    return (
        f"<li value='{item['number']}'><q>{escape(item['quote'])}</q> "
        f"<span class='soft'>{escape(where)}</span>{tags}</li>"
    )


def _marked(text: str, words: Sequence[str]) -> str:
    """`text` escaped, the wanted words marked."""
    pieces = [pattern(word) for word in words if fold(word)]
    if not pieces:
        return escape(text)
    found = re.compile("|".join(sorted(pieces, key=len, reverse=True)), re.IGNORECASE)
    done, last = [], 0
    for match in found.finditer(text):
        done += [escape(text[last : match.start()]), f"<mark>{escape(match[0])}</mark>"]
        last = match.end()
    return "".join([*done, escape(text[last:])])


_SAID: Mapping[str, Callable[[Any], str]] = {
    "answers": " / ".join,
    "must_contain": lambda groups: "; ".join(" or ".join(f"“{w}”" for w in g) for g in groups),
    "must_not_contain": lambda words: ", ".join(f"“{word}”" for word in words),
    "sources": ", ".join,
    "evidence": lambda items: " … ".join(f"“{words}”" for words in items),
    "speaker": " or ".join,
    "speaker_is_not_author": lambda _: "somebody else than the author speaks",
    "must_abstain": lambda _: "the articles do not answer this",
    "follows": str,
    "filters": lambda values: ", ".join(f"{k} {v}" for k, v in values.items()),
}


def _expected(said: Mapping[str, Any]) -> str:
    lines = "".join(
        f"<dt>{_plain(key)}</dt><dd>{escape(show(said[key]))}</dd>"
        for key, show in _SAID.items()
        if said.get(key)
    )
    return f"<dl>{lines}</dl>"


def _retrieved(got: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<li class='{'gold' if item['gold'] else ''}'><span class='soft'>{item['score']:.2f} "
        f"{escape(item['file'])}, {item['start']}–{item['end']}</span>"
        f"{' <span class=tag>wanted</span>' if item['gold'] else ''}<br>{escape(item['text'])}</li>"
        for item in got["hits"]
    )
    return f"<ol class='hits'>{rows}</ol>"


def _figures(report: Report) -> str:
    rows = "".join(
        f"<tr><td>{escape(_plain(name))}</td><td class='n'>{cell(item['value'])}</td>"
        f"<td class='n'>{_between(item)}</td><td class='n'>{item['n']}</td>"
        f"<td class='soft'>{escape(FIGURES[name].says)}</td></tr>"
        for name, item in report["summary"]["figures"].items()
        if item["n"]
    )
    head = "<tr><th>figure</th><th>value</th><th>95 % interval</th><th>questions</th><th></th></tr>"
    return (
        "<section><h2>Figures</h2><div class='wide'>"
        f"<table class='figures'>{head}{rows}</table></div>{_judge(report)}{_tokens(report)}"
        "</section>"
    )


def _between(item: Mapping[str, Any]) -> str:
    return "–" if item["low"] is None else f"{item['low']:.2f}–{item['high']:.2f}"


def _judge(report: Report) -> str:
    found = report["judge"]
    if not found:
        return ""
    said = (
        f"The judge agrees with the rules on {cell(found['agree'])} of {found['judged']} questions "
        f"(Cohen's kappa {cell(found['kappa'])}) and gave no verdict on {found['no_verdict']}."
    )
    return f"<p>{escape(said)}</p>"


def _tokens(report: Report) -> str:
    told = report["tokens"]
    if not told:
        return ""
    cost = f"; cost {told['cost']:g}" if "cost" in told else ""
    return f"<p>{told['input']:,} tokens read, {told['output']:,} written{cost}.</p>"


def _made_with(report: Report) -> str:
    made = report["made_with"]
    facts = {**{k: v for k, v in made.items() if k != "settings"}, **made.get("settings", {})}
    rows = "".join(f"<dt>{escape(k)}</dt><dd>{escape(str(v))}</dd>" for k, v in facts.items())
    return f"<section><details><summary>Made with</summary><dl>{rows}</dl></details></section>"
