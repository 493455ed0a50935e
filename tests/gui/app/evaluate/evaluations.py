"""Prepared evaluations, as a worker leaves them in the folder of a run."""

from __future__ import annotations

from pathlib import Path

import msgspec

from resources.text import Text
from runtime.evaluation.folder import EVALUATIONS, RESULT_FILE
from runtime.messages.evaluating import EvaluationFile
from runtime.messages.trained import On, Trained
from runtime.messages.views import Figure, OutputFigures, View
from tests.gui.app.evaluate.views import MATRIX, NUMBERS, ROC, TABLE, THRESHOLDS

CLASSES = ("0", "1", "2")


def figure(key: str, output: str, title: str, view: View) -> Figure:
    return Figure(key, output, Text(title), view, Text("How to read it."))


def evaluation_file(run: Path, part: str = "validation", created: float = 1_764_547_200.0) -> EvaluationFile:
    """Of a model with an output of classes, and one of yes and no."""
    digit = OutputFigures(
        "digit", "digit", "classes", CLASSES,
        (
            figure("numbers", "digit", "Figures", NUMBERS),
            figure("confusion", "digit", "Confusion", MATRIX),
            figure("classes", "digit", "Classes", TABLE),
        ),
    )  # fmt: skip
    even = OutputFigures(
        "even", "is even", "binary", ("no", "yes"),
        (figure("thresholds", "even", "Threshold", THRESHOLDS), figure("roc", "even", "ROC", ROC)),
    )  # fmt: skip
    trained = Trained(str(run), str(run / "best.keras"))
    on = On("test") if part == "test" else On()
    return EvaluationFile(
        trained, on, created, 360, True, {"loss": 0.21, "digit_accuracy": 0.97}, (digit, even), 0.08, (), "best epoch"
    )


def store(run: Path, file: EvaluationFile, name: str = "20251201-000000-validation") -> Path:
    """Put an evaluation into the folder of a run."""
    folder = run / EVALUATIONS / name
    folder.mkdir(parents=True)
    (folder / RESULT_FILE).write_bytes(msgspec.json.encode(file))
    return folder
