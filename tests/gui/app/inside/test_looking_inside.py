"""Look inside: boxes show what comes out of them, and the columns beside them tell the rest."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from app.panels.inside import map_page
from app.panels.widgets.chips import Chips
from app.project.templates import TEMPLATES
from app.workspaces.parts.inside_mode import InsideMode
from graph_editor.document.changes.commands import rename
from graph_editor.view.painting.inside_values import MapTiles, ValueBars
from resources.text import Text
from runtime.messages.connection import Failed
from runtime.messages.inside import CutModel, Explain, ExtractFeatures, LookInside, MapEmbedding, OpenTensor
from runtime.messages.trained import GivenValue, On, OneSample
from tests.gui.app.conftest import Rig
from tests.gui.app.evaluate.runs import add_run
from tests.gui.app.inside.answers import teach

SHAPES = {"image": (8, 8, 1), "scale": (8, 8, 1), "digit": (10,), "is_even": (1,)}
T = TypeVar("T")
W = TypeVar("W", bound=QWidget)


@pytest.fixture
def rig(rig: Rig) -> Rig:
    """With the digits open, and an evaluator that answers everything."""
    rig.session.replace(next(item for item in TEMPLATES if item.key == "digits").open(), None)
    teach(rig, SHAPES)
    return rig


def enter(rig: Rig, qtbot: QtBot) -> InsideMode:
    mode = rig.desktop.window.build.inside
    rig.desktop.window.build.inside.inside.switch(True)
    qtbot.waitUntil(lambda: any(look.view is not None for look in mode.boxes.looks.values()))
    return mode


def found(holder: QWidget, kind: type[W], name: str) -> W:
    widget = holder.findChild(kind, name)
    assert widget is not None
    return widget


def take(chips: Chips, key: str) -> None:
    chip = chips.chip(key)
    assert chip is not None
    chip.click()


def box(rig: Rig, name: str) -> str:
    document = rig.session.document
    return next(each for each in document.graph.calls if document.operation_of(each).name == name)


def rest_on(rig: Rig, qtbot: QtBot, wanted: str) -> QPoint:
    """Lay the mouse on a box, once the canvas has come to rest; where it is."""
    canvas = rig.desktop.window.canvas
    places: list[QPoint] = []

    def at_rest() -> bool:
        places.append(canvas.mapFromScene(canvas.graph_scene.boxes[wanted].pos() + QPointF(60, 36)))
        return len(places) > 3 and places[-1] == places[-3]

    qtbot.waitUntil(at_rest)
    for place in (places[-1] + QPoint(1, 0), places[-1]):
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(place),
            QPointF(canvas.viewport().mapToGlobal(place)),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(canvas.viewport(), event)
    return places[-1]


def asked(rig: Rig, kind: type[T]) -> list[T]:
    return [each for each in rig.evaluator.asked if isinstance(each, kind)]


def test_every_box_shows_what_comes_out_of_it(rig: Rig, qtbot: QtBot) -> None:
    add_run(rig)
    mode = enter(rig, qtbot)
    canvas = rig.desktop.window.canvas
    assert set(mode.boxes.looks) == set(rig.session.document.graph.calls)
    assert isinstance(mode.boxes.looks[box(rig, "stem_3x3")].view, MapTiles)
    assert isinstance(mode.boxes.looks[box(rig, "digit")].view, ValueBars)
    assert canvas.graph_scene.boxes[box(rig, "digit")].inside == mode.boxes.looks[box(rig, "digit")]
    assert len(asked(rig, LookInside)) == 1
    rig.desktop.window.build.inside.inside.switch(False)
    qtbot.waitUntil(lambda: canvas.graph_scene.boxes[box(rig, "digit")].inside is None)
    assert rig.desktop.window.build.inspector.isVisible()


def test_without_a_trained_model_it_is_said_and_nothing_is_asked(rig: Rig, qtbot: QtBot) -> None:
    with qtbot.waitSignal(rig.session.evaluations.runs_changed):
        rig.desktop.window.build.inside.inside.switch(True)
    side = rig.desktop.window.build.inside.side
    assert side is not None
    assert side.model.nothing.isVisible()
    assert rig.evaluator.asked == []


def test_a_sample_seen_before_is_not_asked_for_again(rig: Rig, qtbot: QtBot) -> None:
    add_run(rig)
    mode = enter(rig, qtbot)
    assert mode.side is not None
    first = dict(mode.boxes.looks)
    mode.side.sample.next.click()
    assert rig.desktop.window.build.inside.inside.sample == OneSample(On("validation"), 1)
    assert mode.boxes.looks[box(rig, "digit")] != first[box(rig, "digit")]
    count = len(asked(rig, LookInside))
    mode.side.sample.previous.click()
    assert mode.boxes.looks == first
    assert len(asked(rig, LookInside)) == count
    take(mode.side.mode.mode, "training")
    assert asked(rig, LookInside)[-1].training
    assert "training=True" in mode.side.mode.meaning.text()
    mode.side.mode.again.click()
    assert asked(rig, LookInside)[-1].seed == 1


def test_only_boxes_that_are_seen_are_asked_about(rig: Rig, qtbot: QtBot) -> None:
    add_run(rig)
    canvas, document = rig.desktop.window.canvas, rig.session.document
    canvas.zoom_to(3.0)
    canvas.center_on(box(rig, "stem_3x3"))
    canvas.zoom_to(3.0)
    mode = enter(rig, qtbot)
    names = {call.layer for call in asked(rig, LookInside)[0].calls}
    assert "stem_3x3" in names
    assert len(names) < len(document.graph.calls)
    canvas.zoom_to(0.2)
    count = len(asked(rig, LookInside))
    qtbot.wait(250)
    assert mode.boxes.seen() == ()  # nothing of it could be read
    assert len(asked(rig, LookInside)) == count
    canvas.zoom_to(0.5)
    qtbot.waitUntil(lambda: len(asked(rig, LookInside)) > count)
    later = {call.layer for call in asked(rig, LookInside)[-1].calls}
    assert not later & names


def test_what_the_sample_is_and_is_taken_for(rig: Rig, qtbot: QtBot) -> None:
    add_run(rig)
    mode = enter(rig, qtbot)
    assert mode.side is not None
    sample = mode.side.sample
    assert sample.title.text() == "#1 · validation"
    assert sample.truth.text() == "is 0"
    assert sample.said.text().startswith("taken for ")
    assert sample.number.maximum() == 360


def test_a_click_on_what_a_box_shows_opens_the_whole(rig: Rig, qtbot: QtBot) -> None:
    add_run(rig)
    mode = enter(rig, qtbot)
    canvas, wanted = rig.desktop.window.canvas, box(rig, "wide_5x5")
    place = rest_on(rig, qtbot, wanted)
    qtbot.waitUntil(lambda: mode.lens.call == wanted)
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    qtbot.waitUntil(lambda: bool(asked(rig, OpenTensor)))
    assert rig.session.navigation.selection == (wanted,)
    detail = mode.detail
    assert detail is not None
    assert detail.name.text() == rig.session.document.operation_of(wanted).shown_name
    assert detail.tensor.zeros.value().endswith(" %")
    assert detail.tensor.histogram.isVisible()
    assert isinstance(detail.tensor.picture.view, MapTiles)
    assert found(detail, QPlainTextEdit, "inside_numbers").toPlainText() == "0.1  2.5"
    detail.tensor.larger.click()
    large = found(rig.desktop.window, QDialog, "inside_large")
    assert large.isVisible()
    assert asked(rig, OpenTensor)[-1].size == 128
    large.close()


def test_what_comes_while_the_mouse_rests_is_enlarged_too(rig: Rig, qtbot: QtBot) -> None:
    add_run(rig)
    mode, wanted = enter(rig, qtbot), box(rig, "wide_5x5")
    qtbot.waitUntil(lambda: wanted in mode.boxes.looks)
    looks = dict(mode.boxes.looks)
    mode.boxes.forget()
    rest_on(rig, qtbot, wanted)
    assert mode.lens.call == ""  # nothing is known of the box yet
    mode.boxes.show_looks(looks)
    qtbot.waitUntil(lambda: mode.lens.call == wanted)


def test_weights_map_and_files_of_a_box(
    rig: Rig, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_run(rig)
    mode = enter(rig, qtbot)
    rig.session.navigation.select((box(rig, "stem_3x3"),))
    detail = mode.detail
    assert detail is not None
    take(detail.tabs, "weights")
    assert detail.weights.findChild(QWidget, "inside_weight_0_filters") is not None
    assert detail.weights.findChild(QWidget, "inside_weight_0_history") is not None
    take(detail.tabs, "map")
    take(detail.map.way, "tsne")
    detail.map.draw.click()
    assert (asked(rig, MapEmbedding)[0].method, asked(rig, MapEmbedding)[0].colour) == ("tsne", "digit")
    for there in (False, True):  # an extra, which may be missing
        monkeypatch.setattr(map_page, "has_umap", lambda there=there: there)
        take(detail.map.way, "tsne")
        take(detail.map.way, "umap")
        assert detail.map.draw.isEnabled() is there and ("not installed" in detail.map.meaning.text()) is not there
    detail.map.draw.click()
    assert asked(rig, MapEmbedding)[-1].method == "umap"
    detail.map.cloud.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(detail.map.cloud, key)
    assert rig.desktop.window.build.inside.inside.sample == OneSample(On("validation"), 1)
    assert detail.map.cloud.isVisible()  # the map is of all samples
    take(detail.tabs, "take")
    rig.chooser.to_save = tmp_path / "features"
    take(detail.take.format, "npz")
    detail.take.save.click()
    assert asked(rig, ExtractFeatures)[0].path == str(tmp_path / "features.npz")
    assert detail.take.told.text() == "features.npz has 360 samples, each 10."
    rig.chooser.to_save = tmp_path / "part"
    detail.take.cut.click()
    assert asked(rig, CutModel)[0].path == str(tmp_path / "part.keras")


def test_why_this_answer_is_asked_for_the_class_that_the_model_says(rig: Rig, qtbot: QtBot) -> None:
    add_run(rig)
    mode = enter(rig, qtbot)
    assert mode.side is not None
    why = mode.side.why
    assert asked(rig, Explain) == []
    take(why.method, "occlusion")
    said = mode.side.sample.said.text().removeprefix("taken for ")
    assert (asked(rig, Explain)[0].output, asked(rig, Explain)[0].class_index) == ("digit", int(said))
    assert why.overlay.isVisible()
    assert why.note.text() == "Bright places speak for it."
    why.opacity.setValue(20)
    assert why.overlay.opacity == 0.2
    mode.side.sample.next.click()
    assert len(asked(rig, Explain)) >= 2
    take(why.method, "")
    assert not why.overlay.isVisible()


def test_boxes_that_the_run_has_not_say_so(rig: Rig, qtbot: QtBot) -> None:
    folder = add_run(rig)
    document, norm = rig.session.document, box(rig, "norm")
    rig.session.edit("name", rename(document, document.operation_of(norm).id, "other"))
    mode = enter(rig, qtbot)
    assert mode.side is not None
    assert mode.boxes.looks[norm].note == "not in the run"
    assert mode.side.differs.text.text() == "The run was trained without other: nothing shows there."
    wanted: list[Path] = []
    rig.session.navigation.run_project_requested.connect(wanted.append)
    rig.chooser.changes = "discard"
    found(mode.side, QPushButton, "inside_open_project").click()
    assert wanted == [folder]
    assert box(rig, "norm")  # the project is as it was
    qtbot.waitUntil(lambda: not mode.matched.match.differs)


def test_a_failure_is_said_in_one_sentence(rig: Rig, qtbot: QtBot) -> None:
    add_run(rig)
    rig.evaluator.answers[LookInside] = Failed(1, Text("The weights do not fit the model."))
    rig.desktop.window.build.inside.inside.switch(True)
    mode = rig.desktop.window.build.inside
    qtbot.waitUntil(lambda: mode.side is not None and mode.side.failure.isVisible())
    assert mode.side is not None
    assert mode.side.failure.text.text() == "The weights do not fit the model."
    assert all(look.note != "…" for look in mode.boxes.looks.values())


def test_the_command_palette_and_the_menu_lead_there(rig: Rig, qtbot: QtBot) -> None:
    add_run(rig)
    window = rig.desktop.window
    window.show_workspace("runs")
    window.commands.action("view.inside").trigger()
    assert window.workspace == "build"
    assert window.build.inside.inside.on
    assert window.build.inside.toggle.button.isChecked()
    window.build.inside.toggle.button.click()
    assert not window.build.inside.inside.on


def test_another_view_can_send_a_sample(rig: Rig, qtbot: QtBot) -> None:
    add_run(rig)
    rig.session.navigation.inside_requested.emit(OneSample(On("training"), 7))
    mode = rig.desktop.window.build.inside
    qtbot.waitUntil(lambda: any(look.view is not None for look in mode.boxes.looks.values()))
    assert mode.side is not None
    assert mode.side.sample.title.text() == "#8 · training"


def test_a_drawn_sample_is_seen_as_the_model_gets_it(rig: Rig, qtbot: QtBot) -> None:
    add_run(rig)
    rig.session.navigation.inside_requested.emit(OneSample(values={"image": GivenValue(file=b"drawn")}))
    mode = rig.desktop.window.build.inside
    qtbot.waitUntil(lambda: any(look.view is not None for look in mode.boxes.looks.values()))
    assert mode.side is not None
    card = mode.side.sample
    assert card.title.text() == "your own sample"
    assert card.picture.isVisible()
    assert not card.truth.isVisible(), "nobody knows what it is"


def test_only_parts_that_the_data_has_are_offered(rig: Rig, qtbot: QtBot) -> None:
    add_run(rig)
    mode = enter(rig, qtbot)
    rig.session.navigation.select((box(rig, "stem_3x3"),))
    assert mode.detail is not None
    for page, chips in (("map", mode.detail.map.part), ("take", mode.detail.take.part)):
        take(mode.detail.tabs, page)
        shown = {key: chip.isVisible() for key in ("validation", "test", "training") if (chip := chips.chip(key))}
        assert shown == {"validation": True, "test": False, "training": True}


def test_the_keyboard_stays_where_a_map_is_drawn(rig: Rig, qtbot: QtBot) -> None:
    add_run(rig)
    mode = enter(rig, qtbot)
    rig.session.navigation.select((box(rig, "stem_3x3"),))
    assert mode.detail is not None
    take(mode.detail.tabs, "map")
    page, window = mode.detail.map, rig.desktop.window
    del rig.evaluator.answers[MapEmbedding]
    rig.evaluator.silent = True  # it takes its time
    page.draw.setFocus()
    QTest.keyClick(page.draw, Qt.Key.Key_Space)
    cancel = found(page, QPushButton, "inside_map_cancel")
    assert window.focusWidget() is cancel
    cancel.click()
    assert window.focusWidget() is page.draw


def test_an_explanation_is_scrolled_into_sight(rig: Rig, qtbot: QtBot) -> None:
    add_run(rig)
    mode = enter(rig, qtbot)
    rig.desktop.window.resize(1000, 640)
    assert mode.side is not None
    why = mode.side.why
    take(why.method, "occlusion")
    area = found(mode.side, QScrollArea, "inside_scroll")
    qtbot.waitUntil(why.overlay.isVisible)
    qtbot.waitUntil(lambda: why.mapTo(area.viewport(), why.rect().bottomLeft()).y() <= area.viewport().height())


def test_nothing_of_another_box_is_shown_while_this_one_is_asked_about(rig: Rig, qtbot: QtBot) -> None:
    add_run(rig)
    mode = enter(rig, qtbot)
    rig.session.navigation.select((box(rig, "stem_3x3"),))
    detail = mode.detail
    assert detail is not None
    assert detail.tensor.picture.view is not None
    rig.evaluator.answers[OpenTensor] = Failed(1, Text("Not now."), "")
    rig.session.navigation.select((box(rig, "wide_5x5"),))
    assert detail.tensor.picture.view is None
    assert detail.tensor.numbers.isHidden()
    assert detail.tensor.trouble.text() == "Not now."


def test_a_map_is_waited_for_while_another_sample_is_looked_at(rig: Rig, qtbot: QtBot) -> None:
    add_run(rig)
    mode = enter(rig, qtbot)
    rig.session.navigation.select((box(rig, "stem_3x3"),))
    detail = mode.detail
    assert detail is not None
    take(detail.tabs, "map")
    answer = rig.evaluator.answers.pop(MapEmbedding)
    rig.evaluator.silent = True
    detail.map.draw.click()
    mode.inside.set_row("validation", 3)
    assert detail.map.question.busy
    rig.evaluator.answers[MapEmbedding] = answer
    rig.session.navigation.select((box(rig, "wide_5x5"),))
    assert not detail.map.question.busy  # of another box it is not wanted


def test_what_was_called_off_with_its_project_goes_on_no_longer(rig: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    """Else its buttons could never be pressed again."""
    add_run(rig)
    mode = enter(rig, qtbot)
    rig.session.navigation.select((box(rig, "stem_3x3"),))
    detail = mode.detail
    assert detail is not None
    take(detail.tabs, "take")
    rig.evaluator.answers.pop(ExtractFeatures)
    rig.evaluator.silent, rig.chooser.to_save = True, tmp_path / "features"
    detail.take.save.click()
    assert not detail.take.save.isEnabled()
    rig.session.evaluations.cancel_all()  # as another project does
    assert detail.take.save.isEnabled()


def test_runs_that_were_deleted_meanwhile_are_not_offered(rig: Rig, qtbot: QtBot) -> None:
    gone = add_run(rig)
    mode = enter(rig, qtbot)
    rig.desktop.window.show_workspace("runs")
    shutil.rmtree(gone)
    rig.desktop.window.show_workspace("build")
    qtbot.waitUntil(lambda: rig.session.evaluations.chosen is None)
    assert mode.side is not None
    assert not mode.side.model.nothing.isHidden()
