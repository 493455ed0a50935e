"""Several wires at once: taken away, or led from another output."""

from collections.abc import Iterable
from dataclasses import replace

from graph_editor.document import arguments
from graph_editor.document.changes.commands import why_not
from graph_editor.document.document import Document
from graph_editor.document.edits import Edit, EditError, SetArguments
from graph_editor.document.graph import ArgumentPath, Call, Edge, TensorRef
from resources.text import Text


def disconnect_all(document: Document, edges: Iterable[Edge]) -> list[Edit]:
    """Take wires away."""
    edits: list[Edit] = []
    for target, paths in _by_target(edges).items():
        call, gaps = document.call(target), document.operation_of(target).graph is not None
        edits.append(SetArguments(target, *_without(call, set(paths), gaps)))
    return edits


def _without(call: Call, paths: set[ArgumentPath], gaps: bool) -> arguments.Arguments:
    return arguments.without(call, lambda path, _tensor: path in paths, gaps)


def lead_from(document: Document, edges: Iterable[Edge], source: TensorRef) -> list[Edit]:
    """Let wires begin at ``source``; EditError when one of them cannot."""
    changing = [edge for edge in edges if edge.source != source]
    reason = why_not_all(document, source, (edge.target for edge in changing))
    if reason is not None:
        raise EditError(reason)
    return rewired(document, changing, source)


def rewired(document: Document, edges: Iterable[Edge], source: TensorRef) -> list[Edit]:
    """As ``lead_from``, from a box that may still have to be added."""
    edits: list[Edit] = []
    for target, paths in _by_target(edges).items():
        call = document.call(target)
        for path in paths:
            args, kwargs = arguments.with_tensor(call, path, source)
            call = replace(call, args=args, kwargs=kwargs)
        edits.append(SetArguments(target, call.args, call.kwargs))
    return edits


def why_not_all(document: Document, source: TensorRef, targets: Iterable[str]) -> Text | None:
    """Why ``source`` cannot feed all of ``targets``, or None when it can."""
    reasons = (why_not(document, source, target) for target in dict.fromkeys(targets))
    return next((reason for reason in reasons if reason is not None), None)


def _by_target(edges: Iterable[Edge]) -> dict[str, list[ArgumentPath]]:
    paths: dict[str, list[ArgumentPath]] = {}
    for edge in edges:
        paths.setdefault(edge.target, []).append(edge.path)
    return paths
