"""Projects to open: those of late, and the templates."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from app.command_palette.providers.entry import Entry, Surroundings
from app.project.templates import TEMPLATES
from resources.text import tr

ORDER = 15


def projects(around: Surroundings) -> Sequence[Entry]:
    files = around.files
    paths = [Path(text) for text in around.recent]
    recent = [
        Entry(
            "recent",
            tr("Open {file}", file=path.name),
            partial(files.open_path, path),
            str(path.parent),
            also=str(path),
        )
        for path in paths
    ]
    templates = [
        Entry(
            "template",
            tr("New: {name}", name=str(item.title)),
            partial(files.new_from, item.open),
            tr("Template"),
            also=f"{item.key} {item.title.english()}",
        )
        for item in TEMPLATES
    ]
    return [*recent, *templates]


PROVIDE = projects
