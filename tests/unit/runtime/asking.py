"""Short ways to ask an engine about layers."""

from typing import Any

from runtime.clients.engine import Engine
from runtime.messages.inference import CallResult, CallSpec, Infer, Inferred, OperationJson

SECONDS = 240.0


def source(name: str, shape: Any, dtype: str = "float32") -> CallSpec:
    return CallSpec(name, OperationJson("InputLayer", {"batch_shape": list(shape), "dtype": dtype, "name": name}))


def tensor(name: str, index: int = 0) -> dict[str, Any]:
    return {"$tensor": [name, index]}


def layer(class_name: str, *sources: str, name: str = "box", **config: Any) -> CallSpec:
    """A call on tensors, one argument each."""
    operation = OperationJson(class_name, {"name": name, **config})
    return CallSpec(name, operation, [tensor(each) for each in sources])


def merge(class_name: str, *sources: str, name: str = "box", **config: Any) -> CallSpec:
    """A call on a list of tensors."""
    operation = OperationJson(class_name, {"name": name, **config})
    return CallSpec(name, operation, [[tensor(each) for each in sources]])


def ask(engine: Engine, *calls: CallSpec) -> dict[str, CallResult]:
    answer = engine.ask(Infer(0, list(calls)), SECONDS)
    assert isinstance(answer, Inferred), answer
    return {result.id: result for result in answer.results}


def shapes(result: CallResult) -> list[tuple[int | None, ...]]:
    return [spec.shape for spec in result.outputs]


def error(engine: Engine, *calls: CallSpec) -> str:
    """The one error among the results."""
    found = [str(result.error) for result in ask(engine, *calls).values() if result.error is not None]
    assert len(found) == 1, found
    return found[0]
