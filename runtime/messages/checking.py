"""Whether data fits a model: what is asked, what is found, and what would set it right."""

from typing import Literal

from resources.text import Text
from runtime.messages.parts import Json, Message, Part, Shape
from runtime.spec import Binding, DataSpec, OutputTraining
from runtime.splits import SplitSpec


class Ids(Part, frozen=True):
    """What the Embedding `layer` takes: 0 up to, but without, `rows`."""

    layer: str
    rows: int


class Endpoint(Part, frozen=True):
    """An input or an output of the model, as the data check needs it. `training` is set for outputs.

    `scaled` is False for an input whose numbers no layer brings near to 1.
    `ids` is set for inputs whose values an Embedding takes as ids.
    """

    name: str
    shape: Shape
    dtype: str
    training: OutputTraining | None = None
    scaled: bool = True
    ids: Ids | None = None


class SettingChange(Part, frozen=True, tag="setting"):
    """Sets one value in a section of the project; `path` leads to it by keys."""

    section: Literal["training", "data"]
    path: tuple[str, ...]
    value: Json


class OptionChange(Part, frozen=True, tag="option"):
    """Sets an option of a data source, which is known by its place among those of the project."""

    option: str
    value: Json
    source: int = 0


class ParameterChange(Part, frozen=True, tag="parameters"):
    """Sets values in the config of a layer, by the layer's name."""

    layer: str
    values: dict[str, Json]


class ProposedMend(Part, frozen=True):
    """What would set a problem right: `text` says so in one sentence, `changes` are made in one step."""

    text: Text
    changes: tuple[SettingChange | OptionChange | ParameterChange, ...]


class DataProblem(Part, frozen=True):
    """One thing that does not fit ("error"), is odd ("warning", a remark), or fits after a small change ("note").

    `target` is the input's or output's layer name, `column` the column of the data. `kind` is stable for machines.
    Errors and remarks stand in the project's list of problems, notes only at their column. `place` says in a few words
    where it is; without one it is the column. `row` is the sample where it is seen first, before any step and window.
    `file` is the one that it is about, where samples are files.
    """

    severity: Literal["error", "warning", "note"]
    text: Text
    target: str | None = None
    column: str | None = None
    detail: str = ""
    kind: str = ""
    place: Text | None = None
    mend: ProposedMend | None = None
    row: int | None = None
    file: str = ""


class ClassCounts(Part, frozen=True):
    """How many samples of each class the parts have, in the order of `names`. So many classes `more` are not listed."""

    target: str
    names: tuple[str, ...]
    training: tuple[int, ...]
    validation: tuple[int, ...]
    test: tuple[int, ...]
    more: int = 0


class PartCounts(Part, frozen=True):
    """How many samples train, validate and test, and of each class of the outputs that have classes."""

    training: int
    validation: int = 0
    test: int = 0
    classes: tuple[ClassCounts, ...] = ()


class CheckData(Message, frozen=True):
    """Whether the data fits the model. `split` and `batch_size` are those of the project."""

    id: int
    data: DataSpec
    bindings: tuple[Binding, ...]
    inputs: tuple[Endpoint, ...]
    outputs: tuple[Endpoint, ...]
    split: SplitSpec = SplitSpec()
    batch_size: int = 32


class DataChecked(Message, frozen=True):
    """`parts` is None where the samples cannot be split."""

    id: int
    problems: tuple[DataProblem, ...]
    parts: PartCounts | None = None
