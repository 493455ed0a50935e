"""The choice of the device: a true list, and for what is missing, why."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction, QActionGroup, QMouseEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from app.look.theme_source import ThemeSource
from app.project.device_choice import chosen_device, device_title, known_device
from app.project.session import Session
from app.shell.window.status_dot import dot_icon
from graph_editor.document.changes.commands import set_training
from graph_editor.words.literal import on_button
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.text import Text, tr
from resources.training.settings.device import SETTING as DEVICE
from runtime.messages.devices import Device


class DeviceButton(QPushButton):
    """Shows the project's device and lets another be chosen, as an undoable step."""

    def __init__(self, session: Session, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._look = look
        self.setObjectName("device_button")
        self.setProperty("role", "pill")
        self.setIconSize(QSize(16, 16))
        self._choices = QMenu(self)
        self._choices.setObjectName("device_menu")
        self._choices.setAccessibleName(tr("Devices"))
        self._choices.setToolTipsVisible(True)
        self._choices.aboutToShow.connect(self._fill)
        self._group = QActionGroup(self._choices)  # what the menu lets go leaves it as well
        self.setMenu(self._choices)
        look.changed.connect(self.refresh)
        session.document_changed.connect(self.refresh)
        session.devices.changed.connect(self.refresh)
        session.engine.state_changed.connect(self.refresh)
        self.refresh()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Nothing: the second click on Train comes here, as that button goes and this one takes its place."""
        event.accept()

    def refresh(self) -> None:
        device_id = chosen_device(self._session)
        device = known_device(self._session, device_id)
        available = device.available if device else device_id == "cpu"
        self.setText(on_button(device_title(device, device_id), 40))
        set_spoken_name(self, tr("Device: {name}", name=device_title(device, device_id)))
        self.setIcon(dot_icon(self._look.theme.color("ok" if available else "warning"), ring=not available))
        reason = device.reason if device and not device.available else None
        set_tooltip(self, str(reason) if reason else tr("Where the model is trained"))

    def _fill(self) -> None:
        self._choices.clear()
        self._session.devices.ask()
        if not self._session.devices.known:
            waiting = self._choices.addAction(tr("The devices are known once Keras has started."))
            waiting.setEnabled(False)
            return
        for device in self._session.devices.known:
            self._add(device)

    def _add(self, device: Device) -> None:
        text = str(device.title)
        if device.available:
            text += f"  ·  {_gigabytes(device.memory)}" if device.memory else ""
        else:
            text += f"\n{device.reason}" if device.reason else ""
        action = QAction(on_button(text.replace("\n", " — ")), self._choices)
        action.setObjectName(f"device.{device.id}")
        action.setCheckable(True)
        action.setChecked(device.id == chosen_device(self._session))
        action.setEnabled(device.available)
        set_tooltip(action, str(device.reason) if device.reason else str(device.title))
        action.triggered.connect(lambda _checked=False, name=device.id: self._choose(name))
        self._group.addAction(action)
        self._choices.addAction(action)

    def _choose(self, name: str) -> None:
        if name != chosen_device(self._session):
            training = {**self._session.document.training, DEVICE.key: name}
            self._session.edit(Text("Choose the device"), set_training(self._session.document, training))


def _gigabytes(size: int) -> str:
    return f"{size / 2**30:.1f} GB"
