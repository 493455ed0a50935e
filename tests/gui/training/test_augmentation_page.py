"""Augmentation in Data: layers added, set by sliders, put in order, taken away, and shown on pictures of the data."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider, QToolButton
from pytestqt.qtbot import QtBot

from app.look.theme_source import ThemeSource
from app.panels.data.augmentation.page import AugmentationPage
from app.panels.data.looking.card import AUGMENTED
from app.panels.data.panel import DataPanel
from app.project.preparing.augmentation_of import Ends, ends_of, first_layer, layers_of, with_layers
from graph_editor.document.changes.commands import set_data
from resources.text import Text
from resources.training.augmentations import find_augmentation
from runtime.messages.describing import Column
from runtime.messages.looking import AugmentData
from tests.gui.training.conftest import Show
from tests.gui.training.fakes import World, child

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def panel(world: World, look: ThemeSource, show: Show, qtbot: QtBot) -> DataPanel:
    panel = DataPanel(world.session, look, world.chooser)
    show(panel)
    qtbot.waitUntil(lambda: panel.page.looking.rows.cell("image", 0) is not None)
    return panel


@pytest.fixture
def page(panel: DataPanel) -> AugmentationPage:
    chip = panel.page.looking.card.tabs.chip(AUGMENTED)
    assert chip is not None
    chip.click()
    return panel.page.augmentation


def written(world: World) -> list[dict[str, Any]]:
    return list(world.session.document.data.get("augmentation") or [])


def add(page: AugmentationPage, *layers: str) -> None:
    for layer in layers:
        kind = find_augmentation(layer)
        assert kind is not None
        page.add_layer(kind)


def test_the_tab_is_there_where_pictures_feed_the_model(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    tabs = panel.page.looking.card.tabs
    assert tabs.chip(AUGMENTED) is not None
    world.session.edit(Text("Unbind"), set_data(world.session.document, {**world.session.built.data, "bindings": {}}))
    qtbot.waitUntil(lambda: tabs.chip(AUGMENTED) is None)


def test_no_empty_places_stand_where_nothing_is_drawn(page: AugmentationPage) -> None:
    """Thirty grey squares looked like pictures that never came."""
    assert not page.gallery.isVisible()
    add(page, "RandomFlip")
    assert page.gallery.isVisible()


def test_layers_are_added_gently_and_told_the_range_of_these_pictures(page: AugmentationPage, world: World) -> None:
    add(page, "RandomFlip", "RandomBrightness", "RandomCrop")
    assert written(world) == [
        {"layer": "RandomFlip", "config": {"mode": "horizontal"}},
        {"layer": "RandomBrightness", "config": {"factor": 0.2, "value_range": [0.0, 16.0]}},
        {"layer": "RandomCrop", "config": {"height": 8, "width": 8}},
    ]
    names = {action.objectName() for action in page.menu.actions()}
    assert {"add_RandomFlip", "add_MixUp", "add_RandAugment"} <= names


def test_a_slider_sets_a_strength_in_one_undo_step(page: AugmentationPage, world: World, qtbot: QtBot) -> None:
    add(page, "RandomRotation")
    slider = child(page, QSlider, "augment_0_factor")
    assert slider.value() == 10, "a tenth of the half turn that is the most"
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Right)
    slider.setValue(40)
    assert written(world)[0]["config"] == {"factor": 0.2}
    world.session.history.undo()
    assert written(world)[0]["config"] == {"factor": 0.05}
    qtbot.waitUntil(lambda: slider.value() == 10)
    child(page, QToolButton, "augment_fold_0").click()
    page.rows[0].edited.emit(0, "fill_mode", "nearest")
    assert written(world)[0]["config"] == {"factor": 0.05, "fill_mode": "nearest"}


def test_layers_are_moved_and_taken_away_by_keys(page: AugmentationPage, world: World) -> None:
    add(page, "RandomFlip", "RandomZoom")
    QTest.keyClick(page.rows[0], Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [layer["layer"] for layer in written(world)] == ["RandomZoom", "RandomFlip"]
    QTest.keyClick(page.rows[0], Qt.Key.Key_Delete)
    QTest.keyClick(page.rows[0], Qt.Key.Key_Delete)
    assert "augmentation" not in world.session.document.data and page.rows == []
    world.session.history.undo()
    assert [layer["layer"] for layer in written(world)] == ["RandomFlip"]


def test_what_of_the_model_a_layer_is_for_is_chosen_where_there_is_a_choice(
    page: AugmentationPage, world: World, qtbot: QtBot
) -> None:
    add(page, "RandomFlip", "RandomHue")
    flip, hue = page.rows
    assert not any(part.isVisibleTo(flip) for part in (flip.input, flip.follow, flip.boxes)), (
        "one input, no picture comes out"
    )
    session = world.session
    bound = {"image": ["image"], "digit": ["image"], "is_even": ["box"]}
    session.data.columns = (*session.data.columns, Column("box", (4,), "float32", 1797, "number", 0, 16))
    session.edit(Text("Bind"), set_data(session.document, {**session.built.data, "bindings": bound}))
    flip, hue = page.rows
    with_loss = {"outputs": {"is_even": {"loss": {"class_name": "MeanSquaredError", "config": {}}}}}
    ends = ends_of(session.built.data, with_loss, session.data.columns, session.built.graph)
    assert ends == Ends(("image",), ("digit",), ("is_even",))
    for row in page.rows:
        row.show_layer(layers_of(session.built.data)[row.place], 2, replace(ends, inputs=("image", "other")))
    assert flip.input.isVisibleTo(flip) and flip.follow.isVisibleTo(flip) and flip.boxes.isVisibleTo(flip)
    assert hue.input.isVisibleTo(hue) and not hue.follow.isVisibleTo(hue) and not hue.boxes.isVisibleTo(hue), (
        "nothing moves"
    )
    flip.input.chosen.emit("other")
    assert written(world)[0] == {"layer": "RandomFlip", "config": {"mode": "horizontal"}, "input": "other"}
    flip.boxes.chosen.emit("xywh")
    assert written(world)[0]["config"] == {"mode": "horizontal", "bounding_box_format": "xywh"}
    flip.follow.switched.emit(False)
    assert written(world)[0]["follow"] is False
    for _ in range(3):
        session.history.undo()
    assert written(world)[0] == {"layer": "RandomFlip", "config": {"mode": "horizontal"}}


def test_the_engine_is_asked_for_these_pictures(page: AugmentationPage, world: World, qtbot: QtBot) -> None:
    def asked() -> list[AugmentData]:
        return [message for message in world.engine.asked if isinstance(message, AugmentData)]

    qtbot.wait(1)
    assert asked() == []
    add(page, "RandomFlip")
    qtbot.waitUntil(lambda: len(asked()) == 1)
    question = asked()[0]
    assert question.column == "image" and [layer.layer for layer in question.data.augmentation] == ["RandomFlip"]
    assert len(set(question.rows)) == 5 and question.rows[-1] == 1796 and question.how.truths == ("digit", "is_even")
    qtbot.waitUntil(lambda: page.gallery.answer is not None)
    page.again.click()
    qtbot.waitUntil(lambda: len(asked()) == 2)
    assert asked()[1].seed != question.seed


def test_what_stands_in_a_project_by_hand_is_kept() -> None:
    data = {"augmentation": [{"layer": "RandomFlip", "note": "mine", "input": "a"}, 3, {"layer": 4}], "other": 1}
    (layer,) = layers_of(data)
    assert (layer.layer, dict(layer.config), layer.input) == ("RandomFlip", {}, "a")
    again = with_layers(data, [layer.with_value("mode", "vertical")])
    assert again["augmentation"] == [
        {"layer": "RandomFlip", "config": {"mode": "vertical"}, "note": "mine", "input": "a"}
    ]
    assert with_layers(data, []) == {"other": 1}
    kind = find_augmentation("RandomBrightness")
    assert kind is not None
    column = Column("image", (8, 8), "uint8", 9, "image", 0, 250)
    assert first_layer(kind, column).config["value_range"] == [0, 255]
    assert "value_range" not in first_layer(kind, column, prepared=True).config
