"""`python exported.py FOLDER NAME...`: whether the worker, given the document's model and the weights of NAME.keras,
computes what NAME.npz says, bit for bit. One JSON object on stdout: name -> [same outputs, same names, same counts]."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np

from graph_editor.catalog.catalog import Catalog
from graph_editor.keras_format.files.opening import open_model
from graph_editor.keras_format.functional import model_json
from runtime.worker.keras_models.build import build_model
from runtime.worker.keras_models.weights import load_weights


def main() -> None:
    folder, *names = sys.argv[1:]
    answers = {}
    for name in names:
        path = Path(folder) / f"{name}.keras"
        keras.utils.set_random_seed(99)
        model = build_model(model_json(open_model(path, Catalog.load()).document))
        report = load_weights(model, path)
        truth = np.load(path.with_suffix(".npz"))
        original = json.loads(path.with_suffix(".json").read_text("utf-8"))["config"]["layers"]
        answers[name] = [
            bool(np.array_equal(np.asarray(model(truth["x"], training=False)), truth["y"])),
            [layer.name for layer in model.operations] == [layer["config"]["name"] for layer in original],
            report.complete,
        ]
        del model
        keras.backend.clear_session()
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
