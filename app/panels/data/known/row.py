"""A set that Keras knows, in the list of them: what is in it, whether it is here, and the one click that uses it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.engine.wording import bytes_text
from app.panels.data.sources.reading_bar import ReadingBar
from app.panels.widgets.fields import button, hint, set_state
from app.project.data_sources.fetching_known import KnownSetFetch
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.text import tr
from runtime.known_sets import KnownSet, bytes_here, is_here


class KnownSetRow(QFrame):
    use_requested = Signal(object)  # KnownSet
    get_requested = Signal(object)  # KnownSet
    cancel_requested = Signal()

    def __init__(self, one: KnownSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.one = one
        self.setObjectName(f"known_{one.name}")
        self.setProperty("role", "card")
        self.title = PlainLabel(one.title)
        self.title.setProperty("role", "strong")
        self.where = PlainLabel()
        self.where.setObjectName(f"known_where_{one.name}")
        self.where.setProperty("part", "pill")
        self.about = hint(str(one.about))
        self.use = button(tr("Use as data"), f"known_use_{one.name}", "primary")
        self.get = button(tr("Download…"), f"known_get_{one.name}")
        self.cancel = button(tr("Cancel"), f"known_cancel_{one.name}")
        for push, text in (
            (self.use, tr("Use {name} as data", name=one.title)),
            (self.get, tr("Download {name}", name=one.title)),
            (self.cancel, tr("Cancel the download of {name}", name=one.title)),
        ):
            set_spoken_name(push, text)
        self.reading = ReadingBar(f"known_reading_{one.name}")
        self.failure = hint("", f"known_failure_{one.name}")
        self.failure.setProperty("part", "verdict")
        self.failure.setProperty("state", "error")
        self._lay_out()
        self.use.clicked.connect(lambda: self.use_requested.emit(self.one))
        self.get.clicked.connect(lambda: self.get_requested.emit(self.one))
        self.cancel.clicked.connect(self.cancel_requested)

    def show_state(self, fetch: KnownSetFetch) -> None:
        """As it is on the disk, and as `fetch` is getting on."""
        here, some = is_here(self.one), bytes_here(self.one)
        mine, size = fetch.one is not None and fetch.one.name == self.one.name, bytes_text(self.one.size)
        had_focus = self.get.hasFocus() or self.cancel.hasFocus()
        if here:
            self.where.setText(tr("on this computer"))
        elif some and not mine:
            self.where.setText(tr("{done} of {total}", done=bytes_text(some), total=size))
        else:
            self.where.setText(size)
        set_state(self.where, "ok" if here and not mine else "")
        self.use.setVisible(here and not mine)
        self.get.setVisible(not here and not mine)
        self.get.setEnabled(fetch.one is None)
        self.get.setText(tr("Go on…") if some and not here else tr("Download…"))
        set_tooltip(self.get, "" if fetch.one is None else tr("Another set is being downloaded."))
        self.cancel.setVisible(mine)
        self.reading.show_progress(fetch.progress if mine else None)
        failed = fetch.failure is not None and fetch.failure[0] == self.one.name
        self.failure.setText(str(fetch.failure[1]) if failed and fetch.failure is not None else "")
        waits = mine and fetch.waits_for_engine
        if waits:
            self.where.setText(tr("waits for the engine"))
        self.failure.setVisible(failed)
        if had_focus:
            self._keep_focus()

    def _keep_focus(self) -> None:
        """The button that was pressed has gone: the one in its place goes on."""
        for push in (self.cancel, self.use, self.get):
            if not push.isHidden():
                push.setFocus()
                return

    def _lay_out(self) -> None:
        rows, head = QVBoxLayout(self), QHBoxLayout()
        rows.setContentsMargins(14, 10, 12, 11)
        rows.setSpacing(5)
        left, first = QVBoxLayout(), QHBoxLayout()
        rows.addLayout(head)
        head.addLayout(left, 1)
        left.addLayout(first)
        head.setSpacing(12)
        left.setSpacing(3)
        first.setSpacing(9)
        first.addWidget(self.title)
        first.addWidget(self.where)
        first.addStretch(1)
        left.addWidget(self.about)
        for push in (self.use, self.get, self.cancel):
            head.addWidget(push)
        rows.addWidget(self.reading)
        rows.addWidget(self.failure)
