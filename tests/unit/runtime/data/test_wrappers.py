"""A source that is made of others passes on all that these say: what it leaves to the defaults would be lost."""

from __future__ import annotations

import pytest

from runtime.worker.data.joined import JoinedSource
from runtime.worker.data.prepared import PreparedSource
from runtime.worker.data.rows_source import RowsSource
from runtime.worker.data.source import Source
from runtime.worker.data.windowed import WindowedSource

# What says the same by itself, through the others; `note` and `left_out` are set for each one that is made.
BY_ITSELF = {"identity", "note", "left_out", "read_into", "sample_bytes", "raw", "close", "require", "columns"}
AS_IT_IS = {"fed_as_it_is", "order_problems"}  # of a source that stands alone
OF_WINDOWS = {"windowed", "truth_of"}  # which are made of these, never the other way
OF_THE_OPENED = {"is_stale"}  # asked of what was opened, not of what is made of it


@pytest.mark.parametrize("wrapper", [JoinedSource, PreparedSource, RowsSource])
def test_nothing_is_left_to_the_defaults(wrapper: type[Source]) -> None:
    public = {name for name in vars(Source) if not name.startswith("_") and name != "column"}
    assert public - BY_ITSELF - AS_IT_IS - OF_WINDOWS - OF_THE_OPENED - vars(wrapper).keys() == set()


def test_windows_keep_what_is_wrong_with_their_rows() -> None:
    assert {"problems", "doubts", "place"} <= vars(WindowedSource).keys()
