"""What is said of a worker that is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from resources.text import Text
from runtime import process_end
from runtime.process_end import describe_end, memory_kills

MEMORY = "Keras' process was ended because the memory ran out: a smaller batch size or a smaller model needs less."


@pytest.mark.parametrize(
    ("code", "output", "sentence"),
    [
        (0, "", "Keras' process has ended."),
        (5, "hello", "Keras' process broke off with exit status 5."),
        (-11, "", "Keras' process was ended by SIGSEGV."),
        (-6, "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\n", MEMORY),
        (1, "RuntimeError: CUDA error: out of memory", MEMORY),
        (-1073741801, "", MEMORY),
        (-1073741571, "", "Keras' process was ended because functions called each other too deep."),
        (-6, "HDF5: write failed, No space left on device\nAborted", "Keras' process was ended: the disk is full."),
        (-6, "out of memory" + 3_000 * "." + "Aborted", "Keras' process was ended by SIGABRT."),
    ],
)
def test_each_end_has_its_sentence(code: int, output: str, sentence: str) -> None:
    assert str(describe_end(code, output, None, None).text) == sentence


def test_what_is_known_already_is_said() -> None:
    assert str(describe_end(-9, "", Text("It spoke another language."), 0).text) == "It spoke another language."


def test_a_kill_by_the_kernel_is_told_from_one_by_somebody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(process_end, "_COUNTERS", tmp_path / "vmstat")
    assert memory_kills() is None
    (tmp_path / "vmstat").write_text("nr_free_pages 12\noom_kill 4\n", "ascii")
    assert memory_kills() == 4
    somebody = "Keras' process was killed: by somebody, or because the memory ran out."
    assert [str(describe_end(-9, "", None, before).text) for before in (3, 4, None)] == [MEMORY, somebody, somebody]
