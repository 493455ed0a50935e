"""Bypassing and muting boxes by key and by menu, and how that shows."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage
from PySide6.QtWidgets import QApplication, QMenu

from graph_editor.document.graph import BYPASSED, MUTED
from graph_editor.view.floating.minimap import Minimap
from graph_editor.view.items.spoken import box_words
from tests.gui.view.conftest import Bench

CTRL = Qt.KeyboardModifier.ControlModifier


def kinds(bench: Bench) -> dict[str, str]:
    boxes = bench.view.graph_scene.boxes
    return {key: box.look.left_out.kind for key, box in boxes.items() if box.look.left_out is not None}


def idle(bench: Bench) -> set[tuple[str, str]]:
    wires = bench.view.graph_scene.wires.values()
    return {(wire.edge.source.call, wire.edge.target) for wire in wires if wire.idle}


def test_b_bypasses_the_selection_and_again_no_longer(chain: Bench) -> None:
    before = chain.text()
    chain.click(chain.middle("c2"))
    chain.key(Qt.Key.Key_B)
    assert chain.document.graph.modes == {"c2": BYPASSED} and chain.history.undo_label == "Bypass"
    assert kinds(chain) == {"c2": "bypassed"} and idle(chain) == set()
    assert chain.matches_document()
    chain.history.undo()
    assert chain.text() == before and kinds(chain) == {}
    chain.history.redo()
    assert kinds(chain) == {"c2": "bypassed"}
    chain.key(Qt.Key.Key_B, CTRL)
    assert chain.text() == before and chain.history.undo_label == "No longer bypass"


def test_m_mutes_and_shows_what_that_takes_along(chain: Bench) -> None:
    chain.click(chain.middle("c2"))
    chain.key(Qt.Key.Key_M)
    assert chain.document.graph.modes == {"c2": MUTED}
    assert kinds(chain)["c2"] == "muted"
    followers = chain.document.graph.downstream(["c2"]) - {"c2"}
    assert followers and {kinds(chain)[call] for call in followers} == {"starved"}
    assert {target for _, target in idle(chain)} == followers | {"c2"}
    chain.key(Qt.Key.Key_M)
    assert kinds(chain) == {} and idle(chain) == set()


def test_all_selected_boxes_are_one_step_and_inputs_are_passed_over(chain: Bench) -> None:
    chain.view.select(["c1", "c2", "c3"])
    chain.key(Qt.Key.Key_B)
    assert chain.document.graph.modes == {"c2": BYPASSED, "c3": BYPASSED} and chain.problems == []
    chain.history.undo()
    assert chain.document.graph.modes == {}


def test_a_refusal_says_why(chain: Bench) -> None:
    chain.click(chain.middle("c1"))
    chain.key(Qt.Key.Key_B)
    assert chain.document.graph.modes == {} and len(chain.problems) == 1
    assert "input" in chain.problems[0]


def test_deleting_a_muted_box_lets_the_others_be_what_they_are(chain: Bench) -> None:
    chain.click(chain.middle("c2"))
    chain.key(Qt.Key.Key_M)
    chain.key(Qt.Key.Key_Delete)
    assert kinds(chain) == {} and idle(chain) == set() and chain.matches_document()
    chain.history.undo()
    assert kinds(chain)["c2"] == "muted" and idle(chain) != set()


def test_the_menu_of_a_box_offers_both(chain: Bench) -> None:
    at = chain.middle("c2")
    chain.click(at)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, chain.view.viewport().mapToGlobal(at))
    QApplication.sendEvent(chain.view.viewport(), event)
    menu = chain.view.findChild(QMenu, "boxMenu")
    assert menu is not None
    entry = next(action for action in menu.actions() if action.objectName() == "toggle_muted")
    assert entry.text().startswith("Mute")
    entry.trigger()
    menu.close()
    assert chain.document.graph.modes == {"c2": MUTED}


def test_it_is_said_in_words(chain: Bench) -> None:
    chain.click(chain.middle("c2"))
    chain.key(Qt.Key.Key_M)
    scene = chain.view.graph_scene
    assert "Muted" in box_words(scene, "c2")
    name = scene.boxes["c2"].look.name
    assert f"it needs what {name} gave" in box_words(scene, "c3")


def test_a_bypassed_box_is_painted_with_a_line_through_it(chain: Bench) -> None:
    accent = chain.view.graph_scene.style_sheet.theme.color("accent")
    box = chain.view.graph_scene.boxes["c2"]

    def on_the_line() -> int:
        chain.view.graph_scene.select([])
        picture, rect = chain.view.grab().toImage(), box.rect()
        x = box.output_place(0).x()
        places = [chain.pixel(QPointF(x, rect.top() + y)) for y in (7, 11, 44)]
        return sum(_near(picture.pixelColor(place), accent) for place in places)

    assert on_the_line() == 0
    chain.view.select(["c2"])
    chain.key(Qt.Key.Key_B)
    assert on_the_line() == 3


def _near(color: QColor, wanted: QColor) -> bool:
    pairs = [(color.red(), wanted.red()), (color.green(), wanted.green()), (color.blue(), wanted.blue())]
    return max(abs(a - b) for a, b in pairs) < 60


def test_from_afar_and_in_the_overview_it_is_an_outline(chain: Bench) -> None:
    scene = chain.view.graph_scene
    overview = chain.view.findChild(Minimap)
    assert overview is not None

    def pictures() -> tuple[QImage, QImage]:
        scene.select([])
        return chain.view.grab().toImage(), overview.grab().toImage()

    chain.view.zoom_to(0.2)
    middle = chain.middle("c3")
    far, small = pictures()
    chain.view.select(["c3"])
    chain.key(Qt.Key.Key_M)
    far_muted, small_muted = pictures()
    assert far.pixelColor(middle) != far_muted.pixelColor(middle)
    assert far_muted.pixelColor(middle) == scene.style_sheet.background
    assert small != small_muted
