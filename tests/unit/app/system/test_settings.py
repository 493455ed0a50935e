"""Settings survive, and a broken file of them costs nothing but itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.system.settings import RECENT_LIMIT, VERSION, Settings, SettingsStore, migrate


def test_what_is_changed_is_there_the_next_time(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path)
    store.values.theme, store.values.language = "light", "ko"
    store.save()
    assert SettingsStore(tmp_path).values == Settings(theme="light", language="ko")


def test_the_file_names_its_version(tmp_path: Path) -> None:
    SettingsStore(tmp_path).save()
    assert json.loads((tmp_path / "settings.json").read_text())["version"] == VERSION


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"theme": 5}', b"\xff\xfe\x00", b'{"recent": "a"}'])
def test_a_broken_file_is_set_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "settings.json").write_bytes(content)
    assert SettingsStore(tmp_path).values == Settings()
    assert (tmp_path / "settings.broken.json").read_bytes() == content
    assert not (tmp_path / "settings.json").exists()


def test_keys_of_a_newer_version_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"version": 99, "theme": "dark", "holograms": true}')
    assert SettingsStore(tmp_path).values.theme == "dark"


def test_a_disk_that_refuses_does_not_raise(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = SettingsStore(tmp_path / "file" / "folder")
    store.save()
    assert store.values == Settings()


def test_recent_files_are_few_and_the_newest_first(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path)
    for number in [*range(RECENT_LIMIT + 3), 5]:
        store.add_recent(tmp_path / f"{number}.lamella")
    assert len(store.values.recent) == RECENT_LIMIT
    assert Path(store.values.recent[0]).name == "5.lamella"
    assert len(set(store.values.recent)) == RECENT_LIMIT


def test_settings_must_be_an_object() -> None:
    with pytest.raises(ValueError, match="object"):
        migrate([1])
