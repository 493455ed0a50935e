"""The Evaluate workspace with a pretended evaluator: choosing, evaluating, and going from one tab to another."""

from __future__ import annotations

from pathlib import Path

import msgspec
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QSlider
from pytestqt.qtbot import QtBot

from app.panels.evaluate.page.panel import EvaluatePanel
from app.panels.evaluate.shown.card import FigureCard
from app.project.templates import TEMPLATES
from resources.text import Text
from runtime.evaluation.folder import EVALUATIONS, RESULT_FILE
from runtime.messages.connection import Failed
from runtime.messages.describing import DataProgress
from runtime.messages.evaluating import (
    CompareEvaluations,
    Condition,
    Evaluate,
    Evaluated,
    EvaluationsCompared,
    ListSamples,
    Predict,
    Predicted,
    SamplesListed,
    Slice,
    Sliced,
    SliceRow,
)
from runtime.messages.trained import On, OneSample
from runtime.messages.trying import AskForm, ShowSample, TrySample
from runtime.messages.views import Label, Samples, SampleView, Table
from runtime.spec import DataSource, DataSpec
from tests.gui.app.conftest import Rig
from tests.gui.app.evaluate.evaluations import evaluation_file, store
from tests.gui.app.evaluate.page import press, seen, with_run
from tests.gui.app.evaluate.runs import add_run
from tests.gui.app.evaluate.tried import DIGITS, shown, tried
from tests.gui.app.evaluate.views import SAMPLES

LISTED = SamplesListed(1, msgspec.structs.replace(SAMPLES, total=3))
SLICED = Sliced(
    1, ("accuracy",), "accuracy", (0.9,), (SliceRow((Condition("site", "=", "B"),), 12, (0.5,)),), (Text("A note."),)
)  # fmt: skip
COMPARED = EvaluationsCompared(
    1, 300, (4, 5), (6,), 9, 0.03, Table((Label("figure"), Label("a")), (("accuracy", 0.9),))
)


def test_without_a_run_it_says_where_to_go(rig: Rig, panel: EvaluatePanel) -> None:
    shown: list[str] = []
    rig.session.navigation.workspace_requested.connect(shown.append)
    assert not panel.side.isVisible()
    press(panel, "go_to_train")
    assert shown == ["train"]


def test_evaluating_shows_figures_and_keeps_them(rig: Rig, panel: EvaluatePanel, qtbot: QtBot) -> None:
    run = with_run(rig, qtbot, stored=False)
    file = evaluation_file(run)
    rig.evaluator.answers[Evaluate] = lambda _message: Evaluated(1, str(store(run, file)), file)
    press(panel, "evaluate_now")
    message = rig.evaluator.last(Evaluate)
    assert message.trained.weights == str(run / "best.keras")
    assert (message.trained.batch_size, message.on) == (64, On("validation"))
    assert [card.figure.key for card in panel.figures.cards] == ["numbers", "confusion", "classes", "thresholds", "roc"]
    qtbot.waitUntil(lambda: panel.side.stored.model.rowCount() == 1)
    assert "0.22 ms a sample" in panel.facts.text()


def test_a_stored_evaluation_is_there_without_a_worker(rig: Rig, panel: EvaluatePanel, qtbot: QtBot) -> None:
    run = with_run(rig, qtbot)
    seen(panel, qtbot)
    assert panel.shown is not None
    assert panel.shown.file == evaluation_file(run)
    assert rig.evaluator.starts == 0
    store(run, evaluation_file(run, "test", 1_764_633_600.0), "20251202-000000-test")
    rig.session.evaluations.reload()
    qtbot.waitUntil(lambda: panel.side.stored.model.rowCount() == 2)
    assert panel.shown.file.on == On()  # what is looked at stays
    panel.side.stored.list.clicked.emit(panel.side.stored.model.index(0, 0))
    assert panel.shown.file.on == On("test")


def test_progress_is_shown_and_can_be_cancelled(rig: Rig, panel: EvaluatePanel, qtbot: QtBot) -> None:
    with_run(rig, qtbot)
    seen(panel, qtbot)
    rig.evaluator.silent = True
    press(panel, "evaluate_start")
    assert panel.side.cancel.isVisible()
    assert rig.evaluator.link is not None
    rig.evaluator.link.report_progress(DataProgress(1, 90, 360, "rows"))
    assert panel.side.bar.value() == 250
    assert panel.side.progress.text() == "90 of 360 samples"
    press(panel, "evaluate_cancel")
    assert rig.evaluator.cancelled == [1]
    assert panel.side.evaluate.isVisible()
    assert panel.shown is not None  # nothing is lost


def test_a_failure_is_one_sentence_with_its_details(rig: Rig, panel: EvaluatePanel, qtbot: QtBot) -> None:
    with_run(rig, qtbot)
    seen(panel, qtbot)
    rig.evaluator.answers[Evaluate] = Failed(1, Text("The data of this run is gone."), "No such file")
    press(panel, "evaluate_start")
    assert panel.banner.text.text() == "The data of this run is gone."
    assert panel.banner.detail.toPlainText() == "No such file"
    assert panel.side.evaluate.isVisible()
    assert panel.shown is not None


def card(panel: EvaluatePanel, key: str) -> FigureCard:
    return next(card for card in panel.figures.cards if card.figure.key == key)


def test_a_cell_opens_its_samples(rig: Rig, panel: EvaluatePanel, qtbot: QtBot) -> None:
    with_run(rig, qtbot)
    seen(panel, qtbot)
    rig.evaluator.answers[ListSamples] = LISTED
    canvas = card(panel, "confusion").canvas
    assert canvas is not None
    place = canvas.place_of((0, 1))
    assert place is not None
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place.toPoint())
    message = rig.evaluator.last(ListSamples)
    assert (message.output, message.truth, message.predicted, message.wrong) == ("digit", 0, 1, None)
    assert panel.samples.why.text().startswith("0 taken for 1")
    assert len(panel.samples.list.samples) == 3
    press(panel, "samples_filter")
    message = rig.evaluator.last(ListSamples)
    assert (message.truth, message.predicted, message.wrong) == (None, None, True)


def test_the_matrix_can_be_walked_with_the_keyboard(rig: Rig, panel: EvaluatePanel, qtbot: QtBot) -> None:
    with_run(rig, qtbot)
    seen(panel, qtbot)
    rig.evaluator.answers[ListSamples] = LISTED
    canvas = card(panel, "confusion").canvas
    assert canvas is not None
    canvas.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(canvas, key)
    assert canvas.look.marked == (1, 1)
    assert canvas.accessibleDescription() == "1: 9 right, 90.0 % of this class"
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert rig.evaluator.last(ListSamples).truth == 1


def test_a_threshold_moves_the_matrix_and_the_curve(rig: Rig, panel: EvaluatePanel, qtbot: QtBot) -> None:
    with_run(rig, qtbot)
    seen(panel, qtbot)
    slider = panel.findChild(QSlider, "threshold_slider")
    assert slider is not None
    assert slider.value() / slider.maximum() == 0.5
    slider.setValue(slider.maximum())
    roc, thresholds = card(panel, "roc").canvas, card(panel, "thresholds").canvas
    assert roc is not None
    assert thresholds is not None
    assert roc.look.threshold == thresholds.look.threshold == 1.0
    assert len(rig.evaluator.asked) == 0


def test_samples_are_listed_in_orders_that_fit_and_more_of_them(rig: Rig, panel: EvaluatePanel, qtbot: QtBot) -> None:
    with_run(rig, qtbot)
    seen(panel, qtbot)
    many = Samples(tuple(SampleView(number, truth="3", predicted="5", right=False) for number in range(60)), 130)
    rig.evaluator.answers[ListSamples] = lambda message: SamplesListed(
        1, many if message.first < 120 else msgspec.structs.replace(many, samples=many.samples[:10])
    )
    panel.show_page("samples")
    assert rig.evaluator.last(ListSamples).wrong is True
    assert panel.samples.count.text() == "130 samples"
    panel.samples.list.setFocus()
    QTest.keyClick(panel.samples.list, Qt.Key.Key_End)
    QTest.keyClick(panel.samples.list, Qt.Key.Key_End)
    assert rig.evaluator.last(ListSamples).first == 120
    assert len(panel.samples.list.samples) == 130
    chip = panel.samples.orders.chip("unsure_right")
    assert chip is not None
    chip.click()
    assert (rig.evaluator.last(ListSamples).order, rig.evaluator.last(ListSamples).wrong) == ("unsure_right", False)


def test_a_list_is_saved_as_csv(rig: Rig, panel: EvaluatePanel, qtbot: QtBot, tmp_path: Path) -> None:
    with_run(rig, qtbot)
    seen(panel, qtbot)
    rig.evaluator.answers[ListSamples] = LISTED
    panel.show_page("samples")
    rig.chooser.to_save = tmp_path / "mistakes"
    press(panel, "samples_export")
    assert rig.evaluator.last(ListSamples).path == str(tmp_path / "mistakes.csv")


def test_a_mistake_is_looked_into_and_tried(rig: Rig, panel: EvaluatePanel, qtbot: QtBot) -> None:
    with_run(rig, qtbot)
    seen(panel, qtbot)
    rig.evaluator.answers |= {ListSamples: LISTED, AskForm: DIGITS, ShowSample: shown, TrySample: tried}
    evaluations = rig.session.evaluations
    assert evaluations.chosen is not None
    evaluations.choose(evaluations.chosen.run, "last")
    assert not panel.samples.marked.isVisible()
    panel.show_page("samples")
    assert panel.samples.marked.text.text() == "sample 1,765 · 3 taken for 5"
    panel.samples.list.setFocus()
    QTest.keyClick(panel.samples.list, Qt.Key.Key_Right)
    QTest.keyClick(panel.samples.list, Qt.Key.Key_Return)
    inside = rig.desktop.window.build.inside.inside
    assert inside.on
    assert inside.sample == OneSample(On("validation"), SAMPLES.samples[1].row)
    assert evaluations.chosen.which == "best", "the weights that were evaluated, not those that are chosen by now"
    assert rig.desktop.window.workspace == "build"
    QTest.keyClick(panel.samples.list, Qt.Key.Key_T)
    assert panel.tabs.key == "try"
    assert (rig.evaluator.last(ShowSample).on, rig.evaluator.last(ShowSample).row) == (On("validation"), 7)
    assert panel.tryit.sample() == OneSample(On("validation"), 7)
    press(panel, "try_inside")
    assert inside.sample == OneSample(On("validation"), 7)


def test_a_sample_of_another_file_is_tried_as_one_of_it(rig: Rig, panel: EvaluatePanel, qtbot: QtBot) -> None:
    other = On("all", DataSpec((DataSource("table", "new.csv"),)))
    run = with_run(rig, qtbot, stored=False)
    store(run, msgspec.structs.replace(evaluation_file(run), on=other))
    with qtbot.waitSignal(rig.session.evaluations.runs_changed):
        rig.session.evaluations.reload()
    seen(panel, qtbot)
    rig.evaluator.answers |= {ListSamples: LISTED, AskForm: DIGITS, ShowSample: shown, TrySample: tried}
    panel.show_page("samples")
    menu_of(panel, 2)
    assert rig.evaluator.last(ShowSample).on == other
    assert panel.tryit.sample() == OneSample(other, 5)
    assert panel.tryit.bar.chosen == ("validation", -1), "no sample of a part of the run"


def menu_of(panel: EvaluatePanel, number: int) -> None:
    """Try a sample from its menu, which opens by key."""
    samples = panel.samples.list
    samples.go_to(number)
    middle = samples.viewport().rect().center()
    keyboard = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(samples.viewport(), QContextMenuEvent(keyboard, middle, samples.mapToGlobal(middle)))
    menu = panel.findChild(QMenu, "sample_menu")
    assert menu is not None
    assert menu.isVisible()
    menu.actions()[1].trigger()
    menu.close()


def test_slices_are_listed_and_one_of_ones_own_is_added(rig: Rig, panel: EvaluatePanel, qtbot: QtBot) -> None:
    with_run(rig, qtbot)
    seen(panel, qtbot)
    rig.evaluator.answers.update({Slice: SLICED, ListSamples: LISTED})
    panel.show_page("slices")
    slices = panel.slices
    assert slices.card.table is not None
    assert "The worst by accuracy first" in slices.state.text()
    assert "A note." in slices.state.text()
    slices.line.value.setText("30")
    slices.line.compare.show_value("<", "<")
    QTest.keyClick(slices.line.value, Qt.Key.Key_Return)
    assert slices.built.text() == "site < 30"
    press(panel, "slice_work_out")
    assert rig.evaluator.last(Slice).slices == ((Condition("site", "<", 30.0),),)
    slices.card.table.opened.emit(1)
    assert rig.evaluator.last(ListSamples).where == (Condition("site", "=", "B"),)
    assert panel.tabs.key == "samples"


def test_two_evaluations_are_compared(rig: Rig, panel: EvaluatePanel, qtbot: QtBot) -> None:
    other = add_run(rig)
    other_folder = store(other, evaluation_file(other))
    store(other, evaluation_file(other, "test"), "20251203-000000-test")
    run = with_run(rig, qtbot)
    seen(panel, qtbot)
    rig.evaluator.answers.update({CompareEvaluations: COMPARED, ListSamples: LISTED})
    panel.show_page("compare")
    qtbot.waitUntil(lambda: panel.compare.answer is not None)
    message = rig.evaluator.last(CompareEvaluations)
    assert panel.shown is not None
    assert (message.first, message.second) == (str(panel.shown.folder), str(other_folder))
    assert panel.shown.folder.parent.parent == run
    assert panel.compare.others.count() == 1  # not that of another part
    assert panel.compare.verdict.text() == "This one is better, and hardly by chance: McNemar's p is 0.030."
    press(panel, "compare_right_wrong")
    assert rig.evaluator.last(ListSamples).rows == (4, 5)


def test_numbers_are_compared_by_their_figures_alone_with_what_there_is_to_say(
    rig: Rig, panel: EvaluatePanel, qtbot: QtBot
) -> None:
    other = add_run(rig)
    store(other, evaluation_file(other))
    with_run(rig, qtbot)
    seen(panel, qtbot)
    note = Text("Only the {count} samples that both have are compared.", {"count": 3})
    rig.evaluator.answers[CompareEvaluations] = EvaluationsCompared(
        1, 0, (), (), 0, None, COMPARED.metrics, judged=False, notes=(note,)
    )
    panel.show_page("compare")
    qtbot.waitUntil(lambda: panel.compare.figures.isVisible())
    assert panel.compare.figures.table is not None
    assert not panel.compare.verdict.isVisible()  # nothing was right, and nothing wrong
    assert panel.compare.state.text() == "Only the 3 samples that both have are compared."


def test_without_another_evaluation_comparing_says_what_to_do(rig: Rig, panel: EvaluatePanel, qtbot: QtBot) -> None:
    with_run(rig, qtbot)
    seen(panel, qtbot)
    panel.show_page("compare")
    qtbot.waitUntil(lambda: "Nothing else was evaluated" in panel.compare.state.text())
    assert panel.compare.others.isHidden(), "an empty list would look broken"


def test_another_file_can_be_dropped(rig: Rig, panel: EvaluatePanel, qtbot: QtBot, tmp_path: Path) -> None:
    with_run(rig, qtbot)
    seen(panel, qtbot)
    path = tmp_path / "new.h5"
    path.write_bytes(b"")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    panel.side.dropEvent(QDropEvent(QPoint(5, 5), copy, data, Qt.MouseButton.LeftButton, none))
    on = panel.side.on
    assert on.part == "all"
    assert on.other is not None
    assert [source.path for source in on.other.sources] == [str(path)]
    rig.evaluator.silent = True
    press(panel, "evaluate_start")
    assert rig.evaluator.last(Evaluate).on == on


def test_predictions_are_written_into_a_file(rig: Rig, panel: EvaluatePanel, qtbot: QtBot, tmp_path: Path) -> None:
    with_run(rig, qtbot)
    seen(panel, qtbot)
    notices: list[str] = []
    rig.session.notice_raised.connect(lambda notice: notices.append(notice.text))
    rig.chooser.to_save = tmp_path / "said.parquet"
    rig.evaluator.answers[Predict] = lambda message: Predicted(1, message.path, 360)
    press(panel, "evaluate_predict")
    assert rig.evaluator.last(Predict).path == str(tmp_path / "said.parquet")
    assert notices == ["The predictions of 360 samples are in said.parquet."]


def test_weights_and_another_run_are_chosen(rig: Rig, panel: EvaluatePanel, qtbot: QtBot) -> None:
    add_run(rig)
    run = with_run(rig, qtbot)
    seen(panel, qtbot)
    side = panel.side
    assert [side.runs.itemText(row)[:5] for row in range(side.runs.count())] == ["run 2", "run 1"]
    assert [side.weights.itemText(row) for row in range(side.weights.count())] == ["best epoch", "last epoch"]
    side.weights.activated.emit(1)
    assert rig.session.evaluations.trained().weights == str(run / "model.keras")
    side.runs.activated.emit(1)
    chosen = rig.session.evaluations.chosen
    assert chosen is not None
    assert chosen.run is not None
    assert chosen.run.number == 1
    assert panel.shown is None  # that one has not been evaluated


def test_another_project_begins_empty(rig: Rig, panel: EvaluatePanel, qtbot: QtBot) -> None:
    with_run(rig, qtbot)
    seen(panel, qtbot)
    with qtbot.waitSignal(rig.session.evaluations.runs_changed):
        rig.session.replace(next(item for item in TEMPLATES if item.key == "digits").open(), None)
    assert panel.shown is None
    assert not panel.side.isVisible()


def test_evaluations_that_cannot_be_read_are_counted(rig: Rig, panel: EvaluatePanel, qtbot: QtBot) -> None:
    run = with_run(rig, qtbot)
    seen(panel, qtbot)
    assert panel.side.stored.damaged.isHidden()
    broken = run / EVALUATIONS / "20260101-000000-test"
    broken.mkdir()
    (broken / RESULT_FILE).write_text('{"outputs": [', "utf-8")
    with qtbot.waitSignal(rig.session.evaluations.runs_changed):
        rig.session.evaluations.reload()
    qtbot.waitUntil(lambda: not panel.side.stored.damaged.isHidden())
    assert panel.side.stored.damaged.text() == "1 more cannot be read: their files are damaged."
    assert panel.side.stored.model.rowCount() == 1
