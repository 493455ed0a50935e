"""Random things done to a canvas, by somebody who does not care what they mean."""

import random
from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTextEdit, QWidget

from tests.gui.view.conftest import NO_KEY, Bench

MOST_BOXES = 40
CLASSES = ("InputLayer", "Dense", "Dense", "Add", "Concatenate", "LSTM", "MultiHeadAttention", "Dropout")
HELD = (NO_KEY, NO_KEY, NO_KEY, *(Qt.KeyboardModifier[f"{name}Modifier"] for name in ("Shift", "Control", "Alt")))
BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
KEYS = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Delete, Qt.Key.Key_Down, Qt.Key.Key_W, Qt.Key.Key_Tab)


class Sitting:
    """One person's hands: random places, keys and shortcuts of one canvas."""

    def __init__(self, bench: Bench, rng: random.Random) -> None:
        self.bench = bench
        self.rng = rng
        self.done: list[str] = []

    def act(self) -> None:
        chance: list[tuple[Callable[[], str], int]] = [
            (self._shortcut, 8),
            (self._drag, 6),
            (self._add, 3),
            (self._click, 3),
            (self._key, 2),
            (self._travel, 4),
        ]
        way = self.rng.choices([way for way, _ in chance], [weight for _, weight in chance])[0]
        self.done.append(way())
        QApplication.processEvents()
        self._leave_fields()
        if self.bench.view._mouse.busy:  # wiring by keys goes on until it is ended
            self.bench.key(self.rng.choice((Qt.Key.Key_Return, Qt.Key.Key_Escape)))
            self.bench.view.end_gesture()
        self._stay_small()

    def _shortcut(self) -> str:
        calls = list(self.bench.view.graph_scene.graph.calls)
        if self.rng.random() < 0.6:
            self.bench.view.select(self.rng.sample(calls, min(len(calls), self.rng.randint(1, 4))))
        name = self.rng.choice(list(self.bench.view.commands)).name
        self.bench.view.run_action(name)
        return name

    def _drag(self) -> str:
        held = self.rng.choice((*HELD, BOTH))
        start, end = self._place(), self._place()
        self.bench.drag_to(start, end, keys=held)
        if self.rng.random() < 0.15:
            self.bench.key(Qt.Key.Key_Escape)
        self.bench.release(end, keys=held)
        return f"drag {start} {end} {held}"

    def _add(self) -> str:
        name = self.rng.choice(CLASSES)
        at = self._place()
        self.bench.drop_layer(self.bench.drag_layer(name, at), at)
        return f"add {name}"

    def _click(self) -> str:
        at = self._place()
        (self.bench.double_click if self.rng.random() < 0.4 else self.bench.click)(at)
        return f"click {at}"

    def _key(self) -> str:
        key = self.rng.choice(KEYS)
        self.bench.key(key)
        return str(key)

    def _travel(self) -> str:
        way = self.rng.choice(("undo", "undo", "redo"))
        for _ in range(self.rng.randint(1, 4)):
            getattr(self.bench.history, way)()
        return way

    def _place(self) -> QPoint:
        """A pixel where something is, more often than not."""
        view, scene = self.bench.view, self.bench.view.graph_scene
        area = view.viewport().rect()
        anywhere = QPoint(self.rng.randrange(area.width()), self.rng.randrange(area.height()))
        spots: list[QPointF] = []
        for box in scene.shown_boxes():
            ports = (*box.output_places(), *box.input_places())
            spots += [box.rect().center(), *(place for _, place in ports)]
        spots += [wire.path().pointAtPercent(0.4) for wire in scene.shown_wires()]
        spots += [item.bar().center() for item in scene.frames.items.values()]
        seen = [pixel for pixel in map(view.mapFromScene, spots) if area.contains(pixel)]
        return self.rng.choice(seen) if seen and self.rng.random() < 0.8 else anywhere

    def _leave_fields(self) -> None:
        """Answer what has opened: a search, a name, a menu."""
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        for last in (False, False, True):
            field = self._field()
            if field is None:
                return
            if not last and isinstance(field, QLineEdit) and self.rng.random() < 0.5:
                QTest.keyClicks(field, self.rng.choice(("dense", "add", "lstm", "x")))
                QTest.keyClick(field, Qt.Key.Key_Return)
            else:
                QTest.keyClick(field, Qt.Key.Key_Escape)
            QApplication.processEvents()
        assert self._field() is None, "Esc leaves a field"

    def _field(self) -> QWidget | None:
        field = QApplication.focusWidget()
        if not isinstance(field, QLineEdit | QTextEdit) or not field.isVisible():
            return None
        above: QWidget | None = field
        while above is not None and above is not self.bench.view:
            above = above.parentWidget()
        return field if above is not None else None  # in a whole window the keyboard may be elsewhere

    def _stay_small(self) -> None:
        while sum(len(graph.calls) for graph in self.bench.document.graphs.values()) > MOST_BOXES:
            assert self.bench.history.can_undo
            self.bench.history.undo()
