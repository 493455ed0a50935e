"""The inspector's page for several selected boxes."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.freezing import freezing_of
from app.panels.inspector_parts.facts import Facts, facts_of
from app.panels.inspector_parts.freeze_help import normalizes, several_inference_sentence
from app.panels.widgets.stat_tile import StatTile
from app.panels.wording import count_text
from app.session import Session
from graph_editor.document.freezing import is_frozen
from resources.text import tr


class SeveralPage(QWidget):
    """Says how many boxes are selected, and freezes or unfreezes them together."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._calls: tuple[str, ...] = ()
        self._title = QLabel()
        self._title.setObjectName("several_title")
        self._title.setProperty("role", "title")
        self._frozen = QLabel()
        self._frozen.setObjectName("several_frozen")
        self._frozen.setProperty("role", "small")
        self._frozen.setWordWrap(True)
        self._inference = QLabel()
        self._inference.setObjectName("several_inference")
        self._inference.setProperty("role", "small")
        self._inference.setWordWrap(True)
        self._tile = StatTile(tr("Parameters"), "several_parameters")
        self.freeze = self._button("several_freeze", tr("Freeze all"), False)
        self.unfreeze = self._button("several_unfreeze", tr("Unfreeze all"), True)
        self._lay_out()

    def show_calls(self, calls: tuple[str, ...]) -> None:
        self._calls = calls
        self.refresh()

    def refresh(self) -> None:
        facts = self._operations()
        freezable = [item for item in facts if item.can_freeze]
        frozen = [item for item in freezable if is_frozen(self._session.document, item.operation)]
        self._title.setText(tr("{count} boxes selected", count=len(self._calls)))
        self._frozen.setText(
            tr("{frozen} of {count} layers with weights are frozen.", frozen=len(frozen), count=len(freezable))
        )
        self._tile.set_value(count_text(sum(item.parameters for item in facts)))
        self.freeze.setEnabled(len(frozen) < len(freezable))
        self.unfreeze.setEnabled(bool(frozen))
        self._inference.setVisible(normalizes(item.operation for item in facts))
        self._inference.setText(several_inference_sentence())

    def _operations(self) -> list[Facts]:
        """The facts of the selected boxes, each operation once."""
        present = [call for call in self._calls if self._session.document.has_call(call)]
        facts = [facts_of(self._session, call) for call in present]
        return list({item.operation.id: item for item in facts}.values())

    def _button(self, name: str, text: str, trainable: bool) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.clicked.connect(lambda: self._set_trainable(trainable))
        return button

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.freeze)
        buttons.addWidget(self.unfreeze)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 14, 12, 12)
        layout.setSpacing(10)
        layout.addWidget(self._title)
        layout.addWidget(self._tile)
        layout.addWidget(self._frozen)
        layout.addLayout(buttons)
        layout.addWidget(self._inference)
        layout.addStretch(1)

    def _set_trainable(self, trainable: bool) -> None:
        operations = [item.operation.id for item in self._operations() if item.can_freeze]
        freezing_of(self._session).set_frozen(operations, not trainable)
