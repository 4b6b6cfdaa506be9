"""The web server around the page: who may ask what of it, how often, and how large.

Each module is one door, an ASGI middleware that knows nothing of the others; `rag.web.guard` puts
them in order. Knows no articles, no retrieval and no answers. May import `rag.settings` and
`rag.errors`; only `rag.web.queue` and `rag.web.page_events` know gradio.
"""
