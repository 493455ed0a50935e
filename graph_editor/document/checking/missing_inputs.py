"""What becomes of a call that loses some of its inputs."""

from typing import Final, Literal

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import Port
from graph_editor.document import arguments
from graph_editor.document.graph import ArgumentPath, Call, Operation
from graph_editor.document.ports import port_path

Verdict = Literal["kept", "starved"] | ArgumentPath  # or the argument that is left of a merge, which hands it on
_MASK: Final = ("kwargs", "mask")  # Keras records it beside the inputs, and works without it


class MissingInputs:
    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def of(self, operation: Operation, call: Call, lost_paths: list[ArgumentPath]) -> Verdict:
        """Judge a call without the tensors at ``lost_paths``; a nested model or an unknown class is starved."""
        spec = self._catalog.layer(operation.class_name, operation.module)
        if operation.graph is not None or spec is None:
            return "starved"
        places = [(port, port_path(call, port, order)) for order, port in enumerate(spec.inputs)]
        lists = [(port, path) for port, path in places if port.kind == "list"]
        for lost_path in lost_paths:
            port = next((port for port, path in places if lost_path[: len(path)] == path), None)
            if (port is None and lost_path != _MASK) or (port is not None and port.kind != "list" and port.required):
                return "starved"
        for port, path in lists:
            if any(lost_path[: len(path)] == path for lost_path in lost_paths):
                verdict = _of_list(call, port, path, set(lost_paths)) if len(lists) == 1 else "starved"
                if verdict != "kept":
                    return verdict
        return "kept"


def _of_list(call: Call, port: Port, path: ArgumentPath, lost_paths: set[ArgumentPath]) -> Verdict:
    items = arguments.read(call, path)
    if not isinstance(items, list):
        return "starved" if port.required else "kept"
    indices_left = [index for index in range(len(items)) if (*path, index) not in lost_paths]
    if not indices_left:
        return "starved" if port.required else "kept"
    by_place = bool(port.items) or port.maximum == port.minimum
    if by_place and indices_left != list(range(len(indices_left))):
        return "starved"
    if len(indices_left) >= port.minimum:
        return "kept"
    mergeable = port.required and not by_place and len(indices_left) == 1
    return (*path, indices_left[0]) if mergeable else "starved"
