"""Shapes, parameter counts and errors of every call, from Keras itself and without a single weight.

Inside a stateless scope Keras creates variables by shape only. Calling a layer on symbolic tensors there runs all of
its checks and its `build`, and allocates nothing: a Dense with a hundred million parameters answers in a millisecond.
"""

import hashlib
import math
import time
import warnings
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, NamedTuple, TypeVar

import keras
import msgspec
from keras.src.backend.common import global_state

from resources.text import Text
from runtime.messages.inference import AskAgain, CallResult, CallSpec, Infer, Inferred, SharedWeights, TensorSpec
from runtime.messages.parts import Json
from runtime.worker.engine.estimates import Inputs, activation_bytes, dtype_bytes, flops
from runtime.worker.engine.infer_nested import inner_calls, is_model
from runtime.worker.engine.states import states_without_values
from runtime.worker.keras_models.allow import NotAllowedError, check_config
from runtime.worker.keras_models.build import make_operation
from runtime.worker.keras_models.reasons import explain
from runtime.worker.process.control import CancelledError

_V = TypeVar("_V")
_Key = tuple[bytes, bytes]  # operation, arguments of its first call
_encode: Final = msgspec.msgpack.Encoder(order="sorted").encode

_RESULTS: Final = 20_000  # cached answers, a few hundred bytes each
_LARGEST: Final = 2**63
_OPERATIONS: Final = 400  # live operations, kept for the second call of a shared one


class _Recent(Generic[_V]):
    """The most recently used values."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[Any, _V] = OrderedDict()

    def get(self, key: Any) -> _V | None:
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def put(self, key: Any, value: _V) -> None:
        self._values[key] = value
        self._values.move_to_end(key)
        if len(self._values) > self._size:
            self._values.popitem(last=False)

    def __len__(self) -> int:
        return len(self._values)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A call with what follows from its specification alone."""

    spec: CallSpec
    name: str
    operation: bytes  # digest; equal for the calls of a shared operation
    kind: bytes  # digest; equal for operations that differ in nothing but their names
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Question:
    """A question and its answer; `shared` are the operations that several of its calls use."""

    asked: Mapping[str, _Asked]  # in topological order
    shared: Collection[bytes]
    results: Mapping[str, CallResult]


class Inference:
    """Answers for graphs that differ a little from question to question: what has not changed is not asked again."""

    def __init__(self) -> None:
        self._results: _Recent[CallResult] = _Recent(_RESULTS)
        self._operations: _Recent[Any] = _Recent(_OPERATIONS)
        self._questions: dict[int, _Question] = {}

    def infer(self, calls: Sequence[CallSpec], waits: Callable[[], bool] = lambda: True) -> list[CallResult]:
        """One result for each call, in order. Raises CancelledError as soon as `waits` says no."""
        question = self._run({call.id: _asked(call) for call in calls}, None, waits)
        return list(question.results.values())

    def answer(self, request: Infer, waits: Callable[[], bool]) -> Inferred | AskAgain:
        """Raises CancelledError as soon as `waits` says no."""
        started = time.perf_counter()
        base = self._questions.get(request.base)
        if request.base and base is None:
            return AskAgain(request.id)
        asked_calls = {call.id: _asked(call) for call in request.calls}
        if base is not None:
            order = base.asked if request.order is None else request.order
            asked_calls = {name: asked_calls.get(name) or base.asked[name] for name in order}
        question = self._run(asked_calls, base, waits)
        self._questions = {number: known for number, known in self._questions.items() if number >= request.base > 0}
        self._questions[request.id] = question
        before = base.results if base is not None else {}
        new = [result for name, result in question.results.items() if before.get(name) is not result]
        return Inferred(request.id, new, 1000 * (time.perf_counter() - started))

    def _run(self, asked_calls: Mapping[str, _Asked], base: _Question | None, waits: Callable[[], bool]) -> _Question:
        results: dict[str, CallResult] = {}
        first_calls: dict[bytes, tuple[bytes, _Arguments]] = {}
        uses = Counter(call.operation for call in asked_calls.values())
        shared = {operation for operation, count in uses.items() if count > 1}
        for name, call in asked_calls.items():
            if not waits():
                raise CancelledError
            earlier = base.results.get(name) if base is not None else None
            if base is None or earlier is None or not _still_holds(name, call, base, shared, results):
                result = self._answer(call, results, first_calls)
                earlier = earlier if earlier == result else result
            results[name] = earlier
        return _Question(asked_calls, shared, results)

    def _answer(
        self,
        asked_call: _Asked,
        results: Mapping[str, CallResult],
        first_calls: "dict[bytes, tuple[bytes, _Arguments]]",
    ) -> CallResult:
        call, operation = asked_call.spec, asked_call.operation
        arguments = _resolve(call, results)
        if isinstance(arguments, CallResult):
            return arguments
        this = _digest(arguments)
        first, first_arguments = first_calls.get(operation, (this, arguments))
        again = operation in first_calls
        key = (asked_call.kind, first, this + (b"again" if again else b""))
        result = self._results.get(key) or self._results.get((*key, asked_call.name))
        if result is None:
            result = self._ask(asked_call, (operation, first), arguments, first_arguments if again else None)
            self._results.put(key if result.error is None else (*key, asked_call.name), result)
        if result.error is None:
            first_calls.setdefault(operation, (this, arguments))
        return msgspec.structs.replace(result, id=call.id)

    def _ask(self, asked_call: _Asked, key: _Key, arguments: "_Arguments", first: "_Arguments | None") -> CallResult:
        """Asks Keras. `first` are the arguments of the operation's first call, if this one is a later call."""
        call, name = asked_call.spec, asked_call.name
        config = msgspec.to_builtins(call.operation)
        mark = config.pop("mark")
        try:
            check_config(config, name)
            check_config([*arguments[0], *arguments[1].values()], name)
            with (
                warnings.catch_warnings(),
                keras.StatelessScope(initialize_variables=False),
                states_without_values(),
            ):
                warnings.simplefilter("ignore")
                layer, marked = (self._operations.get(key) if first is not None else None) or (None, {})
                if layer is None:
                    layer, marked = make_operation(config)
                    if first is not None:
                        _call(layer, first)
                outputs = _call(layer, arguments)
        except NotAllowedError as error:
            return CallResult(call.id, error=error.text, detail=error.detail)
        except Exception as error:
            reason, detail = explain(error, name, call.operation, _shapes(arguments))
            inner = self._inner_error(asked_call, arguments)
            return inner or CallResult(call.id, error=reason, detail=detail)
        finally:
            global_state.set_global_attribute("uninitialized_variables", [])
        self._operations.put(key, (layer, marked))
        counts = count_parameters(layer) if first is None else Counts()
        parts = {**marked, mark: layer} if mark is not None else marked
        shapes = [spec.shape for spec in outputs]
        result = CallResult(
            call.id,
            outputs,
            counts.parameters,
            counts.trainable,
            counts.frozen,
            counts.state,
            weight_bytes=counts.bytes,
            flops=flops(layer, Inputs(_shapes(arguments), _named_shapes(arguments)), shapes),
            activation_bytes=activation_bytes(layer, [(spec.shape, spec.dtype) for spec in outputs]),
            shared=shared_weights(layer, parts) if first is None else (),
        )
        return (
            result
            if _is_countable(result)
            else CallResult(
                call.id, error=Text("{layer} would have more numbers than can be counted.", {"layer": name})
            )
        )

    def _inner_error(self, asked_call: _Asked, arguments: "_Arguments") -> CallResult | None:
        """Return what is wrong inside a nested model; None if it is not one, or its layers work by themselves."""
        if not is_model(asked_call.spec.operation):
            return None
        for given in (None, _shapes(arguments)):
            for result in self.infer(inner_calls(asked_call.spec.operation, given)):
                if result.error is not None:
                    reason = Text("In {model}: {reason}", {"model": asked_call.name, "reason": result.error})
                    return CallResult(asked_call.spec.id, error=reason, detail=result.detail)
        return None


def _is_countable(result: CallResult) -> bool:
    """Whether a message can hold the numbers."""
    sizes = [size for spec in result.outputs for size in spec.shape]
    counts = [result.parameters, result.weight_bytes, result.flops, result.activation_bytes]
    return all(number is None or number < _LARGEST for number in [*sizes, *counts])


def _asked(call: CallSpec) -> _Asked:
    operation = call.operation
    name = operation.config.get("name", operation.class_name)
    kind = operation
    if isinstance(name, str) and name and "/" not in name:  # else Keras refuses the name
        config = {key: value for key, value in operation.config.items() if key != "name"}
        kind = msgspec.structs.replace(operation, config=config)
    sources: list[str] = []

    def walk(node: Json) -> None:
        if isinstance(node, Mapping):
            reference = _reference(node)
            if reference is not None:
                sources.append(reference[0])
            node = list(node.values())
        if isinstance(node, (list, tuple)):
            for value in node:
                walk(value)

    walk([*call.args, *call.kwargs.values()])
    own = _digest([call.operation_key, operation])
    return _Asked(call, str(name), own, _digest(kind), tuple(dict.fromkeys(sources)))


def _digest(value: object) -> bytes:
    return hashlib.blake2b(_encode(value), digest_size=16).digest()


def _still_holds(
    name: str, call: _Asked, base: _Question, shared: Collection[bytes], results: Mapping[str, CallResult]
) -> bool:
    """Whether the base's answer for a call is still right: nothing that it depends on has changed.

    The calls of a shared operation depend on each other, so they are looked at anew.
    """
    if base.asked[name] is not call or call.operation in shared or call.operation in base.shared:
        return False
    return all(results.get(source) is base.results.get(source) for source in call.sources)


def _reference(node: Mapping[str, Json]) -> tuple[str, int] | None:
    """The tensor that `node` stands for, if it stands for one."""
    reference = node.get("$tensor") if len(node) == 1 else None
    if isinstance(reference, (list, tuple)) and len(reference) == 2:
        return str(reference[0]), int(reference[1])
    return None


# Positional and keyword arguments as Keras' JSON, tensors as {"class_name": "__keras_tensor__", ...}.
_Arguments = tuple[list[Json], dict[str, Json]]


def _resolve(call: CallSpec, results: Mapping[str, CallResult]) -> "_Arguments | CallResult":
    """The call's arguments with every tensor's shape in its place, or the result if one has none."""
    bad: list[CallResult] = []

    def tensor(source: str, index: int) -> Json:
        result = results.get(source)
        if result is None or result.blocked or result.error is not None:
            bad.append(CallResult(call.id, blocked=True))
        elif not 0 <= index < len(result.outputs):
            bad.append(CallResult(call.id, error=_no_output(index, len(result.outputs))))
        else:
            spec = result.outputs[index]
            history = ["", 0, 0]
            config = {"shape": spec.shape, "dtype": spec.dtype, "keras_history": history}
            return {"class_name": "__keras_tensor__", "config": config}
        return None

    def walk(node: Json) -> Json:
        if isinstance(node, Mapping):
            reference = _reference(node)
            if reference is not None:
                return tensor(*reference)
            return {key: walk(value) for key, value in node.items()}
        if isinstance(node, (list, tuple)):
            return [walk(value) for value in node]
        return node

    arguments = [walk(node) for node in call.args], {key: walk(node) for key, node in call.kwargs.items()}
    if not bad:
        return arguments
    return next((result for result in bad if result.blocked), bad[0])


def _no_output(index: int, count: int) -> Text:
    return Text("This input comes from output {index} of a box that has {count}.", {"index": index + 1, "count": count})


def _call(layer: Any, arguments: _Arguments) -> tuple[TensorSpec, ...]:
    """Calls the layer on symbolic tensors and forgets the call."""
    if isinstance(layer, keras.layers.InputLayer):
        return (TensorSpec(_shape(layer.batch_shape), str(layer.dtype)),)
    args, kwargs = keras.saving.deserialize_keras_object(arguments, safe_mode=True)
    outputs = layer(*args, **kwargs)
    layer._inbound_nodes.clear()  # else each question would leave its tensors behind
    return tuple(TensorSpec(_shape(tensor.shape), str(tensor.dtype)) for tensor in keras.tree.flatten(outputs))


def _shape(shape: Any) -> tuple[int | None, ...]:
    return tuple(None if size is None else int(size) for size in shape)


def _shapes(arguments: _Arguments) -> list[tuple[int | None, ...]]:
    """Shapes of the tensors among the arguments, in order."""
    shapes: list[tuple[int | None, ...]] = []

    def walk(node: Json) -> None:
        if isinstance(node, dict):
            if node.get("class_name") == "__keras_tensor__":
                shapes.append(_shape(node["config"]["shape"]))
                return
            node = list(node.values())
        if isinstance(node, list):
            for value in node:
                walk(value)

    walk([*arguments[0], *arguments[1].values()])
    return shapes


def _named_shapes(arguments: _Arguments) -> dict[str, tuple[int | None, ...]]:
    """Shapes of the tensors that are given by name."""
    found = {key: _shapes(([value], {})) for key, value in arguments[1].items()}
    return {key: shapes[0] for key, shapes in found.items() if len(shapes) == 1}


class Counts(NamedTuple):
    """Numbers of scalars, and their bytes; see CallResult."""

    trainable: int = 0
    frozen: int = 0
    state: int = 0
    bytes: int = 0

    @property
    def parameters(self) -> int:
        return self.trainable + self.frozen + self.state


def shared_weights(operation: Any, marked: Mapping[int, Any]) -> tuple[SharedWeights, ...]:
    """Return what each marked part of an operation has, each weight counted at the innermost part that has it."""
    parts = [(mark, part) for mark, part in marked.items() if isinstance(part, keras.layers.Layer)]
    parts.sort(key=lambda item: len(item[1].weights))
    met: set[int] = set()
    counted: list[SharedWeights] = []
    for mark, part in parts:
        own = {id(variable) for variable in part.weights} - met
        met |= own
        counts = count_parameters(operation, own)
        counted.append(SharedWeights(mark, counts.parameters, *counts))
    return tuple(counted)


def count_parameters(operation: Any, of: Collection[int] | None = None) -> Counts:
    """Counts the weights of a layer or model; only those at the addresses `of`, if these are given."""
    if not isinstance(operation, keras.layers.Layer):
        return Counts()
    born_trainable = {id(variable) for layer in operation._flatten_layers() for variable in layer._trainable_variables}
    learning = {id(variable) for variable in operation.trainable_weights}
    trainable = frozen = state = size_in_bytes = 0
    for variable in operation.weights:
        if of is not None and id(variable) not in of:
            continue
        size = math.prod(int(size) for size in variable.shape)
        size_in_bytes += size * dtype_bytes(str(variable.dtype))
        if id(variable) in learning:
            trainable += size
        elif id(variable) in born_trainable:
            frozen += size
        else:
            state += size
    return Counts(trainable, frozen, state, size_in_bytes)
