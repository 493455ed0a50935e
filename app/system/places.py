"""Where Lamella keeps things: its own resources, and the user's settings, state and data."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from resources.private_files import narrow_all

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
HOME_VARIABLE = "LAMELLA_HOME"


def _directory(kind: str, otherwise: str) -> Path:
    home = os.environ.get(HOME_VARIABLE)
    return Path(home) / kind if home else Path(otherwise)


def config_dir() -> Path:
    """Settings. `LAMELLA_HOME` moves all three below one folder, for tests and portable use."""
    return _directory("config", platformdirs.user_config_dir("lamella", appauthor=False))


def state_dir() -> Path:
    """Logs, autosaved copies, window geometry."""
    return _directory("state", platformdirs.user_state_dir("lamella", appauthor=False))


def data_dir() -> Path:
    """Runs of projects that have no file yet."""
    return _directory("data", platformdirs.user_data_dir("lamella", appauthor=False))


def keep_private() -> None:
    """Make the owner's alone what an older Lamella, or a copy of it, left readable for others."""
    for folder in (config_dir(), state_dir(), data_dir()):
        narrow_all(folder)
