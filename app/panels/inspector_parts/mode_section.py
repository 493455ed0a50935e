"""Bypassing and muting in the inspector, and why a box is left out of the model."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.actions.modes import switch
from app.panels.widgets.labelled_switch import LabelledSwitch
from app.panels.widgets.sentence import sentence
from app.session import Session
from graph_editor.document.graph import BYPASSED, MUTED
from graph_editor.document.modes import why_left_out, why_no_mode
from resources.text import tr


class ModeSection(QWidget):
    """One line with two switches; below it a sentence when the box is left out, whoever is to blame."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("mode_section")
        self._session = session
        self._call = ""
        self.bypass = LabelledSwitch(tr("Bypass"), "bypass_switch")
        self.mute = LabelledSwitch(tr("Mute"), "mute_switch")
        self.bypass.setToolTip(tr("Hand on what comes in, as if the box were not there."))
        self.mute.setToolTip(tr("Leave the box out of the model, with all that needs it."))
        self.reason = sentence(name="left_out_reason")
        line = QHBoxLayout()
        line.setSpacing(20)
        line.addWidget(self.bypass, 1)
        line.addWidget(self.mute, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(line)
        layout.addWidget(self.reason)
        self.bypass.switched.connect(lambda on: self._switch(BYPASSED, on))
        self.mute.switched.connect(lambda on: self._switch(MUTED, on))

    def show_call(self, call: str) -> None:
        session, self._call = self._session, call
        document, catalog = session.document, session.catalog
        mode = document.call(call).mode
        for control, value in ((self.bypass, BYPASSED), (self.mute, MUTED)):
            control.set_on(mode == value)
            control.setVisible(mode == value or why_no_mode(document, call, value, catalog) is None)
        self.setVisible(not (self.bypass.isHidden() and self.mute.isHidden()) or call in session.active.left_out)
        found = session.active.left_out.get(call)
        self.reason.setVisible(found is not None)
        self.reason.setText(why_left_out(document, found) if found is not None else "")

    def _switch(self, mode: str, on: bool) -> None:
        switch(self._session, self._call, mode, on)
        self.show_call(self._call)  # a switch that was refused goes back
