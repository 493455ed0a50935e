"""What Lamella has of its training settings, seen from a process of its own: given a folder, it prints JSON.

The type of a run's settings is made from the declarations when it is imported, hence the process.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QWidget

from app.cli.common.settings import add_setting_arguments, with_settings
from app.look.theme import load_theme
from app.look.theme_source import ThemeSource
from app.panels.data.panel import DataPanel
from app.panels.run_parts.restoring import restored_data, restored_training
from app.panels.run_parts.run_facts import differences, settings_of
from app.panels.train.settings_side import SettingsSide
from graph_editor.background.background import Background
from graph_editor.document.changes.commands import set_data, set_training
from graph_editor.document.files.file_format import dumps, loads
from graph_editor.editors.parts.step_line import StepLine
from graph_editor.exporters.python_source import python_source
from resources.text import Text
from resources.training.registry import settings
from runtime.python_code import RunCode
from runtime.spec import RunSpec
from runtime.store import RunInfo, RunResult
from tests.gui.training.fakes import FakeChooser, World

TRAINING, DATA = {"validation_freq": 3, "of_the_future": {"a": [1.5]}}, {"floatx": "float64"}
TYPED = (
    ["--set", "validation_freq=4", "--set", "floatx=float16"],
    ["--set", "validation_freq=0"],
    ["--set", "floatx=rough"],
)


def main() -> int:
    application = QApplication([])
    world = World(Path(sys.argv[1]))
    world.link.start()
    while not (world.session.inference.results and world.session.data.columns):
        application.processEvents()
    document, catalog = world.session.document, world.session.catalog
    world.session.edit(
        Text("x"),
        [*set_training(document, {**document.training, **TRAINING}), *set_data(document, {**document.data, **DATA})],
    )
    file = dumps(document)
    spec = world.spec()
    shown = _shown(world)
    plain = msgspec.structs.replace(spec, training=type(spec.training)(spec.training.optimizer, spec.training.outputs))
    infos = [
        RunInfo(Path(name), number, name, 0.0, found, RunResult("completed"), None, None)
        for number, (name, found) in enumerate({"1": spec, "2": plain}.items())
    ]
    training: dict[str, Any] = {"of_the_future": {"a": [1.5]}}
    seen = {
        "keys": [setting.key for setting in settings()],
        "saved": file == dumps(loads(file)) and b'"of_the_future"' in file and b'"floatx"' in file,
        "spec": spec.training.by_key(),
        "wire": msgspec.json.decode(msgspec.json.encode(spec), type=RunSpec) == spec,
        "run": msgspec.json.encode(spec.training).decode(),
        "shown": shown,
        "code": python_source(document, catalog, RunCode()),
        "told": settings_of(infos[0], catalog),
        "differences": dict(differences(infos, catalog)),
        "restored": [restored_training(spec.training, training, ()), dict(restored_data(spec.training, {}))],
        "help": _parser().format_help(),
        "typed": [_typed(spec, words) for words in TYPED],
    }
    print(json.dumps(seen))
    return 0


def _shown(world: World) -> dict[str, Any]:
    """The controls and words of the Train and Data pages, and what typing into them does."""
    side = SettingsSide(world.session, FakeChooser(), Background())
    page = DataPanel(world.session, ThemeSource(load_theme("light")), FakeChooser())
    found: dict[str, Any] = {"train": _controls(side), "data": _controls(page)}
    found["labels"] = [label.text() for label in side.findChildren(QLabel)]
    line = side.findChild(StepLine, "validation_freq")
    if line is not None:
        for text in ("5", "0"):  # the second is refused
            line.selectAll()
            QTest.keyClicks(line, text)
            QTest.keyClick(line, Qt.Key.Key_Return)
        found["typed"] = [world.session.document.training["validation_freq"], world.session.history.undo_label]
        world.session.history.undo()
        data = {**world.session.document.data, "validation_percent": 0}
        world.session.edit(Text("y"), set_data(world.session.document, data))
        found["idle"] = line.isVisibleTo(side)
        world.session.history.undo()
    return found


def _controls(page: QWidget) -> dict[str, str]:
    lines = {line.objectName(): line.text() for line in page.findChildren(StepLine)}
    return lines | {box.objectName(): box.currentText() for box in page.findChildren(QComboBox)}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_setting_arguments(parser)
    return parser


def _typed(spec: RunSpec, words: list[str]) -> Any:
    try:
        return with_settings(spec.training, _parser().parse_args(words).settings).by_key()
    except argparse.ArgumentError as error:
        return str(error)


if __name__ == "__main__":
    sys.exit(main())
