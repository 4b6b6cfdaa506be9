"""How soon `byline serve` can be used, over an index that is built already.

    python -m benchmarks.startup --out benchmarks/results/startup.json

From the start of the process: until /healthz answers, until the box of the page can be typed in
(Chromium, started before, opens the page as soon as it is announced), and until the first question
is answered with its citations. Each round starts the server anew; medians over the rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

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


def measure(rounds: int) -> dict[str, object]:
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
        one_round(browser, index)
        found = [one_round(browser, index) for _ in range(rounds)]
        browser.close()
    return {
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
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    found = measure(given.rounds)
    text = json.dumps(found, indent=1)
    if given.out:
        given.out.write_text(f"{text}\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
