"""Puts one more file into a folder whose files are found by listing, as somebody would who adds one of a kind."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module, invalidate_caches
from pathlib import Path


@contextmanager
def one_more(package: str, name: str, source: str, folder: Path) -> Iterator[None]:
    """Within, `package` has a module `name` of this source; it lies in `folder`, and nothing of it stays behind."""
    (folder / f"{name}.py").write_text(source, "utf-8")
    parent = import_module(package)
    parent.__path__.append(str(folder))
    invalidate_caches()
    try:
        yield
    finally:
        parent.__path__.remove(str(folder))
        sys.modules.pop(f"{package}.{name}", None)
        if hasattr(parent, name):
            delattr(parent, name)
