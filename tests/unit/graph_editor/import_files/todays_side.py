"""`python todays_side.py FOLDER [NAME...]`: models of today's Keras and back; JSON: name -> way -> what differs."""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

from graph_editor.catalog.catalog import Catalog
from tests.support.keras_roundtrip import roundtrip
from tests.support.todays_models import TODAYS


def main() -> None:
    folder, *names = sys.argv[1:]
    catalog = Catalog.load()
    answers = {}
    for name in names or TODAYS:
        try:
            answers[name] = roundtrip(TODAYS[name](), Path(folder) / f"{name}.keras", catalog)
        except Exception:
            answers[name] = {"broken": traceback.format_exc()[-2000:]}
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
