"""Programs reach Byline by way of nginx as examples/deploy/nginx.conf sets it up, over HTTPS."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rag.web.api.tokens import made
from tests.forked import ROOT
from tests.integration.programs import INITIALIZE, QUESTION, served
from tests.llm_server import LLMServer, llm_server
from tests.nginx import AROUND
from vectorstore.beside import InFolder

EXAMPLE = (ROOT / "examples" / "deploy" / "nginx.conf").read_text(encoding="utf-8")
NAME = "news.example"
PATIENCE = 60  # seconds: a proxy that holds events back would never send them


@dataclass(frozen=True, slots=True)
class Front:
    """An nginx, by its port and certificate, and the token of a program that comes."""

    port: int
    certificate: Path
    token: str

    @contextmanager
    def open(
        self, path: str, body: Any = None, **headers: str
    ) -> Iterator[http.client.HTTPResponse]:
        """Ask over HTTPS, under the name that the certificate is for; nothing is read yet."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        connection = http.client.HTTPConnection(NAME)
        connection.sock = context.wrap_socket(plain, server_hostname=NAME)
        given = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        data = body if body is None or isinstance(body, bytes) else json.dumps(body)
        with closing(connection):
            connection.request("GET" if data is None else "POST", path, data, {**given, **headers})
            with connection.getresponse() as reply:
                yield reply


@dataclass(frozen=True, slots=True)
class Behind(Front):
    model: LLMServer


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    nginx, openssl = programs()
    folder, own = tmp_path_factory.mktemp("byline"), tmp_path_factory.mktemp("nginx")
    certificate, key = signed(openssl, own)
    with llm_server() as model:
        settings = {
            "BYLINE_AUTH": "anna:correct horse",
            "BYLINE_PROXY": "127.0.0.1",
            "BYLINE_HOSTS": NAME,
            "BYLINE_PUBLIC_URL": f"https://{NAME}",
            "BYLINE_LLM": "openai:pausing",
            "BYLINE_LLM_BASE_URL": model.url,
            "OPENAI_API_KEY": "any",
        }
        with served(folder, **settings) as address:
            token = made(InFolder(folder / "index"), "bot", ["read", "add"], date(2024, 3, 4))
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
            given = {"http://127.0.0.1:7860;": f"http://{address.partition('//')[2]};"}
            config = configured(EXAMPLE, own, port, given, (certificate, key))
            with started(nginx, config, port):
                yield Behind(port, certificate, token, model)


@contextmanager
def started(nginx: str, config: Path, port: int) -> Iterator[None]:
    """Run an nginx of this configuration, which listens at `port`."""
    log = config.with_name("error.log")
    with subprocess.Popen([nginx, "-c", config, "-e", log]) as server:
        try:
            until_it_listens(server, port, config.parent)
            yield
        finally:
            server.terminate()


def programs() -> tuple[str, str]:
    """The paths of nginx and openssl; skips the test where one is not there."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    nginx, openssl = (shutil.which(name, path=path) for name in ("nginx", "openssl"))
    if nginx is None or openssl is None:
        pytest.skip("no nginx or no openssl: apt-get install nginx-light openssl")
    return nginx, openssl


def signed(openssl: str, folder: Path) -> tuple[Path, Path]:
    """Make a certificate for `NAME`, signed by itself, and its key."""
    certificate, key = folder / "byline.crt", folder / "byline.key"
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    command += ["-out", str(certificate), "-keyout", str(key)]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


def configured(
    example: str, folder: Path, port: int, given: Mapping[str, str], signed: tuple[Path, Path]
) -> Path:
    """Write an example with this machine's ports and files in place of its own."""
    server, (certificate, key) = example, signed
    for ours, here in {
        **given,
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        f"/etc/ssl/{NAME}.crt": str(certificate),
        f"/etc/ssl/{NAME}.key": str(key),
    }.items():
        assert server.count(ours) == 1, ours
        server = server.replace(ours, here)
    user = "user root;" if os.geteuid() == 0 else ""
    file = folder / "nginx.conf"
    file.write_text(AROUND.format(folder=folder, server=server, user=user), encoding="utf-8")
    return file


def until_it_listens(server: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    while server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except ConnectionRefusedError:
            continue
    pytest.fail((folder / "error.log").read_text())


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/ask", {"question": QUESTION, "stream": True}),
        (
            "/v1/chat/completions",
            {"messages": [{"role": "user", "content": QUESTION}], "stream": True},
        ),
        ("/v1/responses", {"input": QUESTION, "stream": True}),
    ],
)
def test_events_come_before_the_answer_is_whole(behind: Behind, path: str, body: Any) -> None:
    behind.model.release.clear()  # the model does not end before we have read
    with behind.open(path, body) as reply:
        assert reply.status == 200
        assert reply.headers["cache-control"] == "no-store"
        assert reply.readline()
        behind.model.release.set()
        rest = reply.read().decode()
    assert f"https://{NAME}/a/" in rest


def test_who_has_no_token_is_turned_away(behind: Behind) -> None:
    for path in ("/api/v1/articles", "/v1/models", "/mcp"):
        with behind.open(path, Authorization="Bearer wrong") as reply:
            assert reply.status == 401


def test_assistants_are_let_through(behind: Behind) -> None:
    with behind.open("/mcp", INITIALIZE, Accept="application/json, text/event-stream") as reply:
        assert reply.status == 200
        said = json.loads(reply.read().decode().partition("data: ")[2])
    assert said["result"]["serverInfo"]["name"] == "byline"


def test_a_file_may_be_as_large_as_byline_lets_it_be(behind: Behind) -> None:
    """Not as small as nginx's own bound, one million bytes."""
    text = "The quay was shut on Friday.\n" * 70_000
    with behind.open("/api/v1/ingest/text", {"text": text, "headline": "Quay shut"}) as reply:
        assert reply.status in (202, 422)  # Byline's own word, not nginx's 413
        assert reply.headers["content-type"].startswith("application/")
