"""Functions that Lamella itself reads data with and that scripts hold word by word, so that both read the same."""

import re
from pathlib import Path
from typing import Final

from resources.python_code import in_scripts

_FOLDER: Final = Path(in_scripts.__file__ or "").parent
_DEFINED: Final = re.compile(r"^(?:def |class )?(\w+)(?:\(|:| \|?=)", re.MULTILINE)


def _after_imports(module: str) -> str:
    lines = (_FOLDER / module).read_text("utf-8").splitlines(keepends=True)
    imports = [number for number, line in enumerate(lines) if line.startswith(("import ", "from "))]
    return "".join(lines[imports[-1] + 1 :]).strip() + "\n"


AS_NUMBERS: Final = _after_imports("words.py")
READ_TABLE: Final = _after_imports("tables.py")
# What a script that holds them calls its own.
NAMES: Final = frozenset(_DEFINED.findall(AS_NUMBERS + READ_TABLE))
