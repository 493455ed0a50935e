"""Asking trained models: the evaluator's process, which model is meant, and who gets which answer."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from app.engine.engine_link import EngineState
from app.project.evaluating import IDLE_MS, RefusedError
from app.project.evaluation.trained_runs import Chosen
from app.project.templates import TEMPLATES
from graph_editor.document.changes.commands import set_training
from resources.text import Text
from runtime.messages.connection import Failed
from runtime.messages.describing import DataProgress
from runtime.messages.evaluating import Slice, Sliced
from runtime.messages.protocol import Answer
from runtime.messages.trained import On, OneSample, Trained
from runtime.messages.trying import AskForm, FormAsked, TrySample
from runtime.spec import CodeFile, DataSource, DataSpec
from runtime.tracking import run_index
from tests.gui.app.conftest import Rig
from tests.gui.app.evaluate.runs import add_run

FORM = FormAsked(1, (), {"validation": 360})


@pytest.fixture
def rig(rig: Rig) -> Rig:
    """With the digits open."""
    rig.session.replace(next(item for item in TEMPLATES if item.key == "digits").open(), None)
    return rig


def never(what: object) -> None:
    raise AssertionError(f"nobody expects {what}")


def read(rig: Rig, qtbot: QtBot) -> None:
    with qtbot.waitSignal(rig.session.evaluations.runs_changed):
        rig.session.evaluations.reload()


def test_the_newest_run_with_weights_is_meant(rig: Rig, qtbot: QtBot) -> None:
    evaluations = rig.session.evaluations
    first, _without = add_run(rig), add_run(rig, best=False, last=False)
    read(rig, qtbot)
    assert evaluations.runs[0].folder == first
    assert evaluations.chosen == Chosen(evaluations.runs[0], "best")
    add_run(rig, best=False)
    read(rig, qtbot)
    assert evaluations.chosen == Chosen(evaluations.runs[2], "last")


def test_what_a_person_has_chosen_stays(rig: Rig, qtbot: QtBot) -> None:
    evaluations = rig.session.evaluations
    add_run(rig)
    read(rig, qtbot)
    run = evaluations.runs[0]
    evaluations.choose(run, "last")
    add_run(rig)
    read(rig, qtbot)
    assert evaluations.chosen == Chosen(evaluations.runs[0], "last")
    (run.folder / "model.keras").unlink()
    read(rig, qtbot)
    assert evaluations.chosen is not None
    assert evaluations.chosen.folder == evaluations.runs[1].folder


def test_of_a_long_list_only_the_runs_that_are_asked_about_are_read_whole(
    rig: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The models of ten thousand runs would fill the memory."""
    monkeypatch.setattr(run_index, "FEWEST", 1)
    code = (CodeFile("layers.py", "0" * 64),)
    add_run(rig, code=code), add_run(rig)
    read(rig, qtbot)
    evaluations = rig.session.evaluations
    assert [bool(run.spec.model) for run in evaluations.runs] == [False, False]
    assert evaluations.chosen is not None
    assert evaluations.chosen.run is not None
    assert evaluations.chosen.run.spec.model
    assert evaluations.chosen.run.spec.bindings
    before = evaluations.chosen
    with qtbot.assertNotEmitted(evaluations.chosen_changed):
        read(rig, qtbot)
    assert evaluations.chosen is before
    assert evaluations.whole(evaluations.runs[0]).spec.custom_code == code
    with pytest.raises(RefusedError):
        evaluations.trained_of(evaluations.runs[0], "best")  # nobody has agreed to its code


def test_a_model_is_named_with_its_weights_and_batch_size(rig: Rig, qtbot: QtBot) -> None:
    evaluations = rig.session.evaluations
    folder = add_run(rig, best=False, last=False, epochs=(2, 3))
    read(rig, qtbot)
    trained = evaluations.trained()
    assert trained == Trained(str(folder), str(folder / "epoch-0003.keras"), device="cpu", batch_size=64)
    assert evaluations.trained_of(evaluations.runs[0], 2, 7).weights == str(folder / "epoch-0002.keras")
    assert evaluations.trained_of(evaluations.runs[0], 2, 7).batch_size == 7
    with pytest.raises(RefusedError, match="weights of this run are gone"):
        evaluations.trained_of(evaluations.runs[0], "best")


def test_without_a_run_nothing_is_meant_until_the_project_has_weights(rig: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    evaluations, document = rig.session.evaluations, rig.session.document
    read(rig, qtbot)
    assert evaluations.chosen is None
    with pytest.raises(RefusedError, match="no trained model"):
        evaluations.trained()
    weights = tmp_path / "imported.keras"
    rig.session.edit("weights", set_training(document, {**document.training, "initial_weights": str(weights)}))
    read(rig, qtbot)
    assert evaluations.chosen == Chosen(None, "last")
    trained = evaluations.trained()
    assert (trained.folder, trained.weights) == ("", str(weights))
    assert trained.spec is not None


def test_the_process_starts_with_the_first_question_and_ends_when_idle(rig: Rig, qtbot: QtBot) -> None:
    evaluations, evaluator = rig.session.evaluations, rig.evaluator
    evaluator.answers[AskForm] = FORM
    answers: list[Answer] = []
    assert evaluator.starts == 0
    evaluations.ask(AskForm(0, Trained("", "")), answers.append, never)
    assert answers == [FORM]
    assert evaluator.starts == 1
    assert evaluations._idle.isActive()
    assert evaluations._idle.interval() == IDLE_MS
    evaluations._idle.timeout.emit()
    qtbot.waitUntil(lambda: evaluator.stops == 1)
    assert evaluations.state.phase == "off"
    evaluations.ask(AskForm(0, Trained("", "")), answers.append, never)
    assert evaluator.starts == 2
    assert len(answers) == 2


def test_progress_and_cancel_belong_to_their_question(rig: Rig) -> None:
    evaluations, evaluator = rig.session.evaluations, rig.evaluator
    evaluator.silent = True
    told: list[tuple[int, float]] = []
    over: list[int] = []
    evaluations.progressed.connect(lambda number, progress: told.append((number, progress.done)))
    evaluations.ended.connect(over.append)
    answers: list[Answer] = []
    one = evaluations.ask(AskForm(0, Trained("a", "")), answers.append, never)
    two = evaluations.ask(AskForm(0, Trained("b", "")), answers.append, never)
    assert evaluator.link is not None
    evaluator.link.report_progress(DataProgress(2, 5, 10, "rows"))
    assert told == [(two, 5)]
    evaluations.cancel(one)
    assert evaluator.cancelled == [1]
    evaluator.tell(FORM)
    assert (answers, over) == ([FORM], [one, two])
    assert not evaluations.busy


def test_a_failure_is_told_with_what_keras_printed(rig: Rig) -> None:
    told: list[Text] = []
    rig.evaluator.answers[AskForm] = Failed(1, Text("Out of memory."), "OOM when allocating")
    rig.session.evaluations.ask(AskForm(0, Trained("", "")), never, told.append)
    assert told == [Text("Out of memory.")]
    assert rig.session.evaluations.detail == "OOM when allocating"


def test_another_project_gets_no_answers_of_the_last_one(rig: Rig, qtbot: QtBot) -> None:
    evaluations = rig.session.evaluations
    add_run(rig)
    read(rig, qtbot)
    rig.evaluator.silent = True
    evaluations.ask(AskForm(0, evaluations.trained()), never, never)
    with qtbot.waitSignal(evaluations.runs_changed):
        rig.desktop.files.new()
    assert evaluations.chosen is None
    assert not evaluations.busy
    assert rig.evaluator.cancelled == [1]


def test_a_trainer_on_the_same_gpu_gets_its_memory(rig: Rig, qtbot: QtBot) -> None:
    evaluations, evaluator, session = rig.session.evaluations, rig.evaluator, rig.session
    evaluator.answers[AskForm] = FORM
    evaluations.ask(AskForm(0, Trained("", "", device="gpu:0")), lambda _answer: None, never)
    session.training.start()
    assert evaluations.state.phase == "ready"  # that run trains on the CPU
    rig.trainers[-1].reports.report_exit(Text("gone"), "")
    run = session.training.run
    assert run is not None
    run.spec = msgspec.structs.replace(run.spec, training=msgspec.structs.replace(run.spec.training, device="gpu:0"))
    run.phase = "running"
    session.runs.changed.emit()
    qtbot.waitUntil(lambda: evaluator.stops == 1)


def test_what_is_asked_while_the_gpu_trains_is_said(rig: Rig) -> None:
    session, notices = rig.session, []
    session.notice_raised.connect(lambda notice: notices.append(notice.text))
    session.training.start()
    run = session.training.run
    assert run is not None
    run.spec = msgspec.structs.replace(run.spec, training=msgspec.structs.replace(run.spec.training, device="all"))
    rig.evaluator.answers[AskForm] = FORM
    for _ in range(2):
        session.evaluations.ask(AskForm(0, Trained("", "", device="gpu:0")), lambda _answer: None, never)
    assert [text for text in notices if "share its memory" in text] == [
        "Training and evaluating use GPU 0 at the same time and share its memory."
    ]
    assert rig.evaluator.stops == 0


def test_code_of_its_own_needs_the_consent_that_training_has(rig: Rig, qtbot: QtBot) -> None:
    evaluations = rig.session.evaluations
    add_run(rig, code=(CodeFile("own.py", "ab"),))
    read(rig, qtbot)
    with pytest.raises(RefusedError, match="only if you allow it"):
        evaluations.trained()


@pytest.mark.parametrize("says_yes", [True, False])
def test_data_of_a_run_from_elsewhere_is_read_after_a_question(
    rig: Rig, qtbot: QtBot, tmp_path: Path, says_yes: bool
) -> None:
    evaluations = rig.session.evaluations
    project = tmp_path / "digits" / "digits.lamella"
    project.parent.mkdir()
    rig.chooser.to_save = project
    assert rig.desktop.files.save()
    folder = add_run(rig)
    read(rig, qtbot)
    run = evaluations.runs[0]
    elsewhere = DataSpec((DataSource("csv", "//somewhere/share/data.csv"),))
    strange = msgspec.structs.replace(run, spec=msgspec.structs.replace(run.spec, data=elsewhere))
    evaluations.runs = (strange,)
    rig.chooser.confirms = says_yes
    rig.evaluator.answers[TrySample] = FORM
    answers: list[Answer] = []
    refused: list[Text] = []
    message = TrySample(0, (Trained(str(folder), ""),), OneSample(On()))
    for _ in range(2):
        evaluations.ask(message, answers.append, refused.append)
    assert (len(answers), len(refused)) == ((2, 0) if says_yes else (0, 2))
    assert len([text for text in rig.chooser.asked if "outside" in text]) == (1 if says_yes else 2)


@pytest.mark.parametrize("says_yes", [True, False])
def test_another_machine_that_an_evaluation_names_is_reached_after_a_question(
    rig: Rig, qtbot: QtBot, tmp_path: Path, says_yes: bool
) -> None:
    evaluations = rig.session.evaluations
    project = tmp_path / "digits" / "digits.lamella"
    project.parent.mkdir()
    rig.chooser.to_save = project
    assert rig.desktop.files.save()
    folder = add_run(rig)
    read(rig, qtbot)
    rig.chooser.confirms = says_yes
    rig.evaluator.answers[TrySample] = FORM
    rig.evaluator.answers[Slice] = Sliced(0, (), "", (), ())
    answers: list[Answer] = []
    refused: list[Text] = []
    on = On("all", DataSpec((DataSource("csv", "//somewhere/share/data.csv"),)))
    evaluations.ask(Slice(0, str(folder / "evaluations" / "x"), "out"), answers.append, refused.append, on)
    evaluations.ask(TrySample(0, (Trained(str(folder), ""),), OneSample(on)), answers.append, refused.append)
    assert (len(answers), len(refused)) == ((2, 0) if says_yes else (0, 2))
    assert len([text for text in rig.chooser.asked if "outside" in text]) == (1 if says_yes else 2)


def test_what_becomes_of_the_process_is_told(rig: Rig) -> None:
    rig.evaluator.silent = True
    states: list[EngineState] = []
    rig.session.evaluations.state_changed.connect(states.append)
    rig.session.evaluations.ask(AskForm(0, Trained("", "")), never, never)
    assert [state.phase for state in states] == ["starting", "ready"]
