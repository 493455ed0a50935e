"""Which lines of Qt a soak takes for a fault of the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import qInstallMessageHandler, qWarning

from tests.soak.faults import Faults


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ("QPainter::begin: Paint device returned engine == 0", 1),
        ("Keyboard event not accepted by receiving widget", 0),
        ('Mouse event "MousePress" not accepted by receiving widget', 0),
        ("Mouse event occurs outside target window", 0),
        ("Keyboard event was lost", 1),
    ],
)
def test_a_key_or_click_that_nobody_wants_is_no_fault_but_any_other_line_is(line: str, counts: int) -> None:
    told: list[str] = []
    faults = Faults(told.append)
    before = qInstallMessageHandler(faults.hear_qt)
    try:
        qWarning(line)
    finally:
        qInstallMessageHandler(before)
    assert faults.count == len(told) == counts
