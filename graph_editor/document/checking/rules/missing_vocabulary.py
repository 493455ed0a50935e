"""Layers that look words up and have none: Keras stops at the first one."""

from collections.abc import Iterator

from graph_editor.document.checking.model_facts import ModelFacts
from graph_editor.document.checking.validation import Problem
from graph_editor.document.vocabulary import lacks_vocabulary
from resources.text import Text
from resources.training.sections import INITIAL_WEIGHTS


def missing_vocabulary(facts: ModelFacts) -> Iterator[Problem]:
    if facts.document.training.get(INITIAL_WEIGHTS):
        return  # the file may have it; the trainer says whether it does
    for graph in facts.document.graphs.values():
        for operation in graph.operations.values():
            calls = graph.calls_of(operation.id)
            if calls and lacks_vocabulary(operation):
                text = Text(
                    "{layer} has no vocabulary: it was never adapted to data. Open a .keras file that has it.",
                    {"layer": operation.shown_name},
                )
                yield Problem("error", text, calls[0], kind="training.no_vocabulary")


RULE = missing_vocabulary
