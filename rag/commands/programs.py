"""byline token, mcp and feed: what lets other programs in, and what comes from elsewhere."""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, datetime

from rag.articles import printable
from rag.commands.printing import print_json
from rag.errors import SettingsError
from rag.resources import open_resources
from rag.settings import Settings
from vectorstore import beside


def token(options: argparse.Namespace, settings: Settings) -> int:
    """Make, list or take back a token."""
    from rag.web.api import tokens

    kept = beside.of(settings.index, settings.database)
    if options.verb == "add":
        today = datetime.now(UTC).date()
        print(tokens.made(kept, options.name, options.scope or ["read"], today))
    elif options.verb == "remove":
        tokens.removed(kept, options.name)
        print(f"{options.name} is no longer let in.")
    else:
        for item in tokens.listed(kept):
            if options.json:
                print_json(tokens.as_json(item))
                continue
            print(f"{item.name}  {' '.join(sorted(item.scopes))}  since {item.made}")
    return 0


def mcp(options: argparse.Namespace, settings: Settings) -> int:
    """Serve the Model Context Protocol over stdin and stdout, which hold nothing else."""
    try:
        from rag.integrations.mcp_server import mcp_server
    except ModuleNotFoundError as error:
        raise SettingsError("byline mcp needs its extra: pip install 'byline[mcp]'.") from error
    with open_resources(settings) as resources:
        asyncio.run(mcp_server(resources).run_stdio_async())
    return 0


def feed(options: argparse.Namespace, settings: Settings) -> int:
    """Follow feeds, list them, or take what is new in them; 1 if something failed."""
    from rag.indexing import feed_list, feeds_pulled

    if options.verb == "pull":
        return _pull(options, settings)
    if options.verb == "add":
        with open_resources(settings, create=True):  # the list lies in the index's folder
            new = feeds_pulled.added(options.feed, settings)
        print(printable("\n".join(new)) if new else "All of it is followed already.")
    elif options.verb == "remove":
        feeds_pulled.removed(options.feed, settings)
        print(f"{options.feed} is followed no longer; its articles stay.")
    else:
        for held in feed_list.load(beside.of(settings.index, settings.database)):
            if options.json:
                print_json({"url": held.url, "title": held.title, "pulled": held.pulled})
            else:
                told = f"{held.url}  {held.title or 'not read yet'}  {held.pulled}"
                print(printable(told.rstrip()))
    return 0


def _pull(options: argparse.Namespace, settings: Settings) -> int:
    from rag.indexing import feeds_pulled

    with open_resources(settings, create=True) as resources:
        done = feeds_pulled.pull(resources)
    if options.json:
        print_json(feeds_pulled.as_json(done))
    else:
        print(f"{done.taken} taken, {len(done.failed)} failed")
        told = [("failed", item) for item in done.failed]
        told += [("in part", item) for item in done.partly]
        for what, item in told:
            print(printable(f"{what}: {item.file}: {item.reason}"))
    return int(bool(done.failed))
