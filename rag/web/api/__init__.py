"""Byline for programs, over HTTP: questions, articles, ingest, and links that last.

JSON as the command line prints it (`rag.export.contract`). Knows nothing of gradio. Stands behind
the same doors as the page (`rag.web.guard`); tokens stand in for a session. May import all that
the web server may.
"""
