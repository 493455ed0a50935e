"""One HTML file with everything in it: it needs no network, no Lamella, and runs nothing."""

from __future__ import annotations

import base64
import re
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from app.reports.content import Report
from app.reports.drawing import figure_svg, graph_picture, spoken
from app.reports.form import ReportForm
from app.reports.parts import Code, Drawing, Heading, Paragraph, ReportPart, Rows, parts_of
from graph_editor.catalog.catalog import Catalog

_NO_HTML: Final = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STYLE: Final = """
body { font: 15px/1.55 system-ui, "Noto Sans KR", sans-serif; color: #1b2030; background: #f4f5f8; margin: 0; }
main { max-width: 760px; margin: 24px auto; padding: 28px 40px 48px; background: #fff; border: 1px solid #dfe3ea;
  border-radius: 12px; }
h1 { font-size: 27px; margin: 0 0 4px; } h2 { font-size: 20px; margin: 36px 0 8px; } h3 { font-size: 17px; }
h4 { font-size: 15px; margin: 22px 0 6px; }
table { border-collapse: collapse; margin: 8px 0 14px; width: 100%; font-variant-numeric: tabular-nums; }
td, th { padding: 4px 10px 4px 0; border-bottom: 1px solid #eef0f5; text-align: left; vertical-align: top; }
th { color: #5d6678; font-weight: 600; } td:first-child { color: #5d6678; }
.wide td:not(:first-child) { text-align: right; }
.wide th:not(:first-child) { text-align: right; }
.note { border-left: 3px solid #b97309; padding: 4px 12px; background: #fdf6e9; }
p { margin: 6px 0; } pre { background: #eef0f5; padding: 12px 14px; border-radius: 8px; overflow: auto; }
img { max-width: 100%; } figure { margin: 8px 0; }
@media print { body { background: #fff; } main { border: 0; margin: 0; padding: 0; max-width: none; } }
"""


_POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def write(report: Report, catalog: Catalog) -> bytes:
    """Raises OSError. Elements are made, not text: what a file calls something is never markup."""
    html = Element("html")
    head = SubElement(html, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
    SubElement(head, "meta", name="viewport", content="width=device-width")
    SubElement(head, "title").text = _clean(report.title)
    SubElement(head, "style").text = _STYLE
    main = SubElement(SubElement(html, "body"), "main")
    for part in parts_of(report):
        _add(main, part, report, catalog)
    content: bytes = tostring(html, "utf-8", "html")
    return b"<!doctype html>\n" + content + b"\n"


def _add(main: Element, part: ReportPart, report: Report, catalog: Catalog) -> None:
    match part:
        case Heading(text, level):
            SubElement(main, f"h{level}").text = _clean(text)
        case Paragraph(text, note):
            SubElement(main, "p", {"class": "note"} if note else {}).text = _clean(text)
        case Rows():
            _add_rows(main, part)
        case Code(text):
            SubElement(main, "pre").text = _clean(text)
        case Drawing(view, title):
            svg = graph_svg(report, catalog) if view is None else figure_svg(view).encode()
            words = title if view is None else f"{title}. {spoken(view)}"
            source = "data:image/svg+xml;base64," + base64.b64encode(svg).decode()
            SubElement(SubElement(main, "figure"), "img", alt=_clean(words), src=source)


def graph_svg(report: Report, catalog: Catalog) -> bytes:
    assert report.document is not None
    return graph_picture(report.document, catalog, "svg")


def _add_rows(main: Element, rows: Rows) -> None:
    table = SubElement(main, "table", {"class": "wide"} if rows.head else {})
    for row, kind in ((rows.head, "th"), *((row, "td") for row in rows.rows)):
        line = SubElement(table, "tr") if row else None
        for cell in row if line is not None else ():
            SubElement(line, kind).text = _clean(cell)  # type: ignore[arg-type]


def _clean(text: str) -> str:
    """Without signs that no HTML may hold, and halves of characters."""
    return _NO_HTML.sub("\N{REPLACEMENT CHARACTER}", text)


FORM: Final = ReportForm("html", ".html", 10, write)
