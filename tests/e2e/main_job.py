"""The main job by hand: an empty canvas, layers dragged and wired, digits trained, a model exported. DISPLAY is real."""

import os
import sys
import time
from pathlib import Path

from PySide6.QtWidgets import QWidget

from resources.text import use_language
from tests.e2e.stage import Stage, perform

DIGITS = Path(__file__).parents[2] / "resources" / "samples" / "digits.h5"


def build(stage: Stage) -> None:
    """Input → Rescaling → Flatten → Dense → Dense, all by dragging."""
    places = {"InputLayer": 60, "Rescaling": 170, "Flatten": 280, "Dense": 390}
    for class_name, y in places.items():
        stage.hands.drag(stage.palette_row(class_name), stage.on_canvas(300, y))
    stage.hands.drag(stage.palette_row("Dense"), stage.on_canvas(300, 500))
    calls = stage.calls()
    assert len(calls) == 5, f"dragging five layers made {len(calls)} boxes"
    for source, target in zip(calls, calls[1:], strict=False):
        stage.hands.drag(stage.port(source, output=True), stage.port(target, output=False))
    graph = stage.desktop.session.document.graph
    edges = stage.see(lambda: [(edge.source.call, edge.target) for edge in graph.edges()])
    assert edges == list(zip(calls, calls[1:], strict=False)), edges


def select(stage: Stage, call: str) -> None:
    stage.hands.click(stage.box(call))
    stage.until("the box is selected", lambda: stage.desktop.session.selection == (call,))


def choose(stage: Stage, name: str, text: str) -> None:
    """Pick an entry of a drop-down list by typing it."""
    stage.click(QWidget, name)
    stage.hands.type(text)
    stage.hands.key("Return")
    time.sleep(0.15)


def set_parameters(stage: Stage) -> None:
    image, scale, _flat, hidden, out = stage.calls()
    select(stage, image)
    stage.write(QWidget, "editor_batch_shape", "8 x 8 x 1")
    select(stage, scale)
    stage.write(QWidget, "editor_scale", "0.0625")
    select(stage, hidden)
    choose(stage, "editor_activation", "relu")
    select(stage, out)
    stage.write(QWidget, "editor_units", "10")
    choose(stage, "editor_activation", "softmax")
    stage.hands.click(stage.box(out))
    stage.hands.key("o")
    results = stage.desktop.session
    stage.until("the last shape is known", lambda: _shape(stage, out) == (None, 10), 60)
    stage.until("there are no structural problems", lambda: not results.problems)
    assert stage.see(lambda: results.totals.trainable) == 64 * 64 + 64 + 64 * 10 + 10


def undo_and_redo(stage: Stage) -> None:
    """Everything undone and redone leaves the project as it was."""
    from graph_editor.document.file_format import dumps

    document, history = stage.desktop.session.document, stage.desktop.session.history
    before = stage.see(lambda: dumps(document))
    stage.hands.click(stage.on_canvas(700, 300))
    for _ in range(40):
        stage.hands.key("ctrl+z")
    stage.until("everything is undone", lambda: not history.can_undo)
    assert stage.see(lambda: len(document.graph.calls)) == 0
    for _ in range(40):
        stage.hands.key("ctrl+shift+z")
    stage.until("everything is redone", lambda: not history.can_redo)
    assert stage.see(lambda: dumps(document)) == before


def _shape(stage: Stage, call: str) -> tuple[int | None, ...]:
    result = stage.desktop.session.results.get(call)
    return result.outputs[0].shape if result and result.outputs else ()


def script(stage: Stage) -> None:
    folder = Path(sys.argv[1])
    build(stage)
    set_parameters(stage)
    stage.picture(folder / "built.png")
    undo_and_redo(stage)


if __name__ == "__main__":
    use_language("en")
    perform(script, os.environ["DISPLAY"], Path(sys.argv[1]))
