"""Pictures of Data for the guide: `python -m tests.dev.data_pictures NAME FOLDER` takes one of them in both themes.

`FOLDER` is an empty one to work in, and gets NAME-dark.png and NAME-light.png. Each scene does in the real window what
the guide speaks of.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QWidget

from app.panels.data.looking.card import AUGMENTED
from app.panels.data.panel import DataPanel
from app.shell.desktop import Desktop
from app.shell.screenshot import settle, take_screenshot, wait_until
from graph_editor.document.changes.commands import set_data
from graph_editor.document.document import Document
from graph_editor.document.files.file_format import save
from resources.text import Text
from resources.training.augmentations import find_augmentation
from tests.dev.steps import lamella

LEAVES: Final = Path(__file__).parents[2] / "resources" / "samples" / "leaves"
SIZE: Final = (1180, 760)


@dataclass(frozen=True)
class Scene:
    """A project of a template ("" for an empty one), the workspace that shows, and what is done there."""

    template: str
    act: Callable[[Desktop], QWidget]
    workspace: str = "data"
    size: tuple[int, int] = SIZE


def panel(desktop: Desktop) -> DataPanel:
    found = desktop.window.page("data")
    assert isinstance(found, DataPanel)
    return found


def drop(desktop: Desktop) -> QWidget:
    _offer(desktop, LEAVES)
    return desktop.window


def classes(desktop: Desktop) -> QWidget:
    looking = panel(desktop).page.looking
    wait_until(lambda: any(line.mean is not None for line in looking.card.by_class.lines))
    wait_until(lambda: not looking.rows.busy)
    return looking.card


def augmented(desktop: Desktop) -> QWidget:
    page = panel(desktop).page
    chip = page.looking.card.tabs.chip(AUGMENTED)
    assert chip is not None
    chip.click()
    for layer in ("RandomFlip", "RandomRotation", "RandomColorJitter"):
        kind = find_augmentation(layer)
        assert kind is not None
        page.augmentation.add_layer(kind)
    gallery = page.augmentation.gallery
    wait_until(lambda: gallery.answer is not None and bool(gallery.answer.pictures))
    return page.looking.card


def table(desktop: Desktop) -> QWidget:
    """A column of words, with its values below and its steps at the right."""
    data = panel(desktop)
    samples = data.page.looking.card.table
    samples.select(())
    samples.selectColumn([column.name for column in samples.samples.columns].index("district"))
    wait_until(lambda: bool(data.side.steps.rows))
    return desktop.window


def split(desktop: Desktop) -> QWidget:
    return _card(desktop, "data_split")


def health(desktop: Desktop) -> QWidget:
    """A table that is sorted by class, of which Keras would validate with the last part."""
    session = desktop.session
    path = Path(session.path or "").parent / "flowers.csv"
    lines = [f"{5 + row % 7 / 10},{20 + row % 9},{_KINDS[row // 100]}" for row in range(300)]
    path.write_text("petal,weight,kind\n" + "\n".join(lines) + "\n", "utf-8")
    _started(desktop, path)
    session.edit(Text("Split"), set_data(session.document, {**session.document.data, "split": "last"}))
    data = panel(desktop)
    wait_until(lambda: len(data.side.health.rows()) > 1)
    return _card(desktop, "data_health")


def start(desktop: Desktop) -> QWidget:
    """The model that is proposed for a folder of pictures."""
    _started(desktop, LEAVES)
    desktop.window.show_workspace("build")
    return desktop.window


def inside(desktop: Desktop) -> QWidget:
    """The steps of a table as boxes."""
    table(desktop)
    panel(desktop).side.steps.inside.switch.click()
    desktop.window.show_workspace("build")
    return desktop.window


_KINDS: Final = ("aster", "iris", "lily")
SCENES: Final = {
    "data-drop": Scene("", drop),
    "data-classes": Scene("leaves", classes, size=(1060, 640)),
    "data-table": Scene("houses", table, size=(1180, 880)),
    "data-inside": Scene("houses", inside),
    "data-augmented": Scene("leaves", augmented, size=(1120, 700)),
    "data-health": Scene("", health),
    "data-split": Scene("leaves", split, size=(1180, 1500)),
    "data-start": Scene("", start),
}


def _offer(desktop: Desktop, path: Path) -> None:
    """As if the path had been dropped on the window."""
    window = desktop.window
    window.drops.data_dropped.emit(path)
    wait_until(lambda: window.offer.isVisible() and window.offer.use.isEnabled())


def _started(desktop: Desktop, path: Path) -> None:
    """Two clicks: use the data, start a model from it."""
    _offer(desktop, path)
    desktop.window.offer.use.click()
    start = panel(desktop).side.start.start
    wait_until(start.isEnabled)
    start.click()
    wait_until(lambda: len(desktop.session.document.graph.calls) > 1)


def _card(desktop: Desktop, name: str) -> QWidget:
    found = panel(desktop).side.findChild(QWidget, name)
    assert found is not None
    return found


def main(name: str, folder: Path) -> None:
    scene = SCENES[name]
    project = folder / f"{scene.template or 'mine'}.lamella"
    if scene.template:
        subprocess.run(lamella("new", "--template", scene.template, "-o", str(project)), check=True)
    else:
        save(Document(), project)
    take(scene, name, project, folder)


def take(scene: Scene, name: str, project: Path, folder: Path) -> None:
    """NAME-dark.png and NAME-light.png of a scene in a project that is there."""

    def act(desktop: Desktop) -> QWidget:
        shown = scene.act(desktop)
        settle(desktop.session)
        shown.grab().save(str(folder / f"{name}-dark.png"))
        desktop.preferences.set_theme("light")
        return shown

    take_screenshot(project, scene.workspace, "dark", "en", scene.size, folder / f"{name}-light.png", act)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
