"""A project, its data, runs, blocks and engine, whose every word is hostile."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.project.project_questions import run_spec
from app.project.templates import TEMPLATES
from graph_editor.document.canvas.frames import add_frame
from graph_editor.document.canvas.notes import add_note
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.clips.blocks import Block, BlockParameter, block_of
from graph_editor.document.custom_code import set_code_files
from graph_editor.document.files.file_format import dumps, loads
from graph_editor.document.history import History
from resources.text import Text
from runtime import events
from runtime.messages.checking import CheckData, DataChecked, DataProblem
from runtime.messages.connection import Failed
from runtime.messages.describing import Column, DataDescribed, DescribeData, RecognizeData
from runtime.messages.devices import Device, Devices, ListDevices
from runtime.messages.exporting import Export, Exported
from runtime.messages.inference import CallResult, Infer, Inferred, TensorSpec
from runtime.messages.looking import DataPreviewed, PreviewData
from runtime.messages.protocol import Answer, Request
from runtime.store import RunResult, RunStore, write_result
from runtime.worker.training.event_log import EventWriter
from tests.gui.app.conftest import Rig
from tests.gui.training.fakes import preview, run_events
from tests.support.canary import NAME, TEXT

ENDS = ("image", "digit", "is_even")
WORDS = Text("{what} " + TEXT, {"what": TEXT})


def project() -> bytes:
    """The digits, with hostile words wherever a file holds words."""
    text = dumps(TEMPLATES[0].open()).decode()
    for name in (*ENDS, "scale", "stem_3x3", "features", "digits_two_heads"):
        text = text.replace(f'"{name}"', json.dumps(name + NAME))
    content = json.loads(text)
    first = next(iter(content["graph"]["operations"]))
    odd = {"class_name": "Odd", "module": "odd.layers", "registered_name": f"Odd>{NAME}"}
    content["graph"]["operations"][f"{first}9"] = {**odd, "config": {"name": f"odd{NAME}", f"key{NAME}": TEXT}}
    for callback in ("best_checkpoint", "early_stopping"):
        content["training"]["callbacks"][callback] = {"monitor": f"val_{NAME}"}
    content["training"]["device"] = f"gpu{NAME}"
    content["data"]["sources"] = [{"kind": "hdf5", "path": f"data{TEXT}.h5", "options": {}}]
    return json.dumps(content).encode()


def with_canvas(content: bytes) -> bytes:
    document = loads(content)
    history, calls = History(document, FOLLOW_UPS), list(document.graph.calls)
    history.do("frame", add_frame(document, calls[:3], f"frame {TEXT}"))
    edits, _ = add_note(document, next(iter(document.graphs)), f"note {TEXT}", (0.0, 0.0, 120.0, 60.0))
    history.do("note", edits)
    history.do("code", set_code_files(document, [f"code{NAME}.py"]))
    return dumps(document)


def column(name: str, kind: str = "image") -> Column:
    if kind == "text":
        return Column(name, (), "int32", 10, "text", 0, 1, 2, categories=(TEXT, NAME), note=WORDS)
    return Column(name, (8, 8), "uint8", 10, "image", 0, 16, note=WORDS)


COLUMNS = (*(column(name + NAME) for name in ENDS), column(f"word {NAME}", "text"))


def answer(message: Request) -> Answer:
    """What an engine says that read hostile files, or is hostile itself."""
    match message:
        case Infer(calls=calls):
            spec = TensorSpec((None, 8), "float32")
            results = [CallResult(call.id, (spec,), 1000, 900, 100) for call in calls]
            if calls:
                results[-1] = CallResult(calls[-1].id, error=WORDS)
            return Inferred(1, results, 1.0)
        case ListDevices():
            gone = Device(f"gpu{NAME}", WORDS, False, WORDS)
            return Devices(1, (Device("cpu", WORDS, True), gone))
        case RecognizeData():
            return Failed(1, WORDS)
        case DescribeData():
            return DataDescribed(1, COLUMNS, 10, WORDS)
        case CheckData():
            return DataChecked(1, (DataProblem("error", WORDS, f"image{NAME}"),))
        case PreviewData(columns=names, count=count):
            return DataPreviewed(1, tuple(preview(item, count) for item in COLUMNS if item.name in names))
        case Export():
            return Exported(1, TEXT, (WORDS,))
    return Failed(1, WORDS)


def write_runs(rig: Rig) -> None:
    session = rig.session
    content = json.loads(dumps(session.document))
    content["training"]["device"] = "cpu"  # no run begins with one that nobody knows
    spec = run_spec(loads(json.dumps(content).encode()), session.project_folder, f"run {NAME}")
    for status in ("failed", "completed"):
        folder = RunStore(session.project_runs.folder).new_run(spec, dumps(session.document))
        writer = EventWriter(folder, lambda error: pytest.fail(str(error)))
        for event in run_events(2):
            writer.write(event)
        writer.write(events.EpochEnded(2, {f"loss{NAME}": 0.5, f"val_loss{NAME}": 0.4}, 0.1, 2.0))
        writer.write(events.CallbackNote(WORDS))
        if status == "failed":
            writer.write(events.RunFailed(WORDS, TEXT))
        writer.close()
        error = WORDS if status == "failed" else None
        best: dict[str, float | None] = {f"loss{NAME}": 0.5}
        write_result(folder, RunResult(status, 3, best, best, 5.0, error, f"gpu {TEXT}", 10))


def open_hostile(rig: Rig, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rig.engine, "answer", answer)
    path = folder / f"project{NAME}[*].lamella"
    path.write_bytes(with_canvas(project()))
    rig.desktop.store.values.recent = [f"/{NAME}/{name}{NAME}.lamella" for name in "ab"]
    window = rig.desktop.window
    assert rig.desktop.files.open_path(path), rig.chooser.errors
    window.show_workspace("build")
    qtbot.waitUntil(lambda: rig.session.settled)
    write_runs(rig)
    block = hostile_block(rig)
    rig.session.blocks.save(block, rig.session.blocks.path_for(block.name))
    rig.session.blocks.refresh()


def hostile_block(rig: Rig) -> Block:
    document = rig.session.document
    calls = [call for call in document.graph.calls if document.operation_of(call).class_name != "InputLayer"][:2]
    block = block_of(document, calls, document.positions, f"block {NAME}")
    places = ((document.graph.calls[calls[0]].operation, "offset"),)
    parameters = (BlockParameter("offset", f"label {NAME}", 0.0, places),)
    return replace(block, description=TEXT, parameters=parameters)
