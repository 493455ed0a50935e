"""How long and in what portions: batch size, epochs, seed; where: the device; and what of the data."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from app.panels.train.form import Form, show
from app.panels.train.settings import value_of, with_value
from app.panels.widgets.fields import FormRow, button, heading, hint
from app.project.session import Session
from graph_editor.catalog.specs import Parameter
from graph_editor.editors.parts.base import EditorContext, ParameterEditor
from graph_editor.editors.parts.combo import Combo
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.tooltips import set_tooltip
from resources.text import Text, tr
from runtime.protocol import Device

_LABELS = {
    "batch_size": Text("Change the batch size"),
    "epochs": Text("Change the number of epochs"),
    "seed": Text("Change the seed"),
}


class RunForm(Form):
    """Batch size, epochs, seed."""

    def __init__(self, session: Session, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(session, context, parent)
        self._editors: dict[str, ParameterEditor] = {}
        self._add(
            Parameter("batch_size", "int", minimum=1),
            tr("batch size"),
            tr("Samples that are looked at before the weights change once."),
        )
        self._add(
            Parameter("epochs", "int", minimum=1), tr("epochs"), tr("How often all training samples are gone through.")
        )
        self._add(
            Parameter("seed", "int", nullable=True, minimum=0, maximum=2**32 - 1),
            tr("seed"),
            tr("The same number gives the same start weights and the same order of samples; none is random."),
        )
        self.refresh()

    def refresh(self) -> None:
        for key, editor in self._editors.items():
            show(editor, value_of(self.training, key))

    def _add(self, parameter: Parameter, label: str, tooltip: str) -> None:
        editor = self.editor(parameter, parameter.name)
        editor.edited.connect(lambda value, key=parameter.name: self._on_edited(key, value))
        self._editors[parameter.name] = editor
        self.rows.addWidget(FormRow(label, editor, tooltip))

    def _on_edited(self, key: str, value: Any) -> None:
        self.store(_LABELS[key], with_value(self.training, key, value), key)


class ElidedCombo(Combo):
    """Ends a text that is too long for it with an ellipsis."""

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        style = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(style[0], option, style[1], self).width() - 6
        option.currentText = self.fontMetrics().elidedText(  # type: ignore[attr-defined]  # missing in the stubs
            self.currentText(), Qt.TextElideMode.ElideRight, room
        )
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


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
        chosen = str(value_of(self.training, "device"))
        devices = self.session.devices.known
        self.combo.clear()
        for device in devices:
            self.combo.add(_title(device), device.id, str(device.reason or device.title), device.available)
        known = next((device for device in devices if device.id == chosen), None)
        self.combo.show_value(chosen, _title(known) if known else chosen.upper())
        set_tooltip(self.combo, self.combo.currentText())
        self.reason.setText(self._reason(known, devices, chosen))
        self.reason.setVisible(bool(self.reason.text()))

    def _reason(self, known: Device | None, devices: tuple[Device, ...], chosen: str) -> str:
        if known is not None and not known.available:
            return str(known.reason or "")
        if known is None and devices:
            return tr("This computer has no device {name}.", name=chosen)
        missing = next((device for device in devices if not device.available and device.reason), None)
        return str(missing.reason) if missing is not None else ""

    def _on_chosen(self, device: str) -> None:
        if device != value_of(self.training, "device"):
            self.store(Text("Choose the device"), with_value(self.training, "device", device), "device")


class DataForm(Form):
    """What of the data is for validation and whether it is shuffled; changed in Data."""

    def __init__(self, session: Session, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(session, context, parent)
        self.rows.addWidget(heading(tr("Data")))
        self.validation = PlainLabel()
        self.validation.setObjectName("train_validation")
        self.shuffle = PlainLabel()
        self.shuffle.setObjectName("train_shuffle")
        for name, label in ((tr("validation"), self.validation), (tr("shuffle"), self.shuffle)):
            label.setWordWrap(True)
            self.rows.addWidget(FormRow(name, label))
        self.open = button(tr("Change in Data"), "open_data", "link")
        self.rows.addWidget(self.open, 0, Qt.AlignmentFlag.AlignLeft)
        self.open.clicked.connect(lambda: session.navigation.show_workspace("data"))
        self.refresh()

    def refresh(self) -> None:
        data = self.session.document.data
        percent = data.get("validation_percent")
        percent = 20 if percent is None else percent
        self.validation.setText(tr("the last {percent} %", percent=f"{percent:g}") if percent else tr("none"))
        self.shuffle.setText(tr("every epoch") if data.get("shuffle", True) else tr("never"))


def _title(device: Device) -> str:
    memory = f" · {device.memory / 2**30:.0f} GB" if device.memory and device.id != "cpu" else ""
    return f"{device.title}{memory}"
