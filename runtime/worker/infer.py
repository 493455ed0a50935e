"""Shapes, parameter counts and errors of every call, from Keras itself and without a single weight.

Inside a stateless scope Keras creates variables by shape only. Calling a layer on symbolic tensors there runs all of
its checks and its `build`, and allocates nothing: a Dense with a hundred million parameters answers in a millisecond.
"""

import hashlib
import math
import warnings
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Generic, NamedTuple, TypeVar

import keras
import msgspec
from keras.src.backend.common import global_state

from resources.text import Text
from runtime.protocol import CallResult, CallSpec, Json, TensorSpec
from runtime.worker.allow import NotAllowedError, check_config
from runtime.worker.build import make_operation
from runtime.worker.control import CancelledError
from runtime.worker.reasons import explain

_V = TypeVar("_V")
_Key = tuple[bytes, bytes, bytes]  # operation, arguments of its first call, arguments of this call
_encode: Final = msgspec.msgpack.Encoder(order="sorted").encode

_RESULTS: Final = 20_000  # cached answers, a few hundred bytes each
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


class Inference:
    """Answers for graphs that differ a little from question to question: what has not changed is not asked again."""

    def __init__(self) -> None:
        self._results: _Recent[CallResult] = _Recent(_RESULTS)
        self._operations: _Recent[Any] = _Recent(_OPERATIONS)

    def infer(self, calls: Sequence[CallSpec], waits: Callable[[], bool] = lambda: True) -> list[CallResult]:
        """One result for each call, in order. Raises CancelledError as soon as `waits` says no."""
        results: dict[str, CallResult] = {}
        first_calls: dict[bytes, tuple[bytes, _Arguments]] = {}
        for call in calls:
            if not waits():
                raise CancelledError
            results[call.id] = self._answer(call, results, first_calls)
        return list(results.values())

    def _answer(
        self,
        call: CallSpec,
        results: Mapping[str, CallResult],
        first_calls: "dict[bytes, tuple[bytes, _Arguments]]",
    ) -> CallResult:
        arguments = _resolve(call, results)
        if isinstance(arguments, CallResult):
            return arguments
        operation = hashlib.blake2b(_encode([call.operation_key, call.operation]), digest_size=16).digest()
        this = hashlib.blake2b(_encode(arguments), digest_size=16).digest()
        first, first_arguments = first_calls.get(operation, (this, arguments))
        shared = operation in first_calls
        key = (operation, first, this + (b"again" if shared else b""))
        result = self._results.get(key)
        if result is None:
            result = self._ask(call, key, arguments, first_arguments if shared else None)
            self._results.put(key, result)
        if result.error is None:
            first_calls.setdefault(operation, (this, arguments))
        return msgspec.structs.replace(result, id=call.id)

    def _ask(self, call: CallSpec, key: _Key, arguments: "_Arguments", first: "_Arguments | None") -> CallResult:
        """Asks Keras. `first` are the arguments of the operation's first call, if this one is a later call."""
        name = str(call.operation.config.get("name", call.operation.class_name))
        config = msgspec.to_builtins(call.operation)
        try:
            check_config(config, name)
            check_config([*arguments[0], *arguments[1].values()], name)
            with warnings.catch_warnings(), keras.StatelessScope(initialize_variables=False):
                warnings.simplefilter("ignore")
                layer = self._operations.get(key[:2]) if first is not None else None
                if layer is None:
                    layer = make_operation(config)
                    if first is not None:
                        _call(layer, first)
                outputs = _call(layer, arguments)
        except NotAllowedError as error:
            return CallResult(call.id, error=error.text, detail=error.detail)
        except Exception as error:
            reason, detail = explain(error, name, call.operation, _shapes(arguments))
            return CallResult(call.id, error=reason, detail=detail)
        finally:
            global_state.set_global_attribute("uninitialized_variables", [])
        self._operations.put(key[:2], layer)
        counts = count_parameters(layer) if first is None else Counts()
        return CallResult(call.id, outputs, counts.parameters, counts.trainable, counts.frozen, counts.state)


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
            reference = node.get("$tensor") if len(node) == 1 else None
            if isinstance(reference, (list, tuple)) and len(reference) == 2:
                return tensor(str(reference[0]), int(reference[1]))
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
    found: list[tuple[int | None, ...]] = []

    def walk(node: Json) -> None:
        if isinstance(node, dict):
            if node.get("class_name") == "__keras_tensor__":
                found.append(_shape(node["config"]["shape"]))
                return
            node = list(node.values())
        if isinstance(node, list):
            for value in node:
                walk(value)

    walk([*arguments[0], *arguments[1].values()])
    return found


class Counts(NamedTuple):
    """Numbers of scalars; see CallResult."""

    trainable: int = 0
    frozen: int = 0
    state: int = 0

    @property
    def parameters(self) -> int:
        return sum(self)


def count_parameters(operation: Any) -> Counts:
    """Counts the weights of a layer or model."""
    if not isinstance(operation, keras.layers.Layer):
        return Counts()
    born_trainable = {id(variable) for layer in operation._flatten_layers() for variable in layer._trainable_variables}
    learning = {id(variable) for variable in operation.trainable_weights}
    trainable = frozen = state = 0
    for variable in operation.weights:
        size = math.prod(int(size) for size in variable.shape)
        if id(variable) in learning:
            trainable += size
        elif id(variable) in born_trainable:
            frozen += size
        else:
            state += size
    return Counts(trainable, frozen, state)
