"""What Runs shows before there is a run."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.panels.runs.comparing.transfer import Transfer, import_menu
from app.panels.widgets.fields import button, hint
from graph_editor.words.attaching import attached
from graph_editor.words.plain_label import PlainLabel
from resources.text import tr


def nothing_yet(go: Callable[[], object], transfer: Transfer) -> QWidget:
    """Return what there is before the first run."""
    card = QFrame()
    card.setProperty("role", "card")
    card.setFixedWidth(460)
    title = PlainLabel(tr("No runs yet"))
    title.setProperty("part", "big")
    train = button(tr("Go to Train"), "go_to_train", "primary")
    train.clicked.connect(lambda: go())
    rows = QVBoxLayout(card)
    rows.setContentsMargins(24, 20, 24, 20)
    rows.setSpacing(12)
    rows.addWidget(title)
    text = tr(
        "Every training is kept here with its settings, its curves and its model, also when the window was closed"
        " while it ran. Select several runs to compare them."
    )
    rows.addWidget(hint(text))
    row = attached(rows, QHBoxLayout())
    row.setSpacing(8)
    row.addWidget(train)
    importing = button(tr("Import"), "import_first_runs", "", tr("Runs of other programs, to compare with"))
    importing.setMenu(import_menu(importing, transfer))
    row.addWidget(importing)
    row.addStretch(1)
    page = QWidget()
    outer = QVBoxLayout(page)
    middle = QHBoxLayout()
    outer.addStretch(1)
    outer.addLayout(middle)
    middle.addStretch(1)
    middle.addWidget(card)
    middle.addStretch(1)
    outer.addStretch(2)
    return page
