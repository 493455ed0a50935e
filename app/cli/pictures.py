"""Pictures of the graph from the command line: Qt draws them without a display."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from graph_editor.document.document import Document
from runtime.protocol import CallResult


def write_picture(
    document: Document, results: Mapping[str, CallResult], path: Path, kind: Literal["png", "svg"], theme: str
) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    raise NotImplementedError
