"""What people say of a run: its name, a note, tags, a group, a star, whether it is put away. A file of its own in the
run's folder, which no trainer touches.

Keys that this version does not know stay in the file. One that cannot be read is set aside when it is next written.
"""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from resources.atomic import write_atomically
from resources.text import Text
from runtime.run_files import DamagedError, read_checked

ABOUT_FILE: Final = "about.json"
SET_ASIDE: Final = "about.damaged.json"
LONGEST_NAME: Final = 120
LONGEST_WORD: Final = 60  # characters of a tag or a group
LONGEST_NOTE: Final = 20_000
MOST_TAGS: Final = 50
_MOST_BYTES: Final = 1 << 20
_writing = threading.Lock()  # two changes at once would lose one


class About(msgspec.Struct, frozen=True):
    """`name` is empty while the run has the one it was started with. `problem`: why the file could not be read."""

    name: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    group: str = ""
    starred: bool = False
    archived: bool = False
    problem: Text | None = None


KEYS: Final = ("name", "note", "tags", "group", "starred", "archived")
NOTHING_SAID: Final = About()


class _File(msgspec.Struct, frozen=True):
    """As it stands in the file."""

    name: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    group: str = ""
    starred: bool = False
    archived: bool = False


def read_about(folder: Path) -> About:
    """Of a damaged file nothing but `problem` is known."""
    try:
        file = read_checked(folder / ABOUT_FILE, _File, _MOST_BYTES)
    except DamagedError as error:
        return About(problem=error.text)
    if file is None:
        return NOTHING_SAID
    return sound(About(file.name, file.note, file.tags, file.group, file.starred, file.archived))


def sound(about: About) -> About:
    """Return it with names and tags in one line each, without doubles, none longer than it may be."""
    tags = tuple(dict.fromkeys(word for tag in about.tags if (word := _word(tag, LONGEST_WORD))))[:MOST_TAGS]
    return msgspec.structs.replace(
        about,
        name=_word(about.name, LONGEST_NAME),
        note=about.note.strip()[:LONGEST_NOTE],
        tags=tags,
        group=_word(about.group, LONGEST_WORD),
    )


def tags_of(text: str) -> tuple[str, ...]:
    """The tags in a line that a person wrote: commas part them."""
    return sound(About(tags=tuple(text.split(",")))).tags


def change_about(folder: Path, changes: Mapping[str, Any]) -> About:
    """Write what of `KEYS` is in `changes`, and leave all else in the file as it is. Raises OSError."""
    with _writing:
        before = read_about(folder)
        known = msgspec.structs.replace(before, problem=None)
        after = sound(msgspec.structs.replace(known, **{key: changes[key] for key in KEYS if key in changes}))
        if after == before:
            return before
        content: dict[str, Any] = {}
        if before.problem is not None:
            (folder / ABOUT_FILE).replace(folder / SET_ASIDE)
        else:
            content = read_checked(folder / ABOUT_FILE, dict, _MOST_BYTES) or {}
        content |= {key: getattr(after, key) for key in KEYS}
        write_atomically(folder / ABOUT_FILE, msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n")
        return after


def _word(text: str, longest: int) -> str:
    return " ".join(text.split())[:longest].strip()
