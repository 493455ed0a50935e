"""Parts of a script that are written by what they belong to: a data source, a callback.

`imports` and `functions` are fixed text: constants of the module that writes them, as a test of the house sees to. What
a module of `in_scripts` imports is imported wherever it is used, and need not be among `imports`.
What comes from a project goes into pieces (`Code`) alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from resources.python_code.pieces import Code
from resources.text import Text
from resources.training.metric_logs import Direction

Json = Any
PART: Final = "(part)"
OWN: Final = "own_samples"


@dataclass(frozen=True, slots=True)
class Constant:
    """`name = value` before the functions, with remarks in fixed words in the line before and behind it."""

    name: str
    value: Code
    before: str = ""
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Fed:
    """Samples that code of the project makes: `load_data()` gives what `fit` takes, and how many batches are an epoch.

    Of "training", and of "validation" if something `validates`.
    """

    validates: bool


@dataclass(frozen=True, slots=True)
class Loading:
    """How a script gets the columns that a model is trained on, as a dict of arrays by their names.

    The last of `functions` is `load_data()`. Where there is none, `columns` is what it returns, and `about` its help.
    Where the data may have parts of its own (`Source.parts`), `has_parts` is true, and among the columns is `PART`: it
    says of each sample whether it trains (0), validates (1) or tests (2), 0 of all if there turn out to be no parts.
    `remark` is what a reader of the script has to know of the data first.
    `batched` loads columns that are read batch by batch while the model trains (`in_scripts/later.py`), if the kind
    can; `block` is how many samples in a row of them are read well together, 0 where columns are arrays.
    `own` is a module of the project that lies beside the script, which calls it OWN.
    """

    imports: tuple[str, ...]
    constants: tuple[Constant, ...] = ()
    functions: tuple[str, ...] = ()
    columns: Code | None = None
    about: Text | None = None
    has_parts: bool = False
    remark: Text | None = None
    own: str | None = None
    fed: Fed | None = None
    batched: "Loading | None" = None
    block: int = 0


@dataclass(frozen=True, slots=True)
class StepCode:
    """A step of preparation: `result` is what becomes of the variable `column` (`resources/python_code/preparing.py`).

    A `layer` is made before that, as the variable of this name, and adapts to `learns`. `functions` are those of
    `in_scripts` that it calls.
    """

    result: Code
    layer: Code | None = None
    learns: Code | None = None
    functions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preparing:
    """How a script prepares the columns it has loaded.

    `functions` end with `complete(data)`, if samples are left out (`drops`), and `prepare(data, training)`, if columns
    have other steps (`prepares`). `columns` are those that tell which samples are left out. What `learns` may do so
    `in_blocks`, for all columns: the last function is `learn(data, training)` then, if batches go through one by one.
    """

    functions: tuple[str, ...] = ()
    drops: bool = False
    prepares: bool = False
    learns: bool = False
    in_blocks: bool = False
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CallbackCode:
    """The expression that makes a callback, with what it needs besides `keras`.

    `remark` is a comment in fixed words on what it does otherwise than in Lamella.
    """

    made: Code
    imports: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    remark: str = ""


class RunWriter(Protocol):
    """Writes what a run is made of as Python; exporters are handed one, since they do not know what runs are."""

    def loading(self, data: Mapping[str, Json], columns: Sequence[str]) -> Loading | None:
        """Of the sources in the `data` section of a project. None while no file is chosen. Raises SourceError."""

    def preparing(self, data: Mapping[str, Json], columns: Sequence[str], *, each_batch: bool = False) -> Preparing:
        """The steps that the `data` section of a project has for these columns. Raises SourceError.

        Of `each_batch` by itself: the function is `prepare_batch(data)` then, or `prepare_batch(data, layers)` of what
        `learn(data, training)` gives, where steps learn, which has to be in blocks.
        """

    def callback(
        self, key: str, values: Mapping[str, Json], has_validation: bool, known: Mapping[str, Direction]
    ) -> CallbackCode:
        """`values` as the project has them. Raises SourceError."""
