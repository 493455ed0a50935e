"""The process that reads a stranger's file: whatever becomes of it, one sentence comes back, soon."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from app.model_files import answers, process
from app.model_files.answers import AnswerError, ReadModel, Refused, decoded, encoded
from app.model_files.reader import ModelReader
from app.project.model_import import open_any
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.files.file_format import FileError, to_json
from graph_editor.keras_format.files.opening import open_model
from resources.text import Text
from tests.support.patience import patient
from tests.unit.graph_editor.import_files.models import layer, model

DENSE = model(layer("dense", "Dense", "x", units=3))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a model.json"
    path.write_text(json.dumps(DENSE), "utf-8")
    return path


def standing_in(program: str, **more: float) -> ModelReader:
    """A reader whose process is another program; it hears the question first, as ours does."""
    return ModelReader([sys.executable, "-c", f"import os, sys, time; sys.stdin.readline()\n{program}"], **more)  # type: ignore[arg-type]


def refusal(reader: ModelReader, path: Path) -> str:
    with pytest.raises(FileError) as error:
        reader.read(path)
    text = str(error.value.text)
    assert path.name in text
    assert "\n" not in text
    return text


def test_a_model_arrives_as_it_would_have_been_read_here(file: Path) -> None:
    here = open_model(file, Catalog.load())
    opened = open_any(file, ModelReader())
    assert to_json(opened.document)["graph"] == to_json(here.document)["graph"]
    assert opened.document.positions == here.document.positions
    assert (opened.model, opened.notes, opened.document.source) == (True, (), None)


def test_a_process_that_was_made_ready_reads_the_file(file: Path) -> None:
    reader = ModelReader()
    reader.prepare()
    assert json.loads(reader.read(file).project)["graph"]["operations"]
    reader.prepare()
    reader.close()  # nobody needed the second one


def test_why_a_file_is_refused_comes_through(tmp_path: Path) -> None:
    path = tmp_path / "broken.keras"
    path.write_bytes(b"PK nothing")
    assert (
        refusal(ModelReader(), path)
        == "broken.keras cannot be opened: it is not a whole .keras file: a zip's end is missing."
    )
    assert "could not be read" in refusal(ModelReader(), tmp_path / "nothing.json")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_and_a_device_are_refused_at_once(tmp_path: Path) -> None:
    pipe, device = tmp_path / "pipe.json", tmp_path / "zero.json"
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    for path in (pipe, device, tmp_path / ("long" * 200 + ".json"), tmp_path / "half \udce9.json"):
        with pytest.raises(FileError) as error:
            ModelReader(seconds=30).read(path)
        assert "more than" not in str(error.value.text)


@pytest.mark.parametrize(
    "program, said",
    [
        ("os.kill(os.getpid(), 9)", "broke off"),
        ("sys.exit(3)", "broke off"),
        ("pass", "broke off"),
        ("sys.stdout.buffer.write(bytes(range(256)))", "no sensible answer"),
        ("print('{}')", "no sensible answer"),
        ("sys.stdout.buffer.write(b'x' * (100 << 20))", "takes more than 96 MB"),
        ("while True: sys.stdout.buffer.write(b'x' * (1 << 20))", "takes more than 96 MB"),
    ],
)  # fmt: skip
@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_process_that_dies_or_talks_nonsense(file: Path, program: str, said: str) -> None:
    assert said in refusal(standing_in(program), file)


def test_a_process_that_hangs_is_ended(file: Path) -> None:
    began = time.monotonic()
    assert "took more than 0.3 seconds" in refusal(standing_in("time.sleep(600)", seconds=0.3), file)
    assert time.monotonic() - began < patient(5)


def test_one_that_grows_is_ended_where_the_system_sets_no_limit(file: Path) -> None:
    reader = standing_in("x = bytearray(300 << 20); time.sleep(600)", resident=200 << 20)
    assert "more memory than 200 MB" in refusal(reader, file)


def test_a_person_who_does_not_want_to_wait(file: Path) -> None:
    reader = standing_in("time.sleep(600)")
    threading.Timer(0.2, reader.cancel).start()
    with pytest.raises(CancelledError):
        reader.read(file)


def test_a_program_that_is_not_there(file: Path, tmp_path: Path) -> None:
    assert "did not start" in refusal(ModelReader([str(tmp_path / "nothing")]), file)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems set no limit of addresses")
@pytest.mark.parametrize(
    "body",
    [
        "bytearray(8 << 30)",
        "open(str(path) + '.made', 'wb', buffering=0).write(b'x')",
        "hold = []\nwhile True: hold.append(bytearray(1 << 26))",
    ],
)
def test_the_limits_hold(file: Path, tmp_path: Path, body: str) -> None:
    """In the real process: `open_model` is replaced by what a file that took over its reader would do."""
    indented = body.replace("\n", "\n    ")
    program = (
        "import sys\nfrom app.model_files import process\n"
        f"def take_over(path, catalog):\n    {indented}\n"
        "process.open_model = take_over\nsys.exit(process.main())\n"
    )
    script = tmp_path / "taken.py"
    script.write_text(program, "utf-8")
    text = refusal(ModelReader([sys.executable, str(script)]), file)
    assert "more memory than 2048 MB" in text or "makes no sense (OSError)" in text
    assert all(made.stat().st_size == 0 for made in tmp_path.glob("*.made"))


def test_rubbish_on_stdout_does_not_spoil_the_answer(file: Path, tmp_path: Path) -> None:
    script = tmp_path / "noisy.py"
    script.write_text(
        "import os, sys\nfrom app.model_files import process\nread = process.open_model\n"
        "def noisy(path, catalog):\n    os.write(1, b'noise')\n    print('noise', flush=True)\n"
        "    return read(path, catalog)\n"
        "process.open_model = noisy\nsys.exit(process.main())\n",
        "utf-8",
    )
    assert ModelReader([sys.executable, str(script)]).read(file).project.startswith(b"{")


@pytest.mark.parametrize(
    "text",
    [
        Text("{a.__class__.__init__.__globals__}", {"a": "x"}),
        Text("{a:>99999999}", {"a": "x"}),
        Text("{a!r}", {"a": "x"}),
        Text("{0}", {"0": "x"}),
        Text("{missing}", {}),
        Text("{a", {"a": "x"}),
        Text("x" * 5000),
        Text("{a}", {"a": "x" * 5000}),
        Text("{a}", {"a": Text("{a}", {"a": Text("{a}", {"a": Text("{a}", {"a": Text("{a}", {"a": Text("b")})})})})}),
    ],
)
def test_a_sentence_that_would_do_more_than_speak_is_no_answer(text: Text) -> None:
    for answer in (Refused(text), Refused(Text("{b}", {"b": text})), ReadModel(b"{}", False, (text,))):
        with pytest.raises(AnswerError):
            decoded(encoded(answer))


def test_answers_survive_the_way() -> None:
    for answer in (Refused(Text("{a}: {b}", {"a": 1, "b": Text("c")})), ReadModel(b"x", True, (Text("n"),))):
        assert decoded(encoded(answer)) == answer


def test_halves_of_characters_are_written_out() -> None:
    sent = answers.sendable(Text("{file}", {"file": "a\udce9", "n": 2, "why": Text("{x}", {"x": "\ud800"})}))
    assert decoded(encoded(Refused(sent))) == Refused(sent)
    assert str(sent) == "a\\udce9"


def test_an_error_of_our_readers_stays_there(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_path: Path, _catalog: Catalog) -> None:
        raise KeyError("surprise")

    monkeypatch.setattr(process, "open_model", fail)
    answer = process.answer_about(file, Catalog.load())
    assert isinstance(answer, Refused)
    assert str(answer.text) == "a model.json cannot be opened: it makes no sense (KeyError)."
    assert "surprise" in answer.detail
