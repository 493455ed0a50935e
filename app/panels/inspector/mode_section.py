"""Bypassing and muting in the inspector, and why a box is left out of the model."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.panels.widgets.labelled_switch import LabelledSwitch
from app.panels.widgets.sentence import sentence
from app.project.session import Session
from graph_editor.document.changes.modes import why_no_mode
from graph_editor.document.checking.left_out import left_out_among, why_left_out
from graph_editor.document.graph import BYPASSED, MUTED
from graph_editor.words.tooltips import set_tooltip
from resources.text import tr


class ModeSection(QWidget):
    """One line with two switches, for one box or for several; below it a sentence when any of these is left out."""

    def __init__(self, session: Session, prefix: str = "") -> None:
        """``prefix`` is that of the names of its parts."""
        super().__init__()
        self.setObjectName(f"{prefix}mode_section")
        self._session = session
        self._calls: tuple[str, ...] = ()
        self.bypass = LabelledSwitch(tr("Bypass"), f"{prefix}bypass_switch")
        self.mute = LabelledSwitch(tr("Mute"), f"{prefix}mute_switch")
        set_tooltip(self.bypass, tr("Hand on what comes in, as if the box were not there."))
        set_tooltip(self.mute, tr("Leave the box out of the model, with all that needs it."))
        self.reason = sentence(name=f"{prefix}left_out_reason")
        line = QHBoxLayout()
        line.setSpacing(20)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(line)
        line.addWidget(self.bypass, 1)
        line.addWidget(self.mute, 1)
        layout.addWidget(self.reason)
        self.bypass.switched.connect(lambda on: self._switch(BYPASSED, on))
        self.mute.switched.connect(lambda on: self._switch(MUTED, on))

    def show_call(self, call: str) -> None:
        found = self._session.built_model.left_out.get(call)
        self._show((call,), why_left_out(self._session.document, found) if found is not None else "")

    def show_calls(self, calls: tuple[str, ...]) -> None:
        """A switch is on when it is for all boxes that can be so."""
        self._show(calls, left_out_among(self._session.built_model, calls))

    def _show(self, calls: tuple[str, ...], reason: str) -> None:
        self._calls = calls
        document, catalog = self._session.document, self._session.catalog
        for control, mode in ((self.bypass, BYPASSED), (self.mute, MUTED)):
            on = [document.call(call).mode == mode for call in calls]
            others = (call for call, already in zip(calls, on, strict=True) if not already)
            able = any(why_no_mode(document, call, mode, catalog) is None for call in others)
            control.set_on(any(on) and not able)
            control.setVisible(any(on) or able)
        self.setVisible(bool(reason) or not (self.bypass.isHidden() and self.mute.isHidden()))
        self.reason.setVisible(bool(reason))
        self.reason.setText(reason)

    def _switch(self, mode: str, on: bool) -> None:
        if len(self._calls) == 1:
            self._session.modes.switch(self._calls[0], mode, on)
            self.show_call(self._calls[0])  # a switch that was refused goes back
        else:
            self._session.modes.toggle(self._session.navigation.selection, mode)
            self.show_calls(self._calls)
