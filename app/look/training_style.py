"""QSS of the Data, Train, Runs and Evaluate workspaces."""

from __future__ import annotations

from string import Template

from app.look.fonts import MONO_FAMILY, UI_FAMILY
from app.look.theme import Theme
from app.system.places import RESOURCES

_RULES = """
QPushButton[part="plot_how"] { background: transparent; border: 1px solid transparent; border-radius: 5px;
  color: $dim; font-size: 12px; padding: 1px 6px; min-height: 14px; text-align: left; }
QPushButton[part="plot_how"]:hover { background: $hover; color: $text; }
QPushButton[part="plot_how"]:focus { border-color: $accent; }
QLabel[part="plot_note"] { color: $dim; font-size: 12px; background: $raised; border-radius: 6px; padding: 7px 9px; }
#plot_inner { background: $background; }
#plot_options, #choice_popup { background: $raised; border: 1px solid $line; }
#choice_list, #choice_list:focus { border: none; }
#choice_list::item { padding: 0 6px; }
#choice_list::indicator { width: 14px; height: 14px; border: 1px solid $dim; border-radius: 4px; background: $panel; }
#choice_list::indicator:checked { background: $accent_fill; border-color: $accent_fill;
  image: url("$icons/check-white.svg"); }
#evaluate_bar { background: $panel; border-bottom: 1px solid $line; }
#evaluate_side { background: $panel; border: none; border-right: 1px solid $line; }
#evaluate_side QWidget[part="form"] { background: $panel; }
#evaluate_figures, #evaluate_slices, #evaluate_compare, #evaluate_inner { background: $background; border: none; }
#stored_evaluations { background: transparent; border: none; }
#stored_evaluations::item { padding: 3px 7px; border-radius: 6px; }
#figure_table { background: $panel; border: none; }
#figure_table::item { padding: 0 8px; }
#figure_table QHeaderView::section { padding: 5px 8px; }
#train_bar { background: $panel; border-bottom: 1px solid $line; }
#train_settings { background: $panel; border: none; border-right: 1px solid $line; }
#data_side, #data_side_inner, #known_scroll, #known_inner { background: $background; border: none; }
QFrame[part="health"] { border: none; border-bottom: 1px solid $line; }
QFrame[part="health"][last="true"] { border-bottom: none; }
QPushButton[part="small"] { padding: 2px 9px; font-size: 12px; border-radius: 6px; }
QPushButton[part="chip"] { border-radius: 11px; padding: 2px 10px; min-height: 16px; font-size: 12px; }
QPushButton[part="chip"]:checked { background: $accent_soft; border-color: $accent; color: $accent_text; }
QPushButton[part="chip"]:focus { border-color: $accent; }
QPushButton[part="chip"]:checked:focus { border-color: $text; }
QPushButton[part="source"] { border-radius: 15px; padding: 0; background: $raised; }
QPushButton[part="source"]:hover { background: $hover; }
#data_source_0 { border-color: $accent; }
#data_source_0:focus { border-color: $text; }
#add_data { padding-right: 12px; }
#source_popup, #data_offer { background: $raised; border: 1px solid $line; border-radius: 10px; }
#source_popup { border-radius: 0; }
#source_options { background: transparent; }
QAbstractScrollArea[part="pictures"] { background: transparent; border: 1px solid transparent; }
QAbstractScrollArea[part="pictures"]:focus { border: 1px solid $accent; }
#data_samples QHeaderView::section { background: $panel; color: $faint; font-size: 11px; border: none;
  border-bottom: 1px solid $line; padding: 0 8px; }
#train_settings QWidget[part="form"] { background: $panel; }
QLabel[part="suggested"] { color: $accent_text; font-size: 11px; }
QLabel[part="live"] { color: $accent_text; font-family: "$mono"; font-size: 11px; }
QLabel[part="figure"] { font-family: "$mono", "$ui"; font-size: 12px; color: $text; }
QLabel[part="figure_dim"] { font-family: "$mono", "$ui"; font-size: 12px; color: $dim; }
QLabel[part="hint"] { color: $dim; font-size: 12px; }
QLabel[part="field"] { color: $dim; }
QLabel[part="verdict"][state="ok"] { color: $ok_text; font-size: 12px; }
QLabel[part="verdict"][state="note"] { color: $accent_text; font-size: 12px; }
QLabel[part="verdict"][state="warning"] { color: $warning_text; font-size: 12px; }
QLabel[part="verdict"][state="error"] { color: $error_text; font-size: 12px; }
QLabel[part="verdict"][state="open"] { color: $dim; font-size: 12px; }
QFrame[part="banner"] { background: $raised; border: 1px solid $line; border-radius: 8px; }
QFrame[part="banner"][state="error"] { background: $error_soft; border: 1px solid $error_soft; }
QFrame[part="banner"][state="warning"] { background: $warning_soft; border: 1px solid $warning_soft; }
QFrame[part="banner"][state="ok"] { background: $ok_soft; border: 1px solid $ok_soft; }
QFrame[part="banner"][state="error"] QLabel[part="banner_text"] { color: $error_text; }
QFrame[part="banner"][state="warning"] QLabel[part="banner_text"] { color: $warning_text; }
QFrame[part="banner"][state="ok"] QLabel[part="banner_text"] { color: $ok_text; }
QFrame[part="drop"] { background: $panel; border: 2px dashed $line; border-radius: 12px; }
QFrame[part="drop"][over="true"] { border-color: $accent; background: $accent_soft; }
#export_run, #export_runs, #import_runs, #import_first_runs { padding-right: 24px; }
#export_run::menu-indicator, #export_runs::menu-indicator, #import_runs::menu-indicator,
#import_first_runs::menu-indicator { image: url("$icons/chevron-down-grey.svg"); width: 10px; height: 10px;
  subcontrol-origin: padding; subcontrol-position: right center; right: 8px; }
QLabel[part="big"] { font-size: 17px; font-weight: 600; }
QLabel[part="big_number"] { font-family: "$mono", "$ui"; font-size: 16px; font-weight: 600; }
QLabel[part="pill"] { background: $raised; color: $dim; border-radius: 8px; padding: 1px 8px; font-size: 11px; }
QLabel[part="pill"][state="ok"] { background: $ok_soft; color: $ok_text; }
QLabel[part="pill"][state="warning"] { background: $warning_soft; color: $warning_text; }
QLabel[part="pill"][state="error"] { background: $error_soft; color: $error_text; }
QLabel[part="pill"][state="live"] { background: $accent_soft; color: $accent_text; }
QToolButton[part="multi"] { background: $background; border: 1px solid $line; border-radius: 7px; padding: 5px 9px;
  min-height: 17px; text-align: left; }
QToolButton[part="multi"]:hover { border-color: $faint; }
QToolButton[part="multi"]:focus { border-color: $accent; }
QToolButton[part="multi"]:disabled { color: $faint; }
#training_log { background: $background; border: 1px solid $line; border-radius: 6px; }
#data_columns::item, #runs_table::item { padding: 0 8px; border-bottom: 1px solid $line; }
#data_columns, #runs_table { background: $panel; }
#data_columns QHeaderView::section, #runs_table QHeaderView::section { padding: 5px 11px; }
"""


def rules(theme: Theme) -> str:
    """The rules for `theme`."""
    values = {token.replace(".", "_"): color for token, color in theme.colors.items()}
    return Template(_RULES).substitute(
        values | {"ui": UI_FAMILY, "mono": MONO_FAMILY, "icons": (RESOURCES / "icons").as_posix()}
    )
