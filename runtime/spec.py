"""What a run is: the model, the data that feeds it, and how it is trained. Plain frozen values, known to all processes.

`runtime/project_spec.py` makes one of what a project says.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeVar

import msgspec

from resources.text import Text
from resources.training.metric_logs import Logged, keras_metric, logged
from resources.training.registry import settings_in
from resources.training.sections import (
    COMPOUND,
    DEFAULT_LOSS_WEIGHT,
    DEFAULT_OPTIMIZER,
    INITIAL_WEIGHTS,
)
from resources.training.setting import Setting
from runtime.model_configs.ends import output_nest

SAMPLE_PREFIX: Final = "sample:"  # a data path that starts with it lies in resources/samples
MOST_ROWS: Final = 2**48
NO_FILE: Final = Text("No data is chosen yet: choose a data file in Data.")
SAMPLES_FOLDER: Final = Path(__file__).parent.parent / "resources" / "samples"

ColumnKind = Literal["number", "category", "text", "image", "mask", "audio", "date", "sequence"]
Json = Any
T = TypeVar("T")
V = TypeVar("V", bound=bool | int | float | str | None)


class SpecError(Exception):
    """A project that cannot be trained yet. `text` names the missing thing, `target` the input or output."""

    def __init__(self, text: Text, target: str | None = None) -> None:
        super().__init__(text.english())
        self.text = text
        self.target = target


class _Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a run's specification."""


class Join(_Spec, frozen=True):
    """How the samples of a source find those of the first one.

    "order": the first to the first, and so on. "key": where the value of `column` of this source is that of `to`, a
    column of the first; names of files find each other by their last part, too. `missing`: a sample of the first that
    finds none is a problem, or is left out. `double`: one that finds several is a problem, or takes the first of them.
    """

    by: Literal["order", "key"] = "order"
    column: str = ""
    to: str = ""
    missing: Literal["problem", "leave_out"] = "problem"
    double: Literal["problem", "first"] = "problem"


class DataSource(_Spec, frozen=True):
    """Where columns come from: a file or a folder (`path` is absolute), or made up (`options` describes the columns).

    `kind` names a module of runtime/worker/data/sources, whose KIND says what its `options` are. The columns of all
    but the first source of a project are called `name`/column.
    """

    kind: str
    path: str = ""
    options: dict[str, Json] = {}
    name: str = ""
    join: Join | None = None  # None for the first; for others it means by order

    @property
    def made_up(self) -> bool:
        """Whether there is no file that it is read from."""
        return not self.path


class Step(_Spec, frozen=True):
    """One step that the values of a column take: `step` names a module of runtime/worker/data/steps."""

    step: str
    settings: dict[str, Json] = {}


class ColumnSpec(_Spec, frozen=True):
    """What a project says of a column: its kind, None where it is found out, and its steps in order."""

    kind: ColumnKind | None = None
    steps: tuple[Step, ...] = ()


class Windows(_Spec, frozen=True):
    """Samples are windows of `length` rows, `stride` apart; the truth lies `horizon` rows behind the last one.

    Rows are ordered by the column `order_by`; no window reaches over the border of a group (`group_by`).
    """

    length: Annotated[int, msgspec.Meta(ge=1, le=MOST_ROWS)]
    horizon: Annotated[int, msgspec.Meta(ge=0, le=MOST_ROWS)] = 1
    stride: Annotated[int, msgspec.Meta(ge=1, le=MOST_ROWS)] = 1
    order_by: str = ""
    group_by: str = ""


class Augmentation(_Spec, frozen=True):
    """A layer of Keras that changes pictures while they are trained with: of the input `input`, or of all inputs.

    Masks, pictures and boxes that are to come out of the model follow what moves, unless `follow` is False.
    `resources/training/augmentations.py` lists the layers.
    """

    layer: str
    config: dict[str, Json] = {}
    input: str = ""
    follow: bool = True


class DataSpec(_Spec, frozen=True):
    """All that a project says of its data but what feeds what: sources, columns, windows, augmentation."""

    sources: tuple[DataSource, ...]
    columns: dict[str, ColumnSpec] = {}
    windows: Windows | None = None
    augmentation: tuple[Augmentation, ...] = ()


class Binding(_Spec, frozen=True):
    """Columns that feed an input, or are the truth of an output. `target` is the layer's name.

    One column of any shape, or several columns of single numbers, which are stacked to a vector.
    """

    target: str
    columns: tuple[str, ...]


class KerasObject(_Spec, frozen=True):
    """An optimizer, loss or metric by its class name (or Keras' snake_case identifier) and constructor arguments."""

    class_name: str
    config: dict[str, Json] = {}


class OutputTraining(_Spec, frozen=True):
    """How one output is trained. `weight` scales its loss in the sum."""

    name: str
    loss: KerasObject
    metrics: tuple[KerasObject, ...] = ()
    weight: float = DEFAULT_LOSS_WEIGHT


class CompoundSettings(_Spec, frozen=True):
    """What of the training has parameters of its own, or one for each output.

    `callbacks` maps the key of a callback that is on to its parameters; what is left out has its default.
    """

    optimizer: KerasObject = KerasObject(DEFAULT_OPTIMIZER)
    outputs: tuple[OutputTraining, ...] = ()
    callbacks: dict[str, dict[str, Json]] = {}

    def __getitem__(self, setting: Setting[V]) -> V:
        value: V = getattr(self, setting.key)
        return value

    def by_key(self) -> dict[str, Json]:
        """The value of each setting that is a field of its own, by key."""
        return {name: getattr(self, name) for name in self.__struct_fields__ if name not in COMPOUND}


if TYPE_CHECKING:

    class TrainingSettings(CompoundSettings, frozen=True):
        def __init__(
            self,
            optimizer: KerasObject = ...,
            outputs: tuple[OutputTraining, ...] = ...,
            callbacks: dict[str, dict[str, Json]] = ...,
            **values: Json,
        ) -> None: ...

else:
    # A field for each declared setting; each is asked for by its declaration: settings[EPOCHS].
    TrainingSettings = msgspec.defstruct(
        "TrainingSettings",
        [(setting.key, setting.annotation, setting.default) for setting in settings_in("training", "data")],
        bases=(CompoundSettings,),
        module=__name__,
        namespace={"__doc__": "How a model is trained: the compound settings, and a field for each declared one."},
        frozen=True,
        forbid_unknown_fields=True,
    )


class CodeFile(_Spec, frozen=True):
    """A Python file that somebody has agreed to run, with exactly the contents of that SHA-256 (in hexadecimal)."""

    path: str
    sha256: str


class RunSpec(_Spec, frozen=True):
    """One training run. `model` is Keras' functional config: {"module", "class_name", "config"}.

    `initial_weights` is a `.keras`, `.weights.h5` or `.h5` file to start from; `initial_names` are what layers are
    called in it, by their names now, where they differ. `custom_code` is run before the model is built; consent was
    given before it came here. `titles` says what people call inputs and outputs, by their names. `data_stamps` are
    those of the data when it was looked at (`DataDescribed`), if it was.
    """

    name: str
    model: Json
    data: DataSpec
    bindings: tuple[Binding, ...]
    training: TrainingSettings
    initial_weights: str | None = None
    custom_code: tuple[CodeFile, ...] = ()
    initial_names: dict[str, str] = {}
    titles: dict[str, str] = {}
    data_stamps: tuple[str, ...] = ()

    def title(self, name: str) -> str:
        """What people call an input or an output."""
        return self.titles.get(name, name)

    def output_titles(self) -> dict[str, str]:
        """What people call the outputs, by their names."""
        return {output.name: self.title(output.name) for output in self.training.outputs}

    def binding(self, target: str) -> Binding | None:
        return next((binding for binding in self.bindings if binding.target == target), None)


def initial_weights(training: Mapping[str, Json], project_folder: Path | None) -> str | None:
    """The absolute path of the file that a project's training starts from."""
    path = training.get(INITIAL_WEIGHTS)
    return resolve_data_path(path, project_folder) if isinstance(path, str) and path else None


def resolve_data_path(path: str, project_folder: Path | None) -> str:
    """The absolute path of a project's data file: beside the project, or a bundled sample ("sample:digits.h5")."""
    if path.startswith(SAMPLE_PREFIX):
        return str(SAMPLES_FOLDER / Path(path.removeprefix(SAMPLE_PREFIX)).name)
    absolute = Path(path).expanduser()
    return str(absolute if absolute.is_absolute() else (project_folder or Path.cwd()) / absolute)


def logged_by(spec: "RunSpec") -> list[Logged]:
    """What the run will tell, as far as that is known of Keras' own metrics."""
    metrics = {output.name: [(m.class_name, m.config) for m in output.metrics] for output in spec.training.outputs}
    return logged(output_nest(spec.model), metrics, keras_metric)
