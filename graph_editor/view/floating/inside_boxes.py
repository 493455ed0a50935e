"""Shows on boxes what comes out of them, and says which boxes are seen: only these need to be asked about."""

from collections.abc import Iterable, Mapping
from time import perf_counter
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from graph_editor.view.floating.navigation import NavigableView
from graph_editor.view.items.collapsed_frames import CollapsedFrame
from graph_editor.view.items.scene import GraphScene
from graph_editor.view.painting.inside_values import InsideLook
from graph_editor.view.painting.metrics import TEXT_ZOOM

_REST_MS: Final = 120  # that the view has to rest before what it shows is asked for
_SLICE: Final = 0.008  # seconds in which boxes are given something else to show, before what is there is painted
_AT_ONCE: Final = 20  # boxes that are seen whose pictures are made in one frame
_BETWEEN_MS: Final = 8  # in which they are painted


class InsideBoxes(QObject):
    """``seen_changed`` comes when other boxes are seen than before, and the view rests.

    ``looks`` are of boxes of any graph of the document, by call id; boxes that are made anew show theirs again.
    """

    seen_changed = Signal()
    looks_changed = Signal()

    def __init__(self, view: NavigableView, scene: GraphScene) -> None:
        super().__init__(view)
        self._view, self._scene = view, scene
        self.on = False
        self.looks: dict[str, InsideLook] = {}
        self._stale: dict[str, None] = {}
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._on_rest)
        self._work = QTimer(self)
        self._work.setSingleShot(True)
        self._work.timeout.connect(self._show_some)
        view.zoom_changed.connect(self._on_moved)
        for bar in (view.horizontalScrollBar(), view.verticalScrollBar()):
            bar.valueChanged.connect(self._on_moved)
        scene.content_changed.connect(self._on_content)
        scene.filled.connect(self._on_content)
        view.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Resize):
            self._on_moved()
        return False

    def set_on(self, on: bool) -> None:
        """Show what comes out of boxes, or the boxes as they are."""
        if on == self.on:
            return
        self.on = on
        self._refresh(self._scene.boxes)
        self._on_moved()

    def show_looks(self, looks: Mapping[str, InsideLook]) -> None:
        """What boxes show from now on; those that are not named keep what they show."""
        changed = [call_id for call_id, look in looks.items() if self.looks.get(call_id) != look]
        self.looks.update(looks)
        self._refresh(changed)
        self.looks_changed.emit()

    def forget(self) -> None:
        """Nothing is known of any box."""
        known, self.looks = self.looks, {}
        self._refresh(known)

    def look_of(self, call_id: str) -> InsideLook | None:
        return self.looks.get(call_id) if self.on else None

    def seen(self) -> tuple[str, ...]:
        """The boxes that the view shows, if they are large enough for it, in the order of the document."""
        if not self.on or not self._view.isVisible() or self._view.zoom < TEXT_ZOOM:
            return ()
        area = self._view.visible_area()
        near = self._scene.index.within((area.left(), area.top(), area.right(), area.bottom()))
        inside = {key for key in near if not isinstance(self._scene.shown(key), CollapsedFrame)}
        return tuple(call_id for call_id in self._scene.graph.calls if call_id in inside)

    def _refresh(self, call_ids: Iterable[str]) -> None:
        self._stale.update(dict.fromkeys(call_ids))
        if self._stale and not self._work.isActive():
            self._show_some()

    def _show_some(self) -> None:
        """A frame in which all boxes that are seen are painted anew would take too long."""
        until, left, area = perf_counter() + _SLICE, _AT_ONCE, self._view.visible_area()
        while self._stale:
            call_id, _ = self._stale.popitem()
            box = self._scene.boxes.get(call_id)
            look = self.looks.get(call_id) if self.on else None
            if box is None or box.inside == look:
                continue
            box.show_inside(look)
            left -= area.intersects(box.rect())
            if left <= 0 or perf_counter() > until:
                self._work.start(_BETWEEN_MS)
                return

    def _on_moved(self) -> None:
        if self.on:
            self._rest.start()

    def _on_rest(self) -> None:
        self.seen_changed.emit()

    def _on_content(self) -> None:
        """Boxes may have been made anew, or another graph shows."""
        if self.on:
            self._refresh(list(self._scene.boxes))
            self._rest.start()
