"""The card with the charts of a column: its height, and what shows before the column has been looked at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.look.theme_source import ThemeSource
from app.panels.data.charts.card import ChartCard
from resources.text import Text
from runtime.messages.profiling import Bars, ColumnProfile, Fact, Histogram
from tests.gui.training.conftest import Show

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

_BARS = Bars(Text("classes"), ("a", "b"), (3, 4), parts={"training": (2, 3), "test": (1, 1)})
_GOOD = ColumnProfile("good", 7, 7, (_BARS, Histogram(Text("values"), (0.0, 1.0), (7,)), Fact(Text("missing"), "1")))
_FAILED = ColumnProfile("bad", 7, 0, failure=Text("It cannot be read."))


@pytest.fixture
def card(look: ThemeSource, show: Show) -> Iterator[ChartCard]:
    """Below something that takes all the room that there is, as on the page."""
    page = QWidget()
    rows = QVBoxLayout(page)
    rows.addWidget(QFrame(), 1)
    card = ChartCard(look)
    rows.addWidget(card)
    show(page)
    yield card
    page.close()  # held till here


def test_the_legend_shows_with_bars_of_parts_and_not_before(card: ChartCard) -> None:
    assert not card.legend.isVisible()
    card.show_profile("good", None)
    assert not card.legend.isVisible()
    card.show_profile("good", _GOOD)
    assert card.legend.isVisible()


def height_at_rest(card: ChartCard, qtbot: QtBot) -> int:
    """Layouts find it in several rounds."""

    def rests() -> bool:
        before = card.height()
        qtbot.wait(60)
        return card.height() == before

    qtbot.waitUntil(rests)
    return card.height()


def test_the_card_keeps_its_height_while_a_column_is_looked_at(card: ChartCard, qtbot: QtBot) -> None:
    card.show_profile("good", _GOOD)
    qtbot.waitUntil(lambda: card.kinds.isVisible() and card.height() == card.heightForWidth(card.width()))
    height = card.height()
    card.show_profile("other", None)
    qtbot.wait(20)
    assert (card.height(), card.kinds.isVisible(), card.chart.part) == (height, False, None)


def test_the_card_of_a_column_that_cannot_be_looked_at_is_as_high_as_its_sentence(
    card: ChartCard, qtbot: QtBot
) -> None:
    card.show_profile("good", _GOOD)
    high = height_at_rest(card, qtbot)
    for name, profile in (("bad", _FAILED), ("bad", None), ("bad", _FAILED)):
        card.show_profile(name, profile)
        qtbot.wait(20)
    assert card.failure.isVisible() and card.failure.text() == "It cannot be read."
    assert height_at_rest(card, qtbot) < high - 100
    card.show_profile("good", _GOOD)
    assert height_at_rest(card, qtbot) == high
    assert not card.failure.isVisible()


def test_the_bars_of_dates_are_told_by_their_days(card: ChartCard) -> None:
    dates = Histogram(Text("values"), (0.0, 86400.0, 172800.0), (3, 4), dates=True)
    card.show_profile("built", ColumnProfile("built", 7, 7, (dates,)))
    assert "1970-01-01 … 1970-01-02: 3" in card.chart.accessibleDescription()
