"""Whatever call of the operating system fails while something is written: the old or the new is there, whole."""

from __future__ import annotations

import pytest

from tests.fuzz.faults import Writer, try_all, writers


@pytest.mark.parametrize("writer", writers(), ids=lambda writer: str(writer.name))
def test_every_call_may_fail_once(writer: Writer) -> None:
    tally = try_all(writer)
    assert tally.points["write"] >= 4 and (tally.points["fsync"] >= 3 or not writer.syncs), "nothing was made to fail"
    assert tally.wrong == []
