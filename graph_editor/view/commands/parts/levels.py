"""Which graph of the document shows: the root, or what is in a nested model."""

from graph_editor.document.document import ROOT, Changes
from graph_editor.document.nesting import lineage, owner, title
from graph_editor.view.commands.parts.canvas import WorkCanvas
from graph_editor.view.floating.breadcrumbs import Breadcrumbs


class Levels:
    """Knows the graphs down to the one that shows, which ``breadcrumbs`` tell, and where one looked in others."""

    def __init__(self, canvas: WorkCanvas, breadcrumbs: Breadcrumbs) -> None:
        self._canvas, self._breadcrumbs = canvas, breadcrumbs
        self._looks: dict[str, tuple[float, tuple[float, float]]] = {}  # zoom and middle
        self._line = [ROOT]
        breadcrumbs.graph_chosen.connect(self._on_graph_chosen)

    def show(self, graph_id: str) -> None:
        """Show another graph, where one looked when it was last shown; the first time all of it, or its inputs."""
        scene, view = self._canvas.graph_scene, self._canvas.view
        middle = view.visible_area().center()
        self._looks[scene.graph_id] = view.zoom, (middle.x(), middle.y())
        scene.show_graph(graph_id)
        look = self._looks.get(graph_id)
        if look is None:
            self._canvas.first_look()
        else:
            view.zoom_to(look[0])
            view.centerOn(*look[1])
        self.show_line()

    def enter_selected(self) -> None:
        """Open the one selected box, if it is a nested model."""
        scene = self._canvas.graph_scene
        if len(scene.selection) == 1:
            inner = scene.graph.operation_of(scene.selection[0]).graph
            if inner is not None:
                self._canvas.show_graph(inner)

    def leave(self) -> None:
        """Show the graph in which the one that shows is a box, with that box selected."""
        left = owner(self._canvas.document, self._canvas.graph_scene.graph_id)
        if left is not None:
            self._go_up(left[0])

    def follow(self, changes: Changes) -> bool:
        """Before the scene follows: the graph that shows may be gone; whether the root shows instead of another."""
        document, scene = self._canvas.document, self._canvas.graph_scene
        if changes.everything:
            self._looks.clear()
            scene.go_to_root()
            return self._line != [ROOT]
        if scene.graph_id not in document.graphs:
            self._canvas.show_graph(next(place for place in reversed(self._line) if place in document.graphs))
        return False

    def show_line(self) -> None:
        document = self._canvas.document
        self._line = lineage(document, self._canvas.graph_scene.graph_id)
        self._breadcrumbs.show_line([(graph_id, title(document, graph_id)) for graph_id in self._line])

    def _on_graph_chosen(self, graph_id: str) -> None:
        self._go_up(graph_id)
        self._canvas.view.setFocus()

    def _go_up(self, graph_id: str) -> None:
        """Show a graph further up, with the box selected that leads to the one that showed."""
        below = self._line[self._line.index(graph_id) + 1]
        self._canvas.show_graph(graph_id)
        graph = self._canvas.graph_scene.graph
        model = next((operation for operation in graph.operations.values() if operation.graph == below), None)
        self._canvas.select(graph.calls_of(model.id)[:1] if model else ())
