"""What the canvas does with many boxes: frames at each zoom, opening, undo, memory."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter, process_time
from typing import Any, Final

import psutil
from PySide6.QtCore import QEvent, QEventLoop, QPointF, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.cli.canvas_bench.frames import Frames, Timing
from app.cli.canvas_bench.sample_graph import sample_displays, sample_document, sample_problems
from graph_editor.background.background import Background
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.clips.clipboard import copied_text, paste, read_clip
from graph_editor.document.document import Document
from graph_editor.document.history import History
from graph_editor.document.sizes import BOX_HEIGHT, BOX_WIDTH
from graph_editor.view.graph_view import GraphView
from graph_editor.view.painting.theme import CanvasTheme

SIZE: Final = (1600, 1000)
ZOOMS: Final = (0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
PASTED: Final = 1000
_DRAGGED: Final = 100


@dataclass(frozen=True, slots=True)
class FrameTiming:
    zoom: float
    fitted: bool  # the whole graph shows
    action: str
    timing: Timing


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens once: milliseconds until it is painted, and the longest that the window stood still."""

    milliseconds: float
    cpu_milliseconds: float
    longest_turn: float


@dataclass(frozen=True, slots=True)
class CanvasReport:
    boxes: int
    wires: int
    size: tuple[int, int]
    platform: str
    frames: list[FrameTiming]
    open: Step
    pasted: int  # boxes
    paste: Step
    undo: Step
    memory_mb: float  # resident, of the whole process

    def to_json(self) -> dict[str, Any]:
        """Plain values; times are milliseconds."""
        frames = [
            {"zoom": round(f.zoom, 3), "fitted": f.fitted, "action": f.action, **asdict(f.timing)} for f in self.frames
        ]
        return {
            "boxes": self.boxes,
            "wires": self.wires,
            "size": list(self.size),
            "platform": self.platform,
            "unit": "ms",
            "frames": frames,
            "open": asdict(self.open),
            "pasted": self.pasted,
            "paste": asdict(self.paste),
            "undo_paste": asdict(self.undo),
            "memory_mb": self.memory_mb,
        }


class Heartbeat:
    """Notes the longest time between two ticks of a timer that always ticks: one turn of the event loop."""

    def __init__(self) -> None:
        self.longest = 0.0  # seconds
        self._last = perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        self._timer.start(0)

    def stop(self) -> float:
        self._on_tick()
        self._timer.stop()
        return self.longest

    def _on_tick(self) -> None:
        now = perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now


def measure_canvas(boxes: int, frames: int, zooms: Sequence[float] = ZOOMS) -> CanvasReport:
    """Needs a QApplication. Opens a graph of ``boxes`` in a view of its own, and takes ``frames`` of each kind."""
    document = Document()
    history = History(document, FOLLOW_UPS)
    view = GraphView(document, history, Catalog.load(), CanvasTheme.named("dark"), Background())
    try:
        view.resize(*SIZE)
        view.show()
        QApplication.processEvents()
        return _measure(view, history, boxes, frames, zooms)
    finally:
        view.end_gesture()
        view.hide()
        view.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _measure(view: GraphView, history: History, boxes: int, frames: int, zooms: Sequence[float]) -> CanvasReport:
    sample = sample_document(boxes)
    opened = _open(view, sample)
    view.set_shapes(sample_displays(sample))
    view.set_problems(sample_problems(sample))
    Frames(view).paint()
    timings = list(_frames(view, frames, zooms))
    pasted, undone = _paste_and_undo(view, history)
    memory = psutil.Process().memory_info().rss / 2**20
    wires = len(view.graph_scene.wires)
    platform = QApplication.platformName()
    return CanvasReport(
        boxes, wires, SIZE, platform, timings, opened, min(boxes, PASTED), pasted, undone, round(memory, 1)
    )


def _open(view: GraphView, sample: Document) -> Step:
    """From the document to all boxes painted."""

    def act() -> None:
        view.document.replace_content(sample)
        if view.graph_scene.filling:
            loop = QEventLoop()
            view.graph_scene.filled.connect(loop.quit)
            loop.exec()
            view.graph_scene.filled.disconnect(loop.quit)

    return _once(view, act)


def _paste_and_undo(view: GraphView, history: History) -> tuple[Step, Step]:
    """The clipboard of the system is left alone; its text is all that is not read from there."""
    scene, document = view.graph_scene, view.document
    chosen = list(scene.graph.calls)[:PASTED]
    text = copied_text(document, chosen, {call_id: scene.place_of(call_id) for call_id in chosen})
    view.fit()
    Frames(view).paint()

    def put_in() -> None:
        steps, new_ids = paste(document, view.graph_id, read_clip(text), (0.0, 0.0), (BOX_WIDTH, BOX_HEIGHT))
        history.do("paste", steps)
        view.select(new_ids)

    return _once(view, put_in), _once(view, history.undo)


def _once(view: GraphView, act: Callable[[], object]) -> Step:
    heart = Heartbeat()
    began, began_cpu = perf_counter(), process_time()
    act()
    Frames(view).paint()
    seconds, cpu = perf_counter() - began, process_time() - began_cpu
    return Step(*(round(value * 1e3, 1) for value in (seconds, cpu, heart.stop())))


def _frames(view: GraphView, count: int, zooms: Sequence[float]) -> list[FrameTiming]:
    view.fit()
    fitted = view.zoom
    timings = []
    for zoom in (fitted, *(zoom for zoom in zooms if abs(zoom - fitted) > 0.01)):
        for action, act in _actions(view, count).items():
            _look_at_middle(view, zoom)
            timings.append(FrameTiming(zoom, zoom == fitted, action, act()))
    return timings


def _look_at_middle(view: GraphView, zoom: float) -> None:
    view.run_action("select_nothing")
    view.zoom_to(zoom)
    view.centerOn(view.graph_scene.content_rect().center())
    QApplication.processEvents()


def _actions(view: GraphView, count: int) -> dict[str, Callable[[], Timing]]:
    frames = Frames(view)

    def drag(number: int) -> Timing:
        nearest = _nearest(view, number)
        if number > 1:
            view.select(nearest)
        return frames.drag(nearest[0], count)

    return {
        "still": lambda: frames.still(count),
        "hover": lambda: frames.hover(count),
        "pan": lambda: frames.pan(count),
        "zoom": lambda: frames.zoom(count),
        "drag 1": lambda: drag(1),
        f"drag {_DRAGGED}": lambda: drag(_DRAGGED),
    }


def _nearest(view: GraphView, count: int) -> list[str]:
    """The boxes nearest to the middle of the view."""
    middle: QPointF = view.visible_area().center()
    boxes = view.graph_scene.boxes.values()
    near = sorted(boxes, key=lambda box: (box.rect().center() - middle).manhattanLength())
    return [box.call_id for box in near[:count]]
