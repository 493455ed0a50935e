"""The list of ticks: by mouse on the text, in ranges, by keys, and when it is very long."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.panels.widgets.choice_list import ChoiceList
from app.panels.widgets.multi_choice import MultiChoice

LEFT, SHIFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def entries(count: int) -> list[tuple[str, str, str]]:
    return [(f"k{number}", f"column {number}", "") for number in range(count)]


@pytest.fixture
def holder(qtbot: QtBot) -> QWidget:
    holder = QWidget()
    holder.setAccessibleName("Column for image")
    holder.resize(320, 30)
    qtbot.addWidget(holder)
    holder.show()
    return holder


def opened(holder: QWidget, count: int, keys: tuple[str, ...] = ()) -> ChoiceList:
    popup = ChoiceList(entries(count), keys, holder, ticked_first=False)
    popup.open_below(holder)
    return popup


def click(popup: ChoiceList, row: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """On the text, far from the box."""
    place = popup.list.visualRect(popup.model.index(row))
    assert place.isValid()
    QTest.mouseClick(popup.list.viewport(), LEFT, modifiers, QPoint(place.x() + 80, place.center().y()))


def press(popup: ChoiceList, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(popup.list, key, modifiers)


def keys(*numbers: int) -> tuple[str, ...]:
    return tuple(f"k{number}" for number in numbers)


def test_a_click_on_the_text_turns_the_tick(holder: QWidget) -> None:
    popup = opened(holder, 5)
    click(popup, 1)
    assert popup.model.keys == keys(1)
    click(popup, 1)
    assert popup.model.keys == ()


def test_a_click_on_the_box_turns_it_once(holder: QWidget) -> None:
    popup = opened(holder, 5)
    place = popup.list.visualRect(popup.model.index(2))
    QTest.mouseClick(popup.list.viewport(), LEFT, NONE, QPoint(place.x() + 12, place.center().y()))
    assert popup.model.keys == keys(2)


def test_two_quick_clicks_turn_it_twice(holder: QWidget) -> None:
    popup = opened(holder, 5)
    place = popup.list.visualRect(popup.model.index(2)).center()
    QTest.mouseClick(popup.list.viewport(), LEFT, NONE, place)
    QTest.mouseDClick(popup.list.viewport(), LEFT, NONE, place)
    assert popup.model.keys == ()


@pytest.mark.parametrize("first, last", [(1, 4), (4, 1)])
def test_shift_ticks_a_range_in_one_change(holder: QWidget, qtbot: QtBot, first: int, last: int) -> None:
    popup = opened(holder, 6)
    click(popup, first)
    with qtbot.waitSignal(popup.changed) as changed:
        click(popup, last, SHIFT)
    assert set(changed.args[0]) == set(keys(1, 2, 3, 4))
    assert popup.model.keys[1:] == tuple(key for key in keys(1, 2, 3, 4) if key != f"k{first}")


def test_shift_takes_ticks_away_after_one_was_taken_away(holder: QWidget) -> None:
    popup = opened(holder, 6, keys(0, 1, 2, 3, 4, 5))
    click(popup, 1)
    click(popup, 3, SHIFT)
    assert popup.model.keys == keys(0, 4, 5)


def test_space_and_shift_with_arrows(holder: QWidget) -> None:
    popup = opened(holder, 6)
    press(popup, Qt.Key.Key_Down)
    press(popup, Qt.Key.Key_Space)
    press(popup, Qt.Key.Key_Down, SHIFT)
    press(popup, Qt.Key.Key_Down, SHIFT)
    assert popup.model.keys == keys(1, 2, 3)
    press(popup, Qt.Key.Key_Down)
    press(popup, Qt.Key.Key_Down)
    press(popup, Qt.Key.Key_Space, SHIFT)
    assert popup.model.keys == keys(1, 2, 3, 4, 5)
    press(popup, Qt.Key.Key_Down, SHIFT)  # the list ends here
    assert popup.list.currentIndex().row() == 5


def test_all_and_none_in_the_order_of_the_list(holder: QWidget) -> None:
    popup = opened(holder, 5, keys(3))
    press(popup, Qt.Key.Key_A, CONTROL)
    assert popup.model.keys == keys(0, 1, 2, 3, 4)
    press(popup, Qt.Key.Key_A, CONTROL | SHIFT)
    assert popup.model.keys == ()


def test_typing_searches_a_long_list_and_all_means_what_is_shown(holder: QWidget) -> None:
    popup = opened(holder, 30)
    QTest.keyClicks(popup.list, "29")
    assert popup.search.text() == "29"
    assert popup.model.texts == ["column 29"]
    popup.all.click()
    popup.search.setText("column 1")
    assert popup.model.keys == keys(29)
    click(popup, 0)
    assert popup.model.keys == keys(29, 1)
    popup.search.clear()
    assert len(popup.model.texts) == 30
    assert popup.count.text() == "2 of 30"
    click(popup, 3, SHIFT)  # counted from "column 1", which is another row now
    assert popup.model.keys == keys(29, 1, 2, 3)
    popup.none.click()
    assert popup.model.keys == ()


def test_a_short_list_has_no_line_to_search_in(holder: QWidget) -> None:
    popup = opened(holder, 5)
    assert not any(widget.isVisible() for widget in (popup.search, popup.all, popup.count))
    QTest.keyClicks(popup.list, "c")
    assert len(popup.model.texts) == 5


def test_what_is_found_can_be_nothing(holder: QWidget) -> None:
    popup = opened(holder, 30)
    popup.search.setText("no such column")
    press(popup, Qt.Key.Key_Space)
    press(popup, Qt.Key.Key_Down, SHIFT)
    press(popup, Qt.Key.Key_A, CONTROL)
    popup.all.click()
    assert popup.model.keys == ()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_keys_close_it_and_lead_from_the_search_into_the_list(holder: QWidget, qtbot: QtBot, key: Qt.Key) -> None:
    popup = opened(holder, 30)
    qtbot.waitUntil(popup.search.hasFocus)
    QTest.keyClick(popup.search, Qt.Key.Key_Down)
    assert popup.list.hasFocus()
    with qtbot.waitSignal(popup.destroyed):
        press(popup, key)


def test_784_columns_open_at_once(holder: QWidget) -> None:
    times = []
    for _ in range(3):
        before = time.process_time()
        popup = opened(holder, 784, tuple(f"k{number}" for number in range(0, 784, 2)))
        popup.grab()
        times.append(time.process_time() - before)
        before = time.process_time()
        press(popup, Qt.Key.Key_A, CONTROL)
        times[-1] = max(times[-1], time.process_time() - before)
        assert len(popup.model.keys) == 784
        assert popup.list.verticalScrollBar().maximum() > 0
        popup.close()
    assert min(times) < 0.05


def test_screen_readers_hear_names_and_ticks(holder: QWidget) -> None:
    popup = opened(holder, 30, keys(0))
    spoken = QAccessible.queryAccessibleInterface(popup.list)
    assert spoken is not None
    assert spoken.text(QAccessible.Text.Name) == "Column for image"
    first, second = spoken.child(0), spoken.child(1)
    assert first.text(QAccessible.Text.Name) == "column 0"
    states = [(each.state().checkable, each.state().checked) for each in (first, second)]  # type: ignore[attr-defined]
    assert states == [(1, 1), (1, 0)]
    assert all(button.accessibleName() for button in popup.findChildren(QPushButton))


def test_the_arrow_down_opens_the_list_of_a_button(qtbot: QtBot) -> None:
    choice = MultiChoice("none")
    choice.set_entries(entries(3))
    qtbot.addWidget(choice)
    choice.show()
    QTest.keyClick(choice, Qt.Key.Key_Down)
    assert choice.popup is not None
    assert choice.popup.isVisible()
    choice.popup.close()
