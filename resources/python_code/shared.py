"""Functions that Lamella itself reads data with and that scripts hold word by word, so that both read the same."""

import ast
import re
from pathlib import Path
from typing import Final

from resources.python_code import in_scripts

_FOLDER: Final = Path(in_scripts.__file__ or "").parent
_DEFINED: Final = re.compile(r"^(?:def |class )?(\w+)(?:\(|:| \|?=)", re.MULTILINE)


def _after_imports(module: str) -> str:
    text = (_FOLDER / module).read_text("utf-8")
    imports = [node for node in ast.parse(text).body if isinstance(node, ast.Import | ast.ImportFrom)]
    return "".join(text.splitlines(keepends=True)[imports[-1].end_lineno :]).strip() + "\n"


AS_NUMBERS: Final = _after_imports("words.py")
READ_TABLE: Final = _after_imports("tables.py")
# What a script that holds them calls its own.
NAMES: Final = frozenset(_DEFINED.findall(AS_NUMBERS + READ_TABLE))
