"""Names of layers: what Data and Train say of an input or output of the model goes by its layer's name."""

from collections.abc import Mapping

from graph_editor.document.applied import Applied
from graph_editor.document.document import ROOT, Document
from graph_editor.document.edits import Edit, ReplaceOperation, SetData, SetTraining
from graph_editor.document.graph import Json
from resources.training.sections import BINDINGS, OUTPUTS


def names_follow(applied: Applied) -> list[Edit]:
    """Let what Data and Train say of layers of the model follow new names of these."""
    before: dict[str, str] = {}
    for edit in applied.inverses:
        if isinstance(edit, ReplaceOperation):
            before.setdefault(edit.operation.id, edit.operation.name)
    operations = applied.document.graphs[ROOT].operations
    names = {old: operations[key].name for key, old in before.items() if key in operations}
    return renamed_ends(applied.document, {old: name for old, name in names.items() if old != name})


def renamed_ends(document: Document, names: Mapping[str, str]) -> list[Edit]:
    """Let what Data and Train say of inputs and outputs of the model follow new names of these."""
    edits: list[Edit] = []
    bindings = _renamed_keys(document.data.get(BINDINGS), names)
    if bindings is not None:
        edits.append(SetData({**document.data, BINDINGS: bindings}))
    outputs = _renamed_keys(document.training.get(OUTPUTS), names)
    if outputs is not None:
        edits.append(SetTraining({**document.training, OUTPUTS: outputs}))
    return edits


def _renamed_keys(written: Json, names: Mapping[str, str]) -> dict[str, Json] | None:
    """None where nothing is said of these names, or nothing that can be read."""
    if not isinstance(written, Mapping) or not any(name in written for name in names):
        return None
    return {names.get(key, key): value for key, value in written.items()}
