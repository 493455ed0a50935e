"""Where what can be worked out again is kept between runs of the program; the system may delete it at any time."""

import os
from pathlib import Path
from typing import Final

import platformdirs

HOME_VARIABLE: Final = "LAMELLA_HOME"  # moves all that Lamella keeps below one folder, for tests and portable use


def cache_dir() -> Path:
    home = os.environ.get(HOME_VARIABLE)
    return Path(home) / "cache" if home else Path(platformdirs.user_cache_dir("lamella", appauthor=False))
