"""How much memory is free: by the machine, by control groups of both versions, and by limits of the process."""

from pathlib import Path

import pytest

from runtime.worker.process import memory
from runtime.worker.process.memory import free_memory, size_text


def _write(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content, "ascii")


def left(tmp_path: Path, lines: str) -> list[int]:
    (tmp_path / "proc").write_text(lines, "utf-8")
    return list(memory._left_in_groups(tmp_path / "proc", tmp_path / "groups"))


def test_a_container_of_version_2(tmp_path: Path) -> None:
    _write(
        tmp_path / "groups" / "a",
        memory__max="1000\n",
        memory__current="700\n",
        memory__stat="anon 5\ninactive_file 200\n",
    )
    _write(tmp_path / "groups", memory__max="max\n", memory__current="9\n")
    assert left(tmp_path, "0::/a\n") == [500]


def test_a_group_of_version_1_and_one_around_it(tmp_path: Path) -> None:
    group = tmp_path / "groups" / "memory"
    _write(group / "job" / "step", memory__limit_in_bytes=str(2**63 - 4096), memory__usage_in_bytes="1")
    _write(group / "job", memory__limit_in_bytes="5000", memory__usage_in_bytes="1000")
    assert left(tmp_path, "5:cpuset:/\n4:cpu,memory:/job/step\n0::/\n") == [4000]


def test_the_root_counts_where_the_path_is_that_of_the_outside(tmp_path: Path) -> None:
    _write(tmp_path / "groups", memory__max="3000", memory__current="1000")
    assert left(tmp_path, "0::/docker/0123abcd\n") == [2000]


def test_no_groups_no_limits(tmp_path: Path) -> None:
    assert list(memory._left_in_groups(tmp_path / "none", tmp_path)) == []


def test_the_least_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    plenty = free_memory()
    assert plenty > 0
    monkeypatch.setattr(memory, "_left_in_groups", lambda *_: iter([plenty // 2]))
    assert free_memory() <= plenty // 2
    monkeypatch.setattr(memory, "_left_by_limits", lambda: iter([-5]))
    assert free_memory() == 0


def test_sizes_are_read_as_people_read_them() -> None:
    assert [size_text(size) for size in (0, 2048, 5 * 2**20, 149 * 2**30, 3 * 2**40)] == [
        "0.0 kB",
        "2.0 kB",
        "5.0 MB",
        "149 GB",
        "3.0 TB",
    ]
