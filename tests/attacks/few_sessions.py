"""Byline whose queue remembers few sessions: `few_sessions ARGUMENTS`, as a module."""

from rag.cli import run
from rag.web import queue

SESSIONS = 60

if __name__ == "__main__":
    queue.SESSIONS = SESSIONS
    run()
