"""byline token and mcp: what lets other programs in."""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, datetime

from rag.errors import SettingsError
from rag.export.permalinks import base_of
from rag.resources import open_resources
from rag.settings import Settings


def token(options: argparse.Namespace, settings: Settings) -> int:
    """Make, list or take back a token."""
    from rag.web.api import tokens

    if options.verb == "add":
        today = datetime.now(UTC).date()
        print(tokens.made(settings.index, options.name, options.scope or ["read"], today))
    elif options.verb == "remove":
        tokens.removed(settings.index, options.name)
        print(f"{options.name} is no longer let in.")
    else:
        for item in tokens.listed(settings.index):
            print(f"{item.name}  {' '.join(sorted(item.scopes))}  since {item.made}")
    return 0


def mcp(options: argparse.Namespace, settings: Settings) -> int:
    """Serve the Model Context Protocol over stdin and stdout, which hold nothing else."""
    try:
        from rag.integrations.mcp_server import mcp_server
    except ModuleNotFoundError as error:
        raise SettingsError("byline mcp needs its extra: pip install 'byline[mcp]'.") from error
    with open_resources(settings) as resources:
        asyncio.run(mcp_server(resources, base_of(settings)).run_stdio_async())
    return 0
