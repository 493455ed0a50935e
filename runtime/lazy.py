"""A module that is imported when something of it is used: kinds are listed by a window that has no time for it."""

from importlib import import_module
from typing import Any


class LazyModule:
    def __init__(self, name: str) -> None:
        self._name = name
        self._module: Any = None  # asking the import system each time would cost what a small function costs

    def __getattr__(self, attribute: str) -> Any:
        if self._module is None:
            self._module = import_module(self._name)
        return getattr(self._module, attribute)
