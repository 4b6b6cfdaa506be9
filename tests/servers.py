"""PostgreSQL and Chroma, each started for the tests on loopback: what many machines share."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_WITHIN = 60.0  # seconds until a server answers
_USER = "postgres"  # root may not run PostgreSQL


@contextmanager
def chroma(folder: Path) -> Iterator[str]:
    """The address of a Chroma server that keeps its files in `folder`."""
    port = free_port()
    program = str(Path(sys.executable).with_name("chroma"))
    command = [program, "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    with open(folder / "log.txt", "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(lambda: _answers(f"{url}/api/v2/heartbeat"), process, "chroma run")
        yield url
    finally:
        process.terminate()
        process.wait()


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL server, without a database's name; skips where there is none."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    found = shutil.which("initdb")
    bin_ = programs[-1] if programs else Path(found).parent if found else None
    if bin_ is None:
        pytest.skip("no PostgreSQL: `apt-get install postgresql`")
    data, port = folder / "data", free_port()
    data.mkdir()
    run = _as_user(folder)
    made = [bin_ / "initdb", "-D", data, "-U", _USER, "-A", "trust", "-E", "UTF8", "--locale=C",
            "--no-sync"]  # fmt: skip
    subprocess.run(made, check=True, capture_output=True, **run)
    command = [bin_ / "postgres", "-D", data, "-p", str(port), "-k", folder, "-c", "fsync=off",
               "-c", "listen_addresses=127.0.0.1"]  # fmt: skip
    with open(folder / "log.txt", "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, **run)
    try:
        ready = [bin_ / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
        _wait(lambda: subprocess.run(ready).returncode == 0, process, "postgres")
        yield f"postgresql://{_USER}@127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)  # does not wait for who is connected
        process.wait()


def database(server: str) -> str:
    """The address of a new, empty database of a server."""
    import psycopg

    name = f"byline_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
    return f"{server}/{name}"


def free_port() -> int:
    """A port of loopback that nobody has at this moment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _as_user(folder: Path) -> dict[str, str]:
    """What lets a process run as another user where this one is root; the folder becomes theirs."""
    if os.geteuid() != 0:
        return {}
    known = pwd.getpwnam(_USER)
    for path in (folder, *folder.iterdir()):
        os.chown(path, known.pw_uid, known.pw_gid)
    for above in folder.parents:  # pytest keeps its folders to their owner
        if above.stat().st_uid == 0 and above != Path("/"):
            above.chmod(above.stat().st_mode | 0o011)
    return {"user": _USER, "group": str(known.pw_gid) and _USER}


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except OSError:
        return False


def _wait(is_ready, process: subprocess.Popen[bytes], name: str) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + _WITHIN
    while time.monotonic() < deadline:
        assert process.poll() is None, f"{name} ended"
        if is_ready():
            return
        threading.Event().wait(0.05)
    pytest.fail(f"{name} does not answer within {_WITHIN:.0f} s")
