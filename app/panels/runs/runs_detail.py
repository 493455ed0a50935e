"""The settings of the selected run, or what differs between several."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.panels.run_parts.run_facts import (
    STATUS_LOOKS,
    STATUS_TEXTS,
    RateChanges,
    differences,
    results_of,
    settings_of,
)
from app.panels.widgets.fields import column, heading, hint
from graph_editor.catalog.catalog import Catalog
from graph_editor.words.attaching import attached
from graph_editor.words.plain_label import PlainLabel
from resources.text import tr
from runtime.store import IMPORTED, RunInfo

WIDTH = 290
MOST_COMPARED = 24  # runs that are written one below the other, for each thing that differs
_MAY_BREAK = "\N{ZERO WIDTH SPACE}"


class RunsDetail(QFrame):
    """`show_runs` writes anew; `texts` are all words that stand there."""

    def __init__(self, catalog: Catalog, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._catalog = catalog
        self.setObjectName("train_settings")
        self.setFixedWidth(WIDTH)
        self._shown: object = None
        self.area = QScrollArea()
        self.area.setObjectName("runs_detail")
        self.area.setAccessibleName(tr("Settings of the run"))
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.area)

    def show_runs(self, runs: Sequence[RunInfo], changes: Mapping[Path, RateChanges] = {}) -> None:
        """`changes` of the learning rates while the runs went on, by folder, as far as they are known."""
        state = [(run.folder, run.result, tuple(changes.get(run.folder, ()))) for run in runs]
        if state == self._shown:
            return
        self._shown = state
        inner = QWidget()
        inner.setProperty("part", "form")
        rows = column(inner, (14, 12, 12, 16), 8)
        sound = [run for run in runs if run.status != "damaged"]
        if len(sound) == 1:
            _one(rows, sound[0], settings_of(sound[0], self._catalog, changes.get(sound[0].folder, ())))
        elif sound:
            newest = sound[:MOST_COMPARED]
            _several(rows, len(sound), newest, differences(newest, self._catalog, changes))
        for run in runs:
            if run.status == "damaged":
                _head(rows, run)
                rows.addWidget(hint(tr("Its files cannot be read. Other runs are not touched by that.")))
        rows.addStretch(1)
        self.area.setWidget(inner)

    def texts(self) -> list[str]:
        return [label.text().replace(_MAY_BREAK, "") for label in self.area.findChildren(QLabel)]


def _head(rows: QVBoxLayout, run: RunInfo) -> None:
    """Show which run it is, its state, and what went wrong."""
    title = PlainLabel(tr("Run {number}", number=run.number))
    title.setProperty("part", "big")
    status = PlainLabel(str(STATUS_TEXTS[run.status]))
    status.setProperty("part", "pill")
    status.setProperty("state", STATUS_LOOKS[run.status])
    status.setObjectName("run_status")
    rows.addWidget(title)
    rows.addWidget(status, 0, Qt.AlignmentFlag.AlignLeft)
    if run.result.error is not None:
        error = PlainLabel(str(run.result.error))
        error.setProperty("role", "error")
        error.setWordWrap(True)
        rows.addWidget(error)


def _one(rows: QVBoxLayout, run: RunInfo, settings: dict[str, str]) -> None:
    _head(rows, run)
    if run.model_epoch is not None:
        text = tr(
            "The model as it was after epoch {epoch} is kept: export it, or start from it.", epoch=run.model_epoch
        )
        rows.addWidget(hint(text))
    if run.status == IMPORTED:
        rows.addWidget(hint(tr("Curves of another program, to compare with: there is no model, and no settings.")))
    else:
        rows.addSpacing(6)
        rows.addWidget(heading(tr("Settings")))
        _fill_pairs(attached(rows, QGridLayout()), settings)
    results = results_of(run)
    if results:
        rows.addSpacing(6)
        rows.addWidget(heading(tr("Last epoch")))
        _fill_pairs(attached(rows, QGridLayout()), results, mono=True)


def _several(
    rows: QVBoxLayout, count: int, runs: Sequence[RunInfo], differences: Sequence[tuple[str, list[str]]]
) -> None:
    title = PlainLabel(tr("{count} runs compared", count=count))
    title.setProperty("part", "big")
    rows.addWidget(title)
    if count > len(runs):
        rows.addWidget(hint(tr("Of the newest {count}; “What differs” above tells of all.", count=len(runs))))
    rows.addWidget(heading(tr("What differs")))
    if not differences:
        rows.addWidget(hint(tr("All settings are the same.")))
    for name, values in differences:
        label = PlainLabel(name)
        label.setProperty("part", "field")
        rows.addWidget(label)
        numbers = [tr("run {number}", number=run.number) for run in runs]
        _fill_pairs(attached(rows, QGridLayout()), dict(zip(numbers, values, strict=True)))


def _fill_pairs(grid: QGridLayout, pairs: dict[str, str], mono: bool = False) -> None:
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(5)
    for row, (name, value) in enumerate(pairs.items()):
        label, text = PlainLabel(name), PlainLabel(_breakable(value))
        label.setProperty("part", "hint")
        label.setWordWrap(True)
        text.setWordWrap(True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if mono:
            text.setProperty("part", "figure")
        grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(text, row, 1, Qt.AlignmentFlag.AlignTop)
    grid.setColumnStretch(0, 2)
    grid.setColumnStretch(1, 3)


def _breakable(text: str) -> str:
    """Long class names may go on in the next line between their words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", _MAY_BREAK, text)
