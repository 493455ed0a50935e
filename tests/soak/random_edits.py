"""Random edits in a whole window, each as a person makes it: keys and clicks on what is there, or a command."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QComboBox, QMenu, QWidget

from app.project.templates import TEMPLATES
from app.shell.desktop import Desktop
from app.shell.window.main_window import MainWindow
from graph_editor.document.changes import commands
from graph_editor.document.document import Document
from graph_editor.document.edits import Edit, EditError
from graph_editor.document.ends import output_names
from graph_editor.document.graph import BYPASSED, MUTED, Json, TensorRef
from graph_editor.editors.parts.combo import Combo
from graph_editor.editors.parts.row import ParameterRow
from resources.text import Text
from tests.support.objects import settle

MOST_BOXES = 40
_WORKSPACES: tuple[str, ...] = ("build", "data", "train", "runs")
_TYPED = ("3", "16", "0.25", "1e-3", "-1", "x", "", "(3, 3)", "relu", "same")


class RandomEdits:
    """`step()` does one thing that `seed` picks, and lets the window follow; `done` counts what was done."""

    def __init__(self, desktop: Desktop, seed: int) -> None:
        self._desktop = desktop
        self._random = random.Random(seed)
        self.done: Counter[str] = Counter()
        self._kinds: dict[Callable[[], object], int] = {
            self._add: 10, self._connect: 8, self._delete: 5, self._select: 14, self._select_several: 4,
            self._rename: 5, self._output: 5, self._parameter: 20, self._undo: 8, self._redo: 4, self._setting: 8,
            self._optimizer: 3, self._data: 3, self._group: 2, self._enter: 2, self._leave: 2, self._workspace: 6,
            self._press: 8, self._template: 1, self._share: 2, self._menu: 2, self._search: 1, self._mode: 2,
        }  # fmt: skip

    @property
    def window(self) -> MainWindow:
        return self._desktop.window

    def step(self) -> str:
        (kind,) = self._random.choices(list(self._kinds), list(self._kinds.values()))
        name = kind.__name__.lstrip("_")
        try:
            kind()
        except EditError:
            name = "refused"
        self.done[name] += 1
        while (open_ := QApplication.activePopupWidget()) is not None:
            open_.close()
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        return name

    def rest(self) -> None:
        """Bring the window back to one and the same state, in which what is there can be counted."""
        for workspace in (*_WORKSPACES, _WORKSPACES[0]):
            self.window.show_workspace(workspace)
            self._desktop.session.replace(TEMPLATES[0].open(), None)
            self.window.canvas.select([])
            settle()

    @property
    def _document(self) -> Document:
        return self._desktop.session.document

    def _call(self, anywhere: bool = False) -> str | None:
        graph = self._document.graphs[self._desktop.session.navigation.graph_id]
        return self._random.choice(list(graph.calls)) if graph.calls else None

    def _edit(self, edits: list[Edit]) -> None:
        self._desktop.session.edit(Text("Random"), edits)

    def _add(self) -> None:
        session = self._desktop.session
        graph = self._document.graphs[session.navigation.graph_id]
        if len(graph.calls) >= MOST_BOXES:
            self._edit(commands.delete_calls(self._document, list(graph.calls)[: MOST_BOXES // 2]))
            return
        spec = self._random.choice(session.catalog.layers())
        place = (self._random.uniform(-900, 900), self._random.uniform(-900, 900))
        edits, _ = commands.add_layer(
            self._document,
            spec.class_name,
            spec.module,
            None,
            place,
            session.catalog,
            graph_id=session.navigation.graph_id,
        )
        self._edit(edits)

    def _connect(self) -> None:
        source, target = self._call(), self._call()
        if source and target:
            self._edit(commands.connect(self._document, TensorRef(source), target, None, self._desktop.session.catalog))

    def _delete(self) -> None:
        if call := self._call():
            self._edit(commands.delete_calls(self._document, [call]))

    def _select(self) -> None:
        call = self._call()
        self.window.canvas.select([call] if call and self._random.random() < 0.9 else [])

    def _select_several(self) -> None:
        self.window.canvas.select(filter(None, (self._call(), self._call(), self._call())))

    def _rename(self) -> None:
        if call := self._call():
            operation = self._document.operation_of(call)
            self._edit(commands.rename(self._document, operation.id, f"box_{self._random.randrange(50)}"))

    def _output(self) -> None:
        if call := self._call():
            self._edit(commands.set_output(self._document, TensorRef(call), self._random.random() < 0.6))

    def _share(self) -> None:
        if (call := self._call()) and len(self._document.graph.calls) < MOST_BOXES:
            self._edit(commands.share(self._document, call, (0.0, 0.0))[0])

    def _undo(self) -> None:
        self._desktop.session.history.undo()

    def _redo(self) -> None:
        self._desktop.session.history.redo()

    def _group(self) -> None:
        self._select_several()
        self.window.canvas.run_action("group_selection")

    def _enter(self) -> None:
        self.window.canvas.run_action("enter_selected")

    def _leave(self) -> None:
        self.window.canvas.run_action("leave_graph")

    def _mode(self) -> None:
        session = self._desktop.session
        session.modes.toggle(session.navigation.selection, self._random.choice((BYPASSED, MUTED)))

    def _workspace(self) -> None:
        self.window.show_workspace(self._random.choice(_WORKSPACES))

    def _template(self) -> None:
        self._desktop.session.replace(self._random.choice(TEMPLATES).open(), None)

    def _data(self) -> None:
        names = [*output_names(self._document.graph), "other"]
        data = {**self._document.data, "bindings": {name: ["image"] for name in names if self._random.random() < 0.5}}
        self._edit(commands.set_data(self._document, data))

    def _parameter(self) -> None:
        """Type into, or choose in, one of the rows that the inspector shows."""
        self._use(self.window.build.inspector, ParameterRow)

    def _setting(self) -> None:
        """The same in Train, where it was opened."""
        if self.window.workspace == "train":
            self._use(self.window.page("train"), QWidget)

    def _optimizer(self) -> None:
        optimizer = self._random.choice(("Adam", "SGD", "RMSprop", "Lion"))
        callbacks: dict[str, Json] = {
            key: {} for key in ("early_stopping", "reduce_on_plateau") if self._random.random() < 0.5
        }
        training = {**self._document.training, "optimizer": optimizer, "callbacks": callbacks}
        self._edit(commands.set_training(self._document, training))

    def _press(self) -> None:
        """A switch, a fold, a button that opens nothing."""
        place = self.window.build.inspector if self.window.workspace == "build" else self.window.page("train")
        names = ("fold", "section", "switch", "more", "reset", "freeze", "callback", "suggest")
        wanted = [
            button
            for button in place.findChildren(QAbstractButton)
            if button.isVisible() and any(name in button.objectName() for name in names)
        ]
        if wanted:
            QTest.mouseClick(self._random.choice(wanted), Qt.MouseButton.LeftButton)

    def _menu(self) -> None:
        for menu in self.window.findChildren(QMenu):
            if menu.objectName() == "main_menu":
                menu.popup(self.window.mapToGlobal(QPoint(40, 40)))

    def _search(self) -> None:
        if self.window.workspace == "build":
            self.window.canvas.run_action("open_search")
            QTest.keyClicks(QApplication.focusWidget() or self.window, "den")
            QTest.keyClick(QApplication.focusWidget() or self.window, Qt.Key.Key_Escape)

    def _use(self, place: QWidget, rows: type[QWidget]) -> None:
        found = [
            control
            for row in place.findChildren(rows)
            if row.isVisible()
            for kind in (QAbstractSpinBox, Combo)
            for control in row.findChildren(kind)
            if control.isVisible() and control.isEnabled()
        ]
        if not found:
            return
        control = self._random.choice(found)
        control.setFocus()
        if isinstance(control, QComboBox):
            if control.count():
                control.setCurrentIndex(self._random.randrange(control.count()))
                control.activated.emit(control.currentIndex())
        elif self._random.random() < 0.3:
            QTest.keyClick(control, self._random.choice((Qt.Key.Key_Up, Qt.Key.Key_Down)))
        else:
            QTest.keyClick(control, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            QTest.keyClicks(control, self._random.choice(_TYPED))
            QTest.keyClick(control, Qt.Key.Key_Return)
