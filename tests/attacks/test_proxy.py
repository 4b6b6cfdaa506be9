"""A proxy that authenticates, in front of a real server: who else may pretend to be it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks.attacking import running
from tests.attacks.doors import HTML, knock
from tests.attacks.test_login import needs_addresses
from tests.nginx import AROUND

USER = "X-Forwarded-User"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
SERVER = """server {{
    listen 127.0.0.1:{port};
    auth_basic "Byline";
    auth_basic_user_file {folder}/passwords;
    location / {{
      proxy_pass http://127.0.0.1:{byline};
      proxy_http_version 1.1;
      proxy_buffering off;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-User $remote_user;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
    }}
  }}"""
CONFIG = AROUND.replace("{server}", SERVER)


@pytest.fixture(scope="module")
def byline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Its port. What connects from 127.0.0.1 is the proxy, from 127.0.0.2 somebody else."""
    folder = tmp_path_factory.mktemp("behind")
    with running(folder, proxy="127.0.0.1", proxy_user_header=USER) as one:
        yield one.port


@pytest.fixture(scope="module")
def nginx(byline: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Return the port of an nginx that asks for a password: anna's is secret."""
    if NGINX is None:
        pytest.skip("no nginx: apt-get install nginx-light")
    folder = tmp_path_factory.mktemp("nginx")
    (folder / "passwords").write_text("anna:{PLAIN}secret\n")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    user = "user root;" if os.geteuid() == 0 else ""
    config = CONFIG.format(folder=folder, port=port, byline=byline, user=user)
    (folder / "nginx.conf").write_text(config)
    command = [NGINX, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"]
    with subprocess.Popen(command) as server:
        try:
            while server.poll() is None:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except ConnectionRefusedError:
                    continue
            assert server.poll() is None, (folder / "error.log").read_text()
            yield port
        finally:
            server.terminate()


def test_the_proxys_word_lets_in(byline: int) -> None:
    reply = knock(byline, "/config", headers={USER: "anna"})
    assert reply.status == 200
    assert json.loads(reply.body)["username"] == "anna"


@needs_addresses
@pytest.mark.parametrize(
    "path",
    ["/", "/config", "/gradio_api/app_id", "/api/v1/docs", "/v1/models", "/mcp", "/a/x", "/login"],
)
def test_the_same_word_from_elsewhere_does_not(byline: int, path: str) -> None:
    for headers in ({USER: "anna"}, {USER.lower(): "anna", "X-Forwarded-For": "127.0.0.1"}, HTML):
        reply = knock(byline, path, headers=headers, client="127.0.0.2")
        assert reply.status == 401
        assert "by way of the proxy" in reply.body


@pytest.mark.parametrize(
    "headers", [{}, {USER: ""}, {USER: " "}, {USER: "token:tool"}, {"X_Forwarded_User": "anna"}]
)
def test_a_proxy_that_names_nobody_lets_nobody_in(byline: int, headers: dict[str, str]) -> None:
    assert knock(byline, "/config", headers=headers).status == 401


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{name}:{password}'.encode()).decode()}"}


def test_nginx_signs_in_and_byline_believes_it(nginx: int) -> None:
    assert knock(nginx, "/config").status == 401
    assert knock(nginx, "/config", headers=basic("anna", "wrong")).status == 401
    for forged in ({}, {USER: "root"}, {USER.lower(): "root"}, {"X_Forwarded_User": "root"}):
        reply = knock(nginx, "/config", headers={**basic("anna", "secret"), **forged})
        assert reply.status == 200
        assert json.loads(reply.body)["username"] == "anna"


def test_events_stream_through_nginx(nginx: int) -> None:
    headers = {**basic("anna", "secret"), "Content-Type": "application/json"}
    body = json.dumps({"question": "What did the blue paint cost?", "stream": True}).encode()
    told = knock(nginx, "/api/v1/ask", "POST", headers, body)
    assert told.headers["Content-Type"].startswith("text/event-stream")
    assert "event: done" in told.body


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"proxy_user_header": USER}, "proxy_user_header is believed only from the address"),
        ({"proxy": "127.0.0.1"}, "set proxy_user_header too"),
    ],
)
def test_one_setting_without_the_other_starts_nothing(
    tmp_path: Path, settings: dict[str, str], words: str
) -> None:
    with pytest.raises(AssertionError, match=words), running(tmp_path, **settings):
        pass
