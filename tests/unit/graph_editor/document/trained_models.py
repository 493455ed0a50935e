"""Small models with a loss and metrics, and what the rules say of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.project.project_questions import rule_problems
from graph_editor.document.changes import commands
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.checking.validation import Problem
from graph_editor.document.document import Document
from graph_editor.document.edits import SetIn
from graph_editor.document.graph import TensorRef
from graph_editor.document.history import History
from resources.training.sections import BINDINGS
from runtime.messages.describing import Column
from runtime.messages.inference import CallResult, TensorSpec
from tests.unit.graph_editor.document.test_commands import CATALOG

Shape = tuple[int | None, ...]


class Trained:
    """An Input and layers behind it, the last of which is an output; each gives the shape that is told for it."""

    def __init__(self, *layers: tuple[str, Mapping[str, Any], Shape], loss: Any, metrics: Sequence[Any] = ()) -> None:
        self.document = Document("3.15", "m")
        self.history = History(self.document, FOLLOW_UPS)
        self.results: dict[str, CallResult] = {}
        self.columns: tuple[Column, ...] = ()
        call = self._add("InputLayer", {"batch_shape": [None, 4]}, (None, 4), None)
        for class_name, config, shape in layers:
            call = self._add(class_name, config, shape, call)
        self.end = call
        self.history.do("output", commands.set_output(self.document, TensorRef(call), True))
        outputs = {self.name: {"loss": loss, "metrics": list(metrics)}}
        self.history.do("train", commands.set_training(self.document, {"outputs": outputs}))

    @property
    def name(self) -> str:
        return self.document.operation_of(self.end).name

    @property
    def settings(self) -> dict[str, Any]:
        outputs: dict[str, Any] = self.document.training["outputs"]
        return dict(outputs[self.name])

    def found(self) -> list[Problem]:
        return rule_problems(self.document, CATALOG, self.results, self.columns)

    def kinds(self) -> list[str]:
        return [problem.kind for problem in self.found()]

    def bind(self, column: Column) -> None:
        """Let the truth of the output be in this column, the only one."""
        self.columns = (column,)
        self.history.do("bind", [SetIn("data", (BINDINGS, self.name), [column.name])])

    def mend(self, problem: Problem) -> None:
        assert problem.mend is not None, problem
        self.history.do(problem.mend.text, problem.mend.edits)

    def _add(self, class_name: str, config: Mapping[str, Any], shape: Shape, after: str | None) -> str:
        source = TensorRef(after) if after is not None else None
        module = str(config.get("module", "keras.layers"))
        edits, call = commands.add_layer(self.document, class_name, module, None, (0, 0), CATALOG, after=source)
        self.history.do("add", edits)
        operation = self.document.operation_of(call)
        for key, value in config.items():
            if key != "module":
                self.history.do("set", commands.set_parameter(self.document, operation.id, key, value))
        self.results[call] = CallResult(call, (TensorSpec(shape, "float32"),))
        return call


def dense(units: int, activation: Any, loss: Any, *metrics: Any) -> Trained:
    return Trained(("Dense", {"units": units, "activation": activation}, (None, units)), loss=loss, metrics=metrics)


def thing(name: str, **config: Any) -> dict[str, Any]:
    return {"class_name": name, "config": config}
