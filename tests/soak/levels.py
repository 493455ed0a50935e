"""What a window holds, lap after lap, and whether that grows. Pure numbers: no Qt here.

A lap is a number of actions; after each the window is brought to the same rest (same project, same workspace, nothing
open) and measured. Ten laps are a season; the language changes only in the first lap of a season, so that windows of
the same age are compared. The first two laps of a season and the first season are the warm-up: pages, pop-ups and
dialogs are made when they are first wanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LAP_ACTIONS: Final = 100
SEASON_LAPS: Final = 10
WARM_LAPS: Final = 2


@dataclass(frozen=True, slots=True)
class Limit:
    """`loose` may come at any time (a pop-up that is made at its first use, a thread of a pool, a cached glyph); beyond
    it, `per_action` is what a leak may not reach. A season finds an object in five actions, 20,000 one in thirty."""

    loose: float
    per_action: float

    def allows(self, growth: float, actions: int) -> bool:
        return growth <= self.loose + self.per_action * actions


# Levels are compared by their least value of several laps: what is left over for a moment only adds.
# Looseness is for what nobody can use up in the warm-up: a dialog, a menu, a nested form that random actions open late.
# With seeds 1, 2, 3 and 5 a minute added -1 to 33 objects; the form over the canvas, opened late, is most of these.
LIMITS: Final = {
    "wrappers": Limit(60, 0.02),  # QObjects known to Python
    "children": Limit(60, 0.02),  # QObjects below the window
    "objects": Limit(3000, 0.5),  # of Python; modules that are loaded late are most of it
    "windows": Limit(4, 0.001),  # top-level widgets: the pop-up of a list in a dialog or a nested form
    "threads": Limit(6, 0.0),  # pools fill when first used
    "descriptors": Limit(8, 0.0),
    "processes": Limit(1, 0.0),
    "megabytes": Limit(20, 0.0005),  # malloc, glyph and picture caches; a kilobyte lost in an action is found in 40,000
}

Level = dict[str, float]


def growth(levels: Sequence[Level], name: str) -> tuple[float, int]:
    """How much `name` has grown, and within how many actions; (0, 0) while there is too little to compare.

    Within one season, its first measured laps are compared with its last; over several, the second with the last.
    """
    seasons = [levels[start : start + SEASON_LAPS] for start in range(0, len(levels), SEASON_LAPS)]
    whole = [[lap[name] for lap in season] for season in seasons if len(season) == SEASON_LAPS]
    if len(whole) >= 3:
        distance = (len(whole) - 2) * SEASON_LAPS * LAP_ACTIONS
        return min(whole[-1][WARM_LAPS:]) - min(whole[1][WARM_LAPS:]), distance
    if not whole:
        return 0.0, 0
    late = whole[-1]
    middle = (SEASON_LAPS - WARM_LAPS) // 2 + WARM_LAPS
    return min(late[middle:]) - min(late[WARM_LAPS:middle]), (SEASON_LAPS - WARM_LAPS) // 2 * LAP_ACTIONS


def complaints(levels: Sequence[Level]) -> list[str]:
    """A sentence for everything that has grown more than it may."""
    found = []
    for name, limit in LIMITS.items():
        grown, actions = growth(levels, name)
        if not limit.allows(grown, actions):
            most = limit.loose + limit.per_action * actions
            found.append(f"{name} grew by {grown:.0f} in {actions} actions; {most:.0f} is allowed")
    return found
