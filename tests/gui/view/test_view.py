"""What the view shows of the document, the engine's results and the problems; zooming, tidying, closing."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from graph_editor.background.background import Background
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes import commands
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.checking.validation import Problem, problems
from graph_editor.document.document import Document
from graph_editor.document.edits import Edit
from graph_editor.document.files.file_format import load, loads
from graph_editor.document.history import History
from graph_editor.view.floating.minimap import Minimap
from graph_editor.view.graph_view import GraphView
from graph_editor.view.mouse import all_mouse_words
from graph_editor.view.painting.content import CallDisplay
from graph_editor.view.painting.metrics import MAXIMUM_ZOOM, MINIMUM_ZOOM
from graph_editor.view.painting.theme import CanvasTheme
from resources.text import Text
from tests.gui.view.conftest import Bench

TEMPLATES = sorted((Path(__file__).parents[3] / "resources" / "templates").glob("*.lamella"))


def wheel(bench: Bench, at: QPoint, angle: int, pixels: QPoint | None = None) -> None:
    phase = Qt.ScrollPhase.ScrollUpdate if pixels else Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(
        QPointF(at),
        QPointF(bench.view.viewport().mapToGlobal(at)),
        pixels or QPoint(),
        QPoint(0, angle),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        phase,
        False,
    )
    QApplication.sendEvent(bench.view.viewport(), event)


def test_the_wheel_zooms_at_the_cursor(chain: Bench) -> None:
    factors: list[float] = []
    chain.view.zoom_changed.connect(factors.append)
    at = chain.middle("c2")
    wheel(chain, at, 120)
    assert chain.view.zoom == pytest.approx(1.15) and factors == [pytest.approx(1.15)]
    assert (chain.middle("c2") - at).manhattanLength() <= 2
    for _ in range(40):
        wheel(chain, at, 120)
    assert chain.view.zoom == MAXIMUM_ZOOM
    for _ in range(60):
        wheel(chain, at, -120)
    assert chain.view.zoom == pytest.approx(MINIMUM_ZOOM)


def test_two_fingers_move_the_canvas(chain: Bench) -> None:
    before = chain.middle("c2")
    wheel(chain, before, 40, QPoint(12, -7))
    assert chain.middle("c2") == before + QPoint(12, -7) and chain.view.zoom == 1.0


def test_fit_shows_everything_and_the_bar_says_the_zoom(chain: Bench) -> None:
    chain.view.zoom_to(3.0)
    percent = chain.view.findChild(QToolButton, "zoomReset")
    assert percent is not None and percent.text() == "300 %"
    chain.key(Qt.Key.Key_Home)
    inside = chain.view.viewport().rect()
    assert all(inside.contains(chain.middle(key)) for key in chain.document.graph.calls)
    chain.view.select(["c4"])
    chain.key(Qt.Key.Key_F)
    assert (chain.middle("c4") - inside.center()).manhattanLength() < 40  # room is left for the zoom bar
    QTest.mouseClick(percent, Qt.MouseButton.LeftButton)
    assert chain.view.zoom == 1.0


def test_from_afar_everything_is_painted_at_once_and_still_selectable(chain: Bench) -> None:
    chain.view.zoom_to(0.2)
    box = chain.view.graph_scene.boxes["c2"]
    ground, plain = chain.color_at(chain.middle("c1") - QPoint(0, 14)), chain.color_at(chain.middle("c2"))
    assert plain != ground
    chain.click(chain.middle("c2"))
    assert chain.selected() == ["c2"]
    corner = chain.pixel(box.rect().topLeft())
    accent = chain.view.graph_scene.style_sheet.border_selected.color()
    assert any(chain.color_at(corner + QPoint(x, 0)) == accent for x in range(2, 8)), "the frame of what is selected"
    new = chain.add("Dense", 900, 60)
    assert chain.color_at(chain.middle(new)) == plain
    chain.view.zoom_to(1.0)
    assert chain.matches_document()


def test_shapes_counts_and_problems_show(chain: Bench) -> None:
    boxes = chain.view.graph_scene.boxes
    chain.view.set_shapes(
        {
            "c1": CallDisplay(((None, 8, 8, 1),), ("float32",), 0),
            "c2": CallDisplay(((None, 96),), ("float32",), 83040),
            "c3": CallDisplay(error="Something does not fit."),
        }
    )
    assert boxes["c1"].look.labels == ("8×8×1",) and boxes["c1"].look.parameters == ""
    assert boxes["c2"].look.parameters == "83.0k"
    assert (boxes["c3"].look.severity, boxes["c3"].look.message) == ("error", "Something does not fit.")
    edge = next(chain.document.graph.edges_into("c3"))
    chain.view.set_problems(
        [
            Problem("warning", Text("A bit odd."), "c2"),
            Problem("error", Text("Wrong wire."), "c3", edge),
        ]
    )
    assert (boxes["c2"].look.severity, boxes["c2"].look.message) == ("warning", "A bit odd.")
    assert boxes["c3"].look.message == "Wrong wire."
    assert chain.view.graph_scene.wires[("c3", ("args", 0))].problem == "Wrong wire."
    chain.view.set_problems([])
    chain.view.set_shapes({})
    assert boxes["c2"].look.severity == boxes["c3"].look.severity == "" and boxes["c1"].look.labels == ("",)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a popup on the offscreen platform
def test_tooltips_teach(chain: Bench) -> None:
    chain.view.set_shapes({"c1": CallDisplay(((None, 4),)), "c2": CallDisplay(((None, 96),))})

    def tip(at: QPoint) -> str:
        viewport = chain.view.viewport()
        QApplication.sendEvent(viewport, QHelpEvent(QEvent.Type.ToolTip, at, viewport.mapToGlobal(at)))
        return QToolTip.text()

    lines = tip(chain.middle("c2")).splitlines()
    assert lines[0] == "dense" and "in: 4" in lines and "out: 96" in lines
    wire = chain.view.graph_scene.wires[("c3", ("args", 0))]
    assert "→" in tip(chain.pixel(QPointF(*wire.points()[6])))
    assert tip(chain.input("c3")) == "input “inputs”"
    QToolTip.hideText()


def test_the_mouse_lights_up_what_it_is_over(chain: Bench) -> None:
    boxes = chain.view.graph_scene.boxes
    wires = chain.view.graph_scene.wires

    def lit() -> list[str]:
        return [key[0] for key, wire in wires.items() if wire.lit]

    def hovered() -> list[str]:
        return [key for key, box in boxes.items() if box.state.hovered]

    chain.move(chain.middle("c2"))
    assert hovered() == ["c2"] and lit() == ["c2", "c3"]
    chain.move(chain.output("c2"))
    assert boxes["c2"].state.lit_port == ("out", 0) and lit() == ["c3"]
    chain.move(chain.input("c2"))
    assert boxes["c2"].state.lit_port == ("in", 0) and lit() == ["c2"]
    wire = wires[("c3", ("args", 0))]
    chain.move(chain.pixel(QPointF(*wire.points()[6])))
    assert wire.hovered and hovered() == ["c2", "c3"] and lit() == []
    assert [boxes[key].state.lit_port for key in ("c2", "c3")] == [("out", 0), ("in", 0)]
    chain.move(QPoint(760, 120))
    assert not any(wire.hovered for wire in wires.values()) and lit() == hovered() == []
    assert not any(box.state.lit_port for box in boxes.values())


def test_tidy_is_one_step_made_elsewhere(chain: Bench, qtbot: QtBot) -> None:
    chain.document.positions.update({"c2": (200.0, 60.0)})
    before = dict(chain.document.positions)
    chain.key(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert dict(chain.document.positions) == before, "it takes its time on another thread"
    qtbot.waitUntil(lambda: chain.history.undo_label == "Tidy", timeout=5000)
    tops = [chain.document.positions[key][1] for key in ("c1", "c2", "c3")]
    assert tops[0] < tops[1] < tops[2] and chain.matches_document()
    chain.history.undo()
    assert dict(chain.document.positions) == before and chain.matches_document()


def test_closing_during_a_layout_or_a_drag_leaves_nothing(qtbot: QtBot, catalog: Catalog) -> None:
    document = load(TEMPLATES[0])
    history = History(document, FOLLOW_UPS)
    view = GraphView(document, history, catalog, CanvasTheme.named("light"), Background())
    view.show()
    view.run_action("tidy")
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    view.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    positions = dict(document.positions)
    QApplication.processEvents()
    history.do("rename", commands.rename_model(document, "still_alive"))
    assert dict(document.positions) == positions and document.name == "still_alive"


def test_a_model_begun_while_another_workspace_is_shown_is_seen_whole(qtbot: QtBot, catalog: Catalog) -> None:
    """Data begins a model: its lower half lay below the edge of the canvas, and the upper half of that was blank."""
    document = Document(catalog.keras_version)
    history = History(document, FOLLOW_UPS)
    view = GraphView(document, history, catalog, CanvasTheme.named("dark"), Background())
    qtbot.addWidget(view)
    view.resize(700, 500)
    view.show()
    view.hide()

    def one_more(y: float) -> list[Edit]:
        return commands.add_layer(document, "Dense", "keras.layers", {"units": 2}, (0.0, y), catalog)[0]

    for number in range(9):
        history.do("add", one_more(90.0 * number))
    view.show()
    assert view.visible_area().contains(view.graph_scene.content_rect())
    zoom = view.zoom
    view.hide()
    history.do("add", one_more(9000.0))
    view.show()
    assert view.zoom == zoom, "who has looked at a model finds the canvas as it was left"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_every_template_shows_with_and_without_places(qtbot: QtBot, catalog: Catalog, path: Path) -> None:
    for forget in (False, True):
        document = load(path)
        if forget:
            document.positions.clear()
        view = GraphView(document, History(document, FOLLOW_UPS), catalog, CanvasTheme.named("dark"), Background())
        qtbot.addWidget(view)
        view.resize(1000, 800)
        view.show()
        view.set_problems(problems(document, catalog))
        assert set(view.graph_scene.boxes) == set(document.graph.calls)
        assert len(view.graph_scene.wires) == len(list(document.graph.edges()))
        assert len({(box.pos().x(), box.pos().y()) for box in view.graph_scene.boxes.values()}) == len(
            document.graph.calls
        )
        assert bool(document.positions) != forget, "looking at a file does not change it"
        assert len(_colors(view.grab().toImage())) > 30


def test_another_document_takes_the_place_of_the_first(chain: Bench) -> None:
    chain.view.select(["c2"])
    chain.document.replace_content(load(TEMPLATES[0]))
    assert chain.matches_document()
    title = chain.view.findChild(QLabel, "canvasTitle")
    assert title is not None and title.text() == chain.document.name
    chain.document.replace_content(Document(name="empty"))
    assert chain.matches_document() and chain.selected() == []


def test_an_empty_canvas_says_what_to_do(bench: Bench) -> None:
    hint = bench.view.findChild(QWidget, "emptyHint")
    minimap = bench.view.findChild(QWidget, "minimap")
    assert hint is not None and minimap is not None
    assert hint.isVisible() and not minimap.isVisible()
    bench.add("Dense", 0, 0)
    bench.add("Dense", 2000, 0)
    assert not hint.isVisible() and minimap.isVisible()
    bench.view.resize(600, 500)
    assert not minimap.isVisible()


def test_the_minimap_is_there_when_not_everything_shows(chain: Bench) -> None:
    minimap = chain.view.findChild(QWidget, "minimap")
    assert minimap is not None and not minimap.isVisible()
    chain.view.zoom_to(2.0)
    assert minimap.isVisible()
    chain.view.fit()
    assert not minimap.isVisible()
    chain.view.actions_on_boxes.move({"c4": (4000, 300)})
    assert minimap.isVisible()


def test_the_minimap_makes_way_for_the_selection_and_for_what_is_dragged(chain: Bench) -> None:
    chain.add("Dense", 4000, 0)
    minimap = chain.view.findChild(Minimap, "minimap")
    assert isinstance(minimap, Minimap) and minimap.isVisible() and not minimap.faded
    below = chain.view.at_pixel(QPointF(minimap.geometry().center()))
    chain.view.actions_on_boxes.move({"c4": (below.x() - 80, below.y() - 28)})
    chain.view.select(["c4"])
    assert minimap.faded
    chain.click(minimap.geometry().center())
    assert chain.selected() == ["c4"]  # the mouse reaches what lies below
    chain.view.select(["c3"])
    assert not minimap.faded
    chain.drag_to(chain.middle("c3"), minimap.geometry().center())
    assert minimap.faded
    chain.move(QPoint(300, 200))
    assert not minimap.faded
    chain.key(Qt.Key.Key_Escape)
    chain.release(QPoint(300, 200))


def test_the_minimap_moves_the_view(chain: Bench) -> None:
    chain.add("Dense", -3000, -3000)
    minimap = chain.view.findChild(QWidget, "minimap")
    assert minimap is not None
    before = chain.view.visible_area().center()
    QTest.mouseClick(minimap, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    after = chain.view.visible_area().center()
    assert after.x() < before.x() and after.y() < before.y()


def test_another_theme_repaints_everything(chain: Bench) -> None:
    dark = chain.view.grab().toImage().pixelColor(450, 20).lightnessF()
    chain.view.set_theme(CanvasTheme.named("light"))
    light = chain.view.grab().toImage().pixelColor(450, 20).lightnessF()
    assert dark < 0.3 < 0.7 < light


def test_every_key_of_the_table_does_something(chain: Bench) -> None:
    commands = list(chain.view.commands)
    keys = [key for command in commands for key in command.keys]
    assert len(keys) == len(set(keys)) and len(commands) > 60
    words = all_mouse_words()
    assert len(words) == len({how.english() for how, _ in words}) and all(str(how) and str(what) for how, what in words)


def _colors(image: QImage) -> set[int]:
    return {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}


def test_a_large_model_opens_where_its_inputs_can_be_read(bench: Bench) -> None:
    for number in range(60):
        bench.add("Dense" if number else "InputLayer", 300 + 400 * (number % 3), 120 * number)
    bench.document.replace_content(loads(bench.text().encode()))
    view = bench.view
    assert view.zoom == 0.75
    rect = view.graph_scene.boxes["c1"].rect()
    assert view.visible_area().contains(rect)
    view.fit()
    assert view.zoom < 0.3


def test_a_small_model_opens_whole(chain: Bench) -> None:
    chain.document.replace_content(loads(chain.text().encode()))
    assert chain.view.visible_area().contains(chain.view.graph_scene.content_rect())
