"""As in use, or as in training: what Dropout and BatchNormalization do there."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.panels.inside.looking import LookingInside
from app.panels.widgets.chips import Chips
from app.panels.widgets.fields import button, heading
from app.panels.widgets.sentence import sentence
from resources.text import Text, tr

USE, TRAINING = "use", "training"
_SENTENCES: Final = {
    USE: Text(
        "Dropout lets everything through. BatchNormalization takes the mean and variance that it has learnt. "
        "This is training=False, as in predict and evaluate."
    ),
    TRAINING: Text(
        "Dropout sets values to zero at random. BatchNormalization takes mean and variance of this batch, here of the "
        "one sample. This is training=True, as in fit; older Keras called it K.learning_phase() = 1."
    ),
}


class ModeCard(QWidget):
    def __init__(self, inside: LookingInside, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inside_mode")
        self._inside = inside
        self.mode = Chips("inside_as_in", tr("As in"))
        self.mode.show_entries([(USE, tr("use"), ""), (TRAINING, tr("training"), "")])
        self.meaning = sentence("", "inside_mode_meaning")
        self.again = button(tr("Draw again"), "inside_draw_again", "", tr("Let Dropout drop others"))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(7)
        rows.addWidget(heading(tr("As in")))
        for widget in (self.mode, self.meaning, self.again):
            rows.addWidget(widget)
        self.mode.chosen.connect(lambda key: inside.set_training(key == TRAINING, inside.seed))
        self.again.clicked.connect(lambda: inside.set_training(True, inside.seed + 1))
        inside.mode_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        key = TRAINING if self._inside.training else USE
        self.mode.show_key(key)
        self.meaning.setText(str(_SENTENCES[key]))
        self.again.setVisible(self._inside.training)
