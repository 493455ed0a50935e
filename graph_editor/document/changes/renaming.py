"""Names of layers: what Data and Train say of an input or output of the model goes by its layer's name."""

from collections.abc import Collection, Mapping

from graph_editor.document.applied import Applied
from graph_editor.document.changes.outputs_before import ends_before, ends_now, kept_outputs, may_rename_outputs
from graph_editor.document.document import ROOT, Document
from graph_editor.document.edits import Edit, ReplaceOperation, SetData, SetTraining
from graph_editor.document.graph import Json
from resources.training.sections import BINDINGS, INITIAL_NAMES, INITIAL_WEIGHTS, OUTPUTS, initial_names_of


def names_follow(applied: Applied) -> list[Edit]:
    """Let what Data and Train say of layers of the model follow new names of these, and the weights they start from."""
    before: dict[str, str] = {}
    for edit in applied.inverses:
        if isinstance(edit, ReplaceOperation):
            before.setdefault(edit.operation.id, edit.operation.name)
    names = {ROOT: dict[str, str](), "": dict[str, str]()}
    for graph_id, graph in applied.document.graphs.items() if before else ():
        own = names[ROOT if graph_id == ROOT else ""]
        own |= {old: graph.operations[key].name for key, old in before.items() if key in graph.operations}
    outer, inner = ({old: name for old, name in own.items() if old != name} for own in names.values())
    edits = _ends_followed(applied, outer)
    after = next((edit.training for edit in edits if isinstance(edit, SetTraining)), applied.document.training)
    kept = _with_names_in_file(after, {**inner, **outer})
    return [*edits, SetTraining(kept)] if kept is not after else edits


def _ends_followed(applied: Applied, layers: Mapping[str, str]) -> list[Edit]:
    """`layers` are new names of layers of the model, by the old ones."""
    if not may_rename_outputs(applied):
        return []
    before, after = ends_before(applied), ends_now(applied)
    numbered = {output.name for output in before.outputs() if output.name != output.layer}
    kept = {old.name: new.name for old, new in kept_outputs(before, after)}
    names = {old: name for old, name in {**layers, **kept}.items() if old in kept or old not in numbered}
    gone_names = {*numbered} - kept.keys() - {output.name for output in after.outputs()}
    return renamed_ends(applied.document, {old: name for old, name in names.items() if old != name}, gone_names)


def _with_names_in_file(training: Mapping[str, Json], names: Mapping[str, str]) -> Mapping[str, Json]:
    """Note what renamed layers are called in the file of weights that training starts from, if it does."""
    if not names or not training.get(INITIAL_WEIGHTS):
        return training
    known = initial_names_of(training)
    in_file = {name: old for name, old in known.items() if name not in names}
    in_file |= {name: known.get(old, old) for old, name in names.items()}
    in_file = {name: old for name, old in in_file.items() if name != old}
    others = {key: value for key, value in training.items() if key != INITIAL_NAMES}
    return {**others, INITIAL_NAMES: in_file} if in_file else others


def renamed_ends(document: Document, names: Mapping[str, str], gone_names: Collection[str] = ()) -> list[Edit]:
    """Let what Data and Train say of inputs and outputs of the model follow new names of these.

    What is said of `gone_names`, or whose name another has now, is forgotten.
    """
    edits: list[Edit] = []
    bindings = _renamed_keys(document.data.get(BINDINGS), names, gone_names)
    if bindings is not None:
        edits.append(SetData({**document.data, BINDINGS: bindings}))
    outputs = _renamed_keys(document.training.get(OUTPUTS), names, gone_names)
    if outputs is not None:
        edits.append(SetTraining({**document.training, OUTPUTS: outputs}))
    return edits


def _renamed_keys(written: Json, names: Mapping[str, str], gone_names: Collection[str]) -> dict[str, Json] | None:
    """None where nothing is said of these names, or nothing that can be read."""
    if not isinstance(written, Mapping) or not any(name in written for name in (*names, *gone_names)):
        return None
    taken = {new for old, new in names.items() if old in written}
    kept = {key: value for key, value in written.items() if key in names or key not in {*gone_names, *taken}}
    return {names.get(key, key): value for key, value in kept.items()}
