"""An output and how it is trained, read in one place for the rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import ObjectKind
from graph_editor.document.checking.heads import Head, head_of
from graph_editor.document.checking.model_facts import ModelFacts, Shape, Truth
from graph_editor.document.checking.validation import Mend, Problem
from graph_editor.document.edits import Edit, SetIn
from graph_editor.document.ends import outputs
from graph_editor.document.graph import Json
from resources.text import Text
from resources.training.class_numbers import takes_class_numbers
from resources.training.sections import OUTPUTS

SPARSE: Final = "SparseCategoricalCrossentropy"
_SHORT: Final = {
    "bce": "BinaryCrossentropy",
    "mse": "MeanSquaredError",
    "mae": "MeanAbsoluteError",
    "mape": "MeanAbsolutePercentageError",
    "msle": "MeanSquaredLogarithmicError",
    "kld": "KLDivergence",
    "acc": "accuracy",
    "ce": "crossentropy",
}
_BY_SHAPE: Final = ("accuracy", "crossentropy")  # words for which Keras takes what fits the shapes


@dataclass(frozen=True, slots=True)
class KerasThing:
    """A loss or a metric by its class name; "accuracy" and "crossentropy" are words that Keras resolves by shape."""

    name: str
    config: Mapping[str, Json]
    known: bool  # whether Keras itself has it
    exists: bool = True  # there, or in the project's own code

    @property
    def from_logits(self) -> bool:
        return bool(self.config.get("from_logits"))

    def to_json(self, name: str = "", **values: Json) -> dict[str, Json]:
        """As the training section holds it, with other values; of another class with these values alone."""
        return {"class_name": name or self.name, "config": values if name else {**self.config, **values}}


@dataclass(frozen=True, slots=True)
class TrainedOutput:
    """``units`` is the size of the last axis. ``shape`` is with the sample axis."""

    name: str
    call: str
    shape: Shape
    head: Head
    loss: KerasThing
    metrics: Sequence[KerasThing]
    truth: Truth | None

    @property
    def units(self) -> int | None:
        return self.shape[-1] if len(self.shape) > 1 else None

    @property
    def takes_class_numbers(self) -> bool:
        """Whether the truth is the number of a class, not a place for each class."""
        return takes_class_numbers(self.loss.name)

    def remark(self, kind: str, text: Text, mend: Mend | None) -> Problem:
        return Problem("warning", text, self.call, kind=f"training.{kind}", place=self.place, mend=mend)

    def error(self, kind: str, text: Text, mend: Mend | None) -> Problem:
        return Problem("error", text, self.call, kind=f"training.{kind}", place=self.place, mend=mend)

    @property
    def place(self) -> Text:
        return Text("output {name}", {"name": self.name})

    def with_activation(self, name: str, catalog: Catalog, *more: Edit) -> Mend | None:
        """Another activation, and ``more`` in the same step; None where that would change more than the output."""
        edits = self.head.with_activation(name, catalog)
        layer = self.head.operation.shown_name
        text = Text.of("Set the activation of {layer} to {activation}", layer=layer, activation=name)
        return None if edits is None else Mend(text, (*edits, *more))

    def set_loss(self, name: str = "", **values: Json) -> Edit:
        """The loss with other settings, or another loss with these."""
        return SetIn("training", (OUTPUTS, self.name, "loss"), self.loss.to_json(name, **values))

    def set_metrics(self, metrics: Sequence[Json]) -> Edit:
        return SetIn("training", (OUTPUTS, self.name, "metrics"), list(metrics))


def trained_outputs(facts: ModelFacts) -> Iterator[TrainedOutput]:
    """Those outputs of the model whose shape is known and that have a loss."""
    for output in outputs(facts.document.graph):
        ref, name, shape = output.ref, output.name, facts.shape(output.ref)
        settings = facts.outputs.get(name, {})
        loss = keras_thing(settings.get("loss"), "losses", facts.catalog)
        if shape is None or loss is None:
            continue
        written = settings.get("metrics")
        metrics = (
            [keras_thing(metric, "metrics", facts.catalog) for metric in written or ()] if _is_list(written) else []
        )
        found = tuple(metric for metric in metrics if metric is not None)
        if loss.name == "crossentropy":
            loss = replace(loss, name="BinaryCrossentropy" if shape[-1] == 1 else "CategoricalCrossentropy")
        head = head_of(facts.document, ref)
        yield TrainedOutput(name, ref.call, shape, head, loss, found, facts.truths.get(name))


def keras_thing(value: Json, kind: ObjectKind, catalog: Catalog) -> KerasThing | None:
    """A loss or metric by its class name, however a project writes it; None for what is no such thing."""
    config: Mapping[str, Json] = {}
    if isinstance(value, Mapping):
        written = value.get("config")
        config = written if isinstance(written, Mapping) else {}
        value = value.get("class_name")
    if not isinstance(value, str) or not value:
        return None
    name = _SHORT.get(value.lower(), value)
    if name.lower() in _BY_SHAPE and value not in ("Accuracy",):
        return KerasThing(name.lower(), config, True)
    spec = catalog.object(kind, name)
    if spec is None:
        plain = name.replace("_", "").lower()
        spec = next((entry for entry in catalog.objects(kind) if entry.class_name.lower() == plain), None)
    return KerasThing(
        spec.class_name if spec else name, config, spec is not None and not spec.own_module, spec is not None
    )


def _is_list(value: Json) -> bool:
    return isinstance(value, list | tuple)
