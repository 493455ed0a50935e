"""Which box, and which line of the project's own code, an exception comes from.

Keras cuts its own frames out of tracebacks and writes the class of a layer into the message instead; with
`whole_traces` the frames stay, and they hold the layer itself. What TensorFlow computes in a graph has no frames: there
the names of its nodes tell.
"""

import re
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import keras

from runtime.messages.inference import OperationJson
from runtime.messages.parts import Shape
from runtime.worker.custom.package import PACKAGE
from runtime.worker.process.failures import chain

_NODES: Final = re.compile(r"\{\{node ([^}\s]+)\}\}|Detected at node (\S+) defined")
_LOSS_SCOPES: Final = ("compile_loss", "compute_loss")


@dataclass(frozen=True, slots=True)
class ErrorPlace:
    """`layer` is the name of a box; `part` says that it was in a loss, a metric or the optimizer instead.

    `code` is the line of the project's own code that was running: (file name, line).
    """

    layer: str = ""
    operation: OperationJson | None = None
    shapes: tuple[Shape, ...] = ()
    part: str = ""  # "loss", "metric", "optimizer"
    part_name: str = ""
    code: tuple[str, int] | None = None


@contextmanager
def whole_traces() -> Iterator[None]:
    """Tracebacks keep all their frames meanwhile, and messages are those of whoever raised."""
    if not keras.config.is_traceback_filtering_enabled():
        yield
        return
    keras.config.disable_traceback_filtering()
    try:
        yield
    finally:
        keras.config.enable_traceback_filtering()


def place_of(error: BaseException, model: Any = None) -> ErrorPlace:
    """`model` is the built model, whose boxes the names of nodes are compared with."""
    frames = [frame for link in chain(error) for frame, _ in traceback.walk_tb(link.__traceback__)]
    code = _own_line(error)
    found = _from_frames(frames)
    if not found.layer and model is not None and (of_node := _from_nodes(str(error), model)) is not None:
        found = of_node
    return ErrorPlace(found.layer, found.operation, found.shapes, found.part, found.part_name, code)


def _from_frames(frames: Sequence[Any]) -> ErrorPlace:
    """The box is the outermost layer below the innermost model: what a layer makes for itself is no box."""
    box: Any = None
    arguments: Any = None
    part: Any = None
    for frame in frames:
        this = frame.f_locals.get("self")
        if isinstance(this, (keras.losses.Loss, keras.metrics.Metric, keras.optimizers.Optimizer)):
            part = this
        elif isinstance(this, keras.Model):
            box, arguments = None, None
        elif isinstance(this, keras.Operation) and frame.f_code.co_name != "__init__":  # has no name of its own yet
            if box is None:
                box = this
            if this is box and arguments is None and frame.f_code.co_name == "__call__":
                arguments = (frame.f_locals.get("args", ()), frame.f_locals.get("kwargs", {}))
    if box is not None:
        return ErrorPlace(str(box.name), _operation(box), _shapes(arguments))
    if part is not None:
        kinds = {keras.losses.Loss: "loss", keras.metrics.Metric: "metric", keras.optimizers.Optimizer: "optimizer"}
        kind = next(word for cls, word in kinds.items() if isinstance(part, cls))
        return ErrorPlace(part=kind, part_name=str(getattr(part, "name", "")))
    return ErrorPlace()


def _from_nodes(message: str, model: Any) -> ErrorPlace | None:
    boxes = dict(_boxes(model))
    for match in _NODES.finditer(message):
        scopes = (match[1] or match[2]).split("/")[:-1]
        for scope in reversed(scopes):
            name = scope if scope in boxes else re.sub(r"_\d+$", "", scope)
            if name in boxes:
                return ErrorPlace(name, _operation(boxes[name]))
        if any(scope.startswith(_LOSS_SCOPES) for scope in scopes):
            return ErrorPlace(part="loss")
    return None


def _boxes(model: Any) -> Iterator[tuple[str, Any]]:
    operations: Any = getattr(model, "operations", None) or getattr(model, "layers", ())
    for operation in operations:
        if isinstance(operation, keras.Model):
            yield from _boxes(operation)
        else:
            yield str(operation.name), operation


def _operation(operation: Any) -> OperationJson:
    try:
        config = dict(operation.get_config())
    except Exception:  # a class of the project's own may have none; the words about it do without
        config = {}
    return OperationJson(type(operation).__name__, config)


def _shapes(arguments: Any) -> tuple[Shape, ...]:
    if arguments is None:
        return ()
    shapes: list[Any] = [getattr(tensor, "shape", None) for tensor in keras.tree.flatten(list(arguments))]
    return tuple(tuple(shape) for shape in shapes if shape is not None and getattr(shape, "rank", 0) is not None)


def _own_line(error: BaseException) -> tuple[str, int] | None:
    """The innermost frame in a file of the project's own code, or, in a graph, the last one that is named."""
    frames = [place for link in chain(error) for place in traceback.walk_tb(link.__traceback__)]
    for frame, line in reversed(frames):
        if str(frame.f_globals.get("__name__", "")).startswith(f"{PACKAGE}."):
            return Path(frame.f_code.co_filename).name, line
    named = re.findall(r'File "([^"]+)", line (\d+)', str(error))
    own = _own_files()
    return next(((Path(file).name, int(line)) for file, line in reversed(named) if file in own), None)


def _own_files() -> set[str]:
    return {
        str(getattr(module, "__file__", ""))
        for name, module in list(sys.modules.items())
        if name.startswith(f"{PACKAGE}.")
    }
