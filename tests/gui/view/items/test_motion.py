"""Whether things glide: the user's choice, else the environment, else what the desktop has been told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from graph_editor.view.painting import motion


@pytest.fixture(autouse=True)
def undecided(qtbot: QtBot) -> Iterator[None]:
    motion.choose("system")
    yield
    motion.choose("system")


@pytest.mark.parametrize(
    ("choice", "said", "system", "wanted"),
    [
        ("system", "", False, True),
        ("system", "", True, False),
        ("system", "1", False, False),
        ("system", "0", True, True),
        ("full", "1", True, True),
        ("reduced", "0", False, False),
        ("nonsense", "", True, False),
    ],
)
def test_who_decides(monkeypatch: pytest.MonkeyPatch, choice: str, said: str, system: bool, wanted: bool) -> None:
    monkeypatch.setenv(motion.VARIABLE, said)
    monkeypatch.setattr(motion, "system_reduces", lambda: system)
    motion.choose(choice)
    assert motion.is_wanted() is wanted


@pytest.mark.parametrize(
    ("desktop", "file", "content", "reduced"),
    [
        ("KDE", "kdeglobals", "[KDE]\nAnimationDurationFactor=0\n", True),
        ("KDE", "kdeglobals", "[KDE]\nAnimationDurationFactor=1.0\n", False),
        ("XFCE", "gtk-3.0/settings.ini", "[Settings]\ngtk-enable-animations=false\n", True),
        ("", "gtk-4.0/settings.ini", "[Settings]\ngtk-enable-animations = 0\n", True),
        ("XFCE", "gtk-3.0/settings.ini", "[Settings]\ngtk-enable-animations=1\n", False),
        ("XFCE", "gtk-3.0/settings.ini", "no file \0 of settings", False),
        ("KDE", "kdeglobals", "[KDE\n", False),
    ],
)
def test_desktops_are_asked_in_their_own_way(
    tmp_path: Path, desktop: str, file: str, content: str, reduced: bool
) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(content, "utf-8")
    environment = {"XDG_CURRENT_DESKTOP": desktop, "XDG_CONFIG_HOME": str(tmp_path)}
    assert motion.linux_reduces(environment, Path("/nobody")) is reduced
    assert motion.linux_reduces({"XDG_CURRENT_DESKTOP": desktop}, tmp_path / "nothing here") is False


@pytest.mark.skipif(os.name != "posix", reason="a program of the tests' own stands in for the desktop's")
@pytest.mark.parametrize(("script", "reduced"), [("echo false", True), ("echo true", False), ("exit 3", False)])
def test_gnome_is_asked_by_its_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, reduced: bool
) -> None:
    program = tmp_path / "gsettings"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert motion.linux_reduces({"XDG_CURRENT_DESKTOP": "ubuntu:GNOME"}, tmp_path) is reduced
    program.unlink()
    assert motion.linux_reduces({"XDG_CURRENT_DESKTOP": "ubuntu:GNOME"}, tmp_path) is False
