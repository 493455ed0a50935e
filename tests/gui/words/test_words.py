"""Labels, tooltips and boxes show letters as they are."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import Qt, QTextDocument
from PySide6.QtWidgets import QLabel, QPushButton, QToolTip
from pytestqt.qtbot import QtBot

from graph_editor.words.dialogs import PlainMessageBox, PlainProgressDialog
from graph_editor.words.elided_label import ElidedLabel
from graph_editor.words.literal import on_button, window_title
from graph_editor.words.markup import MarkedLabel, bold, lines, marked, plain, without_marks
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_description, set_spoken_name
from graph_editor.words.tooltips import set_tooltip, show_tooltip, tooltip_text
from resources.text import Text

HOSTILE = [
    '<img src="file:///dev/zero">',
    "<b>bold</b>",
    "a &lt; b",
    "<a href='x'>y</a>",
    "&amp;",
    "<!doctype x>",
    "1 < 2",
]


def shown(text: str) -> str:
    """What a person reads of a text that Qt is given."""
    if not Qt.mightBeRichText(text):
        return text
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_tooltip_shows_the_letters(text: str) -> None:
    assert shown(tooltip_text(text)) == text
    assert shown(tooltip_text(f"{text}\n  {text}")) == f"{text}\n  {text}"
    assert shown(tooltip_text(lines([bold(text), text]))).splitlines() == [text, text]


def test_a_short_tooltip_is_given_as_it_is_and_a_long_one_is_broken(qtbot: QtBot) -> None:
    assert tooltip_text("Train the model (F5)") == "Train the model (F5)"
    long = tooltip_text("a word " * 100)
    assert max(map(len, long.split("\n"))) <= 90 and long.split() == ["a", "word"] * 100
    endless = tooltip_text("x" * 100_000)
    assert len(endless) < 4000 and endless.endswith("…")
    assert len(tooltip_text("\n" * 100_000).split("\n")) <= 40
    button = QPushButton()
    qtbot.addWidget(button)
    set_tooltip(button, HOSTILE[0])
    assert shown(button.toolTip()) == HOSTILE[0]
    show_tooltip(QPoint(5, 5), HOSTILE[0], button)
    assert shown(QToolTip.text()) == HOSTILE[0]
    QToolTip.hideText()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_label_shows_the_letters(qtbot: QtBot, text: str) -> None:
    label, other = PlainLabel(text), QPushButton()
    qtbot.addWidget(label)
    qtbot.addWidget(other)
    assert label.textFormat() == Qt.TextFormat.PlainText and label.text() == text
    label.setBuddy(other)
    assert label.text() == text and QLabel.text(label) == text.replace("&", "&&")  # no key of its own
    label.setText("line\x07")
    assert label.text() == "line\\x07"


def test_only_our_own_marks_are_marks(qtbot: QtBot) -> None:
    label = MarkedLabel()
    qtbot.addWidget(label)
    label.setText(marked(Text("{count} of {name}", {"count": bold("3"), "name": "<img src='x'>"})))
    assert QLabel.text(label) == "<b>3</b> of &lt;img src='x'&gt;"
    assert without_marks(marked(Text("{a} & {b}", {"a": bold("<i>"), "b": "&amp;"}))) == "<i> & &amp;"
    label.setText("<b>not ours</b>")
    assert QLabel.text(label) == "&lt;b&gt;not ours&lt;/b&gt;"
    assert plain("a\nb") == "a<br>b"


def test_boxes_show_the_letters(qtbot: QtBot) -> None:
    box = PlainMessageBox(HOSTILE[0], HOSTILE[1])
    qtbot.addWidget(box)
    box.setDetailedText(HOSTILE[1])
    texts = [label.text() for label in box.findChildren(QLabel) if label.text()]
    assert HOSTILE[0] in texts and HOSTILE[1] in texts
    assert {label.textFormat() for label in box.findChildren(QLabel) if label.text()} == {Qt.TextFormat.PlainText}
    busy = PlainProgressDialog(HOSTILE[0], "Cancel")
    qtbot.addWidget(busy)
    labels = [label for label in busy.findChildren(QLabel) if label.text()]
    assert [(label.text(), label.textFormat()) for label in labels] == [(HOSTILE[0], Qt.TextFormat.PlainText)]
    busy.reset()


def test_a_long_name_asks_for_no_room(qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.show_text("n" * 100_000 + "\nnext")
    label.resize(120, 20)
    assert label.minimumSizeHint().width() == 30 and label.sizeHint().width() < 5000
    assert "\n" not in label.text() and label.text().endswith("…")


def test_signs_of_qt_in_names() -> None:
    assert on_button("R&D\n") == "R&&D\\n"
    assert window_title("a [*] b") == "a [*][*] b"


def test_what_is_said_holds_nothing_unseen(qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    set_spoken_name(button, "\x07\u202ea" + "w" * 100_000)
    set_spoken_description(button, marked(Text("{count} of\n{name}", {"count": bold("3"), "name": "<b>"})))
    assert button.accessibleName().startswith("\\x07\\u202eaw") and len(button.accessibleName()) < 2000
    assert button.accessibleDescription() == "3 of\n<b>"
