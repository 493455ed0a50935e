"""How many windows come of rows, before anybody has taken them."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.messages.looking import CountWindows
from runtime.spec import DataSource, DataSpec, Windows
from runtime.worker.data.answering.answers import count_windows
from runtime.worker.data.opening import Sources
from runtime.worker.data.source import DataError


def test_groups_and_rows_that_are_left_over_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("\n".join(["g,x", *(f"{'ab'[row // 6]},{row}" for row in range(12))]))

    def counted(windows: Windows) -> tuple[int, int]:
        spec = DataSpec((DataSource("csv", str(tmp_path / "a.csv")),), windows=windows)
        answer = count_windows(CountWindows(1, spec), sources)
        return answer.windows, answer.rows

    sources = Sources()
    try:
        assert counted(Windows(3)) == (9, 12)
        assert counted(Windows(3, group_by="g")) == (6, 12)
        assert counted(Windows(3, stride=3, horizon=0)) == (4, 12)
        with pytest.raises(DataError, match="no window of 12 rows"):
            counted(Windows(12))
    finally:
        sources.close()
