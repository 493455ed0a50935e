"""How a picture of the graph should look: for the screen, for a paper, for slides."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QCheckBox, QDialogButtonBox, QRadioButton, QWidget

from app.dialogs.frame import Frame
from app.project.choosers import PictureLook
from graph_editor.view.items.pictures.format import picture_format
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.restyling import restyle
from graph_editor.words.spoken import set_spoken_name
from resources.text import Text, tr

SCALES = (
    (1.0, Text("As large as on the screen")),
    (2.0, Text("Twice as fine (192 dpi)")),
    (4.0, Text("For print (384 dpi)")),
)


class PictureDialog(Frame):
    """`look` is what is chosen. `kind`, the key of a PictureFormat, says whether a resolution is asked for."""

    def __init__(self, kind: str, parent: QWidget | None = None) -> None:
        super().__init__("picture_dialog", tr("Picture of the graph"), parent)
        self._themes = self._choice(
            tr("Colours"), [("picture_light", tr("Light, for papers")), ("picture_dark", tr("Dark, for slides"))], 0
        )
        self._transparent = QCheckBox(tr("Transparent background"))
        self._transparent.setObjectName("picture_transparent")
        self._transparent.setAccessibleName(tr("Transparent background"))
        self.body.addWidget(self._transparent)
        self._scales: QButtonGroup | None = None
        if picture_format(kind).pixels:
            rows = [(f"picture_scale_{scale:.0f}", str(text)) for scale, text in SCALES]
            self._scales = self._choice(tr("Resolution"), rows, 1)
        buttons = QDialogButtonBox()
        choose = buttons.addButton(tr("Choose a file…"), QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        for button, name in ((choose, "picture_accept"), (cancel, "picture_cancel")):
            button.setObjectName(name)
            set_spoken_name(button, button.text())
        restyle(choose, role="primary")  # the box of buttons has polished it already
        choose.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.body.addWidget(buttons)
        self.setMinimumWidth(380)

    @property
    def look(self) -> PictureLook:
        scale = SCALES[self._scales.checkedId()][0] if self._scales else 1.0
        return PictureLook("light" if self._themes.checkedId() == 0 else "dark", self._transparent.isChecked(), scale)

    def _choice(self, title: str, rows: list[tuple[str, str]], choice: int) -> QButtonGroup:
        heading = PlainLabel(title)
        heading.setProperty("role", "heading")
        self.body.addWidget(heading)
        group = QButtonGroup(self)
        for number, (name, text) in enumerate(rows):
            button = QRadioButton(text)
            button.setObjectName(name)
            set_spoken_name(button, text)
            button.setChecked(number == choice)
            group.addButton(button, number)
            self.body.addWidget(button)
        return group
