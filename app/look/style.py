"""QSS of the Build workspace's panels and of the parameter editors."""

from string import Template

from app.look.fonts import MONO_FAMILY, UI_FAMILY
from app.look.theme import Theme
from app.system.places import RESOURCES

_RULES = """
ToggleSwitch { qproperty-on_color: $accent_fill; qproperty-off_color: $track; qproperty-knob_color: #ffffff;
  qproperty-knob_off_color: $knob_off; qproperty-ring_color: $accent; }
ToggleSwitch#freeze_switch { qproperty-on_color: $frozen; }
SectionHeader { qproperty-ink: $dim; qproperty-ink_strong: $text; }
QFrame[tile="true"] { background: $background; border: none; border-radius: 7px; }
QLabel[tile_part="caption"] { color: $dim; font-size: 11px; }
QLabel[tile_part="value"] { font-family: "$mono", "$ui"; font-size: 13px; font-weight: 600; }
StepLine { background: $background; border: 1px solid $line; border-radius: 7px; padding: 5px 4px 5px 9px;
  min-height: 17px; selection-background-color: $accent_fill; selection-color: $accent_ink; }
StepLine:hover { border-color: $faint; }
StepLine:focus { border-color: $accent; }
StepLine:disabled { color: $faint; }
StepLine[invalid="true"], QComboBox[invalid="true"], QLineEdit[invalid="true"] { border-color: $error; }
StepLine QLineEdit { background: transparent; border: none; padding: 0; min-height: 0; }
StepLine::up-button, StepLine::down-button { subcontrol-origin: border; width: 20px; border: none;
  background: transparent; }
StepLine::up-button { subcontrol-position: top right; }
StepLine::down-button { subcontrol-position: bottom right; }
StepLine::up-arrow { top: 2px; image: url("$icons/chevron-up-grey.svg"); width: 9px; height: 9px; }
StepLine::down-arrow { bottom: 2px; image: url("$icons/chevron-down-grey.svg"); width: 9px; height: 9px; }
QListView#completer_popup { background: $raised; border: 1px solid $line; padding: 4px; }
QComboBox QLineEdit { background: transparent; border: none; padding: 0; min-height: 0; }
QLabel[part="reason"] { color: $error_text; font-size: 12px; }
QLabel[part="parameter"] { color: $dim; }
QLabel[part="parameter"][changed="true"] { color: $text; }
QToolButton[part="reset"] { qproperty-icon: url("$icons/reset-grey.svg"); qproperty-iconSize: 12px 12px;
  padding: 1px; border: none; }
QToolButton[part="reset"]:focus { border: 1px solid $accent; }
QWidget[part="nested"] { border-left: 2px solid $line; }
QLineEdit[part="title"] { background: transparent; border: 1px solid transparent; font-size: 15px; font-weight: 600;
  padding: 2px 4px; }
QLineEdit[part="keras_name"] { background: transparent; border: 1px solid transparent; padding: 0 2px; }
QLineEdit[part="keras_name"]:hover { border-color: $line; }
QLineEdit[part="keras_name"]:focus { background: $background; border-color: $accent; }
QLineEdit[part="keras_name"][invalid="true"] { border-color: $error; }
QLineEdit[part="title"]:hover { border-color: $line; }
QLineEdit[part="title"]:focus { background: $background; border-color: $accent; }
QLineEdit[part="title"][invalid="true"] { border-color: $error; }
#model_inputs QPushButton, #model_outputs QPushButton { padding: 2px 0; }
QFrame#model_bar { background: $accent; border: none; border-radius: 2px; }
QTreeView#outline_list::item { border-radius: 0; }
QToolButton#class_link { color: $dim; padding: 3px 4px; }
QToolButton#class_link:hover { color: $text; }
QFrame#problem_card { background: $error_soft; border: 1px solid $error; border-radius: 7px; }
QFrame#problem_card[severity="warning"] { background: $warning_soft; border-color: $warning; }
QLabel#problem_detail { font-family: "$mono", "$ui"; font-size: 11px; color: $text; }
QPlainTextEdit#block_description, QPlainTextEdit#about_note, QPlainTextEdit#clean_up_list { border: 1px solid $line; }
QPlainTextEdit#block_description:focus, QPlainTextEdit#about_note:focus,
    QPlainTextEdit#clean_up_list:focus { border-color: $accent; }
QTableView#block_parameters::item { padding-left: 5px; }
QTableView#block_parameters::indicator { width: 14px; height: 14px; border: 1px solid $faint; border-radius: 4px;
  background: $raised; }
QTableView#block_parameters::indicator:hover { border-color: $accent; }
QTableView#block_parameters::indicator:checked { background: $accent_fill; border-color: $accent_fill;
  image: url("$icons/check-white.svg"); }
QFileDialog QTreeView, QFileDialog QListView { background: $panel; border: 1px solid $line; border-radius: 7px; }
QFileDialog QTreeView:focus, QFileDialog QListView:focus { border-color: $accent; }
QFileDialog QComboBox QListView { background: $raised; border: none; }
QPlainTextEdit#console_text { border: none; border-radius: 0; background: $background; }
"""


def panel_rules(theme: Theme) -> str:
    """The rules for `theme`."""
    values = {token.replace(".", "_"): color for token, color in theme.colors.items()}
    values |= {
        "ui": UI_FAMILY,
        "mono": MONO_FAMILY,
        "icons": (RESOURCES / "icons").as_posix(),
        "track": theme.colors["line"] if theme.dark else theme.colors["faint"],
        "knob_off": theme.colors["dim"] if theme.dark else "#ffffff",
    }
    return Template(_RULES).substitute(values)
