"""Layers that go on where the batch before ended, while the samples come in another order in each epoch."""

from collections.abc import Iterator, Mapping

from graph_editor.document.checking.model_facts import ModelFacts
from graph_editor.document.checking.validation import Mend, Problem
from graph_editor.document.edits import SetIn
from graph_editor.document.graph import Json
from resources.text import Text
from resources.training.settings.shuffle import SETTING as SHUFFLE


def stateful_shuffled(facts: ModelFacts) -> Iterator[Problem]:
    if not SHUFFLE.sound(facts.document.data):
        return
    for graph in facts.document.graphs.values():
        for operation in graph.operations.values():
            calls = graph.calls_of(operation.id)
            if calls and is_stateful(operation.config):
                text = Text(
                    "{layer} is stateful: each batch goes on where the one before ended, and Keras keeps the states "
                    "from epoch to epoch. With shuffled samples they mean nothing.",
                    {"layer": operation.shown_name},
                )
                mend = Mend(Text("Do not shuffle the samples"), (SetIn("data", (SHUFFLE.key,), False),))
                yield Problem("warning", text, calls[0], kind="training.stateful_shuffled", mend=mend)


def is_stateful(config: Mapping[str, Json]) -> bool:
    """Whether a layer, or the one inside a wrapper, carries states from batch to batch."""
    inside = config.get("layer")
    if isinstance(inside, Mapping) and isinstance(inside.get("config"), Mapping):
        return is_stateful(inside["config"])
    return config.get("stateful") is True


RULE = stateful_shuffled
