"""What comes out of a box for many samples, as a map: alike samples lie side by side."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Final, Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.look.theme_source import ThemeSource
from app.panels.inside.looking import LookingInside
from app.panels.inside.output_names import OutputAt
from app.panels.inside.page import Page
from app.panels.inside.points import ClassLegend, PointsMap
from app.panels.inside.sample_card import PARTS, offer_parts
from app.panels.inside.shown import share_text
from app.panels.plots.formats import count_text
from app.panels.widgets.chips import Chips
from app.panels.widgets.fields import button
from app.panels.widgets.sentence import sentence
from graph_editor.editors.parts.combo import Combo, Entry
from graph_editor.words.spoken import set_spoken_name
from resources.text import Text, tr
from runtime.messages.inside import CallAt, EmbeddingMapped, MapEmbedding
from runtime.messages.trained import On, PartName

Way = Literal["pca", "tsne", "umap"]
WAYS: Final[tuple[tuple[Way, Text, Text], ...]] = (
    (
        "pca",
        Text("PCA"),
        Text("The two directions in which samples differ most. At once, and distances mean something."),
    ),
    ("tsne", Text("t-SNE"), Text("Keeps neighbours together. Takes longer, and only neighbourhoods mean something.")),
    (
        "umap",
        Text("UMAP"),
        Text(
            "Keeps neighbours together as well, and more of how groups lie to each other. Takes longer the first time."
        ),
    ),
)
_NO_UMAP: Final = Text("UMAP is not installed: take PCA or t-SNE, or install the package umap-learn.")


def has_umap() -> bool:
    """Whether the package is there; it is an extra of ours, and the evaluator's process alone imports it."""
    try:
        version("umap-learn")
    except PackageNotFoundError:
        return False
    return True


class MapPage(Page):
    """`sample_wanted` carries the part and the row of a point that was opened."""

    sample_wanted = Signal(str, int)

    def __init__(self, inside: LookingInside, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__("inside_map", inside, parent)
        self._drawn: tuple[object, ...] = ()  # what the map is of that is there or asked for
        self._part: PartName = "validation"
        self._missing = False  # what the method needs is not installed
        self.part = Chips("inside_map_part", tr("Part of the data"))
        self.part.show_entries([(key, str(title), "") for key, title in PARTS])
        self.part.show_key("validation")
        self.way = Chips("inside_map_way", tr("Method"))
        self.way.show_entries([(key, str(title), str(tip)) for key, title, tip in WAYS])
        self.way.show_key("pca")
        self.meaning = sentence(str(WAYS[0][2]), "inside_map_meaning")
        self.colour = Combo()
        self.colour.setObjectName("inside_map_colour")
        set_spoken_name(self.colour, tr("Output whose classes colour the points"))
        self.draw = button(tr("Draw the map"), "inside_map_draw", "primary")
        self.cloud = PointsMap("inside_map_points", tr("Map of the samples"), look)
        self.legend = ClassLegend("inside_map_classes", look)
        self.told = sentence("", "inside_map_told")
        self.rows.addWidget(
            sentence(
                tr("What comes out of this box, for many samples. Alike ones lie side by side."), "inside_map_what"
            )
        )
        for widget in (self.part, self.way, self.meaning, self.colour, self.draw):
            self.rows.addWidget(widget)
        self.add_waiting(self.draw)
        for view in (self.cloud, self.legend, self.told):
            self.rows.addWidget(view)
        self.rows.addStretch(1)
        self.way.chosen.connect(self._on_way)
        self.draw.clicked.connect(self.ask)
        inside.parts_changed.connect(lambda: offer_parts(self.part, inside.parts))
        offer_parts(self.part, inside.parts)
        self.question.busy_changed.connect(lambda _busy: self._show_whether())
        self.cloud.opened.connect(lambda row: self.sample_wanted.emit(self._part, row))
        self._clear()

    def show_outputs(self, outputs: tuple[OutputAt, ...]) -> None:
        self.colour.fill([Entry(tr("coloured by {output}", output=output.title), output.name) for output in outputs])
        self.colour.setVisible(bool(outputs))

    def show_call(self, call: CallAt | None) -> None:
        """The map stays, and is waited for, while only the sample is another one."""
        super().show_call(call)
        if (call, self.inside.trained() if self.inside.on else None) != self._drawn:
            self.question.cancel()
            self._clear()

    def ask(self) -> None:
        trained = self.inside.trained() if self.inside.on else None
        if self.call is None or trained is None:
            return
        part = next(part for part, _ in PARTS if part == self.part.key)
        way = next(way for way, _, _ in WAYS if way == self.way.key)
        colour = self.colour.currentData()
        message = MapEmbedding(0, trained, On(part), self.call, colour if isinstance(colour, str) else "", way)
        self._drawn = (self.call, trained)

        def show(answer: EmbeddingMapped) -> None:
            self._part = part
            self._show(answer)

        self.question.ask(message, EmbeddingMapped, show)

    def _show(self, answer: EmbeddingMapped) -> None:
        points = answer.points
        self.cloud.show_points(points)
        self.legend.show_names(points.names)
        sentences = []
        if answer.explained is not None:
            sentences.append(tr("The two axes hold {share} of the variance.", share=share_text(answer.explained)))
        if points.shown_of is not None and points.shown_of > len(points.xs):
            shown, count = count_text(len(points.xs)), count_text(points.shown_of)
            sentences.append(tr("{shown} of {count} samples, drawn at random.", shown=shown, count=count))
        if answer.note is not None:
            sentences.append(str(answer.note))
        self.told.setText(" ".join(sentences))
        self.told.setVisible(bool(sentences))

    def _on_way(self, key: str) -> None:
        missing = key == "umap" and not has_umap()
        self.meaning.setText(str(_NO_UMAP) if missing else next(str(tip) for way, _, tip in WAYS if way == key))
        self._missing = missing
        self._show_whether()

    def _show_whether(self) -> None:
        """Whether a map can be asked for now."""
        self.draw.setEnabled(not self.question.busy and not self._missing)

    def _clear(self) -> None:
        self._drawn = ()
        self.cloud.show_points(None)
        self.legend.show_names(())
        self.told.hide()
