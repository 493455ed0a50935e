"""What came of a training, by hand: a mistake is found, looked into and tried, a 7 drawn, epochs compared, a report."""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QWidget

from app.panels.evaluate.page.panel import EvaluatePanel
from app.panels.evaluate.shown.canvas import FigureCanvas
from app.panels.inside.sample_card import SampleCard
from app.panels.tryit.bars import Bars
from app.panels.tryit.panel import TryPanel
from app.panels.tryit.parts.pad import Pad
from app.project.templates import TEMPLATES
from resources.text import use_language
from runtime.messages.views import Matrix, OutputFigures, SampleView
from tests.e2e.display import Point
from tests.e2e.stage import Stage, perform

EPOCHS = 6
FIRST = 60.0  # seconds for a process with Keras to start and answer, on a machine that has other things to do
NEXT = 30.0


def train(stage: Stage) -> None:
    session = stage.desktop.session
    digits = next(item for item in TEMPLATES if item.key == "digits")
    stage.see(lambda: session.replace(digits.open(), None))
    stage.click(QWidget, "workspace_train")
    stage.write(QWidget, "epochs", str(EPOCHS))
    stage.click(QWidget, "train_button")
    stage.until("training runs", lambda: session.training.run is not None, FIRST)
    stage.until("it has ended", lambda: session.training.run is not None and not session.training.run.active, 120)
    run = session.training.run
    assert run is not None and run.ending is not None
    assert run.ending.status == "completed", run.ending


def page(stage: Stage) -> EvaluatePanel:
    found = stage.see(lambda: stage.desktop.window.page("evaluate"))
    assert isinstance(found, EvaluatePanel)
    return found


def digit(panel: EvaluatePanel) -> OutputFigures:
    assert panel.shown is not None
    return next(output for output in panel.shown.file.outputs if output.name == "digit")


def evaluate(stage: Stage) -> None:
    """The best epoch on the validation part; the matrix counts each of its samples once."""
    stage.click(QWidget, "workspace_evaluate")
    panel = page(stage)
    stage.click(QWidget, "evaluate_now")
    stage.until("it is evaluated", lambda: panel.shown is not None, FIRST)
    assert panel.shown is not None
    matrix = matrix_of(digit(panel))
    assert sum(map(sum, matrix.counts)) == panel.shown.file.samples > 300


def matrix_of(output: OutputFigures) -> Matrix:
    return next(figure.view for figure in output.figures if isinstance(figure.view, Matrix))


def find_a_mistake(stage: Stage) -> SampleView:
    """A click on the fullest cell beside the diagonal lists its samples; the first of them."""
    panel = page(stage)
    matrix = matrix_of(digit(panel))
    beside = {(row, at): n for row, line in enumerate(matrix.counts) for at, n in enumerate(line) if at != row and n}
    cell = max(beside, key=lambda each: beside[each])

    def place() -> Point:
        card = next(card for card in panel.figures.cards if card.canvas is not None and card.canvas.view == matrix)
        assert isinstance(card.canvas, FigureCanvas)
        inside = card.canvas.place_of(cell)
        assert inside is not None
        panel.figures.ensureVisible(0, card.mapTo(panel.figures.widget(), inside.toPoint()).y() + 60)
        return point(card.canvas, inside.toPoint())

    stage.hands.click(stage.see(place))
    stage.until("its samples are listed", lambda: bool(panel.samples.list.samples), NEXT)
    listed = panel.samples.list.samples
    truth, predicted = (matrix.names[place] for place in cell)
    assert panel.samples.list.total == beside[cell]
    assert {(sample.truth, sample.predicted, sample.right) for sample in listed} == {(truth, predicted, False)}
    return listed[0]


def look_inside(stage: Stage, mistake: SampleView) -> None:
    """Enter shows it on the canvas: each box has values, and the model takes it for what Evaluate said."""
    stage.hands.key("Return")
    mode = stage.desktop.window.build.inside
    stage.until("Build is shown", lambda: stage.desktop.window.workspace == "build")
    stage.until("boxes show values", lambda: any(look.view is not None for look in mode.boxes.looks.values()), NEXT)
    card = stage.see(lambda: stage.widget(SampleCard, "inside_sample"))
    stage.until("it says what it takes it for", lambda: mistake.predicted in card.said.text(), NEXT)
    stage.until("it says what it is", lambda: mistake.truth in card.truth.text(), NEXT)
    assert mode.inside.sample.row == mistake.row


def try_it(stage: Stage, mistake: SampleView, folder: Path) -> None:
    """The same sample says the same here; then a 7 is drawn."""
    stage.click(QWidget, "workspace_evaluate")
    stage.click(QWidget, "sample_try")
    tryit = page(stage).tryit
    stage.until("there are bars", lambda: tryit.cards.findChild(Bars, "try_bars") is not None, NEXT)
    stage.until("it is tried", lambda: told_of(tryit).truth == mistake.truth, NEXT)
    told = stage.see(lambda: dict(zip(told_of(tryit).names, told_of(tryit).values, strict=True)))
    for name, share in mistake.bars:
        assert abs(told[name] - share) < 1e-4, (told, mistake.bars)
    stage.click(QWidget, "try_clear_image")
    stage.until("the pad is empty", lambda: tryit.sample() is None)
    for start, end in (((0.25, 0.12), (0.75, 0.12)), ((0.75, 0.12), (0.45, 0.92))):
        stage.hands.drag(on_pad(stage, *start), on_pad(stage, *end))
    stage.until("it is drawn", lambda: tryit.sample() is not None)
    stage.until("it says what that is", lambda: not tryit.predictions.busy and told_of(tryit).isEnabled(), NEXT)
    stage.picture(folder / "tried.png")
    values = stage.see(lambda: told_of(tryit).values)
    assert len(values) == 10 and abs(sum(values) - 1) < 1e-3
    assert stage.see(lambda: told_of(tryit).truth) == ""


def told_of(tryit: TryPanel) -> Bars:
    """The bars of the first output."""
    found = tryit.cards.findChild(Bars, "try_bars")
    assert found is not None
    return found


def on_pad(stage: Stage, x: float, y: float) -> Point:
    def look() -> Point:
        pad = stage.widget(Pad, "try_pad_image")
        area = pad.area
        return point(pad, QPoint(area.left() + round(x * area.width()), area.top() + round(y * area.height())))

    return stage.see(look)


def compare(stage: Stage) -> None:
    """The weights of the last epoch are evaluated on the same samples, and held against the best ones."""
    panel = page(stage)
    first = panel.shown
    stage.click(QWidget, "evaluate_weights")
    stage.hands.type("last")
    stage.hands.key("Return")
    evaluations = stage.desktop.session.evaluations
    stage.until(
        "the last epoch is meant", lambda: evaluations.chosen is not None and evaluations.chosen.which == "last"
    )
    stage.click(QWidget, "evaluate_start")
    stage.until("that is evaluated", lambda: panel.shown is not None and panel.shown != first, NEXT)
    stage.click(QWidget, "evaluate_tabs_compare")
    stage.until("both are compared", lambda: panel.compare.answer is not None, NEXT)
    answer = panel.compare.answer
    assert answer is not None
    assert panel.shown is not None
    judged = answer.both_right + len(answer.only_first) + len(answer.only_second) + answer.both_wrong
    assert judged == panel.shown.file.samples
    assert stage.see(lambda: panel.compare.verdict.text())


def report(stage: Stage, path: Path) -> None:
    """Found in the command palette; it holds what was evaluated."""
    stage.answers.to_save = path
    stage.hands.key("ctrl+k")
    stage.until("the palette has the keyboard", lambda: focus_name() == "command_field")
    stage.hands.type("web page")
    stage.hands.key("Return")
    stage.until("the report is there", path.exists, FIRST)


def focus_name() -> str:
    widget = QApplication.focusWidget()
    return widget.objectName() if widget is not None else ""


def point(widget: QWidget, local: QPoint) -> Point:
    place = widget.mapToGlobal(local)
    return place.x(), place.y()


def script(stage: Stage) -> None:
    folder = Path(sys.argv[1])
    train(stage)
    evaluate(stage)
    stage.picture(folder / "evaluated.png")
    mistake = find_a_mistake(stage)
    look_inside(stage, mistake)
    stage.picture(folder / "inside.png")
    try_it(stage, mistake, folder)
    compare(stage)
    stage.picture(folder / "compared.png")
    report(stage, folder / "report.html")
    assert not stage.answers.errors


if __name__ == "__main__":
    use_language("en")
    perform(script, os.environ["DISPLAY"], Path(sys.argv[1]))
