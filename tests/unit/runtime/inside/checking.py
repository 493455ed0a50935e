"""Checks that need Keras, all in one process: each function of a module whose name begins with `check_`.

`python -m tests.unit.runtime.inside.checking MODULE FOLDER` writes what became of each into FOLDER/checks.json.
"""

import json
import sys
import traceback
from importlib import import_module
from inspect import signature
from pathlib import Path

ALL = ("looking_checks", "explaining_checks", "learnt_checks")


def names(module: str) -> list[str]:
    """Those of the checks of a module, read without importing it."""
    text = Path(__file__).with_name(f"{module}.py").read_text("utf-8")
    return [line.split("(")[0].removeprefix("def ") for line in text.splitlines() if line.startswith("def check_")]


def main(module: str, folder: Path) -> None:
    checks = import_module(f"tests.unit.runtime.inside.{module}")
    found: dict[str, str] = {}
    for name in names(module):
        check = getattr(checks, name)
        own = folder / name
        own.mkdir()
        try:
            check(*([own] if signature(check).parameters else []))
            found[name] = "passed"
        except Exception:
            found[name] = traceback.format_exc()
    (folder / "checks.json").write_text(json.dumps(found), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
