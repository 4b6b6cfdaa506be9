"""Makes the pictures of this folder: `python docs/screenshots/make.py [NAME ...]`.

`--all FOLDER` puts every state of the page, at every width, light and dark, into FOLDER instead, to
be looked at before a release. Serves the example articles itself, with a language model that is
the tests' stand-in where a picture shows one. Wants Chromium ($CHROMIUM, or where Debian has it)
and Pillow.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.browser.served import FLAGS, chromium  # noqa: E402
from tests.browser.states import STATES, State, serving  # noqa: E402

COLOURS = 256  # of a picture: enough for text, and a fifth of the size
SIZES = {"": (1440, 900), "-phone": (390, 844), "-tablet": (1024, 768), "-wide": (1920, 1080)}
SCHEMES = {"": "light", "-dark": "dark"}
HERE = [  # a state, its size, its colours
    "answer", "answer-dark", "answer-phone", "answer-phone-dark", "answer-wide",
    "source-phone", "source-phone-dark",
    "start", "start-dark", "start-phone", "card", "find", "declined", "declined-phone",
    "filters", "filters-phone", "feedback", "export", "compare", "compare-dark", "compare-phone",
    "sources", "sources-dark", "sources-phone", "settings", "settings-dark", "settings-phone",
    "paste-phone", "adding", "waiting", "unsupported", "unsupported-dark",
    "formatted", "formatted-dark", "formatted-phone", "model-failed", "empty", "empty-phone",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """A state of the page at one of the sizes, light or dark; its file is `name`.png."""

    state: State
    size: str
    scheme: str

    @property
    def name(self) -> str:
        """As `compare-phone-dark`."""
        return f"{self.state.name}{self.size}{self.scheme}"


def take(browser: Browser, url: str, picture: Picture, folder: Path) -> None:
    """Take one picture in a context of its own."""
    width, height = SIZES[picture.size]
    phone = picture.size == "-phone"
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=SCHEMES[picture.scheme],  # type: ignore[arg-type]
        has_touch=phone,
        is_mobile=phone,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(url)
    expect(page.locator("#greeting h2")).to_be_visible()
    picture.state.reach(page)
    file = folder / f"{picture.name}.png"
    page.screenshot(path=file, animations="disabled", caret="hide")
    context.close()
    with Image.open(file) as shot:
        shot.convert("RGB").quantize(
            COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
        ).save(file, optimize=True)


def make(wanted: Sequence[Picture], folder: Path) -> None:
    """Take the pictures, each kind of server started once."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=FLAGS)
        for which in dict.fromkeys(picture.state.server for picture in wanted):
            with tempfile.TemporaryDirectory() as name, serving(which, Path(name)) as url:
                for picture in wanted:
                    if picture.state.server == which:
                        take(browser, url, picture, folder)
        browser.close()


def main(arguments: list[str]) -> None:
    """Take the pictures that are named, those of this folder, or all."""
    every = [
        Picture(state, size, scheme) for state in STATES for size in SIZES for scheme in SCHEMES
    ]
    if arguments[:1] == ["--all"]:
        folder = Path(arguments[1])
        folder.mkdir(parents=True, exist_ok=True)
        return make(every, folder)
    named = arguments or HERE
    return make([picture for picture in every if picture.name in named], Path(__file__).parent)


if __name__ == "__main__":
    expect.set_options(timeout=30_000)
    main(sys.argv[1:])
