"""`python examples_side.py FOLDER [NAME...]`: models there and back, each a row as a line of JSON. Imports Keras."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

from graph_editor.catalog.catalog import Catalog
from tests.support.example_models.all_models import EXAMPLES, OWN
from tests.support.example_models.own_code import CODE
from tests.support.roundtrip_rows import Rows
from tests.support.todays_models import TODAYS

MODELS = {**EXAMPLES, **TODAYS}


def main() -> None:
    folder, *names = sys.argv[1:]
    rows = Rows(Path(folder), Catalog.load())
    for name in names or MODELS:
        row = rows.row(name, MODELS[name], CODE if name in OWN else None)
        print(json.dumps(dataclasses.asdict(row)), flush=True)


if __name__ == "__main__":
    main()
