"""The tab of Data on augmentation: its layers with their strengths, and what they make of some of the pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QScrollArea, QVBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.panels.data.augmentation.gallery import ROWS, TIMES, AugmentedGallery
from app.panels.data.augmentation.row import LayerRow
from app.panels.widgets.fields import button, column, hint
from app.project.data_look.asking import Asking
from app.project.preparing.augmentation_of import WrittenLayer, ends_of, first_layer, layers_of, with_layers
from app.project.preparing.steps_of import steps_of
from app.project.session import Session
from graph_editor.document.changes.commands import set_data
from graph_editor.document.ends import output_names
from graph_editor.editors.parts.base import EditorContext
from graph_editor.words.letting_go import let_go
from resources.text import Text, tr
from resources.training.augmentations import AUGMENTATIONS, AugmentationKind
from resources.training.sections import bindings_of
from runtime.messages.connection import Failed
from runtime.messages.describing import Column
from runtime.messages.looking import AugmentData, DataAugmented
from runtime.messages.preparing import Preparing
from runtime.messages.protocol import Answer
from runtime.spec import Augmentation
from runtime.splits import split_of

Json = Any
_AFTER_MS: Final = 250  # a slider is at rest
_LIST_WIDTH: Final = 290
_EDGE: Final = 128


class AugmentationPage(QWidget):
    """`show_column` says of which pictures; each change is one undo step."""

    def __init__(
        self, session: Session, look: ThemeSource, context: EditorContext, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("data_augmentation")
        self._session, self._context = session, context
        self._column = ""
        self._asked: object = None
        self._seed = 0
        self._asking = Asking(session.engine)
        self.rows: list[LayerRow] = []
        self._list = QWidget()
        self._layout = column(self._list, spacing=8)
        self.menu = QMenu(self)
        self.menu.setObjectName("augmentation_kinds")
        self.add = button(tr("Add a layer"), "add_augmentation")
        self.add.setMenu(self.menu)
        self.again = button(tr("Draw again"), "augment_again", "", tr("Other chances, the same strengths"))
        self.again.clicked.connect(self._on_again)
        self.about = hint("", "augmentation_about")
        self.gallery = AugmentedGallery(look)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AFTER_MS)
        self._timer.timeout.connect(self._ask)
        for kind in AUGMENTATIONS:
            action = self.menu.addAction(kind.layer)
            action.setObjectName(f"add_{kind.layer}")
            action.triggered.connect(lambda _checked=False, kind=kind: self.add_layer(kind))
        self._lay_out()

    def show_column(self, name: str) -> None:
        """The column of pictures, or nothing."""
        self._column = name
        self.refresh()

    def refresh(self) -> None:
        """Show what the document says now."""
        layers = layers_of(self._session.built.data)
        names = [layer.layer for layer in layers]
        if names != [row.layer for row in self.rows]:
            unfolded = {(row.place, row.layer) for row in self.rows if row.fold.isChecked()}
            for row in self.rows:
                let_go(row)
            self.rows = [self._row(place, layer) for place, layer in enumerate(layers)]
            for row in self.rows:
                row.fold.setChecked((row.place, row.layer) in unfolded)
        session = self._session
        ends = ends_of(session.built.data, session.document.training, session.data.columns, session.built.graph)
        for row, layer in zip(self.rows, layers, strict=True):
            row.show_layer(layer, len(layers), ends)
        self.again.setEnabled(bool(layers))
        self.gallery.setVisible(any(self._is_for(layer) for layer in layers))  # empty places look as if it drew on
        if not layers:
            self.about.setText(
                tr(
                    "Pictures can be changed at random while they train, so that a model learns what does not matter."
                    " What validates and tests stays as it is."
                )
            )
        if self.isVisible() and self._question() != self._asked:
            self._timer.start()

    def add_layer(self, kind: AugmentationKind) -> None:
        prepared = bool(steps_of(self._session.built.data, self._column))
        layer = first_layer(kind, self._known(), prepared=prepared)
        self._store(Text.of("Add the layer {layer}", layer=kind.layer), [*self._layers(), layer])

    def _layers(self) -> list[WrittenLayer]:
        return layers_of(self._session.built.data)

    def _known(self) -> Column | None:
        return next((one for one in self._session.data.columns if one.name == self._column), None)

    def _row(self, place: int, layer: WrittenLayer) -> LayerRow:
        row = LayerRow(place, layer, self._context.catalog.layer(layer.layer), self._context, self._list)
        row.edited.connect(self._on_edited)
        row.changed.connect(self._on_changed)
        row.moved.connect(lambda place, way: self._move(place, place + way))
        row.dropped.connect(self._on_dropped)
        row.removed.connect(self._on_removed)
        self._layout.addWidget(row)
        return row

    def _lay_out(self) -> None:
        inner = QWidget()
        inner_rows = column(inner, (0, 0, 8, 0), 8)
        inner_rows.addWidget(self._list)
        inner_rows.addStretch(1)
        scroll = QScrollArea()
        scroll.setObjectName("augmentation_scroll")
        scroll.setAccessibleName(tr("Layers of augmentation"))
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        left = QWidget()
        left.setFixedWidth(_LIST_WIDTH)
        left_rows = column(left, spacing=8)
        line = QHBoxLayout()
        left_rows.addLayout(line)
        line.addWidget(self.add)
        line.addWidget(self.again)
        line.addStretch(1)
        left_rows.addWidget(scroll, 1)
        outer, body, right = column(self), QHBoxLayout(), QVBoxLayout()
        outer.addLayout(body, 1)
        body.setSpacing(16)
        body.addWidget(left)
        body.addLayout(right, 1)
        right.addWidget(self.about)
        right.addWidget(self.gallery, 1)
        policy = self.gallery.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.gallery.setSizePolicy(policy)

    # what the engine makes of them

    def _question(self) -> AugmentData | None:
        data, known = self._session.data.spec, self._known()
        layers = [layer for layer in self._layers() if self._is_for(layer)]
        if data is None or known is None or not layers:
            return None
        written = tuple(Augmentation(layer.layer, dict(layer.config)) for layer in layers)
        rows = tuple(dict.fromkeys(round(place * (known.samples - 1) / max(1, ROWS - 1)) for place in range(ROWS)))
        return AugmentData(
            0, replace(data, augmentation=written), self._column, rows, TIMES, _EDGE, self._seed, self._how()
        )

    def _is_for(self, layer: WrittenLayer) -> bool:
        return not layer.input or self._column in bindings_of(self._session.built.data).get(layer.input, ())

    def _how(self) -> Preparing:
        built = self._session.built
        bound = bindings_of(built.data)
        truths = [name for output in output_names(built.graph) for name in bound.get(output, ())]
        return Preparing(split_of(built.data), tuple(dict.fromkeys(truths)))

    def _ask(self) -> None:
        question = self._question()
        if question == self._asked:
            return
        self._asking.forget()
        self._asked = question
        if question is None:
            self.gallery.show_answer(None)
            return
        self.about.setText(tr("Drawing…"))
        self._asking.ask("pictures", question, self._on_answer)

    def _on_answer(self, answer: Answer) -> None:
        if isinstance(answer, Failed):
            self.about.setText(str(answer.error))
            self.gallery.show_answer(None)
        elif isinstance(answer, DataAugmented):
            self.about.setText(tr("So do pictures come to the model while it trains; each epoch draws anew."))
            self.gallery.show_answer(answer)

    def _on_again(self) -> None:
        self._seed += 1
        self._ask()

    # changes

    def _on_edited(self, place: int, parameter: str, value: Json) -> None:
        layers = self._layers()
        if not parameter or place >= len(layers):
            self.refresh()
            return
        layer = layers[place]
        layers[place] = layer.with_value(parameter, value)
        key = ("augmentation", place, parameter)
        self._store(Text.of("Change the layer {layer}", layer=layer.layer), layers, key)

    def _on_changed(self, place: int, layer: WrittenLayer) -> None:
        layers = self._layers()
        if place < len(layers):
            layers[place] = layer
            self._store(Text.of("Change the layer {layer}", layer=layer.layer), layers)

    def _on_dropped(self, place: int, height: int) -> None:
        middles = [row.mapToGlobal(row.rect().center()).y() for row in self.rows if row.place != place]
        self._move(place, sum(middle < height for middle in middles))

    def _move(self, place: int, to: int) -> None:
        layers = self._layers()
        if place == to or not 0 <= to < len(layers):
            return
        layer = layers.pop(place)
        layers.insert(to, layer)
        self._store(Text.of("Move the layer {layer}", layer=layer.layer), layers)
        if to < len(self.rows):
            self.rows[to].setFocus()

    def _on_removed(self, place: int) -> None:
        layers = self._layers()
        if place < len(layers):
            layer = layers.pop(place)
            self._store(Text.of("Remove the layer {layer}", layer=layer.layer), layers)

    def _store(self, label: Text, layers: Sequence[WrittenLayer], key: object = None) -> None:
        session = self._session
        session.edit(label, set_data(session.document, with_layers(session.built.data, layers)), key)
        self.refresh()

    # what Qt tells

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
