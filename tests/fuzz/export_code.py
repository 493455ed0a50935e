"""Hostile projects, written as scripts and notebooks: nothing of them may become code.

    python -m tests.fuzz.export_code --documents 100000 --seed 1

Each document is read as a file first; half of those that the reader refuses go to the writer all the same, as if an
edit had brought the same names. Prints how many were exported and refused, and every finding with its number, which
``--only`` repeats alone.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, Final
from unittest.mock import patch

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.validation import problems
from graph_editor.document.document import Document
from graph_editor.document.files import file_format
from graph_editor.document.files.file_format import FileError
from graph_editor.exporters.notebook import notebook
from graph_editor.exporters.python_source import python_source
from resources.python_code.parts import RunWriter
from resources.python_code.pieces import SourceError
from runtime.python_code import RunCode
from tests.fuzz.counting import main
from tests.fuzz.hostile_projects import hostile, seeds
from tests.fuzz.source_rules import check_notebook, check_script

# Problems that do not keep source from being written.
_HARMLESS: Final = {"data", "unknown_class", "own_code", "code"}
_FORMATS: Final[tuple[tuple[str, Callable[[Document, Catalog, RunWriter], str], Callable[[str], None]], ...]] = (
    ("script", python_source, check_script),
    ("notebook", notebook, check_notebook),
)


class Fuzzer:
    def __init__(self, seed: int) -> None:
        self._seed, self._seeds, self._catalog = seed, [json.dumps(project) for project in seeds()], Catalog.load()
        self.counts: Counter[str] = Counter()
        self.findings: list[str] = []

    def run(self, number: int) -> None:
        """Document ``number`` of this seed, the same at each call."""
        chance = random.Random(f"{self._seed} {number}")
        project = hostile(json.loads(chance.choice(self._seeds)), chance)
        self.counts["documents"] += 1
        document = self._read(project, number, chance.random() < 0.5)
        if document is None:
            return
        for kind, write, check in _FORMATS:
            try:
                text = write(document, self._catalog, RunCode())
            except SourceError:
                self.counts[f"{kind}: refused with its place"] += 1
            except Exception as error:
                self._note_crash(kind, document, number, error)
            else:
                self.counts[f"{kind}: exported"] += 1
                self._guarded(number, kind, partial(check, text))

    def _read(self, project: Any, number: int, insist: bool) -> Document | None:
        content = _bytes_of(project)
        try:
            return file_format.loads(content, "fuzz.lamella")
        except FileError:
            self.counts["refused by the reader"] += 1
        except Exception as error:
            self._note(number, f"reader: {type(error).__name__}: {error}")
            return None
        if not insist:
            return None
        try:
            with patch.object(file_format, "_check_name"):
                return file_format.loads(content, "fuzz.lamella")
        except Exception:
            return None  # not a matter of names

    def _note_crash(self, kind: str, document: Document, number: int, error: Exception) -> None:
        """A document with problems is not handed to a writer; any other has to be written or refused."""
        try:
            found = [p for p in problems(document, self._catalog) if p.severity == "error" and p.kind not in _HARMLESS]
        except Exception as other:
            found, error = [], other
        if found:
            self.counts[f"{kind}: refused by the check"] += 1
        else:
            self._note(number, f"{kind}: {type(error).__name__}: {error}")

    def _guarded(self, number: int, kind: str, check: Callable[[], None]) -> None:
        try:
            check()
        except Exception as error:
            self._note(number, f"{kind}: {type(error).__name__}: {error}")

    def _note(self, number: int, finding: str) -> None:
        self.findings.append(f"document {number}: {finding[:300]}")

    def close(self) -> None:
        """There is nothing to take away."""


def _bytes_of(project: Any) -> bytes:
    """As a file; numbers of thousands of digits, which Python neither reads nor writes, shorter."""
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        return json.dumps(project).encode()
    finally:
        sys.set_int_max_str_digits(limit)


if __name__ == "__main__":
    sys.exit(main(Fuzzer, "documents", __doc__))
