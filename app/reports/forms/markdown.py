"""Markdown with its pictures as SVG within: for a README, an issue, a notebook."""

from __future__ import annotations

import base64
import re
from typing import Final

from app.reports.content import Report
from app.reports.drawing import figure_svg, graph_picture
from app.reports.form import ReportForm
from app.reports.parts import Code, Drawing, Heading, Paragraph, ReportPart, Rows, parts_of
from graph_editor.catalog.catalog import Catalog

_SIGNS: Final = re.compile(r"([\\`*_{}\[\]<>#|!])")


def write(report: Report, catalog: Catalog) -> bytes:
    """Raises OSError."""
    return ("\n\n".join(_part(part, report, catalog) for part in parts_of(report)) + "\n").encode("utf-8", "replace")


def _part(part: ReportPart, report: Report, catalog: Catalog) -> str:
    match part:
        case Heading(text, level):
            return f"{'#' * level} {plain(text)}"
        case Paragraph(text, note):
            return f"> {plain(text)}" if note else plain(text)
        case Rows():
            return _rows(part)
        case Code(text):
            return f"```python\n{text}\n```"
        case Drawing(view, title):
            if view is None:
                assert report.document is not None
                svg = graph_picture(report.document, catalog, "svg")
            else:
                svg = figure_svg(view).encode()
            return f"![{plain(title)}](data:image/svg+xml;base64,{base64.b64encode(svg).decode()})"


def plain(text: str) -> str:
    """`text` as it is, in one line: nothing in it means anything to Markdown."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))


def _rows(rows: Rows) -> str:
    columns = max((len(row) for row in rows.rows), default=2)
    head = rows.head or ("",) * columns
    lines = [head, ("---",) * columns, *rows.rows]
    return "\n".join(
        "| " + " | ".join(cell if number == 1 else plain(cell) for cell in line) + " |"
        for number, line in enumerate(lines)
    )


FORM: Final = ReportForm("markdown", ".md", 20, write)
