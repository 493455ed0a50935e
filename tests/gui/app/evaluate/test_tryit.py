"""Try it: what is drawn, typed, dropped or chosen is asked about at once, and what cannot be is said where it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.command_palette.providers.evaluating import pages
from app.panels.tryit import models
from app.panels.tryit.fields.number import NumberField
from app.panels.tryit.fields.picture import PictureField
from app.panels.tryit.panel import TryPanel
from app.panels.tryit.parts.values import array_of
from app.project.templates import TEMPLATES
from app.shell.compose import surroundings
from app.system.matching import Index
from resources.text import Text
from runtime.messages.trained import GivenValue, On, OneSample
from runtime.messages.trying import (
    AskForm,
    FormAsked,
    FormField,
    ModelTried,
    OpenPicture,
    SampleTried,
    ShowSample,
    TrySample,
)
from runtime.spec import CodeFile
from tests.gui.app.conftest import Rig
from tests.gui.app.evaluate.runs import add_run
from tests.gui.app.evaluate.tried import DIGITS, HOUSES, opened, shown, tried

Show = Callable[[FormAsked], TryPanel]


@pytest.fixture
def show(rig: Rig, qtbot: QtBot) -> Iterator[Show]:
    """The panel with two trained runs, and the form that an evaluator gives."""
    rig.session.replace(next(item for item in TEMPLATES if item.key == "digits").open(), None)
    add_run(rig)
    add_run(rig)
    desktop = rig.desktop
    panel = TryPanel(rig.session, rig.session.evaluations, desktop.preferences.look, rig.chooser, desktop.background)
    qtbot.addWidget(panel)
    panel.resize(1000, 640)

    def shown_panel(form: FormAsked) -> TryPanel:
        rig.evaluator.answers |= {AskForm: form, TrySample: tried, ShowSample: shown, OpenPicture: opened}
        with qtbot.waitSignal(rig.session.evaluations.chosen_changed):
            rig.session.evaluations.reload()
        panel.show()
        return panel

    yield shown_panel
    panel.predictions.forget()
    panel.close()


def picture(panel: TryPanel) -> PictureField:
    field = panel.form.picture
    assert field is not None
    return field


def draw(panel: TryPanel, *points: tuple[float, float]) -> None:
    pad = picture(panel).pad
    area = pad.area
    places = [QPoint(int(area.left() + x * area.width()), int(area.top() + y * area.height())) for x, y in points]
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(pad, place)
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=places[-1])


def last_sample(rig: Rig, qtbot: QtBot, panel: TryPanel) -> OneSample:
    qtbot.waitUntil(lambda: not panel.predictions.busy)
    return rig.evaluator.last(TrySample).sample


def pixels(sample: OneSample) -> np.ndarray:
    tensor = sample.values["image"].tensor
    assert tensor is not None
    return array_of(tensor)


def test_a_drawing_is_the_sample_in_the_units_of_the_data(show: Show, rig: Rig, qtbot: QtBot) -> None:
    panel = show(DIGITS)
    assert not any(isinstance(message, TrySample) for message in rig.evaluator.asked)
    assert "Draw something" in panel.cards.cards[0].hint.text()
    draw(panel, (0.2, 0.2), (0.8, 0.2), (0.5, 0.9))
    drawn = pixels(last_sample(rig, qtbot, panel))
    assert drawn.shape == (8, 8) and drawn.dtype == np.uint8
    assert drawn.max() == 16 and drawn.min() == 0 and drawn[7, 0] == 0 and drawn[1, 4] > 8
    bars = panel.cards.cards[0].outputs[0].bars
    assert bars.names == tuple(str(digit) for digit in range(10)) and bars.values[7] == 0.91
    assert panel.cards.cards[0].time.text() == "3 ms"


def test_undo_takes_lines_back_and_clear_is_undone(show: Show, rig: Rig, qtbot: QtBot) -> None:
    panel = show(DIGITS)
    draw(panel, (0.2, 0.2), (0.8, 0.2))
    one = pixels(last_sample(rig, qtbot, panel))
    draw(panel, (0.2, 0.8), (0.8, 0.8))
    two = pixels(last_sample(rig, qtbot, panel))
    assert (two >= one).all() and two.sum() > one.sum()
    field = picture(panel)
    QTest.mouseClick(field.undo, Qt.MouseButton.LeftButton)
    assert (pixels(last_sample(rig, qtbot, panel)) == one).all()
    QTest.keyClick(field.pad, Qt.Key.Key_Delete)
    assert field.value is None and panel.sample() is None
    QTest.keyClick(field.pad, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (pixels(last_sample(rig, qtbot, panel)) == one).all()


def test_the_keyboard_draws(show: Show, rig: Rig, qtbot: QtBot) -> None:
    panel = show(DIGITS)
    pad = picture(panel).pad
    QTest.keyClick(pad, Qt.Key.Key_Space)
    for _ in range(3):
        QTest.keyClick(pad, Qt.Key.Key_Right)
    QTest.keyClick(pad, Qt.Key.Key_Space)
    QTest.keyClick(pad, Qt.Key.Key_Down)
    drawn = pixels(last_sample(rig, qtbot, panel))
    assert drawn[3:5, 4:7].min() > 0 and drawn[:2].max() == 0 and drawn[6:].max() == 0


def test_what_is_drawn_is_centred_only_when_a_person_asks(show: Show, rig: Rig, qtbot: QtBot) -> None:
    panel = show(DIGITS)
    draw(panel, (0.1, 0.1), (0.1, 0.4))
    corner = pixels(last_sample(rig, qtbot, panel))
    assert corner[:, 4:].max() == 0
    picture(panel).centre.switch.click()
    centred = pixels(last_sample(rig, qtbot, panel))
    rows = np.flatnonzero(centred.max(axis=1))
    assert np.average(np.arange(8), weights=centred.sum(axis=0)) == pytest.approx(3.5, abs=0.1)
    assert rows[-1] - rows[0] >= 5, "as large as what is drawn in the data"


def test_a_sample_is_chosen_by_its_number_and_then_changed(show: Show, rig: Rig, qtbot: QtBot) -> None:
    panel = show(DIGITS)
    panel.bar.number.setValue(5)
    assert last_sample(rig, qtbot, panel) == OneSample(On("validation"), 4)
    assert rig.evaluator.last(ShowSample).row == 4
    bars = panel.cards.cards[0].outputs[0].bars
    assert bars.truth == "7" and panel.back.isHidden()
    QTest.mouseClick(panel.bar.after, Qt.MouseButton.LeftButton)
    assert last_sample(rig, qtbot, panel).row == 5
    draw(panel, (0.1, 0.9), (0.2, 0.9))
    changed = last_sample(rig, qtbot, panel)
    assert changed.row == 5 and pixels(changed)[7, 0] > 0 and pixels(changed)[1, 3] == 16
    assert bars.truth == "", "the data says nothing of what a person made of it"
    QTest.mouseClick(panel.back, Qt.MouseButton.LeftButton)
    assert last_sample(rig, qtbot, panel) == OneSample(On("validation"), 5)


def test_several_runs_say_what_they_think_of_the_same_sample(show: Show, rig: Rig, qtbot: QtBot) -> None:
    panel = show(DIGITS)
    draw(panel, (0.2, 0.2), (0.8, 0.2))
    panel.beside.chosen.emit((str(rig.session.evaluations.runs[0].folder),))
    sample = last_sample(rig, qtbot, panel)
    asked = rig.evaluator.last(TrySample)
    assert [Path(model.folder) for model in asked.models] == [
        run.folder for run in reversed(rig.session.evaluations.runs)
    ]
    assert pixels(sample).max() == 16
    assert [card.title.text() for card in panel.cards.cards] == ["run 2 · best epoch", "run 1 · best epoch"]
    assert [card.outputs[0].bars._best for card in panel.cards.cards] == ["7", "6"]


def test_a_row_is_typed_and_what_is_no_number_is_said_where_it_stands(show: Show, rig: Rig, qtbot: QtBot) -> None:
    panel = show(HOUSES)
    assert panel.bar.state.text() == "houses.csv is not there any more."
    values = last_sample(rig, qtbot, panel).values
    assert values == {
        "area": GivenValue(number=88.5),
        "rooms": GivenValue(number=3),
        "town": GivenValue(text="Jeju"),
        "built": GivenValue(text="1998-04-01"),
        "words": GivenValue(text="by the sea"),
    }
    field = panel.form.field("area")
    assert isinstance(field, NumberField) and field.range.text() == "12.5 to 310"
    field.line.lineEdit().clear()
    QTest.keyClicks(field.line.lineEdit(), "many")
    assert field.complaint.text() == "“many” is no number." and field.complaint.isVisible()
    assert panel.sample() is None and not panel.predictions.busy
    assert not panel.cards.cards[0].outputs[0].isEnabled(), "what is shown is of another sample"
    field.line.lineEdit().clear()
    QTest.keyClicks(field.line.lineEdit(), "1,5")
    assert last_sample(rig, qtbot, panel).values["area"] == GivenValue(number=1.5)
    assert field.complaint.isHidden() and panel.cards.cards[0].outputs[0].isEnabled()
    text = panel.form.field("words")
    assert text is not None
    edit = text.findChild(QPlainTextEdit)
    assert isinstance(edit, QPlainTextEdit)
    QTest.keyClicks(edit, "calm ")
    assert last_sample(rig, qtbot, panel).values["words"] == GivenValue(text="calm by the sea")


def test_a_dropped_picture_of_another_size_is_told_and_made_to_fit(
    show: Show, rig: Rig, qtbot: QtBot, tmp_path: Path
) -> None:
    panel = show(DIGITS)
    draw(panel, (0.2, 0.2), (0.8, 0.2))
    drawn = pixels(last_sample(rig, qtbot, panel))
    path, mime, field = tmp_path / "photo.png", QMimeData(), picture(panel)
    path.write_bytes(b"a picture")
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    with qtbot.waitSignal(field.changed):
        assert field.take_mime(mime)
    assert rig.evaluator.last(OpenPicture).file == b"a picture"
    assert field.note.text() == "The picture is 10×20; the data has 8×8." and panel.sample() is None
    QTest.mouseClick(field.fit, Qt.MouseButton.LeftButton)
    fitted = pixels(last_sample(rig, qtbot, panel))
    assert fitted.max() == round(63 / 255 * 16) and field.fit.isHidden()
    QTest.mouseClick(field.invert, Qt.MouseButton.LeftButton)
    assert (pixels(last_sample(rig, qtbot, panel)) >= 12).all()
    for _ in range(3):
        QTest.mouseClick(field.undo, Qt.MouseButton.LeftButton)
    assert (pixels(last_sample(rig, qtbot, panel)) == drawn).all(), "the drawing is not lost"


def test_where_samples_are_files_a_file_is_read_as_they_were(show: Show, rig: Rig, qtbot: QtBot) -> None:
    form = msgspec.structs.replace(DIGITS, fields=(msgspec.structs.replace(DIGITS.fields[0], files=True),))
    panel = show(form)
    with qtbot.waitSignal(picture(panel).changed):
        picture(panel).take_bytes(b"a picture")
    assert last_sample(rig, qtbot, panel).values == {"image": GivenValue(file=b"a picture")}
    assert picture(panel).note.isHidden() and picture(panel).pad.drawing.picture is not None


def test_what_is_no_picture_leaves_everything_as_it_is(show: Show, rig: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    panel = show(DIGITS)
    draw(panel, (0.2, 0.2), (0.8, 0.2))
    drawn = pixels(last_sample(rig, qtbot, panel))
    del rig.evaluator.answers[OpenPicture]  # it is refused
    field, mime = picture(panel), QMimeData()
    path = tmp_path / "notes.txt"
    path.write_bytes(b"no picture")
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    assert field.take_mime(mime)
    qtbot.waitUntil(lambda: bool(field.reason))
    assert field.reason == "Not in this fake."
    sample = panel.sample()
    assert sample is not None and (pixels(sample) == drawn).all()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "nothing.png"))])
    assert field.take_mime(mime)
    qtbot.waitUntil(lambda: "nothing.png cannot be read" in field.reason)


def test_a_picture_is_pasted_wherever_the_keyboard_is(show: Show, rig: Rig, qtbot: QtBot) -> None:
    panel = show(DIGITS)
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    QApplication.clipboard().setImage(image)
    with qtbot.waitSignal(picture(panel).changed):
        QTest.keyClick(panel.bar.after, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert rig.evaluator.last(OpenPicture).file.startswith(b"\x89PNG")
    QApplication.clipboard().setText("no picture")
    picture(panel).paste.click()
    assert picture(panel).reason == "There is no picture on the clipboard."


def test_an_error_of_the_sample_stands_below_it(show: Show, rig: Rig, qtbot: QtBot) -> None:
    panel = show(DIGITS)
    why = Text("image is 8×8 in training, but this is 10×20.")
    rig.evaluator.answers[TrySample] = lambda message: SampleTried(1, (ModelTried(error=why),))
    draw(panel, (0.2, 0.2), (0.8, 0.2))
    last_sample(rig, qtbot, panel)
    assert picture(panel).complaint.text() == str(why)
    rig.evaluator.answers[TrySample] = tried
    draw(panel, (0.2, 0.4), (0.8, 0.4))
    last_sample(rig, qtbot, panel)
    assert picture(panel).complaint.isHidden()


def test_while_an_answer_is_awaited_only_the_newest_sample_waits(show: Show, rig: Rig, qtbot: QtBot) -> None:
    panel = show(DIGITS)
    rig.evaluator.silent = True
    del rig.evaluator.answers[TrySample]
    draw(panel, (0.2, 0.2), (0.3, 0.2))
    qtbot.waitUntil(lambda: len(rig.evaluator.waiting) == 1)
    for x in (0.4, 0.6, 0.8):
        draw(panel, (x, 0.2), (x, 0.8))
    QTest.qWait(40)
    asked = [message for message in rig.evaluator.asked if isinstance(message, TrySample)]
    assert len(asked) == 1
    rig.evaluator.tell(tried(asked[0]))
    qtbot.waitUntil(lambda: len(rig.evaluator.waiting) == 1)
    newest = rig.evaluator.last(TrySample)
    sample = panel.sample()
    assert sample is not None and newest.sample == sample
    rig.evaluator.tell(tried(newest, 3))
    assert panel.cards.cards[0].outputs[0].bars._best == "3" and not panel.predictions.busy


def test_very_many_columns_are_made_some_at_a_time(show: Show, rig: Rig, qtbot: QtBot) -> None:
    fields = tuple(
        FormField(f"pixel{n}", "number", (), ("pixels",), (), 0, 255, GivenValue(number=n)) for n in range(784)
    )
    panel = show(FormAsked(1, fields, {}))
    values = last_sample(rig, qtbot, panel).values
    assert len(values) == 784 and values["pixel700"] == GivenValue(number=700)
    assert panel.form.field("pixel700") is None and panel.form.more.text() == "Show more columns (760)"
    panel.form.search.setText("pixel700")
    field = panel.form.field("pixel700")
    assert field is not None and field.isVisible()


def test_nothing_is_asked_before_the_panel_is_seen(rig: Rig, qtbot: QtBot, show: Show) -> None:
    assert rig.evaluator.asked == []
    panel = show(DIGITS)
    assert isinstance(rig.evaluator.asked[0], AskForm)
    assert panel.form.fields == DIGITS.fields


def test_code_of_a_model_is_asked_about_once(show: Show, rig: Rig, qtbot: QtBot) -> None:
    """Not each time that the list of runs is read: it is, whenever the page is seen and a run ends."""
    panel = show(DIGITS)
    asked = rig.evaluator.asked.copy()
    questions: list[None] = []
    rig.session.code.question_requested.connect(lambda: questions.append(None))
    add_run(rig, code=(CodeFile(str(Path("mine.py").absolute()), "00"),))
    with qtbot.waitSignal(rig.session.evaluations.chosen_changed):
        rig.session.evaluations.reload()
    assert len(questions) == 1 and "code of its own" in panel.cards.cards[0].error.text()
    for _ in range(2):
        with qtbot.waitSignal(rig.session.evaluations.runs_changed):
            rig.session.evaluations.reload()
    assert len(questions) == 1 and rig.evaluator.asked == asked


def test_a_picture_file_is_dropped_anywhere_and_data_is_not(show: Show, rig: Rig, tmp_path: Path) -> None:
    panel = show(DIGITS)

    def accepts(name: str) -> bool:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
        actions, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        event = QDragEnterEvent(QPoint(600, 300), actions, mime, button, Qt.KeyboardModifier.NoModifier)
        event.ignore()
        panel.dragEnterEvent(event)
        return event.isAccepted()

    assert accepts("photo.JPG") and not accepts("table.csv") and not accepts("digits.lamella")


@pytest.mark.parametrize("words", ["try", "draw", "predict one"])
def test_the_palette_leads_to_it(rig: Rig, qtbot: QtBot, words: str) -> None:
    rig.session.replace(next(item for item in TEMPLATES if item.key == "digits").open(), None)
    rig.evaluator.answers |= {AskForm: DIGITS, TrySample: tried, ShowSample: shown}
    add_run(rig)
    entries = pages(surroundings(rig.desktop, rig.desktop.window))
    found = Index([(entry.title, entry.also) for entry in entries]).search(words)
    entries[found[0]].run()
    panel = rig.desktop.window.findChild(TryPanel)
    assert panel is not None and panel.isVisible()
    qtbot.waitUntil(lambda: panel.form.picture is not None)
    draw(panel, (0.2, 0.2), (0.8, 0.2))
    qtbot.waitUntil(lambda: bool(panel.cards.cards[0].outputs))
    assert panel.cards.cards[0].outputs[0].bars.names[0] == "0"


def test_an_answer_of_other_models_stands_on_no_card(show: Show, rig: Rig, qtbot: QtBot) -> None:
    panel = show(DIGITS)
    draw(panel, (0.2, 0.2), (0.8, 0.2))
    qtbot.waitUntil(lambda: not panel.predictions.busy)
    rig.evaluator.silent = True
    del rig.evaluator.answers[TrySample]
    draw(panel, (0.2, 0.4), (0.8, 0.4))
    qtbot.waitUntil(lambda: len(rig.evaluator.waiting) == 1)
    panel.beside.chosen.emit((str(rig.session.evaluations.runs[0].folder),))
    assert not rig.evaluator.waiting  # what one model says is not waited for
    qtbot.waitUntil(lambda: len(rig.evaluator.waiting) == 1)
    assert len(rig.evaluator.last(TrySample).models) == 2


def test_a_form_that_was_called_off_with_its_project_is_asked_for_again(show: Show, rig: Rig, qtbot: QtBot) -> None:
    rig.evaluator.silent = True
    panel = show(DIGITS)
    first = rig.evaluator.last(AskForm)
    del rig.evaluator.answers[AskForm]
    panel._ask_form(first.trained)
    assert rig.evaluator.waiting
    panel.hide()
    rig.session.evaluations.cancel_all()  # as another project does
    rig.evaluator.answers[AskForm] = DIGITS
    panel._stale = True
    panel.show()
    assert panel._form_known
    assert panel.form.fields == DIGITS.fields


def test_of_thousands_of_runs_the_newest_are_offered_beside(
    rig: Rig, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "MOST_LISTED", 1)
    add_run(rig)
    show(DIGITS)
    assert [run.number for run in models.runs_beside(rig.session.evaluations)] == [2]
