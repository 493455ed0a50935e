"""Stateful layers whose inputs do not say how many samples come at once: Keras refuses them, and this mends it."""

from collections.abc import Iterator

from graph_editor.document.changes.commands import INPUT, set_parameter
from graph_editor.document.checking.model_facts import ModelFacts
from graph_editor.document.checking.rules.stateful_shuffled import is_stateful
from graph_editor.document.checking.validation import Mend, Problem
from graph_editor.document.edits import Edit
from resources.text import Text
from resources.training.settings.batch_size import SETTING as BATCH_SIZE


def stateful_batch(facts: ModelFacts) -> Iterator[Problem]:
    document, graph = facts.document, facts.document.graph
    count = BATCH_SIZE.sound(document.training)
    for operation in graph.operations.values():
        calls = graph.calls_of(operation.id)
        if not calls or not is_stateful(operation.config):
            continue
        edits: list[Edit] = []
        for call in sorted(graph.upstream(calls)):
            source = graph.operation_of(call)
            shape = source.config.get("batch_shape")
            if source.class_name == INPUT and isinstance(shape, list | tuple) and shape and shape[0] is None:
                edits += set_parameter(document, source.id, "batch_shape", [count, *shape[1:]])
        if edits:
            text = Text(
                "{layer} is stateful: its inputs can take the batch size of Train, {count} samples at once.",
                {"layer": operation.shown_name, "count": count},
            )
            mend = Mend(Text("Let its inputs take {count} samples at once", {"count": count}), tuple(edits))
            yield Problem("warning", text, calls[0], kind="training.stateful_batch", mend=mend)


RULE = stateful_batch
