"""Which device a project trains on, whether it is there, and what it is called."""

from __future__ import annotations

from app.project.session import Session
from resources.text import tr
from resources.training.settings.device import SETTING as DEVICE
from runtime.messages.devices import Device


def chosen_device(session: Session) -> str:
    return str(DEVICE.written(session.document.training) or DEVICE.default)


def known_device(session: Session, device_id: str) -> Device | None:
    """None where the engine has found no such device, or has not told yet."""
    return next((device for device in session.devices.known if device.id == device_id), None)


def device_title(device: Device | None, name: str) -> str:
    if device is not None:
        return str(device.title)
    if name == "cpu":
        return tr("CPU")
    return tr("All GPUs") if name == "all" else name.upper().replace(":", " ")
