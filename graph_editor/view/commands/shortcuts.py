"""The keys of the canvas: one table, for the view, its menus and the list of shortcuts."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from resources.text import Text


@dataclass(frozen=True, slots=True)
class Shortcut:
    """``action`` is what ``GraphView.run_action`` understands; ``keys`` in Qt's portable notation."""

    action: str
    keys: tuple[str, ...]
    text: Text


SHORTCUTS: Final = (
    Shortcut("open_search", ("Tab",), Text("Add a layer")),
    Shortcut("find", ("Ctrl+F",), Text("Find a box")),
    Shortcut("find_next", ("F3",), Text("Next box found")),
    Shortcut("find_previous", ("Shift+F3",), Text("Previous box found")),
    Shortcut("wire_selected", ("W",), Text("Wire the selected box: ↑ ↓ or letters choose, Enter connects")),
    Shortcut("walk_up", ("Ctrl+Up",), Text("Go up along the wire")),
    Shortcut("walk_down", ("Ctrl+Down",), Text("Go down along the wire")),
    Shortcut("walk_left", ("Ctrl+Left",), Text("Go to the box at the left")),
    Shortcut("walk_right", ("Ctrl+Right",), Text("Go to the box at the right")),
    Shortcut("extend_up", ("Ctrl+Shift+Up",), Text("Select what feeds it as well")),
    Shortcut("extend_down", ("Ctrl+Shift+Down",), Text("Select what it feeds as well")),
    Shortcut("extend_left", ("Ctrl+Shift+Left",), Text("Select the box at the left as well")),
    Shortcut("extend_right", ("Ctrl+Shift+Right",), Text("Select the box at the right as well")),
    Shortcut("open_menu", ("Shift+F10", "Menu"), Text("Open the menu of the selection")),
    Shortcut("delete_selection", ("Del", "Backspace"), Text("Delete")),
    Shortcut("bridge_selection", ("Ctrl+Del", "Alt+Del", "Ctrl+Backspace"), Text("Delete and reconnect")),
    Shortcut("replace_selection", ("Ctrl+R",), Text("Replace by another layer")),
    Shortcut("cut_selection", ("Ctrl+X",), Text("Cut")),
    Shortcut("copy_selection", ("Ctrl+C",), Text("Copy")),
    Shortcut("paste", ("Ctrl+V",), Text("Paste")),
    Shortcut("paste_with_links", ("Ctrl+Shift+V",), Text("Paste with the links that led here")),
    Shortcut("duplicate_selection", ("Ctrl+D",), Text("Duplicate")),
    Shortcut("repeat_selection", ("Ctrl+Shift+R",), Text("Repeat several times in a row")),
    Shortcut("save_block", ("Ctrl+Shift+B",), Text("Save the selection as a block")),
    Shortcut("share_selected", ("Ctrl+Shift+D",), Text("Use again (share the weights)")),
    Shortcut("toggle_frozen", ("L",), Text("Freeze or unfreeze")),
    Shortcut("freeze_above", ("Shift+L",), Text("Freeze everything above")),
    Shortcut("unfreeze_all", ("Alt+L",), Text("Unfreeze all layers")),
    Shortcut("toggle_bypassed", ("B", "Ctrl+B"), Text("Bypass, or no longer: hand on what comes in")),
    Shortcut("toggle_muted", ("M", "Ctrl+M"), Text("Mute, or no longer: leave out, with what needs it")),
    Shortcut("toggle_output", ("O",), Text("Mark as output, or no longer")),
    Shortcut("collapse_selection", ("C",), Text("Collapse the boxes to their names, or expand them")),
    Shortcut("collapse_into_one", ("Shift+C",), Text("Collapse the selection into one box, or open it")),
    Shortcut("rename_selected", ("F2",), Text("Rename")),
    Shortcut("enter_selected", ("Return", "Enter"), Text("Open the nested model")),
    Shortcut("leave_graph", ("Alt+Up", "U"), Text("Leave the nested model")),
    Shortcut("group_selection", ("Ctrl+G",), Text("Make a nested model of the selection")),
    Shortcut("dissolve_selected", ("Ctrl+Shift+G",), Text("Dissolve the nested model")),
    Shortcut("frame_selection", ("Ctrl+J",), Text("Put a frame around the selection")),
    Shortcut("unframe_selection", ("Ctrl+Shift+J",), Text("Take the selection out of its frame")),
    Shortcut("add_note", ("N",), Text("Add a note")),
    Shortcut("select_all", ("Ctrl+A",), Text("Select all")),
    Shortcut("select_nothing", ("Esc",), Text("Select nothing")),
    Shortcut("invert_selection", ("Ctrl+I",), Text("Select all others instead")),
    Shortcut("select_upstream", ("[",), Text("Select all before it as well")),
    Shortcut("select_downstream", ("]",), Text("Select all behind it as well")),
    Shortcut("select_connected", ("Ctrl+Shift+A",), Text("Select all that is connected")),
    Shortcut("align_left", ("Alt+A",), Text("Align left")),
    Shortcut("align_center", ("Alt+H",), Text("Align in the centre")),
    Shortcut("align_right", ("Alt+D",), Text("Align right")),
    Shortcut("align_top", ("Alt+W",), Text("Align at the top")),
    Shortcut("align_middle", ("Alt+V",), Text("Align in the middle")),
    Shortcut("align_bottom", ("Alt+S",), Text("Align at the bottom")),
    Shortcut("distribute_across", ("Alt+Shift+H",), Text("Distribute across")),
    Shortcut("distribute_down", ("Alt+Shift+V",), Text("Distribute down")),
    Shortcut("fit_selection", ("F",), Text("Show the selection")),
    Shortcut("fit", ("Home", "Ctrl+0"), Text("Show the whole graph")),
    Shortcut("zoom_in", ("+", "=", "Ctrl++", "Ctrl+="), Text("Zoom in")),
    Shortcut("zoom_out", ("-", "Ctrl+-"), Text("Zoom out")),
    Shortcut("reset_zoom", ("1", "Ctrl+1"), Text("Zoom to 100 %")),
    Shortcut("tidy", ("Ctrl+Shift+L",), Text("Tidy: arrange all boxes")),
    Shortcut("tidy_selection", ("Alt+T",), Text("Tidy the selected boxes alone")),
    Shortcut("nudge_left", ("Left",), Text("Move to the left")),
    Shortcut("nudge_right", ("Right",), Text("Move to the right")),
    Shortcut("nudge_up", ("Up",), Text("Move up")),
    Shortcut("nudge_down", ("Down",), Text("Move down")),
    Shortcut("nudge_left_finely", ("Shift+Left",), Text("Move to the left by one")),
    Shortcut("nudge_right_finely", ("Shift+Right",), Text("Move to the right by one")),
    Shortcut("nudge_up_finely", ("Shift+Up",), Text("Move up by one")),
    Shortcut("nudge_down_finely", ("Shift+Down",), Text("Move down by one")),
)

GESTURES: Final = (
    (Text("Wheel"), Text("Zoom at the cursor")),
    (Text("Two fingers on a touchpad"), Text("Move over the canvas; with Ctrl, or pinched, zoom")),
    (Text("Middle button, or Space and drag"), Text("Move over the canvas")),
    (Text("Double click"), Text("Add a layer; on a box: rename; on a nested model: open")),
    (Text("Drag from a port"), Text("Wire two layers")),
    (Text("Drag over the canvas"), Text("Select boxes; Shift adds, Alt takes away, Ctrl does either")),
    (Text("Drop a wire on the canvas"), Text("Add a layer that fits, and wire it")),
    (Text("Drop a box on a wire"), Text("Insert it there; with Alt it only moves")),
    (Text("Drag a box"), Text("Move it into line with others; with Alt anywhere")),
    (Text("Drag the title of a frame"), Text("Move it with all its boxes; double click: rename")),
    (Text("Double click on a collapsed frame"), Text("Open it")),
    (Text("Drag a note by its corner"), Text("Change its size; double click: write")),
    (Text("Drag to the edge of the canvas"), Text("Move on over the canvas")),
    (Text("Ctrl+Shift and drag over wires"), Text("Cut them")),
    (Text("Ctrl and drag from an output"), Text("Lead all its wires elsewhere, or disconnect them")),
    (Text("Double click on a wire"), Text("Put a dot there that the wire runs through")),
    (Text("Alt and drag from a wire"), Text("Pull a new dot out of it")),
    (Text("Drag a dot of a wire"), Text("Lead the wire another way; double click or Del: remove the dot")),
    (Text("Drag the end of a wire"), Text("Wire it elsewhere, or disconnect it")),
)


def _combined(keys: str) -> int:
    first: QKeyCombination = QKeySequence(keys)[0]  # type: ignore[index]
    return first.toCombined()


_BY_KEY: Final = {_combined(keys): shortcut.action for shortcut in SHORTCUTS for keys in shortcut.keys}


def action_for(event: QKeyEvent) -> str | None:
    """The action of a key press; Shift does not matter where it only makes the sign (as in +)."""
    combination = event.keyCombination()
    found = _BY_KEY.get(_without_keypad(combination))
    if found is None and event.text() in ("+", "=", "-"):
        found = _BY_KEY.get(_combined(event.text()))
    return found


def keys_of(action: str) -> str:
    """The first key of an action, as the system writes it."""
    shortcut = next(item for item in SHORTCUTS if item.action == action)
    return QKeySequence(shortcut.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)


def _without_keypad(combination: QKeyCombination) -> int:
    modifiers = combination.keyboardModifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return QKeyCombination(modifiers, combination.key()).toCombined()
