"""gradio's import, watched in a process of its own."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

SEEN = """
import sys
seen = []
sys.addaudithook(lambda event, given: event == "open" and seen.append(str(given[0])))
{before}
import gradio
assert gradio.Textbox.submit and gradio.HTML.click
loads_mcp = "mcp" in sys.modules
if {installed}:
    import mcp
print(sum(name.endswith(".pyi") for name in seen), loads_mcp)
"""


@pytest.mark.parametrize("quiet", [True, False])
def test_gradio_writes_type_stubs_and_loads_mcp_only_where_it_is_left_to(quiet: bool) -> None:
    before = "from rag.web import gradio_import as g; g.lean(); g.lean()" if quiet else ""
    installed = find_spec("mcp") is not None
    ran = subprocess.run(
        [sys.executable, "-c", SEEN.format(before=before, installed=installed)],
        capture_output=True,
        text=True,
        check=True,
    )
    touched, loads_mcp = ran.stdout.split()[-2:]
    # If gradio no longer does either, rag/web/gradio_import.py can go.
    assert (int(touched) == 0, loads_mcp == "False") == (quiet, quiet or not installed)
