"""Keeps gradio's import from what Byline has no use for: half of the time that it takes.

Each time it is imported gradio writes type stubs beside its own code, which editors alone read; two
processes that start together would write the same files. And where the package mcp is installed it
loads that for servers of its own kind.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType

_WRITER = "gradio.component_meta"
_WRITES = "create_or_modify_pyi"
_SERVER, _PROTOCOL = "gradio.mcp", "mcp"


def lean() -> None:
    """See to it that an import of gradio after this does neither."""
    if _WRITER not in sys.modules and not any(isinstance(it, _Finder) for it in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find the two modules by the ordinary way, to be loaded by loaders of our own."""
        own = _LOADERS.get(name)
        if own is None:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = own(spec.loader.name, spec.loader.path)
        return spec


class _Unwritten(importlib.machinery.SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        """Run the module, then take the writing out of it."""
        super().exec_module(module)
        if hasattr(module, _WRITES):
            setattr(module, _WRITES, lambda *_: None)


class _Unserved(importlib.machinery.SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        """Run the module as where the package is not installed."""
        if _PROTOCOL in sys.modules:
            return super().exec_module(module)
        sys.modules[_PROTOCOL] = None  # type: ignore[assignment]
        try:
            return super().exec_module(module)
        finally:
            del sys.modules[_PROTOCOL]


_LOADERS = {_WRITER: _Unwritten, _SERVER: _Unserved}
