"""The palette: folding, searching, adding, dragging."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDrag
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.look.theme import load_theme
from app.look.theme_source import ThemeSource
from app.panels.palette.delegate import box_picture
from app.panels.palette.model import LAYER_MIME, ROW_ROLE, PaletteModel, PaletteRow
from app.panels.palette.panel import Palette
from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import LayerSpec
from resources.text import use_language

ENTER = Qt.Key.Key_Return


@pytest.fixture
def palette(qtbot: QtBot, catalog: Catalog, look: ThemeSource) -> Palette:
    made = Palette(catalog, look)
    made.resize(248, 700)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def rows(palette: Palette) -> list[PaletteRow]:
    model = palette.view.model()
    return [model.index(row, 0).data(ROW_ROLE) for row in range(model.rowCount())]


def layers(palette: Palette) -> list[str]:
    return [row.text for row in rows(palette) if row.kind == "layer"]


def place_of(palette: Palette, text: str) -> QPoint:
    found = next(place for place, row in enumerate(rows(palette)) if row.text == text)
    index = palette.view.model().index(found, 0)
    palette.view.scrollTo(index)
    return palette.view.visualRect(index).center()


def activated(palette: Palette) -> list[LayerSpec]:
    heard: list[LayerSpec] = []
    palette.layer_activated.connect(heard.append)
    return heard


def test_categories_stand_in_their_order_with_common_layers_first(palette: Palette) -> None:
    headings = [row.text for row in rows(palette) if row.kind == "heading"]
    assert headings[:4] == ["Inputs", "Core", "Convolution", "Pooling"]
    assert layers(palette)[:3] == ["Input", "Dense", "Embedding"]


def test_operations_are_folded_and_found_by_searching(palette: Palette, qtbot: QtBot) -> None:
    assert "matmul" not in layers(palette)
    palette.search.setText("matmul")
    assert layers(palette)[0] == "matmul"
    palette.search.setText("")
    QTest.mouseClick(palette.view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(palette, "Operations"))
    assert "matmul" in layers(palette)


def test_every_layer_of_the_catalogue_can_be_reached(palette: Palette, catalog: Catalog, qtbot: QtBot) -> None:
    QTest.mouseClick(palette.view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(palette, "Operations"))
    for _ in range(20):
        more = [row for row in rows(palette) if row.kind == "more" and not row.unfolded]
        if not more:
            break
        QTest.mouseClick(palette.view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(palette, more[0].text))
    assert sorted(layers(palette)) == sorted(spec.shown_name for spec in catalog.palette())


def test_a_click_on_a_heading_folds_its_category(palette: Palette, qtbot: QtBot) -> None:
    QTest.mouseClick(palette.view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(palette, "Core"))
    assert "Dense" not in layers(palette)
    assert "Conv2D" in layers(palette)
    QTest.mouseClick(palette.view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(palette, "Core"))
    assert "Dense" in layers(palette)


def test_left_and_right_fold_from_the_keyboard(palette: Palette, qtbot: QtBot) -> None:
    palette.view.setFocus()
    palette.view.setCurrentIndex(palette.view.model().index(2, 0))
    QTest.keyClick(palette.view, Qt.Key.Key_Left)
    assert "Dense" not in layers(palette)
    QTest.keyClick(palette.view, Qt.Key.Key_Right)
    assert "Dense" in layers(palette)


def test_typing_filters_and_enter_adds_the_best_match(palette: Palette, qtbot: QtBot) -> None:
    heard = activated(palette)
    QTest.keyClicks(palette.search, "conv2d")
    assert layers(palette)[0] == "Conv2D"
    assert "Dense" not in layers(palette)
    QTest.keyClick(palette.search, ENTER)
    assert [spec.class_name for spec in heard] == ["Conv2D"]


def test_arrows_move_through_the_matches_while_typing(palette: Palette, qtbot: QtBot) -> None:
    heard = activated(palette)
    QTest.keyClicks(palette.search, "pool")
    second = layers(palette)[1]
    QTest.keyClick(palette.search, Qt.Key.Key_Down)
    QTest.keyClick(palette.search, ENTER)
    QTest.keyClick(palette.search, Qt.Key.Key_Up)
    QTest.keyClick(palette.search, ENTER)
    assert [spec.shown_name for spec in heard] == [second, layers(palette)[0]]


def test_a_layer_is_found_by_its_korean_word(palette: Palette, qtbot: QtBot) -> None:
    palette.search.setText("합성곱")
    assert "Conv2D" in layers(palette)


def test_escape_shows_everything_again(palette: Palette, qtbot: QtBot) -> None:
    everything = layers(palette)
    QTest.keyClicks(palette.search, "lstm")
    assert layers(palette) != everything
    QTest.keyClick(palette.search, Qt.Key.Key_Escape)
    assert layers(palette) == everything


def test_nothing_found_says_so_and_enter_does_nothing(palette: Palette, qtbot: QtBot) -> None:
    heard = activated(palette)
    QTest.keyClicks(palette.search, "qqqzzz")
    assert [row.kind for row in rows(palette)] == ["nothing"]
    assert "qqqzzz" in rows(palette)[0].text
    QTest.keyClick(palette.search, ENTER)
    assert heard == []


def test_what_keras_no_longer_has_is_answered_above_the_matches(palette: Palette, qtbot: QtBot) -> None:
    palette.search.setText("CuDNNLSTM")
    hint, first = rows(palette)[:2]
    assert (hint.kind, first.text) == ("hint", "LSTM")
    assert "fast GPU kernel" in hint.text
    index = palette.view.model().index(0, 0)
    assert not index.flags() & Qt.ItemFlag.ItemIsDragEnabled
    assert palette.view.visualRect(index).height() > 40  # several lines, all of them visible
    heard = activated(palette)
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert [spec.class_name for spec in heard] == ["LSTM"]
    palette.search.setText("theano")
    assert [row.kind for row in rows(palette)][:1] == ["hint"]


def test_a_double_click_adds(palette: Palette, qtbot: QtBot) -> None:
    heard = activated(palette)
    place = place_of(palette, "Dense")
    QTest.mouseClick(palette.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(palette.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert [spec.class_name for spec in heard] == ["Dense"]


def test_dragging_carries_the_class_and_the_picture_of_its_box(palette: Palette, qtbot: QtBot) -> None:
    place, started = place_of(palette, "Dense"), []

    def remember(drag: QDrag, _action: Qt.DropAction) -> Qt.DropAction:
        data = drag.mimeData().data(LAYER_MIME).data()
        started.append((bytes(data), drag.pixmap().deviceIndependentSize().toSize().width()))
        return Qt.DropAction.IgnoreAction

    with patch.object(QDrag, "exec", remember):
        viewport = palette.view.viewport()
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseMove(viewport, place + QPoint(10, 4))
        QTest.mouseMove(viewport, place + QPoint(60, 10))
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=place + QPoint(60, 10))
    assert started == [(b"keras.layers:Dense", 172)]


def test_no_row_stays_lit_after_a_drag(palette: Palette) -> None:
    dense = palette.view.indexAt(place_of(palette, "Dense"))
    palette.view.setCurrentIndex(dense)
    assert palette.view.selectedIndexes() == [dense]
    with patch.object(QDrag, "exec", lambda *_arguments: Qt.DropAction.CopyAction):
        palette.view.startDrag(Qt.DropAction.CopyAction)
    assert not palette.view.selectedIndexes()
    assert palette.view.currentIndex() == dense  # the keys go on from it


def test_a_heading_cannot_be_dragged(catalog: Catalog) -> None:
    model = PaletteModel(catalog)
    heading = model.index(0, 0)
    assert not heading.flags() & Qt.ItemFlag.ItemIsDragEnabled
    assert model.mimeData([heading]).formats() == []


def test_the_picture_of_the_box_is_in_the_colours_of_the_theme(catalog: Catalog, qtbot: QtBot) -> None:
    spec = catalog.layer("Dense")
    assert spec is not None
    dark = box_picture(spec, load_theme("dark"), 2.0).toImage()
    light = box_picture(spec, load_theme("light"), 2.0).toImage()
    assert dark.size() == light.size()
    assert dark.pixelColor(200, 20).lightness() < 100 < light.pixelColor(200, 20).lightness()


def test_tooltips_teach_in_both_languages(palette: Palette) -> None:
    index = next(
        palette.view.model().index(place, 0) for place, row in enumerate(rows(palette)) if row.text == "Concatenate"
    )
    assert "Takes 2 or more wires." in index.data(Qt.ItemDataRole.ToolTipRole)
    use_language("ko")
    assert "연결선을 2개 이상 받습니다." in index.data(Qt.ItemDataRole.ToolTipRole)
