"""Keeps gradio from writing type stubs beside its own code each time it is imported.

That costs a third of its import, and two processes that start together would write the same files.
Editors alone read them.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType

_WRITER = "gradio.component_meta"
_WRITES = "create_or_modify_pyi"


def unwritten() -> None:
    """See to it that an import of gradio after this writes nothing; a gradio without that: none."""
    if _WRITER not in sys.modules and not any(isinstance(it, _Finder) for it in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find the one module by the ordinary way, to be loaded by `_Loader`."""
        if name != _WRITER:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        """Run the module, then take the writing out of it."""
        super().exec_module(module)
        if hasattr(module, _WRITES):
            setattr(module, _WRITES, lambda *_: None)
