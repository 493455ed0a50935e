"""The Data workspace: choose data, see what it holds, bind it to the model, keep a part for validation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.panels.data import state as data_state
from app.panels.data.autobind import AutoBinding, autobind, notice_of
from app.panels.data.bindings import Verdict
from app.panels.data.page import DataPage
from app.panels.data.preview import MOST_COLUMNS, SAMPLES
from app.panels.data.side import DataSide
from app.panels.data.source_bar import DataSourceBar
from app.panels.plots.formats import count_text
from app.project.choosers import Chooser
from app.project.samples import samples_of
from app.project.session import Session
from graph_editor.document.changes.commands import set_data
from graph_editor.document.document import Changes
from graph_editor.editors.registry import editor_context
from graph_editor.words.tooltips import set_tooltip
from resources.text import Text, tr
from resources.training.sections import bindings_of
from resources.training.setting import Setting
from resources.training.settings.shuffle import SETTING as SHUFFLE
from resources.training.settings.validation_percent import SETTING as VALIDATION_PERCENT
from runtime.data_kinds import DataKind, data_kinds
from runtime.protocol import Answer, Column, DataPreviewed, PreviewData
from runtime.spec import DataSource

_REFRESH_MS = 15


class DataPanel(QWidget):
    """Shows what the session knows of the data; everything a person changes is an edit of the document."""

    def __init__(self, session: Session, look: ThemeSource, chooser: Chooser, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data_panel")
        self._session = session
        self._chooser = chooser
        self._kinds: tuple[DataKind, ...] = ()
        self._described: DataSource | None = None  # what the session's columns are of
        self._previewed: tuple[DataSource, tuple[str, ...]] | None = None
        self._asked = 0
        self._reasons: tuple[object, Mapping[str, Text]] = (None, {})  # of what was asked, and why not
        self._bind_when_known = False
        self.bar = DataSourceBar(look)
        self.page = DataPage()
        self.side = DataSide(look, editor_context(session.catalog))
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(_REFRESH_MS)
        self._refresh.timeout.connect(self.refresh)
        self._lay_out()
        self._connect()
        if session.data.columns or session.data.error is not None:
            self._described = session.data.source
        self.refresh()

    @property
    def busy(self) -> bool:
        """Whether the data is being read."""
        source = self._session.data.source
        return source is not None and source != self._described

    def choose_file(self, path: Path) -> None:
        """Make `path` the project's data; its suffix says what kind it is."""
        kind = self._kind_of(path)
        if kind is None:
            endings = ", ".join(suffix for entry in self._all_kinds() for suffix in entry.suffixes)
            self._session.notify(
                tr("{file} is of no kind that can be read; there are {endings}.", file=path.name, endings=endings),
                "error",
            )
            return
        data = data_state.with_file(self._data, kind.key, path, self._session.project_folder)
        self._bind_when_known = True
        self._session.outside.chosen(data["source"]["path"])
        self._store(Text("Choose the data"), data, "source")

    def refresh(self) -> None:
        """Show everything as it is now."""
        self._refresh.stop()
        self._show_source()
        self._show_columns()
        self._show_bindings()
        columns = self._session.data.columns
        samples = samples_of(self._data, columns)
        percent = data_state.validation_percent(self._data)
        self.side.settings.show_sections(self._session.document.training, self._data)
        self.side.split.show_values(percent, SHUFFLE.sound(self._data), samples)
        self.side.auto.setEnabled(bool(columns))
        self._ask_preview()

    @property
    def _data(self) -> Mapping[str, Any]:
        return self._session.built.data

    def _lay_out(self) -> None:
        body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.bar)
        rows.addLayout(body, 1)
        body.addWidget(self.page, 1)
        body.addWidget(self.side)

    def _connect(self) -> None:
        session = self._session
        session.data.described.connect(self._on_data_changed)
        session.data.checked.connect(self._on_data_checked)
        session.inference.results_changed.connect(self._on_results_changed)
        session.engine.state_changed.connect(self._on_results_changed)
        session.document_changed.connect(self._on_document_changed)
        self.bar.choose_requested.connect(self._on_choose)
        self.bar.reload_requested.connect(self._on_reload)
        self.page.choose_requested.connect(self._on_choose)
        self.page.file_dropped.connect(lambda name: self.choose_file(Path(name)))
        self.side.bindings.chosen.connect(self._on_binding_chosen)
        self.side.auto.clicked.connect(self._on_auto)
        self.side.split.percent_changed.connect(self._on_percent)
        self.side.split.shuffle_changed.connect(self._on_shuffle)
        self.side.settings.edited.connect(self._on_setting)

    # what is shown

    def _on_data_checked(self) -> None:
        self._refresh.start()

    def _show_source(self) -> None:
        source, error = self._session.data.source, self._session.data.error
        if source is None:
            self.bar.say("", tr("No data is chosen."), "")
            self.page.show_empty()
            self.page.banner.hide()
            return
        kind = next((kind for kind in self._all_kinds() if kind.key == source.kind), None)
        name = Path(source.path).name if kind is None or not source.made_up else str(kind.title)
        self.bar.say(name or source.kind, self._facts(), source.path)
        self.page.show_columns()
        if self.busy:
            waiting = self._session.engine.state.phase != "ready"
            text = (
                tr("The data is read as soon as the engine is ready…") if waiting else tr("Reading {file}…", file=name)
            )
            self.page.banner.say(text)
        elif error is not None:
            actions = () if source.made_up else (("locate_data", tr("Locate…"), self._on_choose),)
            if self._session.outside.pending:
                ask = self._session.outside.question_requested.emit
                actions = (("read_outside", tr("Read it…"), ask), *actions)
            self.page.banner.say(str(error), "error", actions=actions)
        elif kind is not None and kind.note is not None:
            action = ("choose_own_data", tr("Choose a file…"), self._on_choose)
            self.page.banner.say(str(kind.note), "info", "", (action,))
        elif self._session.data.note is not None:
            self.page.banner.say(str(self._session.data.note), "info")
        else:
            self.page.banner.hide()

    def _facts(self) -> str:
        columns = self._session.data.columns
        if self.busy or not columns:
            return ""
        samples = samples_of(self._data, columns)
        if len(columns) == 1:
            return tr("1 column, {samples} samples", samples=count_text(samples))
        return tr("{columns} columns, {samples} samples", columns=len(columns), samples=count_text(samples))

    def _show_columns(self) -> None:
        columns = () if self.busy else self._session.data.columns
        uses: dict[str, list[str]] = {}
        targets = data_state.targets(self._session.built, self._session.inference.results, columns)
        ends = {target.name: target.shown_name for target in targets}
        for target, names in bindings_of(self._data).items():
            for name in names if target in ends else ():
                uses.setdefault(name, []).append(ends[target])
        feeds = {name: ", ".join(targets) for name, targets in uses.items()}
        differ = columns != self.page.model.columns
        self.page.model.show_columns(columns, feeds)
        if differ:
            self.page.table.fit()
            self.page.share_height()

    def _show_bindings(self) -> None:
        columns = () if self.busy else self._session.data.columns
        bindings = self.side.bindings
        bindings.show_targets(data_state.targets(self._session.built, self._session.inference.results, columns))
        bound = bindings_of(self._data)
        reasons = self._reasons_now([row.target for row in bindings.all_rows], columns)
        for row in bindings.all_rows:
            name = row.target.name
            row.show_columns(columns, bound.get(name, ()))
            row.show_verdict(self._verdict(name, bound.get(name, ()), reasons.get(name)))

    def _reasons_now(self, targets: Sequence[data_state.Target], columns: Sequence[Column]) -> Mapping[str, Text]:
        """Why columns do not go to the open targets by themselves; looked for again only where something changed."""
        asked = (tuple(targets), tuple(columns), bindings_of(self._data))
        if asked != self._reasons[0]:
            is_open = bool(columns) and any(target.name not in asked[2] for target in targets)
            self._reasons = (asked, autobind(self._data, targets, columns).reasons if is_open else {})
        return self._reasons[1]

    def _verdict(self, target: str, bound: Sequence[str], reason: Text | None) -> Verdict:
        """`reason`: why "Bind automatically" would bind nothing here."""
        if not bound:
            return Verdict("open", str(reason or Text("Choose the column that belongs here.")))
        if self._session.data.error is not None:
            return Verdict("open", tr("Not checked yet."))  # the sentence above the columns says why
        findings = [
            finding
            for finding in self._session.data.findings
            if finding.target == target or (finding.target is None and finding.column in bound)
        ]
        for severity in ("error", "warning"):
            for finding in findings:
                if finding.severity == severity:
                    return Verdict("error" if severity == "error" else "warning", str(finding.text))
        if findings:
            return Verdict("note", " ".join(str(finding.text) for finding in findings))
        return self._own_verdict(target, bound)

    def _own_verdict(self, target: str, bound: Sequence[str]) -> Verdict:
        """Before the engine has looked, and where it found nothing to say."""
        columns = {column.name for column in self._session.data.columns}
        missing = [name for name in bound if name not in columns]
        if self.busy or not columns:
            return Verdict("open", tr("Not checked yet."))
        if missing:
            return Verdict("error", tr("The data has no column {column}.", column=missing[0]))
        row = self.side.bindings.rows.get(target)
        if row is None or row.target.shape is None:
            return Verdict("open", tr("Not checked yet: the model's shape is not known."))
        return Verdict("ok", tr("fits"))

    def _ask_preview(self) -> None:
        source = self._session.data.source
        columns = () if self.busy else self._session.data.columns
        names = tuple(column.name for column in columns[:MOST_COLUMNS])
        more = len(columns) - len(names)
        many = tr("and 1 more column") if more == 1 else tr("and {count} more columns", count=more)
        self.page.preview_note.setText(many if more > 0 else "")
        self.page.preview_note.setVisible(more > 0)
        if source is None or not names:
            self._previewed = None
            self.page.preview.show_previews((), {})
            return
        if self._previewed == (source, names) or not self.isVisible() or self._session.engine.state.phase != "ready":
            return
        self._previewed = (source, names)
        self._asked += 1
        number = self._asked
        question = PreviewData(0, source, names, SAMPLES)
        self._session.engine.request(question, lambda answer: self._on_previewed(number, answer))

    # what happened

    def _on_previewed(self, number: int, answer: Answer) -> None:
        if number == self._asked and isinstance(answer, DataPreviewed):
            columns = {column.name: column for column in self._session.data.columns}
            self.page.preview.show_previews(answer.columns, columns)

    def _on_data_changed(self) -> None:
        self._described = self._session.data.source
        self._previewed = None
        self._refresh.start()
        if self._bind_when_known and self._session.data.columns:
            self._bind_when_known = False
            source = self._session.data.source
            if source is not None:  # takes the place of what was said of a file that could not be read
                self._session.notify(tr("{file}: {facts}", file=Path(source.path).name, facts=self._facts()), "ok")
            names = {column.name for column in self._session.data.columns}
            bound = bindings_of(self._data)
            if not any(set(columns) <= names for columns in bound.values()):
                self._bind("source")  # one step with the choice of the file

    def _on_document_changed(self, changes: Changes) -> None:
        if changes.data or changes.training or changes.everything or changes.structure or changes.interface:
            self._refresh.start()

    def _on_results_changed(self, _what: object) -> None:
        self._refresh.start()

    def _on_choose(self) -> None:
        suffixes = " ".join(f"*{suffix}" for kind in self._all_kinds() for suffix in kind.suffixes)
        source = self._session.data.source
        known = source is not None and source.path and not self._session.outside.pending  # only then is it looked at
        folder = Path(source.path).parent if source is not None and known else None
        start = folder if folder is not None and folder.is_dir() else self._session.usual_folder
        path = self._chooser.file_to_open(self, tr("Choose the data"), f"{tr('Data')} ({suffixes})", start)
        if path is not None:
            self._session.visited(path)
            self.choose_file(path)

    def _on_reload(self) -> None:
        self._described = None
        self._session.data.refresh()
        self.refresh()

    def _on_binding_chosen(self, target: str, columns: tuple[str, ...]) -> None:
        label = Text("Bind {name}", {"name": target})
        self._store(label, data_state.with_binding(self._data, target, columns), f"bind.{target}")

    def _on_auto(self) -> None:
        found = self._bind("auto")
        self._session.notify(notice_of(found), "ok" if not found.reasons else "info")

    def _bind(self, key: str) -> AutoBinding:
        columns = self._session.data.columns
        wanted = data_state.targets(self._session.built, self._session.inference.results, columns)
        found = autobind(self._data, wanted, columns)
        if found.data != self._data:
            self._store(Text("Bind automatically"), found.data, key)
        return found

    def _on_percent(self, percent: float) -> None:
        value = int(percent) if percent.is_integer() else percent
        self._store(Text("Change the validation part"), {**self._data, VALIDATION_PERCENT.key: value}, "percent")

    def _on_shuffle(self, on: bool) -> None:
        self._store(Text("Change shuffling"), {**self._data, SHUFFLE.key: on}, "shuffle")

    def _on_setting(self, setting: Setting[Any], value: Any) -> None:
        label = Text.of("Change {setting}", setting=setting.title)
        self._store(label, {**self._data, setting.key: value}, setting.key)

    def _store(self, label: Text, data: Mapping[str, Any], key: str) -> None:
        self._session.edit(label, set_data(self._session.document, data), ("data", key))

    # kinds of files

    def _all_kinds(self) -> tuple[DataKind, ...]:
        if not self._kinds:
            self._kinds = data_kinds()
        return self._kinds

    def _kind_of(self, path: Path) -> DataKind | None:
        return next((kind for kind in self._all_kinds() if path.suffix.lower() in kind.suffixes), None)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh.start()
        kinds = ", ".join(f"{kind.title} {kind.suffixes[0]}" for kind in self._all_kinds() if kind.suffixes)
        self.page.drop.kinds.setText(kinds)
        set_tooltip(self.bar.choose, kinds)
