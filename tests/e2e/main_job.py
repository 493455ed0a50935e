"""The main job by hand: an empty canvas, layers dragged and wired, digits trained, a model exported."""

import json
import os
import signal
import sys
import time
from functools import partial
from itertools import pairwise
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from app.engine.run_controller import RunEnding
from graph_editor.document.files.file_format import dumps
from resources.text import use_language
from tests.e2e.stage import Stage, perform

DIGITS = Path(__file__).parents[2] / "resources" / "samples" / "digits.h5"


def build(stage: Stage) -> None:
    """Input → Rescaling → Flatten → Dense → Dense, all by dragging."""
    places = {"InputLayer": 60, "Rescaling": 170, "Flatten": 280, "Dense": 390}
    graph = stage.desktop.session.document.graph
    for count, (class_name, y) in enumerate([*places.items(), ("Dense", 500)], 1):
        stage.hands.drag(stage.palette_row(class_name), stage.on_canvas(300, y))
        stage.until(f"there are {count} boxes", partial(lambda wanted: len(graph.calls) == wanted, count))
    calls = stage.calls()
    for count, (source, target) in enumerate(pairwise(calls), 1):
        stage.hands.drag(stage.port(source, output=True), stage.port(target, output=False))
        stage.until(f"there are {count} edges", partial(lambda wanted: len(list(graph.edges())) == wanted, count))
    edges = stage.see(lambda: [(edge.source.call, edge.target) for edge in graph.edges()])
    assert edges == list(pairwise(calls)), edges


def select(stage: Stage, call: str) -> None:
    stage.hands.click(stage.box(call))
    stage.until("the box is selected", lambda: stage.desktop.session.navigation.selection == (call,))


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
    wanted = 64 * 64 + 64 + 64 * 10 + 10
    stage.until("the parameters are counted", lambda: results.inference.totals.trainable == wanted)


def undo_and_redo(stage: Stage) -> None:
    """Everything undone and redone leaves the project as it was."""
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


def bind_data(stage: Stage) -> None:
    """Choose the file in the file dialog, and bind its columns."""
    stage.click(QWidget, "workspace_data")
    stage.click(QWidget, "choose_data_here")
    stage.until("the file dialog is open", lambda: QApplication.activeModalWidget() is not None)
    stage.until("it has the keyboard", _file_is_asked_for)
    stage.hands.type(str(DIGITS))
    stage.hands.key("Return")
    session = stage.desktop.session
    stage.until("the columns are known", lambda: len(session.data.columns) == 3, 20)
    choose(stage, "binding_input", "image")
    choose(stage, "binding_dense_1", "digit")
    bound = {"input": ["image"], "dense_1": ["digit"]}
    stage.until("both are bound", lambda: session.document.data.get("bindings") == bound)


def _file_is_asked_for() -> bool:
    """Whether what is typed goes into the line of the file dialog."""
    line = QApplication.focusWidget()
    return isinstance(line, QLineEdit) and line.window() is QApplication.activeModalWidget()


def train(stage: Stage, folder: Path) -> None:
    """Train with the suggested loss; pause and go on while it runs."""
    session = stage.desktop.session
    stage.click(QWidget, "workspace_train")
    stage.write(QWidget, "epochs", "12")
    stage.click(QWidget, "train_button")
    stage.until(
        "training runs", lambda: session.training.run is not None and session.training.run.phase == "running", 60
    )
    stage.click(QWidget, "pause_button")
    stage.until("training pauses", lambda: session.training.run is not None and session.training.run.phase == "paused")
    stage.picture(folder / "paused.png")
    stage.click(QWidget, "resume_button")
    stage.until("training has ended", lambda: session.training.run is not None and not session.training.run.active, 120)
    assert _ending(stage).status == "completed", _ending(stage)
    time.sleep(0.5)
    stage.picture(folder / "trained.png")


def kill_a_trainer(stage: Stage, folder: Path) -> None:
    """A second run dies by SIGKILL: it is told why, the project is as it was, and a third run starts."""
    session = stage.desktop.session
    before = stage.see(lambda: dumps(session.document))
    first = session.training.run
    stage.click(QWidget, "train_button")
    stage.until("a second run trains", lambda: session.training.run is not first and _phase(stage) == "running", 60)
    assert session.training.run is not None
    process = json.loads((session.training.run.folder / "process.json").read_text())
    os.kill(process["pid"], signal.SIGKILL)
    stage.until("the death is noticed", lambda: _phase(stage) == "ended", 20)
    ending = _ending(stage)
    assert ending.status == "died"
    assert "killed" in ending.text.english()
    time.sleep(0.5)
    stage.picture(folder / "died.png")
    assert stage.see(lambda: dumps(session.document)) == before
    dead = session.training.run
    stage.click(QWidget, "train_button")
    stage.until("a third run trains", lambda: session.training.run is not dead and _phase(stage) == "running", 60)
    stage.click(QWidget, "stop_button")
    stage.until("it stops", lambda: _phase(stage) == "ended", 20)
    assert _ending(stage).status == "stopped"


def export(stage: Stage, path: Path) -> None:
    """Take the trained model away through the menu."""
    stage.answers.to_save = path
    stage.see(lambda: stage.desktop.exporter.export("keras", stage.desktop.window, stage.desktop.window.canvas))
    stage.until("the file is there", path.exists, 60)


def _ending(stage: Stage) -> RunEnding:
    run = stage.desktop.session.training.run
    assert run is not None
    assert run.ending is not None
    return run.ending


def _phase(stage: Stage) -> str:
    run = stage.desktop.session.training.run
    return run.phase if run else "none"


def _shape(stage: Stage, call: str) -> tuple[int | None, ...]:
    result = stage.desktop.session.inference.results.get(call)
    return result.outputs[0].shape if result and result.outputs else ()


def script(stage: Stage) -> None:
    folder = Path(sys.argv[1])
    build(stage)
    set_parameters(stage)
    stage.picture(folder / "built.png")
    undo_and_redo(stage)
    bind_data(stage)
    stage.picture(folder / "data.png")
    train(stage, folder)
    export(stage, folder / "model.keras")
    kill_a_trainer(stage, folder)
    stage.click(QWidget, "workspace_runs")
    time.sleep(1)
    stage.picture(folder / "runs.png")
    assert not stage.answers.errors


if __name__ == "__main__":
    use_language("en")
    perform(script, os.environ["DISPLAY"], Path(sys.argv[1]))
