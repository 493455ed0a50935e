"""Layers that look words up and have none: Keras stops at the first one.

Training adapts those of the model itself to its data, before the first step; not those inside nested models.
"""

from collections.abc import Iterator

from graph_editor.document.checking.model_facts import ModelFacts
from graph_editor.document.checking.validation import Problem
from graph_editor.document.document import ROOT
from graph_editor.document.vocabulary import LOOKUPS, lacks_vocabulary
from resources.text import Text
from resources.training.sections import INITIAL_WEIGHTS


def missing_vocabulary(facts: ModelFacts) -> Iterator[Problem]:
    if facts.document.training.get(INITIAL_WEIGHTS):
        return  # the file may have it; the trainer says whether it does
    for graph_id, graph in facts.document.graphs.items():
        for operation in graph.operations.values():
            calls = graph.calls_of(operation.id)
            if graph_id == ROOT and operation.class_name in LOOKUPS:
                continue
            if calls and lacks_vocabulary(operation):
                text = Text(
                    "{layer} has no vocabulary: it was never adapted to data. Open a .keras file that has it.",
                    {"layer": operation.shown_name},
                )
                if graph_id != ROOT and operation.class_name in LOOKUPS:
                    text = Text(
                        "{layer} has no vocabulary, and layers inside a nested model learn none: take it out of there, "
                        "or open a .keras file that has it.",
                        {"layer": operation.shown_name},
                    )
                yield Problem("error", text, calls[0], kind="training.no_vocabulary")


RULE = missing_vocabulary
