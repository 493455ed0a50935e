"""The Data workspace: choose data, see what it holds, bind it to the model, keep a part for validation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.engine.engine_link import EngineState
from app.look.theme_source import ThemeSource
from app.panels.data import state as data_state
from app.panels.data.autobind import AutoBinding, autobind, notice_of
from app.panels.data.bindings import Verdict
from app.panels.data.health.findings import findings_of
from app.panels.data.page import DataPage
from app.panels.data.side import DataSide
from app.panels.data.sources.bar import SourcesBar
from app.panels.data.sources.sources import ShownSources
from app.project.choosers import Chooser
from app.project.data_sources.editing import with_kind, with_one_more, with_only
from app.project.data_sources.fetching_known import uses_set
from app.project.data_sources.offers import Offer, Way
from app.project.session import Session
from app.project.starting.purpose import NoPurposeError
from app.project.starting.start import start_from_data
from app.project.starting.words import purpose_text
from graph_editor.document.changes.commands import set_data
from graph_editor.document.document import Changes
from graph_editor.document.ends import titles_of_ends
from graph_editor.editors.registry import editor_context
from graph_editor.words.tooltips import set_tooltip
from resources.plain import listed
from resources.text import Text, tr
from resources.training.sections import SOURCES, bindings_of, sources_of
from resources.training.setting import Setting
from resources.training.windows import WINDOWS
from runtime.data_kinds import data_kinds
from runtime.known_sets import KnownSet
from runtime.messages.checking import ClassCounts
from runtime.messages.connection import Failed
from runtime.messages.describing import Column, DataRecognized, RecognizeData
from runtime.messages.protocol import Answer
from runtime.project_spec import windows_of
from runtime.spec import DataSpec

_REFRESH_MS = 15


class DataPanel(QWidget):
    """Shows what the session knows of the data; everything a person changes is an edit of the document."""

    def __init__(self, session: Session, look: ThemeSource, chooser: Chooser, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data_panel")
        self._session = session
        self._chooser = chooser
        self._described: DataSpec | None = None  # what the session's columns are of
        self._reasons: tuple[object, Mapping[str, Text]] = (None, {})  # of what was asked, and why not
        self._bind_when_known = False
        self._place = 0
        self._chosen: Path | None = None  # until the engine has said what it is
        self._asked_kind = 0  # the request for that
        self.bar = SourcesBar(look)
        self.page = DataPage(session, look, editor_context(session.catalog), chooser)
        self.side = DataSide(session, look, editor_context(session.catalog))
        self.sources = ShownSources(self.bar, editor_context(session.catalog), lambda: self._data, self._store, self)
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(_REFRESH_MS)
        self._refresh.timeout.connect(self.refresh)
        self._lay_out()
        self._connect()
        if session.data.columns or session.data.error is not None:
            self._described = session.data.spec
        self.refresh()

    @property
    def busy(self) -> bool:
        """Whether the data is being read."""
        spec = self._session.data.spec
        return spec is not None and spec != self._described

    def choose_file(self, path: Path, place: int = 0) -> None:
        """Make a file or folder the project's data, once the engine says what kind it is; till then all stays.

        `place` is the number of the source that it takes the place of.
        """
        self._session.engine.read_again()
        self._forget_chosen()
        self._chosen, self._place = path, place
        self.page.leave_known()
        self._ask_kind()

    def add_file(self, path: Path) -> None:
        """Use a file or folder as data; where there is some, a person says first what becomes of that."""
        if sources_of(self._data):
            self._session.offers.look_at(path)
        else:
            self.choose_file(path)

    def take(self, offer: Offer, way: Way, join: Mapping[str, Any] | None) -> None:
        """What a person said to an offer: in place of the data, or beside it, joined so."""
        folder = self._session.project_folder
        stored = "" if offer.path is None else data_state.stored_path(offer.path, folder)
        source = {"kind": way.kind, "path": stored, "options": dict(way.options)}
        self._bind_when_known = True
        self.page.leave_known()
        self._session.outside.chosen(stored)
        if join is None:
            self._store(Text("Choose the data"), with_only(self._data, source), "source")
        else:
            self._store(Text("Add data"), with_one_more(self._data, source, join, offer.title), "source")

    def _ask_kind(self) -> None:
        path = self._chosen
        if path is None:
            return
        if self._session.engine.state.phase != "ready":
            self._session.notify(tr("The data is read as soon as the engine is ready…"), "info")
            return
        self.page.banner.say(tr("Reading {file}…", file=path.name))
        message = RecognizeData(0, str(path.absolute()))
        asked = self._session.engine.request(message, lambda answer: self._on_recognized(path, answer))
        self._asked_kind = asked if self._chosen is not None else 0

    def _forget_chosen(self) -> None:
        """Nobody waits for what was chosen any more: another one is, or another project was opened."""
        self._session.engine.cancel(self._asked_kind)
        self._chosen, self._asked_kind = None, 0

    def _on_recognized(self, path: Path, answer: Answer) -> None:
        if path != self._chosen:
            return  # another one was chosen meanwhile
        self._chosen, self._asked_kind = None, 0
        if isinstance(answer, Failed):
            self._session.notify(str(answer.error), "error")
            self._refresh.start()
        elif isinstance(answer, DataRecognized):
            folder = self._session.project_folder
            data = data_state.with_file(self._data, answer.kind, path, folder, answer.options, self._place)
            self._bind_when_known = True
            self._session.outside.chosen(data[SOURCES][self._place]["path"])
            self._store(Text("Choose the data"), data, "source")

    def refresh(self) -> None:
        """Show everything as it is now."""
        self._refresh.stop()
        self._show_source()
        self._show_columns()
        self._show_bindings()
        columns = self._session.data.columns
        self.side.settings.show_sections(self._session.document.training, self._data)
        data = self._session.data
        self.side.split.show_values(self._data, columns, data.parts, data.own_parts)
        self.side.auto.setEnabled(bool(columns))
        self.side.show_windows(self._data, data.spec, () if self.busy else columns)
        self.side.steps.refresh()
        self.page.augmentation.refresh()
        self._show_health()

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
        session.data.learnt.changed.connect(self._on_data_checked)
        session.data.peeked.connect(self._refresh.start)
        session.data.progressed.connect(self._on_progressed)
        session.inference.results_changed.connect(self._on_results_changed)
        session.engine.state_changed.connect(self._on_engine_changed)
        session.document_changed.connect(self._on_document_changed)
        session.document_replaced.connect(self._forget_chosen)
        self.bar.file_requested.connect(self._on_add)
        self.bar.folder_requested.connect(self._on_choose_folder)
        self.bar.known_requested.connect(self.page.show_known)
        self.page.known.chosen.connect(self._on_known_set)
        session.known_sets.arrived.connect(self._on_arrived)
        self.sources.reload_requested.connect(self._on_reload)
        self.sources.replace_requested.connect(self._on_replace)
        session.problems_changed.connect(self._on_results_changed)
        self.page.file_requested.connect(self._on_choose)
        self.page.folder_requested.connect(self._on_choose_folder)
        self.side.health.mend_requested.connect(session.mend)
        self.side.health.show_requested.connect(self.page.looking.show_place)
        self.side.health.file_requested.connect(self._on_file)
        self.side.start.start_requested.connect(self._on_start)
        self.page.looking.columns_selected.connect(self.side.steps.show_columns)
        self.page.looking.kind_chosen.connect(self._on_kind)
        self.side.bindings.chosen.connect(self._on_binding_chosen)
        self.side.auto.clicked.connect(self._on_auto)
        self.side.split.edited.connect(self._on_setting)
        self.side.settings.edited.connect(self._on_setting)
        self.side.windows.taken.connect(self._on_windows)

    # what is shown

    def _on_data_checked(self) -> None:
        self._refresh.start()

    def _on_progressed(self) -> None:
        self.page.reading.show_progress(self._session.data.progress if self.busy else None)

    def _show_source(self) -> None:
        source, error = self._session.data.source, self._session.data.error
        self._on_progressed()
        self.sources.show_sources(() if self.busy else self._session.data.columns)
        if source is None:
            self.page.show_empty()
            self.page.banner.hide()
            return
        kind = self.sources.kind_of({"kind": source.kind})
        self.page.show_data()
        if self.busy:
            waiting = self._session.engine.state.phase != "ready"
            name = self.sources.title_of(sources_of(self._data)[0])
            text = (
                tr("The data is read as soon as the engine is ready…") if waiting else tr("Reading {file}…", file=name)
            )
            stop = ("stop_reading", tr("Cancel"), self._session.data.stop_reading)
            self.page.banner.say(text, actions=() if waiting else (stop,))
        elif self._session.data.stopped:
            again = ("read_again", tr("Read it again"), self._on_reload)
            self.page.banner.say(str(error), "warning", actions=(again,))
        elif error is not None:
            actions = () if source.made_up else (("locate_data", tr("Locate…"), self._on_choose),)
            if self._session.outside.pending:
                ask = self._session.outside.question_requested.emit
                actions = (("read_outside", tr("Read it…"), ask), *actions)
            self.page.banner.say(str(error), "error", actions=actions)
        elif source.made_up and kind is not None and kind.note is not None:
            action = ("choose_own_data", tr("Choose a file…"), self._on_choose)
            self.page.banner.say(str(kind.note), "info", "", (action,))
        elif self._session.data.note is not None:
            self.page.banner.say(str(self._session.data.note), "info")
        else:
            self.page.banner.hide()

    def _show_columns(self) -> None:
        columns = () if self.busy else self._session.data.columns
        uses: dict[str, list[str]] = {}
        targets = self._targets(self._taken)
        ends = {target.name: target.shown_name for target in targets}
        for target, names in bindings_of(self._data).items():
            for name in names if target in ends else ():
                uses.setdefault(name, []).append(ends[target])
        feeds = {name: ", ".join(targets) for name, targets in uses.items()}
        outputs = [target.name for target in targets if target.role == "output"]
        bound = bindings_of(self._data)
        truths = [name for output in outputs for name in bound.get(output, ())]
        first = self._session.data.first
        if self.busy and first is not None:
            self.page.looking.show_first(first)
        else:
            self.page.looking.show_data(self._session.data.spec, columns, feeds, truths)
        self.page.looking.show_parts(self._class_counts(bound))
        self.side.start.show_columns(columns, truths, windows_of(self._data))

    @property
    def _taken(self) -> tuple[Column, ...]:
        """The columns as the model gets them, none while the data is read."""
        return () if self.busy else self._session.data.taken

    def _targets(self, columns: Sequence[Column]) -> list[data_state.Target]:
        return data_state.targets(self._session.built, self._session.inference.results, columns)

    def _class_counts(self, bound: Mapping[str, Sequence[str]]) -> dict[str, ClassCounts]:
        """How many samples of each class the parts have, by the column that holds the classes."""
        counts = {each.target: each for each in self._session.data.parts.classes}
        return {names[0]: counts[target] for target, names in bound.items() if target in counts and len(names) == 1}

    def _show_health(self) -> None:
        data = self._session.data
        findings = findings_of(self._session.problems, data.findings, data.columns)
        self.side.health.show_findings(findings, self._nothing_odd())

    def _nothing_odd(self) -> str:
        if self._session.data.source is None:
            return tr("What is wrong or odd with the data is listed here.")
        if self.busy or not self._session.data.columns:
            return tr("Not checked yet.")
        if not bindings_of(self._data):
            return tr("Values are checked once they are bound to the model.")
        return tr("Nothing is wrong or odd.")

    def _show_bindings(self) -> None:
        columns = self._taken
        bindings = self.side.bindings
        bindings.show_targets(self._targets(columns))
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
            if not finding.file  # single files are named in the list of Health alone
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

    # what happened

    def _on_data_changed(self) -> None:
        self._described = self._session.data.spec
        self._refresh.start()
        if self._bind_when_known and self._session.data.columns:
            self._bind_when_known = False
            self.sources.show_sources(self._session.data.columns)
            self._session.notify(self.sources.told_of_all(), "ok")  # and no more of a file that could not be read
            names = {column.name for column in self._session.data.columns}
            bound = bindings_of(self._data)
            if not any(set(columns) <= names for columns in bound.values()):
                self._bind("source")  # one step with the choice of the file

    def _on_document_changed(self, changes: Changes) -> None:
        if changes.data or changes.training or changes.everything or changes.structure or changes.interface:
            self._refresh.start()

    def _on_results_changed(self, _what: object) -> None:
        self._refresh.start()

    def _on_engine_changed(self, state: EngineState) -> None:
        self._refresh.start()
        if state.phase == "ready":
            self._ask_kind()

    def _on_choose(self) -> None:
        """Another file in place of the first one."""
        path = self._file_from_person()
        if path is not None:
            self.choose_file(path)

    def _on_add(self) -> None:
        path = self._file_from_person()
        if path is not None:
            self.add_file(path)

    def _on_known_set(self, one: KnownSet) -> None:
        """Data as if it had been dropped."""
        offer = Offer(None, (Way("known", one.about, {"name": one.name}),), title=one.title)
        if sources_of(self._data):
            self._session.offers.propose(offer)
        else:
            self.take(offer, offer.ways[0], None)

    def _on_arrived(self, one: KnownSet) -> None:
        if uses_set(self._data, one):  # it was waited for: nobody has to take it any more
            if self._session.data.error is not None:
                self._on_reload()
        elif not self.page.known.isVisible():
            self._session.notify(
                tr("{name} is on this computer now: take it from the known sets in Data.", name=one.title), "ok"
            )

    def _on_replace(self, place: int) -> None:
        path = self._file_from_person()
        if path is not None:
            self.choose_file(path, place)

    def _file_from_person(self) -> Path | None:
        suffixes = " ".join(f"*{suffix}" for kind in data_kinds() for suffix in kind.suffixes)
        source = self._session.data.source
        known = source is not None and source.path and not self._session.outside.pending  # only then is it looked at
        folder = Path(source.path).parent if source is not None and known else None
        start = folder if folder is not None and folder.is_dir() else self._session.usual_folder
        path = self._chooser.file_to_open(self, tr("Choose the data"), f"{tr('Data')} ({suffixes})", start)
        if path is not None:
            self._session.visited(path)
        return path

    def _on_choose_folder(self) -> None:
        path = self._chooser.folder_to_open(self, tr("Choose a folder with data"), self._session.usual_folder)
        if path is not None:
            self._session.visited(path)
            self.add_file(path)

    def _on_reload(self) -> None:
        self._described = None
        self._session.engine.read_again()
        self._session.data.refresh()
        self.refresh()

    def _on_binding_chosen(self, target: str, columns: tuple[str, ...]) -> None:
        titles = titles_of_ends(self._session.built)
        label = Text("Bind {name}", {"name": titles.get(target, target)})
        self._store(label, data_state.with_binding(self._data, target, columns), f"bind.{target}")

    def _on_start(self, targets: tuple[str, ...]) -> None:
        """Make the model that is proposed; one that is there goes only after a question."""
        session = self._session
        if session.document.graph.calls and not self._chooser.confirm(
            self.window(),
            tr("A new model takes the place of this one."),
            tr("Undo brings the old one back."),
            tr("Start anew"),
        ):
            return
        try:
            start = start_from_data(session.document, session.catalog, session.data.columns, targets)
        except NoPurposeError as error:
            session.notify(str(error.text), "error")
            return
        if session.edit(Text("Start a model from the data"), start.edits):
            session.notify(str(purpose_text(start.purpose)), "ok")

    def _on_file(self, path: str) -> None:
        """Open the folder in which a file lies."""
        file = Path(path)
        if not file.parent.is_dir() or not QDesktopServices.openUrl(QUrl.fromLocalFile(str(file.parent))):
            self._session.notify(tr("The file is {file}.", file=str(file)), "info")

    def _on_kind(self, names: tuple[str, ...], kind: str) -> None:
        label = Text("Change the kind of {column}", {"column": listed(names)})
        self._store(label, with_kind(self._data, names, kind), f"kind.{listed(names)}")

    def _on_windows(self, windows: Mapping[str, Any] | None) -> None:
        without = {key: value for key, value in self._data.items() if key != WINDOWS}
        label = Text("Take windows over rows") if windows else Text("Take single rows")
        self._store(label, {**without, WINDOWS: dict(windows)} if windows else without, f"windows.{windows}")

    def _on_auto(self) -> None:
        found = self._bind("auto")
        self._session.notify(notice_of(found), "ok" if not found.reasons else "info")

    def _bind(self, key: str) -> AutoBinding:
        columns = self._session.data.taken
        found = autobind(self._data, self._targets(columns), columns)
        if found.data != self._data:
            self._store(Text("Bind automatically"), found.data, key)
        return found

    def _on_setting(self, setting: Setting[Any], value: Any) -> None:
        label = Text.of("Change {setting}", setting=setting.title)
        self._store(label, {**self._data, setting.key: value}, setting.key)

    def _store(self, label: Text, data: Mapping[str, Any], key: str) -> None:
        self._session.edit(label, set_data(self._session.document, data), ("data", key))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh.start()
        kinds = ", ".join(str(kind.title) for kind in data_kinds() if kind.on_disk)
        self.page.drop.kinds.setText(kinds)
        set_tooltip(self.bar.add, kinds)
