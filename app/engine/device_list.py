"""The devices that the engine has found on this machine."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.engine.engine_link import EngineLink
from runtime.messages.devices import Device, Devices, ListDevices
from runtime.messages.protocol import Answer


class DeviceList(QObject):
    """`known` is empty until the engine has answered."""

    changed = Signal(object)  # tuple[Device, ...]

    def __init__(self, engine: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.known: tuple[Device, ...] = ()
        self._engine = engine

    def ask(self) -> None:
        """Ask for the devices; `changed` follows."""
        self._engine.request(ListDevices(0), self._on_answer)

    def _on_answer(self, answer: Answer) -> None:
        if isinstance(answer, Devices):
            self.known = answer.devices
            self.changed.emit(answer.devices)
