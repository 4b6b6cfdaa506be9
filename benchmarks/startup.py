"""How soon `byline serve` and `byline ask` can be used, over an index that is built already.

    python -m benchmarks.startup [--python PEERS] --out benchmarks/results/startup.json

`byline serve`, from the start of the process: until /healthz answers, until the box of the page can
be typed in (Chromium, started before, opens the page as soon as it is announced), and until the
first question is answered with its citations. `byline ask` and `byline --help`: from the start of
the process to its end. Beside them, where `--python` names an interpreter that has LangChain, its
tutorial's script (`benchmarks.speed.tutorial`) over the same articles: as it stands, which embeds
them anew, and over a store that it kept. Each round starts all of them anew, in turn; medians over
the rounds, and processor time for what ends by itself.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from rag.models.weights import BUNDLED, embedding_folder
from tests.browser.served import FLAGS, chromium

ROOT = Path(__file__).parents[1]
ARTICLES = ROOT / "examples" / "articles"
QUESTION = "How long did the harbour strike last?"
STEPS = ("healthz", "page", "answer")
PATIENCE = 120_000  # milliseconds


def byline(*arguments: str) -> list[str]:
    """Return the command line of `byline ARGUMENTS`."""
    return [sys.executable, "-m", "rag", *arguments]


def one_round(browser: Browser, index: Path) -> dict[str, float]:
    """Start the server, use it, end it; seconds from its start to each of `STEPS`."""
    command = byline("serve", "--index", str(index), "--port", "0")
    quiet = {**os.environ, "PYTHONUNBUFFERED": "1"}
    started = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=quiet, cwd=ROOT
    ) as server:
        assert server.stdout is not None
        deadline = threading.Timer(PATIENCE / 1000, server.kill)
        deadline.start()
        url = server.stdout.readline().rpartition(" ")[2].strip()
        deadline.cancel()
        try:
            with urllib.request.urlopen(f"{url}/healthz") as reply:
                assert reply.status == 200
            times = [time.perf_counter()]
            times += used(browser, url)
        finally:
            server.terminate()
    return {step: at - started for step, at in zip(STEPS, times, strict=True)}


def used(browser: Browser, url: str) -> list[float]:
    """Open the page and ask; when the box could be typed in, and when the answer stood there."""
    page = browser.new_page()
    page.goto(url)
    page.locator("#greeting h2").wait_for(timeout=PATIENCE)
    page.fill("#box textarea", QUESTION)
    usable = time.perf_counter()
    page.press("#box textarea", "Enter")
    page.locator("#chat .facts").wait_for(timeout=PATIENCE)
    answered = time.perf_counter()
    assert page.locator("#chat a.cite").count()
    page.close()
    return [usable, answered]


def commands(folder: Path, python: str | None) -> dict[str, list[str]]:
    """What runs from its start to its end, by name."""
    found = {
        "byline --help": byline("--help"),
        "byline ask": byline("ask", QUESTION, "--index", str(folder / "index")),
    }
    if python:
        model = str(embedding_folder(BUNDLED))
        script = [python, "-W", "ignore", "-m", "benchmarks.speed.tutorial", str(ARTICLES)]
        asked = [*script, QUESTION, "--model", model]
        found["LangChain's script"] = asked
        found["LangChain's script, store kept"] = [*asked, "--kept", str(folder / "kept")]
    return found


def ran(command: list[str]) -> dict[str, float]:
    """Seconds and processor seconds of a command from its start to its end."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    taken, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return {"seconds": taken, "cpu": cpu}


def medians(rows: list[dict[str, float]]) -> dict[str, float]:
    """Of each figure, to hundredths."""
    return {name: round(median(row[name] for row in rows), 2) for name in rows[0]}


def measure(rounds: int, python: str | None) -> dict[str, object]:
    """Build the index, warm the disk with one start that does not count, then `rounds` more."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        index = Path(folder) / "index"
        subprocess.run(
            byline("ingest", str(ARTICLES), "--index", str(index)),
            check=True,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        browser = driver.chromium.launch(executable_path=chromium(), args=FLAGS)
        once = commands(Path(folder), python)
        one_round(browser, index)
        for command in once.values():
            ran(command)
        found, ended = [], {name: list[dict[str, float]]() for name in once}
        for _ in range(rounds):
            found.append(one_round(browser, index))
            for name, command in once.items():
                ended[name].append(ran(command))
        browser.close()
    return {
        "from start to end": {name: medians(rows) for name, rows in ended.items()},
        "seconds": {step: round(median(item[step] for item in found), 2) for step in STEPS},
        "rounds": [{step: round(at, 2) for step, at in item.items()} for item in found],
        "load_average": [round(value, 1) for value in os.getloadavg()],
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


def main() -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--python", help="an interpreter that has LangChain")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    found = measure(given.rounds, given.python)
    text = json.dumps(found, indent=1)
    if given.out:
        given.out.write_text(f"{text}\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
