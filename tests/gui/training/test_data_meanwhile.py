"""What people do on the Data page while something is still read: choose again, open another project, cancel, edit."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pytestqt.qtbot import QtBot

from app.engine.engine_link import EngineState
from app.engine.run_controller import RunEnding
from app.panels.data.panel import DataPanel
from app.project.data_sources.editing import with_kind, with_one_more
from app.project.data_sources.offers import Offer
from app.project.session import Notice
from app.project.templates import TEMPLATES
from graph_editor.document.changes.commands import set_data
from graph_editor.document.edits import EditError
from graph_editor.document.files.file_format import dumps, loads
from resources.text import Text
from runtime.messages.checking import CheckData
from runtime.messages.connection import Failed
from runtime.messages.describing import DescribeData, RecognizeData
from tests.gui.training.data_acting import choose
from tests.gui.training.fakes import World, press


def test_what_is_chosen_for_a_project_does_not_come_into_the_next_one(
    world: World, panel: DataPanel, tmp_path: Path
) -> None:
    """The engine said what the file is when another project was open, and its data was replaced unasked."""
    world.engine.hold()
    panel.choose_file(tmp_path / "people.csv")
    other = TEMPLATES[0].open()
    world.session.replace(other, None)
    before = dumps(world.session.document)
    asked = next(n for n, one in enumerate(world.engine.asked, 1) if isinstance(one, RecognizeData))
    assert asked in world.engine.cancelled
    world.engine.let_go()
    assert dumps(world.session.document) == before


def test_of_three_choices_the_last_counts_and_the_others_are_withdrawn(
    world: World, panel: DataPanel, tmp_path: Path
) -> None:
    world.engine.hold()
    for name in ("one.csv", "two.h5", "three.npz"):
        panel.choose_file(tmp_path / name)
    asked = [n for n, one in enumerate(world.engine.asked, 1) if isinstance(one, RecognizeData)]
    assert len(asked) == 3 and set(asked[:2]) <= set(world.engine.cancelled) and asked[2] not in world.engine.cancelled
    steps = world.session.history.undo_label
    world.engine.let_go()
    assert [Path(one["path"]).name for one in world.session.document.data["sources"]] == ["three.npz"]
    world.session.history.undo()
    assert world.session.history.undo_label == steps


def test_of_three_drops_the_last_is_offered(world: World, panel: DataPanel, tmp_path: Path) -> None:
    offered: list[Offer] = []
    world.session.offers.offered.connect(offered.append)
    world.engine.hold()
    for name in ("one.csv", "two.h5", "three.npz"):
        world.session.offers.look_at(tmp_path / name)
    world.engine.let_go()
    assert {offer.name for offer in offered} == {"three.npz"}


def test_an_older_check_does_not_keep_the_newer_one_waiting(world: World, panel: DataPanel, qtbot: QtBot) -> None:
    world.engine.hold()

    def checks_asked() -> int:
        return sum(isinstance(one, CheckData) for one in world.engine.asked)

    for column in ("width", "height"):
        choose(panel, "digit", column)
        qtbot.waitUntil(partial(lambda before: checks_asked() > before, checks_asked()))
    checks = [n for n, one in enumerate(world.engine.asked, 1) if isinstance(one, CheckData)]
    assert checks[-2] in world.engine.cancelled and checks[-1] not in world.engine.cancelled
    world.engine.let_go()


def test_what_a_run_has_found_is_looked_at_after_it(world: World, panel: DataPanel, qtbot: QtBot) -> None:
    """A file that cannot be read may be found while all are read before the first step."""

    def checks() -> int:
        return sum(isinstance(one, CheckData) for one in world.engine.asked)

    qtbot.waitUntil(lambda: checks() > 0)
    before = checks()
    run: Any = SimpleNamespace(ending=RunEnding("failed", Text("b/1.png cannot be read.")))
    world.session.training.ended.emit(run)
    qtbot.waitUntil(lambda: checks() > before)


def test_data_whose_reading_hung_can_be_read_again(world: World, panel: DataPanel, qtbot: QtBot) -> None:
    text = Text("Reading digits.h5 did not come to an end the last time, so it is not read again by itself.")
    answer = world.engine.answer
    tried: list[bool] = []
    world.engine.read_again = lambda: tried.append(True)  # type: ignore[method-assign]

    def refuse(message: Any) -> Any:
        refused = isinstance(message, DescribeData) and not tried
        return Failed(1, text, unended=True) if refused else answer(message)

    world.engine.answer = refuse  # type: ignore[method-assign]
    world.session.data.refresh()
    qtbot.waitUntil(lambda: panel.page.banner.isVisible())
    assert "did not come to an end" in panel.page.banner.text.text()
    press(panel, "read_again")
    qtbot.waitUntil(lambda: bool(world.session.data.columns))
    assert tried


def test_the_window_says_when_keras_ended_and_is_started_again(world: World) -> None:
    said: list[Notice] = []
    world.session.notice_raised.connect(said.append)
    world.link.report_state(EngineState("starting", "Keras' process hung while it read a.h5."))
    world.link.report_state(EngineState("ready", "Keras"))
    assert [notice.text for notice in said] == ["Keras' process hung while it read a.h5. It is started again."]
    world.link.report_state(EngineState("starting"))  # wanted, or the first time
    assert len(said) == 1


def test_random_edits_of_data_are_undone_to_the_byte(world: World, panel: DataPanel) -> None:
    """Bindings, kinds, steps, splits, windows, augmentation, sources; in between undo and redo."""
    rng = random.Random(20261130)
    session = world.session
    start = dumps(session.document)

    def store(data: dict[str, Any]) -> None:
        session.edit(Text("Random"), set_data(session.document, data))

    def columns(**changes: Any) -> dict[str, Any]:
        written = dict(session.document.data.get("columns") or {})
        name = rng.choice(("width", "height", "image", "gone"))
        return {**session.document.data, "columns": {**written, name: {**(written.get(name) or {}), **changes}}}

    steps = ({"step": "normalize"}, {"step": "scale"}, {"step": "fill", "value": 0}, {"step": "no such"})
    ways: tuple[Callable[[], None], ...] = (
        lambda: choose(panel, rng.choice(("digit", "is_even")), rng.choice(("width", "height", "digit"))),
        lambda: store(columns(steps=rng.sample(steps, rng.randrange(3)))),
        lambda: store(with_kind(session.document.data, ["width"], rng.choice(("category", "number", "")))),
        lambda: store({**session.document.data, "split": rng.choice(("random", "last", "stratified", "odd"))}),
        lambda: store({**session.document.data, "validation_percent": rng.choice((0.0, 20.0, 99.0, -1))}),
        lambda: store({**session.document.data, "windows": {"length": rng.randrange(1, 5), "horizon": 1}}),
        lambda: store({**session.document.data, "augmentation": [{"layer": "RandomFlip", "config": {}}]}),
        lambda: store(with_one_more(session.document.data, {"kind": "csv", "path": "b.csv"}, {"by": "order"})),
        lambda: press(panel, "autobind"),
        session.history.undo,
        session.history.undo,
        session.history.redo,
    )
    for _ in range(150):
        try:
            rng.choice(ways)()
        except EditError:
            continue
        assert dumps(loads(dumps(session.document))) == dumps(session.document)
    panel.refresh()
    end = dumps(session.document)
    count = 0
    while session.history.can_undo:
        session.history.undo()
        count += 1
    assert dumps(session.document) == start and count > 10
    for _ in range(count):
        session.history.redo()
    assert dumps(session.document) == end
    panel.refresh()
