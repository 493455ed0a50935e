"""What commands may ask of the canvas: all of its parts."""

from typing import Protocol

from graph_editor.document.changes.freezing import Freezing
from graph_editor.document.changes.modes import Modes
from graph_editor.view.commands.parts.building_blocks import BuildingBlocks
from graph_editor.view.commands.parts.canvas import WorkCanvas
from graph_editor.view.commands.parts.clipboard import Clipboard
from graph_editor.view.commands.parts.collapsing import Collapsing
from graph_editor.view.commands.parts.layer_search import LayerSearch
from graph_editor.view.commands.parts.levels import Levels
from graph_editor.view.commands.parts.looking import Looking
from graph_editor.view.commands.parts.notes import Notes
from graph_editor.view.commands.parts.renaming import Renaming
from graph_editor.view.commands.parts.tidying import Tidying
from graph_editor.view.commands.parts.wiring import Wiring
from graph_editor.view.floating.find_bar import FindBar
from graph_editor.view.items.hits import DotHit


class CommandCanvas(WorkCanvas, Protocol):
    building_blocks: BuildingBlocks
    clipboard: Clipboard
    collapsing: Collapsing
    find_bar: FindBar
    freezing: Freezing
    levels: Levels
    looking: Looking
    modes: Modes
    notes: Notes
    renaming: Renaming
    search: LayerSearch
    tidying: Tidying
    wiring: Wiring

    @property
    def hovered_dot(self) -> DotHit | None:
        """The dot of a wire that the mouse is on."""
