"""A few hundred of the folders that tests/fuzz/run_folders.py makes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fuzz.run_folders import Fuzzer


@pytest.fixture
def fuzzer() -> Iterator[Fuzzer]:
    result = Fuzzer(seed=3)
    yield result
    result.close()


def test_a_bad_folder_is_damaged_and_hides_no_other(fuzzer: Fuzzer, tmp_path: Path) -> None:
    for number in range(300):
        fuzzer.run(number)
    assert fuzzer.findings == []
    assert fuzzer.counts["damaged"] > 50 and fuzzer.counts["completed"] > 50, "it tries both"


def test_the_fuzzer_finds_a_run_that_hides_others(fuzzer: Fuzzer, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it was before: what cannot be read is left out."""
    everything = type(fuzzer._store).all_runs
    monkeypatch.setattr(
        type(fuzzer._store), "all_runs", lambda store: [run for run in everything(store) if run.status != "damaged"]
    )
    for number in range(30):
        fuzzer.run(number)
    assert any("it is not listed" in finding for finding in fuzzer.findings)
