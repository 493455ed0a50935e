"""QSS of the controls every part uses. Panels add theirs in files of their own.

Controls choose a look by the dynamic property `role`:
QPushButton  primary, danger, quiet (no frame), pill (header buttons)
QLabel       title, heading (small capitals of a section), dim, mono, error, warning, ok
QFrame/QWidget  panel, card, bar
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Template

from app.fonts import BASE_PIXELS, MONO_FAMILY, UI_FAMILY
from app.places import RESOURCES

_BASE = """
* { font-family: "$ui", sans-serif; font-size: ${base}px; color: $text; }
QMainWindow, QDialog, #workspace { background: $background; }
QWidget[role="panel"], QScrollArea[role="panel"] { background: $panel; }
QWidget[role="bar"] { background: $panel; }
QFrame[role="card"] { background: $panel; border: 1px solid $line; border-radius: 10px; }
QFrame[role="line"] { background: $line; border: none; }
QScrollArea { background: transparent; border: none; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 5px 7px; }

QLabel { background: transparent; }
QLabel[role="title"] { font-size: 15px; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="heading"] { font-size: 11px; font-weight: 600; color: $dim; letter-spacing: 0.7px; }
QLabel[role="dim"] { color: $dim; }
QLabel[role="small"] { color: $dim; font-size: 12px; }
QLabel[role="mono"] { font-family: "$mono"; font-size: 12px; }
QLabel[role="error"] { color: $error_text; }
QLabel[role="warning"] { color: $warning_text; }
QLabel[role="ok"] { color: $ok_text; }
"""

_BUTTONS = """
QPushButton { background: $raised; border: 1px solid $line; border-radius: 7px; padding: 6px 12px; min-height: 16px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $line; }
QPushButton:focus { border: 1px solid $accent; }
QPushButton:disabled { color: $faint; }
QPushButton[role="primary"] { background: $accent_fill; color: $accent_ink; border: 1px solid $accent_fill; font-weight: 600; }
QPushButton[role="primary"]:hover { background: $accent_fill_hover; border-color: $accent_fill_hover; }
QPushButton[role="primary"]:focus { border: 1px solid $text; }
QPushButton[role="primary"]:disabled { background: $raised; color: $faint; border-color: $line; }
QPushButton[role="danger"] { background: $error_soft; color: $error_text; border: 1px solid $error_soft; font-weight: 600; }
QPushButton[role="danger"]:hover { border-color: $error; }
QPushButton[role="quiet"] { background: transparent; border: 1px solid transparent; }
QPushButton[role="quiet"]:hover { background: $hover; }
QPushButton[role="quiet"]:focus { border: 1px solid $accent; }
QPushButton[role="link"] { background: transparent; border: none; color: $accent_text; padding: 2px; }
QPushButton[role="pill"] { background: $background; border: 1px solid $line; border-radius: 9px; padding: 6px 10px; }
QPushButton[role="pill"]:hover { background: $hover; }
QPushButton[role="pill"]::menu-indicator { image: none; width: 0; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 4px; }
QToolButton:hover { background: $hover; }
QToolButton:focus { border: 1px solid $accent; }
QToolButton:checked { background: $accent_soft; }
QToolButton::menu-indicator { image: none; }
QCheckBox, QRadioButton { spacing: 8px; background: transparent; }
QCheckBox::indicator, QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $faint; border-radius: 4px; background: $raised; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QCheckBox::indicator:focus, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent_fill; border-color: $accent_fill; image: url("$icons/check-white.svg"); }
QRadioButton::indicator:checked { background: $accent_fill; border-color: $accent_fill; image: url("$icons/dot-white.svg"); }
QCheckBox:focus, QRadioButton:focus { color: $accent_text; }
"""

_FIELDS = """
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox, QPlainTextEdit, QTextEdit {
  background: $field; border: 1px solid $line; border-radius: 7px; padding: 5px 9px; min-height: 17px;
  selection-background-color: $accent_fill; selection-color: $accent_ink; }
QLineEdit:hover, QSpinBox:hover, QDoubleSpinBox:hover, QComboBox:hover { border-color: $faint; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus { border-color: $accent; }
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled { color: $faint; }
QLineEdit[invalid="true"], QSpinBox[invalid="true"], QComboBox[invalid="true"] { border-color: $error; }
QSpinBox, QDoubleSpinBox, QLineEdit[role="mono"] { font-family: "$mono", "$ui"; font-size: 12px; }
QSpinBox::up-button, QDoubleSpinBox::up-button { subcontrol-position: top right; width: 20px; border: none; background: transparent; }
QSpinBox::down-button, QDoubleSpinBox::down-button { subcontrol-position: bottom right; width: 20px; border: none; background: transparent; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url("$icons/chevron-up-grey.svg"); width: 9px; height: 9px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url("$icons/chevron-down-grey.svg"); width: 9px; height: 9px; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url("$icons/chevron-down-grey.svg"); width: 11px; height: 11px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line; outline: none; padding: 4px;
  selection-background-color: $accent_soft; selection-color: $text; }
QComboBox QAbstractItemView::item { min-height: 24px; padding: 2px 6px; border-radius: 5px; }
QPlainTextEdit[role="mono"], QTextEdit[role="mono"] { font-family: "$mono", "$ui"; font-size: 12px; }
QProgressBar { background: $raised; border: none; border-radius: 4px; min-height: 8px; max-height: 8px; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }
QSlider::groove:horizontal { height: 4px; background: $line; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; background: $text; }
QSlider::handle:horizontal:focus { background: $accent; }
"""

_CONTAINERS = """
QAbstractScrollArea { border: none; }
QTreeView, QListView, QTableView { background: transparent; border: none; outline: none; alternate-background-color: $raised; }
QTreeView::item, QListView::item { min-height: 25px; border-radius: 6px; padding: 0 4px; }
QTreeView::item:hover, QListView::item:hover { background: $hover; }
QTreeView::item:selected, QListView::item:selected { background: $accent_soft; color: $text; }
QTableView { gridline-color: $line; selection-background-color: $accent_soft; selection-color: $text; }
QHeaderView { background: transparent; }
QHeaderView::section { background: $panel; color: $dim; border: none; border-bottom: 1px solid $line; padding: 5px 8px; }
QTableCornerButton::section { background: $panel; border: none; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 10px; margin: 0; }
QScrollBar:horizontal { height: 10px; margin: 0; }
QScrollBar::handle { background: $scroll; border-radius: 4px; border: 2px solid transparent; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: $accent; }
QTabWidget::pane { border: none; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $dim; padding: 7px 10px; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:focus { color: $accent_text; }
QMenuBar { background: $panel; border: none; padding: 2px 6px; }
QMenuBar::item { background: transparent; padding: 4px 9px; border-radius: 5px; color: $dim; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $hover; color: $text; }
QMenu { background: $raised; border: 1px solid $line; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 26px; border-radius: 5px; min-width: 130px; }
QMenu::item:selected { background: $accent_soft; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $line; margin: 5px 8px; }
QMenu::indicator { width: 13px; height: 13px; left: 7px; }
QMenu::indicator:checked { image: url("$icons/check-grey.svg"); }
QMenu::right-arrow { image: url("$icons/chevron-right-grey.svg"); width: 10px; height: 10px; right: 8px; }
QGroupBox { border: none; margin-top: 20px; font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; left: 0; color: $dim; }
"""

_SHELL = """
#header { background: $panel; border-bottom: 1px solid $line; }
#header_name { font-size: 14px; font-weight: 700; }
#header_project { color: $dim; }
#workspace_switch { background: $background; border-radius: 9px; }
#workspace_switch QPushButton { background: transparent; border: 1px solid transparent; border-radius: 7px; padding: 5px 18px; font-weight: 500; }
#workspace_switch QPushButton:hover { background: $hover; }
#workspace_switch QPushButton:checked { background: $switch; border: 1px solid $switch_line; font-weight: 600; }
#workspace_switch QPushButton:focus { border: 1px solid $accent; }
#device_button { padding: 6px 10px; }
#status_bar { background: $panel; border-top: 1px solid $line; }
#status_bar QLabel { font-size: 12px; color: $dim; }
#status_bar QPushButton { font-size: 12px; color: $dim; background: transparent; border: 1px solid transparent; padding: 1px 6px; border-radius: 5px; min-height: 14px; }
#status_bar QPushButton:hover { background: $hover; color: $text; }
#status_bar QPushButton:focus { border-color: $accent; }
#status_bar QPushButton[state="error"] { color: $error_text; }
#status_bar QPushButton[state="warning"] { color: $warning_text; }
#notice { background: $raised; border: 1px solid $line; border-radius: 10px; }
#notice[kind="error"] { border-color: $error; }
#notice[kind="ok"] { border-color: $ok; }
#template_card { background: $raised; border: 1px solid $line; border-radius: 10px; text-align: left; padding: 0; }
#template_card:hover, #template_card:focus { border: 1px solid $accent; }
#side_tabs, #bottom_tabs { background: $panel; }
#key { font-family: "$mono"; font-size: 11px; color: $dim; background: $raised; border: 1px solid $line; border-radius: 4px; padding: 2px 6px; }
"""


def base_rules(colors: Mapping[str, str]) -> str:
    """The QSS of the shared controls and of the window's own frame."""
    dark = colors["background"] < "#888888"
    values = {token.replace(".", "_"): color for token, color in colors.items()}
    values |= {
        "ui": UI_FAMILY,
        "mono": MONO_FAMILY,
        "base": str(BASE_PIXELS),
        "icons": (RESOURCES / "icons").as_posix(),
        "field": colors["background"],
        "switch": colors["hover"] if dark else colors["panel"],
        "switch_line": colors["hover"] if dark else colors["line"],
        "scroll": colors["line"],
    }
    return Template(_BASE + _BUTTONS + _FIELDS + _CONTAINERS + _SHELL).substitute(values)
