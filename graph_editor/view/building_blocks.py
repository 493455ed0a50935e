"""What is made of many boxes at once: repeating a selection."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF

from graph_editor.catalog.specs import Json, Parameter
from graph_editor.document.edits import Edit, EditError
from graph_editor.document.repeating import FEWEST, MOST, link_of, repeat
from graph_editor.view.editors.registry import editor_context
from graph_editor.view.form_popup import FormField, FormPopup
from graph_editor.view.painting.theme import CanvasTheme
from resources.text import Text, tr

if TYPE_CHECKING:
    from graph_editor.view.graph_view import GraphView


class BuildingBlocks(QObject):
    """Belongs to ``view``; ``commands`` is what the shortcut table may call."""

    def __init__(self, view: "GraphView", theme: CanvasTheme) -> None:
        super().__init__(view)
        self._view, self._theme = view, theme
        self._form: FormPopup | None = None

    def commands(self) -> dict[str, Callable[[], object]]:
        return {"repeat_selection": self.ask_to_repeat}

    def set_theme(self, theme: CanvasTheme) -> None:
        self._theme = theme
        if self._form is not None:
            self._form.set_theme(theme)

    @property
    def form(self) -> FormPopup:
        """Made when first wanted."""
        if self._form is None:
            self._form = FormPopup(editor_context(self._view.catalog), self._theme, self._view)
            self._form.closed.connect(self._view.setFocus)
        return self._form

    # Repeating

    def ask_to_repeat(self) -> None:
        """Ask how often the selected boxes shall stand in a row; say why they cannot."""
        view = self._view
        chosen = view.selection
        try:
            link = link_of(view.document, chosen)
        except EditError as error:
            view.problem_reported.emit(str(error.text))
            return
        fields = (
            FormField(Parameter("times", "int", minimum=FEWEST, maximum=MOST), tr("How many in a row"), FEWEST),
            FormField(
                Parameter("share", "bool"),
                tr("Share the weights"),
                False,
                tr("On: the same layers are used again. Off: each copy has layers of its own."),
            ),
        )
        name = view.graph_scene.graph.operation_of(link.calls[0]).name
        count = len(link.calls)
        title = tr("Repeat {layer}", layer=name) if count == 1 else tr("Repeat {count} boxes", count=count)
        self.form.ask(
            title, fields, tr("Repeat"), self._beside(link.calls), lambda values: self._repeat(chosen, values)
        )

    def _repeat(self, chosen: tuple[str, ...], values: Mapping[str, Json]) -> None:
        view, made = self._view, list[str]()

        def edits() -> list[Edit]:
            steps, new = repeat(
                view.document, chosen, values["times"], bool(values["share"]), view.graph_scene.place_of
            )
            made.extend(new)
            return steps

        if view.actions_on_boxes.do(Text("Repeat"), edits):
            view.select(made)

    def _beside(self, call_ids: tuple[str, ...]) -> QPointF:
        """Pixels: at the right of boxes."""
        area = QRectF()
        for call_id in call_ids:
            area |= self._view.graph_scene.boxes[call_id].rect()
        return QPointF(self._view.mapFromScene(area.topRight() + QPointF(24, 0)))
