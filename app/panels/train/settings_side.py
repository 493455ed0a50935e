"""The left column of Train: everything that is set before a run, and the learning rate during one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.panels.train.callbacks_form import CallbacksForm
from app.panels.train.form import Form
from app.panels.train.optimizer_form import OptimizerForm
from app.panels.train.outputs_form import OutputsForm
from app.panels.train.run_form import DataForm, DeviceForm, RunForm
from app.panels.train.weights_form import WeightsForm
from app.panels.widgets.fields import column
from app.project.choosers import Chooser
from app.project.session import Session
from graph_editor.background.background import Background
from graph_editor.document.document import Changes
from graph_editor.editors.registry import editor_context
from resources.text import tr

WIDTH = 300


class SettingsSide(QFrame):
    """Follows the document. `rate_changed` is emitted while a run is live."""

    rate_changed = Signal(float)

    def __init__(
        self, session: Session, chooser: Chooser, background: Background, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("train_settings")
        self.setAccessibleName(tr("Training settings"))
        self.setFixedWidth(WIDTH)
        context = editor_context(session.catalog)
        self.optimizer = OptimizerForm(session, context)
        self.run_form = RunForm(session, context)
        self.outputs = OutputsForm(session, context)
        self.callbacks = CallbacksForm(session, context)
        self.data = DataForm(session, context)
        self.weights = WeightsForm(session, context, chooser, background)
        self.device = DeviceForm(session, context)
        self._forms: tuple[Form, ...] = (
            self.optimizer, self.run_form, self.outputs, self.callbacks, self.data, self.weights, self.device,
        )  # fmt: skip
        self._lay_out()
        self.optimizer.rate_changed.connect(self.rate_changed)
        session.document_changed.connect(self._on_document_changed)
        session.inference.results_changed.connect(self._on_facts_changed)
        session.data.described.connect(self._on_facts_changed)

    def set_live(self, live: bool) -> None:
        """Lock what a run has taken over already."""
        self.optimizer.set_live(live)
        for form in self._forms:
            if form is not self.optimizer:
                form.setEnabled(not live)

    def refresh(self) -> None:
        for form in self._forms:
            form.refresh()

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setProperty("part", "form")
        rows = column(inner, (14, 12, 12, 16), 16)
        top = QWidget()
        joined = column(top)
        joined.addWidget(self.optimizer)
        joined.addWidget(self.run_form)
        for widget in (top, self.outputs, self.callbacks, self.data, self.weights, self.device):
            rows.addWidget(widget)
        rows.addStretch(1)
        scroll = QScrollArea()
        scroll.setObjectName("train_settings_scroll")
        scroll.setAccessibleName(tr("Training settings"))
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _on_document_changed(self, changes: Changes) -> None:
        if changes.training or changes.data or changes.everything or changes.structure:
            self.refresh()

    def _on_facts_changed(self, _facts: object = None) -> None:
        self.outputs.refresh()
        self.callbacks.refresh()
