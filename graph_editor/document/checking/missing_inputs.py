"""What becomes of a call that loses some of its inputs."""

from typing import Final, Literal

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import Port
from graph_editor.document import arguments
from graph_editor.document.graph import ArgumentPath, Call, Operation
from graph_editor.document.ports import port_path

Verdict = Literal["kept", "starved"] | ArgumentPath  # or the argument that is left of a merge, which hands it on
_MASK: Final = ("kwargs", "mask")  # Keras records it beside the inputs, and works without it


class Losses:
    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def of(self, operation: Operation, call: Call, lost: list[ArgumentPath]) -> Verdict:
        """What a call can do without the tensors at ``lost``; a nested model, or an unknown class, nothing."""
        spec = self._catalog.layer(operation.class_name, operation.module)
        if operation.graph is not None or spec is None:
            return "starved"
        places = [(port, port_path(call, port, order)) for order, port in enumerate(spec.inputs)]
        lists = [(port, path) for port, path in places if port.kind == "list"]
        for gone in lost:
            port = next((port for port, path in places if gone[: len(path)] == path), None)
            if (port is None and gone != _MASK) or (port is not None and port.kind != "list" and port.required):
                return "starved"
        for port, path in lists:
            if any(gone[: len(path)] == path for gone in lost):
                verdict = _of_list(call, port, path, set(lost)) if len(lists) == 1 else "starved"
                if verdict != "kept":
                    return verdict
        return "kept"


def _of_list(call: Call, port: Port, path: ArgumentPath, lost: set[ArgumentPath]) -> Verdict:
    items = arguments.read(call, path)
    if not isinstance(items, list):
        return "starved" if port.required else "kept"
    left = [index for index in range(len(items)) if (*path, index) not in lost]
    if not left:
        return "starved" if port.required else "kept"
    by_place = bool(port.items) or port.maximum == port.minimum
    if by_place and left != list(range(len(left))):
        return "starved"
    if len(left) >= port.minimum:
        return "kept"
    mergeable = port.required and not by_place and len(left) == 1
    return (*path, left[0]) if mergeable else "starved"
