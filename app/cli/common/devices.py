"""Whether a device that is named is there."""

from app.cli.common.engine import HeadlessEngine
from app.cli.common.output import CommandError
from resources.text import Text
from runtime.messages.connection import Failed
from runtime.messages.devices import Devices, ListDevices


def require_device(engine: HeadlessEngine, device: str) -> None:
    """CommandError when there is no such device here, before anything of a run is written."""
    answer = engine.ask(ListDevices(0))
    if isinstance(answer, Failed):
        raise CommandError(answer.error, answer.detail)
    assert isinstance(answer, Devices)
    device_entry = next((entry for entry in answer.devices if entry.id == device), None)
    if device_entry is None:
        raise CommandError(Text("This machine has no device {device}; see: lamella devices", {"device": device}))
    if not device_entry.available:
        reason = device_entry.reason or Text("It is not available.")
        raise CommandError(Text("{device} cannot be used. {reason}", {"device": device, "reason": reason}))
