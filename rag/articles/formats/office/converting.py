"""Old formats of Microsoft, through a program that reads them: LibreOffice, or antiword for Word.

The program works in a folder of its own that is gone afterwards, with a profile of its own in
which macros are off and links lead nowhere.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from rag.errors import ArticleError

_SECONDS = 50  # less than a file is given; a long document takes a few
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings">
<prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop>
<prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop>
<prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop></item>
</oor:items>"""


def office_program() -> str | None:
    """Where LibreOffice is installed, if it is."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def antiword_program() -> str | None:
    """Where antiword is installed, if it is."""
    return shutil.which("antiword")


def by_office(program: str, data: bytes, suffix: str, wanted: str) -> bytes | None:
    """The file in another format (".docx"), by LibreOffice; None where it cannot read it.

    Raises:
        ArticleError: it takes too long.

    """
    with tempfile.TemporaryDirectory(prefix="byline-office-") as name:
        folder = Path(name)
        (folder / f"file{suffix}").write_bytes(data)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        _run(
            [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
             "--convert-to", wanted.lstrip("."), "--outdir", str(folder / "out"),
             str(folder / f"file{suffix}")],
        )  # fmt: skip
        made = folder / "out" / f"file{wanted}"
        return made.read_bytes() if made.is_file() else None


def by_antiword(program: str, data: bytes) -> bytes | None:
    """A Word file as DocBook, by antiword; None where it cannot read it.

    Raises:
        ArticleError: it takes too long.

    """
    with tempfile.TemporaryDirectory(prefix="byline-word-") as name:
        file = Path(name) / "file.doc"
        file.write_bytes(data)
        return _run([program, "-x", "db", str(file)]) or None


def _run(command: list[str]) -> bytes:
    """What a program prints; it and all that it starts is ended after a while."""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as program:
        try:
            printed, _ = program.communicate(timeout=_SECONDS)
        except subprocess.TimeoutExpired as error:
            _end(program)
            name = Path(command[0]).name
            raise ArticleError(
                f"{name} took longer than {_SECONDS} seconds to open it; save it in a newer format."
            ) from error
        return printed if program.returncode == 0 else b""


def _end(program: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        os.killpg(program.pid, signal.SIGKILL)
    else:
        program.kill()
