"""How long and in what portions: batch size, epochs, seed; where: the device; and what of the data."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.panels.train.form import Form
from app.panels.train.settings import with_value
from app.panels.widgets.elided_combo import ElidedCombo
from app.panels.widgets.fields import FormRow, button, heading, hint
from app.panels.widgets.setting_rows import SettingRows
from app.project.device_choice import chosen_device, known_device
from app.project.session import Session
from graph_editor.editors.parts.base import EditorContext
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.tooltips import set_tooltip
from resources.text import Text, tr
from resources.training.registry import applying, settings_in, written_values
from resources.training.setting import Setting
from resources.training.settings.device import SETTING as DEVICE
from resources.training.settings.own_parts import SETTING as OWN_PARTS
from runtime.messages.devices import Device


class RunForm(Form):
    """Batch size, epochs, seed, and whatever else is declared for a run."""

    def __init__(self, session: Session, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(session, context, parent)
        self.settings = SettingRows("training", context)
        self.settings.edited.connect(self._on_edited)
        self.rows.addWidget(self.settings)
        self.refresh()

    def refresh(self) -> None:
        self.settings.show_sections(self.training, self.session.document.data)

    def _on_edited(self, setting: Setting[Any], value: Any) -> None:
        label = Text.of("Change {setting}", setting=setting.title)
        self.store(label, with_value(self.training, setting.key, value), setting.key)


class DeviceForm(Form):
    """A true list of devices: those that are not there are listed with the reason."""

    def __init__(self, session: Session, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(session, context, parent)
        self.rows.addWidget(heading(tr("Device")))
        self.combo = ElidedCombo()
        self.combo.setObjectName("train_device")
        self.combo.setAccessibleName(tr("Device"))
        self.rows.addWidget(FormRow(tr("train on"), self.combo))
        self.reason = hint("", "device_reason")
        self.rows.addWidget(self.reason)
        self.combo.chosen.connect(self._on_chosen)
        session.devices.changed.connect(self.refresh)
        self.refresh()

    def refresh(self, _devices: object = None) -> None:
        device_id = chosen_device(self.session)
        devices = self.session.devices.known
        self.combo.clear()
        for entry in devices:
            self.combo.add(_title(entry), entry.id, str(entry.reason or entry.title), entry.available)
        device = known_device(self.session, device_id)
        self.combo.show_value(device_id, _title(device) if device else device_id.upper())
        set_tooltip(self.combo, self.combo.currentText())
        self.reason.setText(self._reason(device, devices, device_id))
        self.reason.setVisible(bool(self.reason.text()))

    def _reason(self, known: Device | None, devices: tuple[Device, ...], device_id: str) -> str:
        if known is not None and not known.available:
            return str(known.reason or "")
        if known is None and devices:
            return tr("This computer has no device {name}.", name=device_id)
        missing = next((device for device in devices if not device.available and device.reason), None)
        return str(missing.reason) if missing is not None else ""

    def _on_chosen(self, device: str) -> None:
        if device != chosen_device(self.session):
            self.store(Text("Choose the device"), with_value(self.training, DEVICE.key, device), DEVICE.key)


class DataForm(Form):
    """What of the data is for validation, whether it is shuffled, and so on; changed in Data."""

    def __init__(self, session: Session, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(session, context, parent)
        self.rows.addWidget(heading(tr("Data")))
        self._labels: dict[str, QLabel] = {}
        self._shown: dict[str, FormRow] = {}
        for setting in settings_in("data"):
            label = PlainLabel()
            label.setObjectName(f"train_{setting.key}")
            label.setWordWrap(True)
            self._labels[setting.key], self._shown[setting.key] = label, FormRow(str(setting.title), label)
            self.rows.addWidget(self._shown[setting.key])
        self.open = button(tr("Change in Data"), "open_data", "link")
        self.rows.addWidget(self.open, 0, Qt.AlignmentFlag.AlignLeft)
        self.open.clicked.connect(lambda: session.navigation.show_workspace("data"))
        session.data.described.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        data = self.session.document.data
        applicable = applying(written_values(self.training, data))
        for setting in settings_in("data"):
            self._labels[setting.key].setText(setting.text_of(setting.sound(data)))
            has_none = setting is OWN_PARTS and not self.session.data.own_parts
            self._shown[setting.key].setVisible(setting in applicable and not has_none)


def _title(device: Device) -> str:
    memory = f" · {device.memory / 2**30:.0f} GB" if device.memory and device.id != "cpu" else ""
    return f"{device.title}{memory}"
