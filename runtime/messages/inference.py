"""Shapes, counts and errors of a model: what is asked, and what Keras says about each call."""

import msgspec

from resources.text import Text
from runtime.messages.parts import Json, Message, Part, Shape


class TensorSpec(Part, frozen=True):
    """A tensor without its values. `shape` includes the sample axis."""

    shape: Shape
    dtype: str


class OperationJson(Part, frozen=True):
    """A layer, a `keras.ops` operation or a nested model as Keras writes it."""

    class_name: str
    config: dict[str, Json]
    module: str = "keras.layers"
    registered_name: str | None = None
    mark: int | None = None  # of a layer that stands in several places: Keras' `shared_object_id`


class SharedWeights(Part, frozen=True):
    """What an object with a mark has in weights of its own, without other marked objects in it. See CallResult."""

    mark: int
    parameters: int
    trainable: int
    frozen: int
    state: int
    weight_bytes: int


class CallSpec(Part, frozen=True):
    """One use of an operation. A tensor in `args` and `kwargs` is {"$tensor": [call id, output index]}.

    Calls with equal operations, names included, and equal `operation_key` are calls of one operation.
    """

    id: str
    operation: OperationJson
    args: list[Json] = msgspec.field(default_factory=list)
    kwargs: dict[str, Json] = msgspec.field(default_factory=dict)
    operation_key: str = ""


class CallResult(Part, frozen=True):
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


class Infer(Message, frozen=True):
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


class Inferred(Message, frozen=True):
    """`results` are in the order of the calls; if the question has a base, only those that its answer did not have."""

    id: int
    results: list[CallResult]
    milliseconds: float


class AskAgain(Message, frozen=True):
    """The worker does not know the base of the question `id` (it is another one than before): ask it whole."""

    id: int
