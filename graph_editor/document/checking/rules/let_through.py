"""Values of a parameter that is one of a few, which Keras takes without a word although they are none of these.

A RandomFlip with a mode that it does not know flips nothing. A test holds this file against the installed Keras.
"""

import difflib
from collections.abc import Iterator, Mapping
from typing import Final

from graph_editor.document.checking.heads import LAYERS
from graph_editor.document.checking.model_facts import ModelFacts
from graph_editor.document.checking.validation import Mend, Problem
from graph_editor.document.edits import SetParameters
from graph_editor.document.graph import Operation
from resources.text import Text

LET_THROUGH: Final[Mapping[str, tuple[str, ...]]] = {"RandomFlip": ("mode",)}


def let_through(facts: ModelFacts) -> Iterator[Problem]:
    for graph in facts.document.graphs.values():
        for operation in graph.operations.values():
            calls = graph.calls_of(operation.id)
            if operation.module == LAYERS and operation.class_name in LET_THROUGH and calls:
                yield from _problems(facts, operation, calls[0])


def _problems(facts: ModelFacts, operation: Operation, call: str) -> Iterator[Problem]:
    spec = facts.catalog.layer(operation.class_name, LAYERS)
    for name in LET_THROUGH[operation.class_name] if spec is not None else ():
        choices = next((one.choices for one in spec.parameters if one.name == name), ()) if spec is not None else ()
        given = operation.config.get(name, choices[0] if choices else None)
        if not choices or given in choices:
            continue
        text = Text.of(
            "{parameter} of {layer} must be one of {choices}, not {given}.",
            parameter=name,
            layer=operation.shown_name,
            choices=", ".join(choices),
            given=str(given),
        )
        near = next(iter(difflib.get_close_matches(str(given).lower(), choices, 1)), choices[0])
        words = Text.of(
            "Set {parameter} of {layer} to {value}.", parameter=name, layer=operation.shown_name, value=near
        )
        mend = Mend(words, (SetParameters(operation.id, {name: near}),))
        yield Problem("error", text, call, kind="training.let_through", mend=mend)


RULE = let_through
