"""Evaluate while something else happens: another project, another run, a file that is recognised late."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from app.panels.evaluate.page.panel import EvaluatePanel
from app.panels.evaluate.stored import Evaluation
from app.project.templates import TEMPLATES
from resources.text import Text
from runtime.messages.describing import RecognizeData
from runtime.messages.evaluating import (
    Condition,
    Evaluated,
    EvaluationsCompared,
    ListSamples,
    SamplesListed,
    Slice,
    Sliced,
    SliceRow,
)
from runtime.messages.views import Label, Table
from runtime.spec import DataSource
from tests.gui.app.conftest import Rig
from tests.gui.app.evaluate.evaluations import evaluation_file, store
from tests.gui.app.evaluate.page import press, seen, with_run
from tests.gui.app.evaluate.runs import add_run
from tests.gui.app.evaluate.views import SAMPLES

LISTED = SamplesListed(1, msgspec.structs.replace(SAMPLES, total=3))
SLICED = Sliced(
    1, ("accuracy",), "accuracy", (0.9,), (SliceRow((Condition("site", "=", "B"),), 12, (0.5,)),), (Text("A note."),)
)  # fmt: skip
COMPARED = EvaluationsCompared(
    1, 300, (4, 5), (6,), 9, 0.03, Table((Label("figure"), Label("a")), (("accuracy", 0.9),))
)


def opened_again(rig: Rig, qtbot: QtBot) -> None:
    """Another project is opened, and then this one once more."""
    template = next(item for item in TEMPLATES if item.key == "digits")
    with qtbot.waitSignal(rig.session.evaluations.runs_changed):
        rig.session.replace(template.open(), None)


def other_file(panel: EvaluatePanel, folder: Path) -> Path:
    """One that a person has chosen to evaluate on."""
    path = folder / "new.h5"
    path.write_bytes(b"")
    panel._on_file(path)
    return path


@pytest.mark.parametrize(("page", "kind"), [("samples", ListSamples), ("slices", Slice)])
def test_what_was_asked_before_another_project_is_asked_again(
    rig: Rig, panel: EvaluatePanel, qtbot: QtBot, page: str, kind: type
) -> None:
    """The answer was called off with the project, and nobody would have come back to it."""
    run = add_run(rig)
    stored = Evaluation(store(run, evaluation_file(run)), evaluation_file(run))
    rig.evaluator.silent = True
    with_run(rig, qtbot, stored=False)
    panel.show_evaluation(stored)
    panel.show_page(page)
    assert isinstance(rig.evaluator.asked[-1], kind)
    opened_again(rig, qtbot)
    asked = len(rig.evaluator.asked)
    panel.show_evaluation(stored)
    assert [type(message) for message in rig.evaluator.asked[asked:]] == [kind]


def test_a_list_is_saved_in_another_project_after_one_was_being_saved(
    rig: Rig, panel: EvaluatePanel, qtbot: QtBot, tmp_path: Path
) -> None:
    with_run(rig, qtbot)
    seen(panel, qtbot)
    rig.evaluator.answers[ListSamples] = LISTED
    panel.show_page("samples")
    del rig.evaluator.answers[ListSamples]
    rig.evaluator.silent, rig.chooser.to_save = True, tmp_path / "mistakes"
    press(panel, "samples_export")
    assert panel.samples._writing.busy
    rig.session.evaluations.cancel_all()  # as another project does
    assert not panel.samples._writing.busy


def test_figures_of_a_run_are_not_shown_under_another_one(rig: Rig, panel: EvaluatePanel, qtbot: QtBot) -> None:
    """A person may choose another run while the first one is evaluated."""
    other = add_run(rig)
    run = with_run(rig, qtbot, stored=False)
    notices: list[str] = []
    rig.session.notice_raised.connect(lambda notice: notices.append(notice.text))
    rig.evaluator.silent = True
    press(panel, "evaluate_start")
    panel.side.runs.activated.emit(1)
    file = evaluation_file(run)
    rig.evaluator.tell(Evaluated(1, str(store(run, file)), file))
    assert rig.session.evaluations.chosen is not None
    assert rig.session.evaluations.chosen.folder == other
    assert panel.shown is None
    assert notices == ["Evaluated: run 2 · best epoch. Choose it to see its figures."]
    panel.side.runs.activated.emit(0)
    seen(panel, qtbot)


def test_another_file_is_read_as_the_data_of_the_run_that_is_chosen(
    rig: Rig, panel: EvaluatePanel, qtbot: QtBot, tmp_path: Path
) -> None:
    with_run(rig, qtbot)
    seen(panel, qtbot)
    path = other_file(panel, tmp_path)
    chosen = rig.session.evaluations.chosen
    assert chosen is not None
    assert chosen.run is not None
    data = chosen.run.spec.data
    data = msgspec.structs.replace(data, sources=(*data.sources, DataSource("csv", "more.csv")))
    spec = msgspec.structs.replace(chosen.run.spec, data=data)
    rig.session.evaluations.choose(msgspec.structs.replace(chosen.run, spec=spec))
    other = panel.side.on.other
    assert other is not None
    assert [source.path for source in other.sources] == [str(path), "more.csv"]
    opened_again(rig, qtbot)
    assert panel.side.on.other is None  # no file of another project is offered


def test_a_file_that_is_recognised_too_late_is_not_taken(
    rig: Rig, panel: EvaluatePanel, qtbot: QtBot, tmp_path: Path
) -> None:
    with_run(rig, qtbot)
    seen(panel, qtbot)
    rig.engine.silent = True
    other_file(panel, tmp_path)
    message, callback = next(pair for pair in rig.engine.waiting if isinstance(pair[0], RecognizeData))
    opened_again(rig, qtbot)
    rig.engine.silent = False
    callback(rig.engine.answer(message))
    assert panel.side.on.other is None
