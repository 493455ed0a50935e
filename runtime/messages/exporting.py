"""Models and scripts to be taken away, written and compared by Keras."""

import msgspec

from resources.text import Text
from runtime.messages.parts import Json, Message


class Export(Message, frozen=True):
    """Writes a model to `path`: with the trained weights of `run_folder`; without one freshly initialised, or with
    what fits of the file `initial_weights`, in which layers are called as `initial_names` says, or as in the model.
    `best` takes those of the run's best epoch instead of its last.
    """

    id: int
    model: Json
    kind: str  # the key of a ModelFormat
    path: str
    run_folder: str | None = None
    initial_weights: str | None = None
    best: bool = False
    initial_names: dict[str, str] = msgspec.field(default_factory=dict)


class Exported(Message, frozen=True):
    """The file is there and was read back; `checks` says what was compared."""

    id: int
    path: str
    checks: tuple[Text, ...]


class CheckSource(Message, frozen=True):
    """Runs `source`, which has a function `build_model`, and compares what that makes with `model`."""

    id: int
    model: Json
    source: str


class SourceChecked(Message, frozen=True):
    """The script may be written; `checks` says what was compared."""

    id: int
    checks: tuple[Text, ...]
