"""Commands of the canvas that work on the selection, by the names of the shortcut table."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final, get_args

from graph_editor.catalog.fitting import by_axes
from graph_editor.document.canvas.frames import add_frame, leave_frames
from graph_editor.document.changes.bridging import bridge_calls
from graph_editor.document.changes.commands import move_calls
from graph_editor.document.checking.modes import toggle_label, toggled
from graph_editor.document.document import Point
from graph_editor.document.graph import BYPASSED, MUTED, Graph
from graph_editor.layout.aligning import Axis, Line, aligned, distributed
from graph_editor.view.commands.clipboard import Clipboard
from graph_editor.view.interaction import InteractiveView
from resources.text import Text, tr

LINES: Final[tuple[Line, ...]] = get_args(Line)
AXES: Final[tuple[Axis, ...]] = get_args(Axis)


class Editing:
    """What the keys and menus of ``view`` stand for beyond what the view does itself."""

    def __init__(self, view: InteractiveView) -> None:
        self._view = view
        self._clipboard = Clipboard(view.graph_scene, view.actions_on_boxes)

    def commands(self) -> dict[str, Callable[[], object]]:
        return {
            "copy_selection": self._clipboard.copy,
            "cut_selection": self._clipboard.cut,
            "duplicate_selection": self._view.actions_on_boxes.duplicate,
            "toggle_output": self._view.actions_on_boxes.toggle_output,
            "bridge_selection": self.bridge,
            "replace_selection": self.replace,
            "toggle_bypassed": partial(self.toggle_mode, BYPASSED),
            "toggle_muted": partial(self.toggle_mode, MUTED),
            "select_upstream": lambda: self.choose(self._graph.upstream),
            "select_downstream": lambda: self.choose(self._graph.downstream),
            "select_connected": lambda: self.choose(self._graph.connected),
            "invert_selection": self.invert,
            **{f"align_{line}": partial(self.align, line) for line in LINES},
            **{f"distribute_{axis}": partial(self.distribute, axis) for axis in AXES},
            "frame_selection": self.frame,
            "unframe_selection": self.unframe,
            "paste": lambda: self.paste(),
            "paste_with_links": lambda: self.paste(incoming=True),
        }

    @property
    def _graph(self) -> Graph:
        return self._view.graph_scene.graph

    # Which boxes are selected

    def choose(self, reach: Callable[[Iterable[str]], set[str]]) -> None:
        """Let all boxes join the selection that ``reach`` finds from there."""
        scene = self._view.graph_scene
        found = reach(scene.selection)
        scene.select([*scene.selection, *(call_id for call_id in scene.graph.calls if call_id in found)])

    def invert(self) -> None:
        scene = self._view.graph_scene
        chosen = set(scene.selection)
        scene.select([call_id for call_id in scene.graph.calls if call_id not in chosen])

    # Where they lie

    def align(self, line: Line) -> None:
        self._move(Text("Align"), lambda places, heights: aligned(places, line, heights))

    def distribute(self, axis: Axis) -> None:
        self._move(Text("Distribute"), lambda places, heights: distributed(places, axis, heights))

    def _move(self, label: Text, change: Callable[[dict[str, Point], dict[str, float]], dict[str, Point]]) -> None:
        scene, document = self._view.graph_scene, self._view.document
        places = scene.stand_ins.units(scene.selection)
        moved = scene.stand_ins.spread(change(places, {key: scene.shown(key).rect().height() for key in places}))
        self._view.actions_on_boxes.do(label, lambda: move_calls(document, moved))

    def frame(self) -> None:
        """Put a frame around the selected boxes, and ask for its title where that is seen."""
        view, scene, document = self._view, self._view.graph_scene, self._view.document
        before = set(scene.frames.items)
        view.actions_on_boxes.do(Text("Frame"), lambda: add_frame(document, scene.selection, tr("Frame")))
        for frame_id, item in scene.frames.items.items():
            if frame_id not in before and view.visible_area().contains(item.bar()):
                view.rename_frame(frame_id)

    def unframe(self) -> None:
        scene, document = self._view.graph_scene, self._view.document
        label = Text("Take out of the frame")
        self._view.actions_on_boxes.do(label, lambda: leave_frames(document, scene.selection))

    # What is there

    def bridge(self) -> None:
        """Delete the selected boxes and join what was before them to what was behind."""
        chosen, document = self._view.graph_scene.selection, self._view.document
        notes = self._view.graph_scene.notes.selected_names
        self._view.actions_on_boxes.do(Text("Delete and reconnect"), lambda: bridge_calls(document, chosen, notes))

    def toggle_mode(self, mode: str) -> None:
        """Bypass or mute the selected boxes, or when all are, no longer."""
        scene, document = self._view.graph_scene, self._view.document
        if not scene.selection:
            return
        label = toggle_label(document, scene.selection, mode, scene.catalog)
        self._view.actions_on_boxes.do(label, lambda: toggled(document, scene.selection, mode, scene.catalog))

    def replace(self) -> None:
        """Let the user choose what the selected layers shall be instead."""
        scene, actions = self._view.graph_scene, self._view.actions_on_boxes
        chosen = scene.selection
        if not chosen:
            return
        sources = [edge.source for edge in scene.graph.edges_into(chosen[-1])]
        told = scene.spec_of(sources[0]) if sources else None
        axes = len(told[0]) if told else None
        self._view.ask_for_layer(
            scene.shown(chosen[-1]).rect().bottomLeft(),
            lambda spec: actions.replace([key for key in chosen if key in scene.graph.calls], spec),
            lambda specs, typed: by_axes(specs, axes, typed),
        )

    def paste(self, incoming: bool = False) -> None:
        place = self._view.pointed_place
        self._clipboard.paste((place.x(), place.y()), incoming)
