"""The card below the samples: how the values of the selected column are spread, and what is odd about them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.data.charts.drawing import Chart
from app.panels.data.parts.part_colors import PART_COLORS, PART_TITLES
from app.panels.plots.formats import count_text
from app.panels.widgets.chips import Chips, Flow
from app.panels.widgets.fields import elastic, hint, set_state
from graph_editor.words.elided_label import ElidedLabel
from graph_editor.words.letting_go import let_go
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr
from runtime.messages.profiling import Bars, ColumnProfile, Fact, Histogram, Pictures, ProfilePart, Wave

_CHART, _CHART_MOST = 104, 150
_TITLE_MOST = 220


class ChartCard(QFrame):
    """`show_profile` with the profile of a column, or none while it is looked at."""

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data_charts")
        self.setProperty("role", "card")
        self._name = ""
        self._charts: dict[str, ProfilePart] = {}
        self.title = ElidedLabel()
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.title.setObjectName("chart_title")
        self.title.setProperty("role", "strong")
        self.note = elastic(PlainLabel())
        self.note.setObjectName("chart_note")
        self.note.setProperty("role", "dim")
        self.kinds = Chips("data_chart_kinds", tr("What is drawn"))
        self.legend = _Legend(look)
        self.chart = Chart(look)
        self.chart.setMinimumHeight(_CHART)
        self.chart.setMaximumHeight(_CHART_MOST)
        self.failure = hint("", "chart_failure")
        self.failure.setVisible(False)
        self._facts = QWidget()
        self._facts.setObjectName("data_facts_row")
        self._flow = Flow(self._facts, 8)
        self._labels: list[PlainLabel] = []
        self._lay_out()
        self.kinds.chosen.connect(self._on_kind)

    def show_profile(self, name: str, profile: ColumnProfile | None) -> None:
        """`name` is that of the column; none: no column is selected. While it is looked at, all keeps its room."""
        self._name = name
        self.title.show_text(name)
        self.title.setMinimumWidth(min(_TITLE_MOST, self.title.sizeHint().width()))
        self.note.setText(self._note(profile))
        failure = profile.failure if profile is not None else None
        self.failure.setText(str(failure) if failure is not None else "")
        self.failure.setVisible(failure is not None)
        looking = profile is None and bool(name)
        for widget in (self.kinds, self._facts):
            _keep_room(widget, looking)
        if looking:
            self.chart.setVisible(True)
            self._draw(None)
        else:
            self._show_parts(profile.parts if profile is not None else ())

    def _show_parts(self, parts: Sequence[ProfilePart]) -> None:
        drawn = [part for part in parts if isinstance(part, Bars | Histogram | Wave | Pictures)]
        self._charts = {f"chart{number}": part for number, part in enumerate(drawn)}
        entries = [(key, str(part.title), "") for key, part in self._charts.items()]
        self.kinds.show_entries(entries)
        self.kinds.setVisible(len(entries) > 1)
        self._on_kind(self.kinds.key if self.kinds.key in self._charts else next(iter(self._charts), ""))
        self.chart.setVisible(bool(drawn))
        self._show_facts([part for part in parts if isinstance(part, Fact)])

    def _note(self, profile: ColumnProfile | None) -> str:
        if profile is None:
            return tr("looking…") if self._name else ""
        if profile.failure is not None or profile.seen >= profile.samples:
            return ""
        return tr("found in {seen} of {samples} samples, spread over all",
                  seen=count_text(profile.seen), samples=count_text(profile.samples))  # fmt: skip

    def _show_facts(self, facts: Sequence[Fact]) -> None:
        while len(self._labels) > len(facts):
            let_go(self._labels.pop())
        while len(self._labels) < len(facts):
            label = PlainLabel()
            label.setProperty("part", "pill")
            self._flow.addWidget(label)
            self._labels.append(label)
        for label, fact in zip(self._labels, facts, strict=True):
            label.setText(f"{fact.title}: {fact.value}")
            set_spoken_name(label, label.text())
            set_state(label, "warning" if fact.odd else "")
        self._facts.setVisible(bool(facts))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(14, 10, 14, 12)
        rows.setSpacing(8)
        rows.addLayout(head)
        head.addWidget(self.title)
        head.addWidget(self.note, 1)
        head.addWidget(self.legend)
        rows.addWidget(self.failure)
        rows.addWidget(self.kinds)
        rows.addWidget(self.chart, 1)
        rows.addWidget(self._facts)

    def _on_kind(self, key: str) -> None:
        self.kinds.show_key(key)
        self._draw(self._charts.get(key))

    def _draw(self, part: ProfilePart | None) -> None:
        self.chart.show_part(part)
        self.legend.show_parts(part.parts if isinstance(part, Bars | Histogram) else {})


def _keep_room(widget: QWidget, looking: bool) -> None:
    """Hide it while a column is looked at, and keep its place: what comes after would jump up and down again."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(looking and (not widget.isHidden() or policy.retainSizeWhenHidden()))
    widget.setSizePolicy(policy)
    if looking:
        widget.setVisible(False)


class _Legend(QWidget):
    """The parts that bars are made of, with how many samples each has."""

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self._squares: dict[str, QFrame] = {}
        self._words: dict[str, PlainLabel] = {}
        for key, title in PART_TITLES.items():
            square, words = QFrame(), PlainLabel(str(title))
            square.setFixedSize(10, 10)
            words.setProperty("role", "small")
            self._row.addWidget(square, 0, Qt.AlignmentFlag.AlignVCenter)
            self._row.addWidget(words)
            self._squares[key], self._words[key] = square, words
        self.show_parts({})
        look.follow(self._on_theme)

    def _on_theme(self, theme: Theme) -> None:
        for key, square in self._squares.items():
            square.setStyleSheet(f"background: {theme.color(PART_COLORS[key])}; border-radius: 2px;")

    def show_parts(self, parts: dict[str, tuple[int, ...]]) -> None:
        for key, words in self._words.items():
            shown = key in parts
            self._squares[key].setVisible(shown)
            words.setVisible(shown)
            if shown:
                words.setText(f"{PART_TITLES[key]} {count_text(sum(parts[key]))}")
        self.setVisible(bool(parts))
