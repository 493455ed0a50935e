"""Every box of the model, those inside nested models too: choosing one goes there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from app.command_palette.providers.entry import Entry, Surroundings
from graph_editor.document.graph import Operation

ORDER = 20


def boxes(around: Surroundings) -> Sequence[Entry]:
    session = around.session
    catalog = session.catalog
    categories: dict[tuple[str, str], str] = {}

    def category(operation: Operation) -> str:
        key = (operation.class_name, operation.module)
        if key not in categories:
            spec = catalog.layer(*key)
            categories[key] = spec.category if spec else "nested" if operation.graph is not None else "operation"
        return categories[key]

    entries = []
    for graph in session.document.graphs.values():
        for call_id, call in graph.calls.items():
            operation = graph.operations[call.operation]
            kind = operation.class_name
            entries.append(
                Entry(
                    "box",
                    operation.shown_name,
                    partial(session.navigation.reveal, call_id),
                    kind,
                    also=f"{kind} {operation.name}" if operation.title else kind,
                    category=category(operation),
                )
            )
    return entries


PROVIDE = boxes
