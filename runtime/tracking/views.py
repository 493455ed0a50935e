"""How the list of a project's runs is looked at: columns, order, filter, grouping; the view of now, and saved ones.

They lie in the runs folder, not in the settings of the application: they name this project's settings and metrics, and
go where its runs go, to another machine or another person.
"""

from pathlib import Path
from typing import Final

import msgspec

from resources.atomic import write_atomically
from resources.text import Text
from runtime.run_files import DamagedError, read_checked

VIEWS_FILE: Final = "views.json"
LONGEST_NAME: Final = 60
MOST_VIEWS: Final = 100
_MOST_COLUMNS: Final = 200
_WIDEST: Final = 2000
_MOST_BYTES: Final = 4 << 20


class ViewColumn(msgspec.Struct, frozen=True):
    """`width` is in pixels; 0 where nobody has chosen one."""

    key: str
    width: int = 0


class View(msgspec.Struct, frozen=True):
    """`columns` empty: the usual ones. `group`: the key of a column, or empty. `archived`: whether those are shown."""

    name: str = ""
    columns: tuple[ViewColumn, ...] = ()
    sort: str = "number"
    descending: bool = True
    filter: str = ""
    group: str = ""
    archived: bool = False


class Views(msgspec.Struct, frozen=True):
    """`problem` is why the file could not be read; then nothing is kept of it."""

    current: View = View()
    saved: tuple[View, ...] = ()
    problem: Text | None = None

    def find(self, name: str) -> View | None:
        return next((view for view in self.saved if view.name == name), None)


class _File(msgspec.Struct, frozen=True):
    current: View = View()
    saved: tuple[View, ...] = ()


def read_views(folder: Path) -> Views:
    try:
        file = read_checked(folder / VIEWS_FILE, _File, _MOST_BYTES) or _File()
    except DamagedError as error:
        return Views(problem=error.text)
    saved = {view.name: view for view in map(_sound, file.saved) if view.name}
    return Views(_sound(file.current), tuple(saved.values())[:MOST_VIEWS])


def write_views(folder: Path, views: Views) -> None:
    """Raises OSError. A file that could not be read is set aside."""
    if views.problem is not None and (folder / VIEWS_FILE).exists():
        (folder / VIEWS_FILE).replace(folder / "views.damaged.json")
    content = msgspec.json.encode(_File(views.current, views.saved))
    write_atomically(folder / VIEWS_FILE, msgspec.json.format(content, indent=2) + b"\n")


def with_view(views: Views, view: View) -> Views:
    """With the view saved under its name, in place of another one of that name."""
    others = tuple(other for other in views.saved if other.name != view.name)
    return msgspec.structs.replace(views, saved=(*others, view)[-MOST_VIEWS:])


def without_view(views: Views, name: str) -> Views:
    return msgspec.structs.replace(views, saved=tuple(view for view in views.saved if view.name != name))


def _sound(view: View) -> View:
    columns = {column.key: column for column in view.columns[:_MOST_COLUMNS]}
    limited = tuple(ViewColumn(c.key, min(max(0, c.width), _WIDEST)) for c in columns.values())
    return msgspec.structs.replace(view, name=" ".join(view.name.split())[:LONGEST_NAME], columns=limited)
