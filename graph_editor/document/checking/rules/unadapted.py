"""Layers that have to see data before they do anything, and have seen none.

Keras lets a Normalization without mean and variance through as if it were not there, and fails in the first batch with
a Discretization. Training adapts those of the model itself to its data, before the first step; not those inside
nested models. Weights that training starts from may hold what they have seen, so nothing is said then.
Lookups have a rule of their own (``missing_vocabulary.py``).
"""

from collections.abc import Iterator

from graph_editor.document.checking.heads import LAYERS
from graph_editor.document.checking.model_facts import ModelFacts
from graph_editor.document.checking.validation import Mend, Problem
from graph_editor.document.document import ROOT
from graph_editor.document.edits import ReplaceOperation
from graph_editor.document.graph import Operation
from resources.text import Text
from resources.training.sections import INITIAL_WEIGHTS


def unadapted(facts: ModelFacts) -> Iterator[Problem]:
    if facts.document.training.get(INITIAL_WEIGHTS):
        return
    for graph_id, graph in facts.document.graphs.items():
        for operation in graph.operations.values():
            calls = graph.calls_of(operation.id)
            if operation.module == LAYERS and calls:
                yield from _problems(facts, operation, calls[0], graph_id == ROOT)


def _problems(facts: ModelFacts, operation: Operation, call: str, learns: bool) -> Iterator[Problem]:
    config = operation.config
    if operation.class_name == "Normalization" and config.get("mean") is None and not learns:
        text = Text(
            "{layer} has no mean and variance yet, so it changes nothing: layers inside a nested model learn nothing "
            "of the data before training.",
            {"layer": operation.shown_name},
        )
        yield Problem("warning", text, call, kind="training.unadapted", mend=_batch_normalization(facts, operation))
    elif operation.class_name == "Discretization" and not config.get("bin_boundaries"):
        if learns and config.get("num_bins"):
            return
        text = Text("{layer} has no boundaries of bins yet: give it bin_boundaries.", {"layer": operation.shown_name})
        yield Problem("error", text, call, kind="training.unadapted")


def _batch_normalization(facts: ModelFacts, operation: Operation) -> Mend | None:
    """A layer that learns mean and variance while training."""
    spec = facts.catalog.layer("BatchNormalization", LAYERS)
    axis = operation.config.get("axis", -1)
    if spec is None or operation.config.get("invert") or axis not in (-1, [-1], (-1,)):
        return None
    config = facts.catalog.default_config(spec, operation.name)
    after = Operation(operation.id, "BatchNormalization", config, LAYERS, spec.registered_name)
    text = Text("Use BatchNormalization, which learns them, for {layer}", {"layer": operation.shown_name})
    return Mend(text, (ReplaceOperation(after),))


RULE = unadapted
