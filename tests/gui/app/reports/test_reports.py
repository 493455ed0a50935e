"""Reports of a run that was made here: what is in them, and what names from files may not do to them."""

from __future__ import annotations

import base64
import errno
import os
import re
import time
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest
from PySide6.QtGui import QPainter
from pytestqt.qtbot import QtBot

from app.cli.common.output import CommandError
from app.cli.verbs import report as report_verb
from app.project.templates import TEMPLATES
from app.reports import drawing
from app.reports.content import Report, report_of
from app.reports.form import form_of, report_forms, write_report
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.files.file_format import dumps
from resources.text import Text
from runtime.evaluation.folder import EVALUATIONS, MISTAKES_FILE, RESULT_FILE
from runtime.events import EpochEnded
from runtime.messages.evaluating import EvaluationFile, MistakesFile
from runtime.messages.looking import Thumbnail
from runtime.messages.trained import On, Trained
from runtime.messages.views import (
    Figure,
    Label,
    Matrix,
    Number,
    Numbers,
    OutputFigures,
    Samples,
    SampleView,
    Table,
)
from runtime.spec import CodeFile, DataSource, DataSpec, RunSpec, TrainingSettings
from runtime.store import RunStore, read_run
from runtime.worker.training.event_log import EventLog

PIXEL = Thumbnail(1, 1, 1, b"\x80")
HOSTILE = 'x"><script src="https://example.com/a.js"></script>|`'


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run with curves of two epochs and one evaluation, in which everything from files has a hostile name."""
    document = next(item for item in TEMPLATES if item.key == "digits").open()
    spec = RunSpec(HOSTILE, {}, DataSpec((DataSource("hdf5", f"/data/{HOSTILE}.h5"),)), (), TrainingSettings(epochs=2))
    folder = RunStore(tmp_path / "a.runs").new_run(spec, dumps(document))
    log = EventLog(folder, lambda _event: None)
    for epoch in range(2):
        log.report_event(EpochEnded(epoch, {"loss": 1.0 - epoch / 4}, 0.001, 1.0))
    log.finish()
    figures = (
        Figure("n", "out", Text("In numbers"), Numbers((Number("a", Label(text=Text("Accuracy")), 0.875, True),))),
        Figure("t", "out", Text("By class"), Table((Label(name="a"), Label(name="b")), ((HOSTILE, 0.5),), (1,))),
        Figure("m", "out", Text("Confusion matrix"), Matrix((HOSTILE, "cat"), ((3, 1), (0, 4)), (0, 1))),
    )  # fmt: skip
    outputs = (OutputFigures("out", HOSTILE, "classes", (), figures),)
    trained = Trained(str(folder), "model.keras")
    metrics: dict[str, float | None] = {"loss": 0.25}
    file = EvaluationFile(trained, On(), time.time(), 8, True, metrics, outputs, weights="model.keras", data="data.h5")
    place = folder / EVALUATIONS / "20261201-120000-validation"
    place.mkdir(parents=True)
    (place / RESULT_FILE).write_bytes(msgspec.json.encode(file))
    seven = SampleView(3, HOSTILE, "cat", HOSTILE, False, 0.97, ((HOSTILE, 0.97), ("cat", 0.03)), PIXEL)
    worst = MistakesFile({"out": Samples((seven, SampleView(1, "", "cat", HOSTILE, False, 0.6)), 5)})
    (place / MISTAKES_FILE).write_bytes(msgspec.json.encode(worst))
    return folder


class Tags(HTMLParser):
    """The elements that a browser would make."""

    def __init__(self) -> None:
        super().__init__()
        self.met: set[str] = set()
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.met.add(tag)
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href")]


def report(folder: Path) -> Report:
    info = read_run(folder)
    assert info is not None and info.status != "damaged", info
    return report_of(info, Catalog.load())


def test_html_has_everything_and_runs_nothing(qtbot: QtBot, run: Path, tmp_path: Path) -> None:
    write_report(report(run), Catalog.load(), tmp_path / "r.html")
    html = (tmp_path / "r.html").read_text("utf-8")
    assert "87.50%" in html and "50.0%" in html and "0.25" in html and "Evaluated on the validation part" in html
    tags = Tags()
    tags.feed(html)
    assert "script" not in tags.met and "img" in tags.met and "default-src 'none'" in html
    assert html.count("&lt;script") >= 2  # the names are told, as they are
    pictures = [base64.b64decode(data) for data in re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', html)]
    assert len(pictures) == 4  # the matrix, the mistakes, the loss, the graph
    assert len(tags.fetched) == 4 and all(source.startswith("data:image/svg+xml") for source in tags.fetched)
    for picture in pictures:
        ElementTree.fromstring(picture)
    assert b"<image" in pictures[1] and b"Conv2D" in pictures[3]


def test_the_worst_samples_are_told_with_what_is_true_of_them(qtbot: QtBot, run: Path, tmp_path: Path) -> None:
    write_report(report(run), Catalog.load(), tmp_path / "r.html")
    html = (tmp_path / "r.html").read_text("utf-8")
    assert "Most confident mistakes" in html and "2 of 5, the worst first." in html and "and is cat" in html


def test_damaged_mistakes_are_told_and_the_rest_is_written(qtbot: QtBot, run: Path, tmp_path: Path) -> None:
    (file,) = run.glob(f"{EVALUATIONS}/*/{MISTAKES_FILE}")
    file.write_bytes(b"{")
    found = report(run)
    write_report(found, Catalog.load(), tmp_path / "r.md")
    text = (tmp_path / "r.md").read_text("utf-8")
    assert len(found.notes) == 1 and MISTAKES_FILE in found.notes[0] and "Most confident mistakes" not in text
    assert "| Accuracy | 87.50% |" in text


def test_markdown_means_what_it_says(qtbot: QtBot, run: Path, tmp_path: Path) -> None:
    write_report(report(run), Catalog.load(), tmp_path / "r.md")
    text = (tmp_path / "r.md").read_text("utf-8")
    assert text.startswith("# ") and "| Accuracy | 87.50% |" in text and "```python\nimport keras" in text
    assert "\\<script" in text and "<script" not in text.replace("\\<script", "")
    row = next(line for line in text.splitlines() if "50.0%" in line)
    assert len(re.findall(r"(?<!\\)\|", row)) == 3  # a sign in a name makes no column


def test_the_name_of_a_file_of_code_is_no_line_of_code(qtbot: QtBot, run: Path, tmp_path: Path) -> None:
    info = read_run(run)
    assert info is not None
    code = (CodeFile("/x/a.py\nimport os\n```\n<script>.py", "0" * 64),)
    spec = msgspec.structs.replace(info.spec, custom_code=code)
    found = report_of(msgspec.structs.replace(info, spec=spec), Catalog.load())
    first = found.loading.splitlines()[0]
    assert first.startswith("# ") and "import os" in first
    assert [line for line in found.loading.splitlines() if line.startswith("import")] == ["import keras"]
    write_report(found, Catalog.load(), tmp_path / "r.md")
    assert (tmp_path / "r.md").read_text("utf-8").count("\n```") == 2


def test_pdf_pages_are_written(qtbot: QtBot, run: Path, tmp_path: Path) -> None:
    write_report(report(run), Catalog.load(), tmp_path / "r.pdf")
    data = (tmp_path / "r.pdf").read_bytes()
    assert data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF") and data.count(b"/Type /Page\n") >= 2


@pytest.mark.parametrize("suffix", [".html", ".md", ".pdf"])
def test_a_full_disk_ends_in_an_error_and_not_in_the_program(
    qtbot: QtBot, run: Path, tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    ended: list[QPainter] = []
    usual = QPainter.end

    def end(painter: QPainter) -> bool:
        ended.append(painter)
        return usual(painter)

    monkeypatch.setattr(drawing, "render_graph", full)
    monkeypatch.setattr(QPainter, "end", end)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        write_report(report(run), Catalog.load(), tmp_path / f"r{suffix}")
    assert ended and not any(painter.isActive() for painter in ended)
    assert list(tmp_path.glob("*r.*")) == []


def test_a_run_that_was_not_evaluated_says_so(qtbot: QtBot, run: Path, tmp_path: Path) -> None:
    (run / EVALUATIONS / "20261201-120000-validation" / RESULT_FILE).write_text("{", "utf-8")
    found = report(run)
    assert found.evaluations == () and "has not been evaluated" in found.notes[0]
    assert "20261201-120000-validation cannot be read" in found.notes[1]
    for form in report_forms():
        write_report(found, Catalog.load(), tmp_path / f"r{form.suffix}")


def test_the_verb_replaces_nothing_unasked(qtbot: QtBot, run: Path, tmp_path: Path) -> None:
    import argparse

    def asked(output: Path, force: bool = False) -> argparse.Namespace:
        return argparse.Namespace(project=tmp_path / "a.lamella", run="1", output=output, force=force, language=None)

    (tmp_path / "there.html").write_text("mine", "utf-8")
    with pytest.raises(CommandError, match="already there"):
        report_verb.run(asked(tmp_path / "there.html"))
    assert (tmp_path / "there.html").read_text("utf-8") == "mine"
    with pytest.raises(CommandError, match="html"):
        report_verb.run(asked(tmp_path / "r.docx"))
    assert report_verb.run(asked(tmp_path / "there.html", force=True)) == 0
    assert (tmp_path / "there.html").read_text("utf-8").startswith("<!doctype html>")
    assert form_of(tmp_path / "r.docx") is None
