"""Tidy: boxes are arranged anew, worked out on another thread; they glide to their places and that is one step."""

import logging
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QRectF

from graph_editor.background.background import Background, Latest
from graph_editor.background.task import Task
from graph_editor.document.document import Point
from graph_editor.document.sizes import BOX_HEIGHT, BOX_WIDTH
from graph_editor.layout.frame_room import arrange_framed
from graph_editor.layout.part import arrange_part
from graph_editor.view.commands.parts.canvas import WorkCanvas
from graph_editor.view.floating.navigation import NavigableView
from graph_editor.view.painting import motion
from graph_editor.view.painting.metrics import BELOW, OVERHANG
from graph_editor.view.tools.glide import Glide
from resources.text import tr

Places = dict[str, Point]  # by call id
_log = logging.getLogger(__name__)
_ROW: Final = 120.0  # from one box to the next below it
_MOST: Final = 300  # more boxes are there at once: a step of the way has to be taken and painted in time


class Tidying(QObject):
    """Belongs to the view of ``canvas``."""

    def __init__(self, canvas: WorkCanvas, background: Background) -> None:
        super().__init__(canvas.view)
        self._canvas = canvas
        self._all = True
        self._layout = Latest(background, self, in_turn=True)

    def tidy(self) -> None:
        """Arrange all boxes."""
        self._all = True
        scene = self._canvas.graph_scene
        frames = [item.frame.boxes for item in scene.frames.items.values()]
        self._layout.run(partial(arrange_framed, *scene.collapsed_frames.outline(), frames), self._on_arranged)

    def tidy_selection(self) -> None:
        """Arrange the selected boxes around their middle; the others stay."""
        scene = self._canvas.graph_scene
        keys = list(scene.collapsed_frames.units(scene.selection))
        if len(keys) < 2:
            self._canvas.report_problem(tr("Select the boxes that are to be arranged."))
            return
        self._all = False
        places = scene.collapsed_frames.units(scene.graph.calls)
        self._layout.run(partial(arrange_part, *scene.collapsed_frames.outline(), places, keys), self._on_arranged)

    @property
    def busy(self) -> bool:
        """Whether places are being looked for."""
        return self._layout.busy

    def cancel(self) -> bool:
        """Let all stay where it is; whether anything was under way."""
        busy = self.busy
        self._layout.cancel()
        return busy

    def in_a_column(self) -> Places:
        """Places below each other, for boxes that have none and for which the layout could find none."""
        self._canvas.report_problem(
            tr("The boxes could not be arranged, so they stand below each other; this is an error of Lamella.")
        )
        return {call_id: (0.0, number * _ROW) for number, call_id in enumerate(self._canvas.graph_scene.graph.calls)}

    def _on_arranged(self, task: Task[Places]) -> None:
        places = arranged(task)
        if places is None:
            self._canvas.report_problem(
                tr("The boxes could not be arranged and stay where they are; this is an error of Lamella.")
            )
            return
        canvas, scene = self._canvas, self._canvas.graph_scene
        spread = scene.collapsed_frames.spread(places)
        here = {key: place for key, place in spread.items() if key in scene.graph.calls}
        if not here:
            return  # another graph shows by now
        moves = {key: place for key, place in here.items() if scene.place_of(key) != place}
        if (
            not moves
            or len(scene.boxes) > _MOST
            or not motion.is_wanted()
            or scene.filling
            or not canvas.view.isVisible()
        ):
            self._settle(here)
            return
        glide = Glide(canvas, moves, self._camera(here), partial(self._on_there, here))
        canvas.begin_gesture(glide)
        glide.begin()

    def _on_there(self, places: Places) -> None:
        self._canvas.drop_gesture()
        self._settle(places)

    def _settle(self, places: Places) -> None:
        if self._canvas.actions_on_boxes.tidy(places) and self._all:
            self._canvas.fit()

    def _camera(self, places: Places) -> "Camera":
        """Return what the view shows on the way: at the end all boxes when all are arranged, else what it shows now."""
        if not self._all or not places:
            return Camera(self._canvas.view, None)
        left, top = min(x for x, _ in places.values()), min(y for _, y in places.values())
        right, bottom = max(x for x, _ in places.values()), max(y for _, y in places.values())
        area = QRectF(left, top, right - left + BOX_WIDTH, bottom - top + BOX_HEIGHT)
        return Camera(self._canvas.view, area.adjusted(-OVERHANG, -OVERHANG, OVERHANG, BELOW * 0.7))


class Camera:
    """Takes the view from where it looks to where all of ``area`` shows."""

    def __init__(self, view: NavigableView, area: QRectF | None) -> None:
        self._view = view
        middle = view.at_pixel(QRectF(view.viewport().rect()).center())
        self._from = (view.zoom, middle)
        self._bars = [(bar, bar.value()) for bar in (view.horizontalScrollBar(), view.verticalScrollBar())]
        self._to = view.look_at(area) if area is not None else self._from

    def __call__(self, share: float) -> None:
        (zoom, place), (zoom_then, place_then) = self._from, self._to
        if self._from == self._to:
            return
        self._view.zoom_to(zoom * (zoom_then / zoom) ** share)
        if share > 0:
            self._view.centerOn(place + (place_then - place) * share)
            return
        for bar, value in self._bars:  # to the pixel
            bar.setValue(value)


def arranged(task: Task[Places]) -> Places | None:
    """The places that a layout has found; None when it went wrong, which the log tells."""
    if task.error is None:
        return task.result()
    _log.error("Unexpected error", exc_info=task.error)
    return None
