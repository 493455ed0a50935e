"""The messages between the desktop and a worker: plain frozen values, and nothing else travels.

A message is one msgpack map whose "type" is the name of its class. Unknown fields and unknown types are errors,
so a worker of another version is refused instead of misunderstood. What a trainer reports lies in events.py.
"""

from typing import Any, Literal, TypeVar

import msgspec

from resources.text import Text
from runtime.events import TrainingEvent
from runtime.spec import Binding, CodeFile, DataSource, OutputTraining, RunSpec

PROTOCOL_VERSION = 4

Json = Any  # a tree of None, bool, int, float, str, list and dict; the worker checks what it reads from it
Shape = tuple[int | None, ...]  # None: a size that is known only when data arrives


class ProtocolError(Exception):
    """Bytes that are no message of this version."""


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a message."""


class _Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True, tag_field="type"):
    """A whole message. Those with an `id` are requests or their answers; a request has exactly one answer."""


# Parts of messages


class TensorSpec(_Value, frozen=True):
    """A tensor without its values. `shape` includes the sample axis."""

    shape: Shape
    dtype: str


class OperationJson(_Value, frozen=True):
    """A layer, a `keras.ops` operation or a nested model as Keras writes it."""

    class_name: str
    config: dict[str, Json]
    module: str = "keras.layers"
    registered_name: str | None = None
    mark: int | None = None  # of a layer that stands in several places: Keras' `shared_object_id`


class SharedWeights(_Value, frozen=True):
    """What an object with a mark has in weights of its own, without other marked objects in it. See CallResult."""

    mark: int
    parameters: int
    trainable: int
    frozen: int
    state: int
    weight_bytes: int


class CallSpec(_Value, frozen=True):
    """One use of an operation. A tensor in `args` and `kwargs` is {"$tensor": [call id, output index]}.

    Calls with equal operations, names included, and equal `operation_key` are calls of one operation.
    """

    id: str
    operation: OperationJson
    args: list[Json] = []
    kwargs: dict[str, Json] = {}
    operation_key: str = ""


class CallResult(_Value, frozen=True):
    """What Keras says about one call.

    Counts are numbers of scalars in the weights of the operation and are reported at its first call only; later calls
    of a shared operation have zeros. `frozen` is what `trainable=False` keeps from learning, `state` what never learns
    (moving means). A call that follows a broken one is `blocked` and has neither outputs nor an error of its own.
    `weight_bytes` are those of all `parameters`. `flops` is what one sample costs in the forward pass and
    `activation_bytes` what its outputs take for one sample, those inside a nested model included; both are counted for
    every call, and None where a size is not known before there is data, or how the layer works is not. `shared` are
    the parts that may stand in other calls too, counted in each of them.
    """

    id: str
    outputs: tuple[TensorSpec, ...] = ()
    parameters: int = 0
    trainable: int = 0
    frozen: int = 0
    state: int = 0
    error: Text | None = None
    detail: str = ""
    blocked: bool = False
    weight_bytes: int = 0
    flops: int | None = None
    activation_bytes: int | None = None
    shared: tuple[SharedWeights, ...] = ()


ColumnKind = Literal["number", "category", "image", "text"]


class Column(_Value, frozen=True):
    """A column of a data source. `shape` is without the sample axis.

    `distinct` counts different whole numbers, if they are few. A column of words has `categories`: its values are read
    as their positions in it. `missing` counts NaN.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    samples: int
    kind: ColumnKind
    minimum: float | None = None
    maximum: float | None = None
    distinct: int | None = None
    categories: tuple[str, ...] = ()
    missing: int = 0
    note: Text | None = None


class ColumnPreview(_Value, frozen=True):
    """Values of a column: `count` samples of `shape` in C order and little endian, or `texts` for text columns."""

    name: str
    kind: ColumnKind
    shape: tuple[int, ...]
    dtype: str
    count: int
    data: bytes = b""
    texts: tuple[str, ...] = ()


class Ids(_Value, frozen=True):
    """What the Embedding `layer` takes: 0 up to, but without, `rows`."""

    layer: str
    rows: int


class Endpoint(_Value, frozen=True):
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


class SettingChange(_Value, frozen=True, tag="setting"):
    """Sets one value in a section of the project; `path` leads to it by keys."""

    section: Literal["training", "data"]
    path: tuple[str, ...]
    value: Json


class ParameterChange(_Value, frozen=True, tag="parameters"):
    """Sets values in the config of a layer, by the layer's name."""

    layer: str
    values: dict[str, Json]


class ProposedMend(_Value, frozen=True):
    """What would set a problem right: `text` says so in one sentence, `changes` are made in one step."""

    text: Text
    changes: tuple[SettingChange | ParameterChange, ...]


class DataProblem(_Value, frozen=True):
    """One thing that does not fit ("error"), is odd ("warning", a remark), or fits after a small change ("note").

    `target` is the input's or output's layer name, `column` the column of the data. `kind` is stable for machines.
    Errors and remarks stand in the project's list of problems, notes only at their column. `place` says in a few words
    where it is; without one it is the column.
    """

    severity: Literal["error", "warning", "note"]
    text: Text
    target: str | None = None
    column: str | None = None
    detail: str = ""
    kind: str = ""
    place: Text | None = None
    mend: ProposedMend | None = None


class Device(_Value, frozen=True):
    """A place to train on: `id` "cpu", "gpu:0" ... or "all", `memory` in bytes, `reason` if it is unavailable."""

    id: str
    title: Text
    available: bool
    reason: Text | None = None
    memory: int | None = None


CodeKind = Literal["layer", "loss", "metric", "optimizer", "initializer", "regularizer", "constraint", "activation"]


class CodeParameter(_Value, frozen=True):
    """A constructor argument as its signature has it; `kind` is a guess, one of the catalogue's kinds of values."""

    name: str
    kind: str
    default: Json = None
    required: bool = False
    nullable: bool = False


class CodePort(_Value, frozen=True):
    """A tensor argument of a layer's call. The first one is passed by position, all others by name."""

    name: str
    kind: Literal["single", "list"] = "single"
    required: bool = True


class CodeObject(_Value, frozen=True):
    """A class or function of custom code that is registered with Keras.

    `module` is the name of its file without the suffix; `config` is that of a new object, without its name.
    Of a metric, `logged` is its name in logs when it is given none, empty where only a run will tell, and `direction`
    says which values are better, None where the class does not.
    """

    kind: CodeKind
    class_name: str
    module: str
    registered_name: str
    help: str = ""
    parameters: tuple[CodeParameter, ...] = ()
    ports: tuple[CodePort, ...] = ()
    config: dict[str, Json] = {}
    logged: str = ""
    direction: Literal["min", "max"] | None = None


class CodeProblem(_Value, frozen=True):
    """What is wrong with a file of custom code, in a sentence that names it; `line` counts from 1, 0 is unknown.

    A warning concerns a class that is left out, an error the whole file.
    """

    path: str
    text: Text
    line: int = 0
    severity: Literal["error", "warning"] = "error"
    detail: str = ""


# To the worker


class Hello(_Message, frozen=True):
    """The first message. An engine warms up, leaves the GPUs alone and ends with its connection; a trainer does not."""

    version: int
    role: Literal["engine", "trainer"] = "engine"


class Infer(_Message, frozen=True):
    """Asks for shapes, counts and errors. A newer Infer overtakes an older one.

    Without `base`, `calls` is all of the question, in topological order. With it, the question is that of the answered
    Infer `base` with `calls` added or put in the place of theirs; `order` then names all calls of the new question in
    topological order, and None means that they are those of the base in its order. A base holds until a question comes
    that builds on a newer one.
    """

    id: int
    calls: list[CallSpec]
    base: int = 0
    order: list[str] | None = None


class DescribeData(_Message, frozen=True):
    id: int
    source: DataSource


class CheckData(_Message, frozen=True):
    """Whether the data fits the model. `validation_percent` and `batch_size` are those of the project's training."""

    id: int
    source: DataSource
    bindings: tuple[Binding, ...]
    inputs: tuple[Endpoint, ...]
    outputs: tuple[Endpoint, ...]
    validation_percent: float = 0.0
    batch_size: int = 32


class PreviewData(_Message, frozen=True):
    id: int
    source: DataSource
    columns: tuple[str, ...]
    count: int = 16
    first: int = 0


class ListDevices(_Message, frozen=True):
    id: int


class Export(_Message, frozen=True):
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
    initial_names: dict[str, str] = {}


class CheckSource(_Message, frozen=True):
    """Runs `source`, which has a function `build_model`, and compares what that makes with `model`."""

    id: int
    model: Json
    source: str


class LoadCode(_Message, frozen=True):
    """Runs these files, and no other contents than those that were agreed to; what was loaded before is forgotten."""

    id: int
    files: tuple[CodeFile, ...]


class Train(_Message, frozen=True):
    """Turns the worker into a trainer. `folder` is the run folder, which exists."""

    spec: RunSpec
    folder: str


class Pause(_Message, frozen=True):
    pass


class Resume(_Message, frozen=True):
    pass


class Stop(_Message, frozen=True):
    """Ends the run after the current batch, gracefully: the model is saved."""


class SetLearningRate(_Message, frozen=True):
    value: float


class Cancel(_Message, frozen=True):
    """The answer to request `id` is no longer wanted; it may still come, as Failed or as it is."""

    id: int


class Detach(_Message, frozen=True):
    """The desktop leaves; a trainer trains on, with its events in the run folder."""


class Shutdown(_Message, frozen=True):
    """An engine ends now; a trainer stops as with Stop, and ends then."""


ToWorker = (
    Hello
    | Infer
    | DescribeData
    | CheckData
    | PreviewData
    | ListDevices
    | Export
    | CheckSource
    | LoadCode
    | Train
    | Pause
    | Resume
    | Stop
    | SetLearningRate
    | Cancel
    | Detach
    | Shutdown
)
Request = Infer | DescribeData | CheckData | PreviewData | ListDevices | Export | CheckSource | LoadCode

# From the worker


class Ready(_Message, frozen=True):
    """Keras is imported; requests are welcome."""

    version: int
    keras_version: str
    backend: str
    backend_version: str


class Inferred(_Message, frozen=True):
    """`results` are in the order of the calls; if the question has a base, only those that its answer did not have."""

    id: int
    results: list[CallResult]
    milliseconds: float


class AskAgain(_Message, frozen=True):
    """The worker does not know the base of the question `id` (it is another one than before): ask it whole."""

    id: int


class DataDescribed(_Message, frozen=True):
    id: int
    columns: tuple[Column, ...]
    samples: int
    note: Text | None = None


class DataChecked(_Message, frozen=True):
    id: int
    problems: tuple[DataProblem, ...]


class DataPreviewed(_Message, frozen=True):
    id: int
    columns: tuple[ColumnPreview, ...]


class Devices(_Message, frozen=True):
    id: int
    devices: tuple[Device, ...]


class Exported(_Message, frozen=True):
    """The file is there and was read back; `checks` says what was compared."""

    id: int
    path: str
    checks: tuple[Text, ...]


class SourceChecked(_Message, frozen=True):
    """The script may be written; `checks` says what was compared."""

    id: int
    checks: tuple[Text, ...]


class CodeLoaded(_Message, frozen=True):
    """The files were run, except for those that a problem with severity "error" names."""

    id: int
    objects: tuple[CodeObject, ...]
    problems: tuple[CodeProblem, ...] = ()


class Cancelled(_Message, frozen=True):
    """Nobody waits for the answer to request `id` any more: it was cancelled, or a newer Infer overtook it."""

    id: int


class Failed(_Message, frozen=True):
    """The request `id` has no result; `detail` is for people who want everything. `id` 0 concerns no request."""

    id: int
    error: Text
    detail: str = ""


Answer = (
    Inferred
    | AskAgain
    | DataDescribed
    | DataChecked
    | DataPreviewed
    | Devices
    | Exported
    | SourceChecked
    | CodeLoaded
    | Cancelled
    | Failed
)
FromWorker = Ready | Answer | TrainingEvent

_M = TypeVar("_M")
_encoder = msgspec.msgpack.Encoder()
_to_worker: msgspec.msgpack.Decoder[ToWorker] = msgspec.msgpack.Decoder(ToWorker)
_from_worker: msgspec.msgpack.Decoder[FromWorker] = msgspec.msgpack.Decoder(FromWorker)


def encode(message: ToWorker | FromWorker) -> bytes:
    return _encoder.encode(message)


def decode_to_worker(data: bytes) -> ToWorker:
    """Raises ProtocolError."""
    return _decode(_to_worker, data)


def decode_from_worker(data: bytes) -> FromWorker:
    """Raises ProtocolError."""
    return _decode(_from_worker, data)


def _decode(decoder: "msgspec.msgpack.Decoder[_M]", data: bytes) -> _M:
    try:
        return decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ProtocolError(str(error)) from error
