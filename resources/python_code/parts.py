"""Parts of a script that are written by what they belong to: a data source, a callback.

`imports` and `functions` are fixed text: constants of the module that writes them, as a test of the house sees to.
What comes from a project goes into pieces (`Code`) alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from resources.python_code.pieces import Code
from resources.text import Text
from resources.training.metric_logs import Direction

Json = Any


@dataclass(frozen=True, slots=True)
class Constant:
    """`name = value` before the functions, with remarks in fixed words in the line before and behind it."""

    name: str
    value: Code
    before: str = ""
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Loading:
    """How a script gets the columns that a model is trained on, as a dict of arrays by their names.

    The last of `functions` is `load_data()`. Where there is none, `columns` is what it returns, and `about` its help.
    """

    imports: tuple[str, ...]
    constants: tuple[Constant, ...] = ()
    functions: tuple[str, ...] = ()
    columns: Code | None = None
    about: Text | None = None


@dataclass(frozen=True, slots=True)
class CallbackCode:
    """The expression that makes a callback, with what it needs besides `keras`."""

    made: Code
    imports: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()


class RunWriter(Protocol):
    """Writes what a run is made of as Python; exporters are handed one, since they do not know what runs are."""

    def loading(self, source: Mapping[str, Json], columns: Sequence[str]) -> Loading | None:
        """Of the `source` in the data section of a project. None while no file is chosen. Raises SourceError."""

    def callback(
        self, key: str, values: Mapping[str, Json], has_validation: bool, known: Mapping[str, Direction]
    ) -> CallbackCode:
        """`values` as the project has them. Raises SourceError."""
