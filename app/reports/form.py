"""The forms in which a report can be written: each is a module of `forms/` that has a FORM."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

from app.reports.content import Report
from graph_editor.catalog.catalog import Catalog
from resources.atomic import write_atomically
from resources.registry import modules_with

_PACKAGE: Final = "app.reports.forms"


@dataclass(frozen=True, slots=True)
class ReportForm:
    """`write` gives the content of the file; it needs a QGuiApplication, "offscreen" will do. Raises OSError."""

    key: str
    suffix: str
    order: int
    write: Callable[[Report, Catalog], bytes]


def report_forms() -> tuple[ReportForm, ...]:
    found: list[ReportForm] = [module.FORM for module in modules_with(import_module(_PACKAGE), "FORM")]
    return tuple(sorted(found, key=lambda form: form.order))


def form_of(path: Path) -> ReportForm | None:
    """By the end of the file's name; None where there is no such form."""
    return next((form for form in report_forms() if form.suffix == path.suffix.lower()), None)


def write_report(report: Report, catalog: Catalog, path: Path) -> None:
    """All or nothing. Raises OSError, ValueError for a name that ends in no form."""
    form = form_of(path)
    if form is None:
        raise ValueError(path.suffix)
    write_atomically(path, form.write(report, catalog))
