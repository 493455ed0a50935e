"""Over the canvas with a wheel, a touchpad, the middle button, the space bar and a touch screen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import (
    QInputDevice,
    QNativeGestureEvent,
    QPointingDevice,
    QPointingDeviceUniqueId,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from graph_editor.view.painting.metrics import MAXIMUM_ZOOM, MINIMUM_ZOOM
from tests.gui.view.conftest import LEFT, NO_KEY, Bench

CTRL = Qt.KeyboardModifier.ControlModifier
PHASE = Qt.ScrollPhase
AT = QPoint(300, 300)


def device(kind: QInputDevice.DeviceType) -> QPointingDevice:
    pointer = QPointingDevice.PointerType.Finger
    can = QInputDevice.Capability.Position | QInputDevice.Capability.PixelScroll
    return QPointingDevice("pad", 7, kind, pointer, can, 5, 3, "", QPointingDeviceUniqueId())


PAD = QInputDevice.DeviceType.TouchPad
MOUSE = QInputDevice.DeviceType.Mouse


def wheel(
    bench: Bench,
    angle: QPoint,
    pixels: QPoint = QPoint(),  # noqa: B008 - nobody changes it
    kind: QInputDevice.DeviceType = MOUSE,
    phase: Qt.ScrollPhase = PHASE.NoScrollPhase,
    keys: Qt.KeyboardModifier = NO_KEY,
) -> None:
    place = QPointF(bench.view.viewport().mapToGlobal(AT))
    source, made = Qt.MouseEventSource.MouseEventNotSynthesized, device(kind)
    event = QWheelEvent(QPointF(AT), place, pixels, angle, Qt.MouseButton.NoButton, keys, phase, False, source, made)
    QApplication.sendEvent(bench.view.viewport(), event)


@pytest.mark.parametrize("phase", [PHASE.ScrollBegin, PHASE.ScrollUpdate, PHASE.ScrollMomentum])
@pytest.mark.parametrize("kind", [PAD, MOUSE])  # macOS and Wayland tell by phases
def test_two_fingers_move_in_all_directions(chain: Bench, kind: QInputDevice.DeviceType, phase: Qt.ScrollPhase) -> None:
    before = chain.middle("c2")
    wheel(chain, QPoint(30, -60), QPoint(12, -31), kind, phase)
    assert chain.middle("c2") == before + QPoint(12, -31) and chain.view.zoom == 1.0


def test_a_touchpad_that_says_no_pixels_moves_too(chain: Bench) -> None:
    before = chain.middle("c2")
    wheel(chain, QPoint(20, -40), kind=PAD)
    assert chain.middle("c2") == before + QPoint(10, -20) and chain.view.zoom == 1.0


def test_a_mouse_that_says_pixels_zooms_all_the_same(chain: Bench) -> None:
    wheel(chain, QPoint(0, 120), QPoint(0, 15))
    assert chain.view.zoom > 1.1


def test_a_tilted_wheel_moves_sideways(chain: Bench) -> None:
    before = chain.middle("c2")
    wheel(chain, QPoint(120, 0))
    assert chain.middle("c2") == before + QPoint(60, 0) and chain.view.zoom == 1.0


@pytest.mark.parametrize("kind", [PAD, MOUSE])
def test_with_ctrl_both_zoom_at_the_cursor(chain: Bench, kind: QInputDevice.DeviceType) -> None:
    place = chain.view.at_pixel(QPointF(AT))
    wheel(chain, QPoint(0, 120), QPoint(0, 20), kind, PHASE.ScrollUpdate, CTRL)
    assert chain.view.zoom == pytest.approx(1.15)
    assert (chain.pixel(place) - AT).manhattanLength() <= 2


def test_a_pinch_zooms_at_the_fingers(chain: Bench) -> None:
    def pinch(value: float) -> None:
        place = QPointF(AT)
        over = QPointF(chain.view.viewport().mapToGlobal(AT))
        kind = Qt.NativeGestureType.ZoomNativeGesture
        event = QNativeGestureEvent(kind, device(PAD), 2, place, place, over, value, QPointF())
        QApplication.sendEvent(chain.view.viewport(), event)

    place = chain.view.at_pixel(QPointF(AT))
    pinch(0.25)
    pinch(-0.1)
    assert chain.view.zoom == pytest.approx(1.125)
    assert (chain.pixel(place) - AT).manhattanLength() <= 2
    for _ in range(40):
        pinch(0.5)
    assert chain.view.zoom == MAXIMUM_ZOOM
    for value in (-0.9, -0.9, -0.9, -5.0):
        pinch(value)
    assert chain.view.zoom == pytest.approx(MINIMUM_ZOOM)


@pytest.mark.parametrize("way", ["middle", "space"])
def test_the_hand_moves_over_boxes_too_and_esc_takes_it_back(chain: Bench, way: str) -> None:
    start, before = chain.middle("c2"), chain.text()
    button = Qt.MouseButton.MiddleButton if way == "middle" else LEFT
    if way == "space":
        QTest.keyPress(chain.view, Qt.Key.Key_Space)
        assert chain.view.viewport().cursor().shape() == Qt.CursorShape.OpenHandCursor
    chain.drag_to(start, start + QPoint(50, -30), button=button)
    assert chain.middle("c2") == start + QPoint(50, -30)
    assert chain.view.viewport().cursor().shape() == Qt.CursorShape.ClosedHandCursor
    chain.key(Qt.Key.Key_Escape)
    chain.release(start, button=button)
    assert chain.middle("c2") == start
    chain.drag(start, start + QPoint(50, -30), button=button)
    assert chain.middle("c2") == start + QPoint(50, -30)
    if way == "space":
        QTest.keyRelease(chain.view, Qt.Key.Key_Space)
    assert chain.text() == before and chain.selected() == []
    assert chain.view.viewport().cursor().shape() == Qt.CursorShape.ArrowCursor
