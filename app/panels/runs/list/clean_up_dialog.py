"""What cleaning up would remove, with its bytes, before anything goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QPlainTextEdit, QWidget

from app.panels.run_parts.sizes import size_text
from app.panels.widgets.fields import button, column, hint
from graph_editor.background.background import Background, Latest
from graph_editor.background.task import Task
from graph_editor.words.attaching import attached
from graph_editor.words.literal import on_button
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.plain import shown_name
from resources.text import Text, tr
from runtime.store import RunInfo
from runtime.tracking.clean_up import Kind, Removal, proposed, remove

_WIDTH, _LISTED = 520, 500
_KINDS: Final[tuple[tuple[Kind, Text], ...]] = (
    ("weights", Text("Weights that are not the best of their run")),
    ("archived", Text("Archived runs, whole")),
)


class CleanUpDialog(QDialog):
    """`filtered`: `runs` are not all there are. `done` gets the bytes that were freed and what stayed.

    Looking and removing go on off the GUI thread.
    """

    def __init__(
        self,
        runs: Sequence[RunInfo],
        filtered: bool,
        background: Background,
        done: Callable[[int, Sequence[Text]], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._runs, self._filtered, self._done = list(runs), filtered, done
        self._looking, self._removing = Latest(background, self), Latest(background, self)
        self._removals: list[Removal] = []
        self.setObjectName("clean_up")
        self.setWindowTitle(tr("Clean up"))
        set_spoken_name(self, tr("Clean up"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        self.boxes: dict[Kind, QCheckBox] = {}
        for kind, title in _KINDS:
            box = QCheckBox(str(title))
            box.setObjectName(f"clean_up_{kind}")
            set_spoken_name(box, str(title))
            box.setChecked(kind == "weights")
            box.toggled.connect(lambda _on: self._look())
            self.boxes[kind] = box
        self.sum = PlainLabel()
        self.sum.setObjectName("clean_up_sum")
        self.sum.setProperty("role", "strong")
        self.list = QPlainTextEdit()
        self.list.setObjectName("clean_up_list")
        self.list.setReadOnly(True)
        self.list.setTabChangesFocus(True)
        set_spoken_name(self.list, tr("What would be removed"))
        self.cancel = button(tr("Cancel"), "clean_up_cancel")
        self.remove = button(tr("Remove for good"), "clean_up_remove", "danger")
        self._lay_out()
        self._look()

    def _lay_out(self) -> None:
        rows = column(self, (18, 16, 18, 14), 8)
        count = f"{len(self._runs):,}"
        if self._filtered:
            text = tr("Of the runs that the filter lets through ({count}):", count=count)
        else:
            text = tr("Of all runs ({count}):", count=count)
        rows.addWidget(PlainLabel(text))
        for box in self.boxes.values():
            rows.addWidget(box)
        rows.addWidget(self.sum)
        rows.addWidget(self.list, 1)
        stays = tr("Where no best weights were kept, the last ones stay.")
        rows.addWidget(hint(stays))
        rows.addWidget(hint(tr("Runs that go on and runs with a star stay as they are. This cannot be undone.")))
        buttons = attached(rows, QHBoxLayout())
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.remove)
        self.cancel.setDefault(True)
        self.cancel.clicked.connect(self.reject)
        self.remove.clicked.connect(self._on_remove)

    def _look(self) -> None:
        kinds = [kind for kind, box in self.boxes.items() if box.isChecked()]
        runs = self._runs
        self.remove.setEnabled(False)
        self.sum.setText(tr("Looking…"))
        self._looking.run(lambda: proposed(runs, kinds), self._on_looked)

    def _on_looked(self, task: Task[list[Removal]]) -> None:
        self._removals = task.result()
        size = size_text(sum(removal.size for removal in self._removals))
        lines = [removal_text(removal) for removal in self._removals[:_LISTED]]
        if len(self._removals) > _LISTED:
            lines.append(tr("and {count} more", count=f"{len(self._removals) - _LISTED:,}"))
        self.list.setPlainText("\n".join(lines))
        if not self._removals:
            self.sum.setText(tr("There is nothing to remove."))
        elif len(self._removals) == 1:
            self.sum.setText(tr("{size} of 1 run would be removed.", size=size))
        else:
            text = tr("{size} of {count} runs would be removed.", size=size, count=f"{len(self._removals):,}")
            self.sum.setText(text)
        self.remove.setEnabled(bool(self._removals))
        self.remove.setText(
            on_button(tr("Remove {size} for good", size=size) if self._removals else tr("Remove for good"))
        )

    def _on_remove(self) -> None:
        removals = self._removals
        for widget in (self.remove, *self.boxes.values()):
            widget.setEnabled(False)
        self.sum.setText(tr("Removing…"))
        task: Task[tuple[int, list[Text]]] = Task()
        self._removing.run(lambda: remove(removals, lambda _done: not task.cancelled), self._on_removed, task)

    def _on_removed(self, task: Task[tuple[int, list[Text]]]) -> None:
        freed, failures = task.result()
        self.accept()
        self._done(freed, failures)

    def reject(self) -> None:
        """What is removed by then is gone; the list is read again."""
        removing = self._removing.busy
        self._looking.cancel()
        self._removing.cancel()
        super().reject()
        if removing:
            self._done(0, ())


def removal_text(removal: Removal) -> str:
    """ "12 digits: model.keras, epoch-0003.keras · 45 MB"."""
    what = tr("the whole run") if removal.whole else ", ".join(path.name for path in removal.files)
    return f"{removal.number}  {shown_name(removal.name)}: {what} · {size_text(removal.size)}"
