from __future__ import annotations

import pytest

from rag.errors import BylineError
from rag.web.api.problems import words


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("The index in /home/ada/news/.byline is gone.", "The index in .byline is gone."),
        (
            "Mend it: byline repair --index /srv/byline/index",
            "Mend it: byline repair --index index",
        ),
        ("'/tmp/a/b.txt' cannot be read.", "'b.txt' cannot be read."),
        (r"C:\Users\ada\index is read-only.", "index is read-only."),
        ("/a/b: not a folder", "b: not a folder"),
        ("Write it like 2024/05/03.", "Write it like 2024/05/03."),
        ("openai:x at http://127.0.0.1:8080/v1 is silent.",) * 2,
        ("Send name and password to /login.",) * 2,
        ("uploads:x/y.txt holds 3/4 of it.",) * 2,
        (".byline/index is gone.",) * 2,
    ],
)
def test_a_failure_names_files_and_no_folder_of_the_machine(said: str, told: str) -> None:
    assert words(BylineError(said)) == told
