"""What is wrong or odd with the data, the worst first, each with the one click that mends it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.look.icons import icon
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.data.health.findings import Finding
from app.panels.problems.view import MendButton
from app.panels.widgets.fields import button, hint
from app.panels.widgets.keyed_rows import KeyedRows
from graph_editor.words.literal import on_button
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.text import Text, tr

_ICON = 15
_MOST = 12
_ICONS = {"error": ("error", "error.text"), "warning": ("warning", "warning.text"), "note": ("info", "dim")}


class HealthCard(QFrame):
    mend_requested = Signal(object)  # Problem
    show_requested = Signal(object, object)  # tuple[str, ...], columns, and a sample or None
    file_requested = Signal(str)  # one that holds no sample: where it lies

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data_health")
        self.setProperty("role", "card")
        self._look = look
        title = PlainLabel(tr("Health"))
        title.setProperty("role", "strong")
        self.count = PlainLabel()
        self.count.setObjectName("health_count")
        self.count.setProperty("role", "dim")
        self.nothing = hint("", "health_nothing")
        self.more = button("", "health_more")
        self.more.setProperty("part", "small")
        self._all = False  # shown, as a person has asked for
        self._findings: dict[str, Finding] = {}
        self._nothing = ""
        holder = QWidget()
        head = QHBoxLayout()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(14, 10, 14, 12)
        rows.setSpacing(8)
        rows.addLayout(head)
        head.addWidget(title, 1)
        head.addWidget(self.count)
        rows.addWidget(self.nothing)
        rows.addWidget(holder)
        rows.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.more.clicked.connect(self._on_more)
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        self._holder = holder
        self._rows: KeyedRows[HealthRow] = KeyedRows(inner, self._made)
        look.changed.connect(self._on_theme)

    def show_findings(self, findings: Sequence[Finding], nothing: str) -> None:
        """`nothing` is said where there are none."""
        self._findings = {finding.key: finding for finding in findings}
        self._nothing = nothing
        shown = list(self._findings)[: None if self._all else _MOST]
        for key, row in zip(shown, self._rows.show(shown), strict=True):
            row.show_finding(self._findings[key])
            row.show_line(key != shown[-1])
        self._holder.setVisible(bool(shown))
        self.nothing.setText(nothing)
        self.nothing.setVisible(not shown)
        hidden = len(self._findings) - len(shown)
        self.more.setText(tr("Show {count} more", count=hidden) if hidden else "")
        set_spoken_name(self.more, self.more.text())
        self.more.setVisible(bool(hidden))
        self.count.setText(_count(findings))

    def _on_more(self) -> None:
        self._all = True
        self.show_findings(tuple(self._findings.values()), self._nothing)

    def rows(self) -> list[HealthRow]:
        return self.findChildren(HealthRow)

    def _made(self, _key: str) -> HealthRow:
        row = HealthRow(self._look)
        row.mend_requested.connect(self.mend_requested)
        row.show_requested.connect(self.show_requested)
        row.file_requested.connect(self.file_requested)
        return row

    def _on_theme(self, theme: Theme) -> None:
        for row in self.rows():
            row.dress(theme)


class HealthRow(QFrame):
    """A mark, a sentence, and below it what a click does about it."""

    mend_requested = Signal(object)
    show_requested = Signal(object, object)
    file_requested = Signal(str)

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("health_row")
        self.setProperty("part", "health")
        self._look = look
        self._finding: Finding | None = None
        self._mark = PlainLabel()
        self.sentence = PlainLabel()
        self.sentence.setObjectName("health_sentence")
        self.sentence.setWordWrap(True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.mend = MendButton()
        self.mend.setObjectName("health_mend")
        self.mend.setProperty("part", "small")
        self.show_button = button(tr("Show"), "health_show")
        self.show_button.setProperty("part", "small")
        words, buttons = QVBoxLayout(), QHBoxLayout()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 9)
        row.setSpacing(9)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        words.setSpacing(6)
        words.addWidget(self.sentence)
        words.addLayout(buttons)
        buttons.setSpacing(6)
        buttons.addWidget(self.mend)
        buttons.addWidget(self.show_button)
        buttons.addStretch(1)
        self.mend.clicked.connect(self._on_mend)
        self.show_button.clicked.connect(self._on_show)

    def show_finding(self, finding: Finding) -> None:
        self._finding = finding
        text = str(finding.text)
        self.sentence.setText(text)
        set_tooltip(self.sentence, finding.detail)
        set_spoken_name(self.sentence, text)
        mend = finding.problem.mend if finding.problem is not None else None
        self.mend.setVisible(mend is not None)
        if mend is not None:
            words = str(mend.text)
            metrics = self.mend.fontMetrics()
            self.mend.setText(on_button(metrics.elidedText(words, Qt.TextElideMode.ElideRight, 190)))
            set_tooltip(self.mend, words)
            set_spoken_name(self.mend, f"{words} ({text})")
        self.show_button.setVisible(bool(finding.columns))
        what_shows = Text.of("Show the column: {sentence}", sentence=text)
        if finding.opens_folder:
            what_shows = Text.of("Show the folder of the file: {sentence}", sentence=text)
        elif finding.row is not None:
            what_shows = Text.of("Show the sample: {sentence}", sentence=text)
        set_spoken_name(self.show_button, str(what_shows))
        self.dress(self._look.theme)

    def show_line(self, on: bool) -> None:
        """Whether a line parts it from the next one."""
        if self.property("last") != (not on):
            self.setProperty("last", not on)
            self.style().unpolish(self)
            self.style().polish(self)

    def dress(self, theme: Theme) -> None:
        if self._finding is not None:
            name, token = _ICONS[self._finding.severity]
            self._mark.setPixmap(icon(name, theme.color(token), _ICON).pixmap(_ICON, _ICON))

    def _on_mend(self) -> None:
        if self._finding is not None and self._finding.problem is not None:
            self.mend_requested.emit(self._finding.problem)

    def _on_show(self) -> None:
        if self._finding is not None:
            if self._finding.opens_folder:
                self.file_requested.emit(self._finding.file)
            else:
                self.show_requested.emit(self._finding.columns, self._finding.row)


def _count(findings: Sequence[Finding]) -> str:
    errors = sum(1 for finding in findings if finding.severity == "error")
    remarks = sum(1 for finding in findings if finding.severity == "warning")
    parts = []
    if errors:
        parts.append(tr("1 problem") if errors == 1 else tr("{count} problems", count=errors))
    if remarks:
        parts.append(tr("1 remark") if remarks == 1 else tr("{count} remarks", count=remarks))
    return ", ".join(parts)
