"""gradio's import, watched in a process of its own."""

import subprocess
import sys

import pytest

SEEN = """
import sys
seen = []
sys.addaudithook(lambda event, given: event == "open" and seen.append(str(given[0])))
{before}
import gradio
assert gradio.Textbox.submit and gradio.HTML.click
print(sum(name.endswith(".pyi") for name in seen))
"""


@pytest.mark.parametrize("quiet", [True, False])
def test_gradio_touches_type_stubs_only_where_it_is_left_to(quiet: bool) -> None:
    before = "from rag.web import gradio_stubs as g; g.unwritten(); g.unwritten()" if quiet else ""
    ran = subprocess.run(
        [sys.executable, "-c", SEEN.format(before=before)],
        capture_output=True,
        text=True,
        check=True,
    )
    touched = int(ran.stdout.split()[-1])
    # If gradio no longer touches any, rag/web/gradio_stubs.py can go.
    assert (touched == 0) is quiet
