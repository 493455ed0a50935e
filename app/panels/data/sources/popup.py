"""What can be said about one source of data: how it is read, how it is joined, another file, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.panels.data.sources.join_form import JoinForm
from app.panels.widgets.fields import FormRow, button, hint
from app.panels.widgets.setting_rows import SettingsForm
from graph_editor.editors.parts.base import EditorContext
from graph_editor.words.elided_label import ElidedLabel
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr
from resources.training.setting import Setting
from runtime.data_kinds import DataKind
from runtime.messages.describing import Column

_WIDTH, _TALLEST, _GAP = 380, 380, 4
Json = Any


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """A source as a project writes it, what kind it is (None: an unknown one), and its columns, by their own names."""

    place: int
    source: Mapping[str, Json]
    kind: DataKind | None
    columns: tuple[Column, ...] = ()
    first_columns: tuple[Column, ...] = ()


class SourcePopup(QFrame):
    option_changed = Signal(object, object)  # Setting, Json
    join_changed = Signal(object)  # Mapping
    renamed = Signal(str)
    reload_requested = Signal()
    replace_requested = Signal()
    remove_requested = Signal()

    def __init__(self, facts: SourceFacts, context: EditorContext, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("source_popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(_WIDTH)
        set_spoken_name(self, tr("How this data is read"))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(14, 12, 14, 13)
        rows.setSpacing(9)
        title = PlainLabel(str(facts.kind.title) if facts.kind is not None else str(facts.source.get("kind")))
        title.setProperty("role", "strong")
        rows.addWidget(title)
        self._add_place(rows, facts)
        if facts.place:
            self._add_join(rows, facts)
        options: Sequence[Setting[Any]] = facts.kind.options if facts.kind is not None else ()
        if options:
            self._add_options(rows, facts, options, context)
        self._add_buttons(rows, facts)

    def open_below(self, widget: QWidget) -> None:
        self.adjustSize()
        place = widget.mapToGlobal(QPoint(0, widget.height() + _GAP))
        room = widget.screen().availableGeometry()
        place.setX(max(room.left(), min(place.x(), room.right() - self.width())))
        self.move(place)
        self.show()
        first = next((child for child in self.findChildren(QWidget) if child.focusPolicy() & Qt.FocusPolicy.TabFocus
                      and child.isVisible()), None)  # fmt: skip
        if first is not None:
            first.setFocus(Qt.FocusReason.PopupFocusReason)

    def _add_place(self, rows: QVBoxLayout, facts: SourceFacts) -> None:
        path = str(facts.source.get("path") or "")
        if path:
            place = ElidedLabel()
            place.setProperty("part", "hint")
            place.show_text(path)
            rows.addWidget(place)
        if facts.kind is not None and facts.kind.note is not None:
            rows.addWidget(hint(str(facts.kind.note)))

    def _add_join(self, rows: QVBoxLayout, facts: SourceFacts) -> None:
        name = QLineEdit(str(facts.source.get("name") or ""))
        name.setObjectName("source_name")
        set_spoken_name(name, tr("Name of this data"))
        name.editingFinished.connect(lambda: self._on_name(name, str(facts.source.get("name") or "")))
        rows.addWidget(FormRow(tr("Name"), name))
        self.join = JoinForm("source")
        join = facts.source.get("join")
        self.join.show_join(join if isinstance(join, Mapping) else {"by": "order"})
        self.join.show_columns(facts.columns, facts.first_columns)
        self.join.changed.connect(self._on_join)
        rows.addWidget(self.join)

    def _add_options(
        self, rows: QVBoxLayout, facts: SourceFacts, options: Sequence[Setting[Any]], context: EditorContext
    ) -> None:
        form = SettingsForm(options, context)
        form.setObjectName("source_options")
        written = facts.source.get("options")
        form.show_values(written if isinstance(written, Mapping) else {})
        form.edited.connect(self.option_changed)
        scroll = QScrollArea()
        scroll.setObjectName("source_options_scroll")
        scroll.setAccessibleName(tr("How this data is read"))
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidgetResizable(True)
        scroll.setWidget(form)
        scroll.setFixedHeight(min(_TALLEST, form.sizeHint().height() + 4))
        rows.addWidget(scroll)

    def _add_buttons(self, rows: QVBoxLayout, facts: SourceFacts) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(6)
        rows.addLayout(foot)
        entries = [("reload_data", tr("Read it again"), self.reload_requested)]
        if facts.kind is not None and facts.kind.on_disk:
            entries.append(("replace_data", tr("Another file…"), self.replace_requested))
        entries.append(("remove_data", tr("Remove"), self.remove_requested))
        for name, text, signal in entries:
            push = button(text, name)
            push.setProperty("part", "small")
            push.clicked.connect(self.close)
            push.clicked.connect(signal)
            foot.addWidget(push)
        foot.addStretch(1)

    def _on_name(self, field: QLineEdit, before: str) -> None:
        name = field.text().strip()
        if name and name != before and "/" not in name:
            self.close()
            self.renamed.emit(name)

    def _on_join(self) -> None:
        if self.join.complete:
            self.join_changed.emit(self.join.value())
