"""Settings: theme, language, and whatever else stands in the View menu as a choice."""

from __future__ import annotations

from collections.abc import Sequence

from app.command_palette.providers.entry import Entry, Surroundings
from resources.text import tr

ORDER = 10
# What people may call a language who do not read the one that shows.
LANGUAGE_NAMES = {"view.language.en": "English 영어 언어", "view.language.ko": "Korean 한국어 언어"}
SUBMENUS = ("view.theme", "view.language", "view.motion")


def settings(around: Surroundings) -> Sequence[Entry]:
    commands = [command for group in around.groups for command in group.commands if command is not None]
    return [
        Entry(
            "setting",
            f"{command.text()}: {choice.text()}",
            choice.run,
            tr("Setting"),
            also=f"{choice.key} {LANGUAGE_NAMES.get(choice.key, '')}",
            checked=choice.checked is not None and choice.checked(),
        )
        for command in commands
        if command.key in SUBMENUS and command.submenu is not None
        for choice in command.submenu()
        if choice is not None and choice.run is not None
    ]


PROVIDE = settings
