"""The doors around the page, in order: each request passes all of them, or is answered by one."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI

from rag.settings import Settings
from rag.web import login
from rag.web.api.callers import Bearers
from rag.web.api.tokens import Tokens
from rag.web.arguments import Endpoint
from rag.web.bodies import Bodies
from rag.web.events import Events, Waiting
from rag.web.hosts import KnownHosts
from rag.web.listening import SecurityHeaders
from rag.web.proxy import Forwarded
from rag.web.rates import Rates
from vectorstore import beside


def guarded(
    server: FastAPI, settings: Settings, endpoints: Mapping[int, Endpoint], waiting: Waiting
) -> None:
    """Put the doors around `server`. Middleware added last is passed first: read from below.

    Raises:
        SettingsError: the file of users cannot be used.

    """
    server.add_middleware(
        Events, endpoints=endpoints, waiting=waiting, upload_mb=settings.max_upload_mb
    )
    server.add_middleware(Bodies, max_upload_mb=settings.max_upload_mb)
    server.add_middleware(Rates, a_second=settings.calls)
    # Who passes it is known to the doors above.
    known = Tokens(beside.of(settings.index, settings.database))
    server.add_middleware(Bearers, known=known, door=login.door(settings))
    server.add_middleware(
        KnownHosts, names=[settings.host, *settings.hosts], origins=settings.origins
    )
    server.add_middleware(SecurityHeaders)
    server.add_middleware(Forwarded, settings=settings)  # before all that ask where a call is from
