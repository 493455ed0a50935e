"""Whether things may glide on the screen, or have to be where they belong at once.

The one place that says so: what the user chose, else the environment, else the system. The choice is kept by the
application object, so that nothing has to be handed down to whatever moves.
"""

import os
import shutil
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

from PySide6.QtCore import QCoreApplication, QSettings

Motion = Literal["system", "full", "reduced"]
MOTIONS: Final[tuple[Motion, ...]] = ("system", "full", "reduced")
VARIABLE: Final = "LAMELLA_REDUCE_MOTION"  # "1" or "0": what "as the system" means then
_CHOICE: Final = "lamellaMotion"
_ASKED_FOR: Final = 0.3  # seconds; a system that does not answer asks for nothing
_OFF: Final = ("0", "false", "no", "off")


def choose(motion: str) -> None:
    """Follow the user's choice from now on; what is none counts as "system"."""
    application = QCoreApplication.instance()
    if application is not None:
        application.setProperty(_CHOICE, motion if motion in MOTIONS else "system")


def is_wanted() -> bool:
    """Whether to animate."""
    application = QCoreApplication.instance()
    choice = application.property(_CHOICE) if application is not None else None
    if choice in ("full", "reduced"):
        return bool(choice == "full")
    said = os.environ.get(VARIABLE, "")
    return said.lower() in _OFF if said else not system_reduces()


@cache
def system_reduces() -> bool:
    """Whether the system is set to show no animations. Qt 6.9 does not tell, so each system is asked in its own way."""
    if sys.platform == "win32":
        return _windows_reduces()
    if sys.platform == "darwin":
        return bool(QSettings("com.apple", "universalaccess").value("reduceMotion", False, bool))
    return linux_reduces(os.environ, Path.home())


def linux_reduces(environment: Mapping[str, str], home: Path) -> bool:
    """Return what the desktop has been told: GNOME and its kin, KDE, or GTK's own files."""
    desktop = environment.get("XDG_CURRENT_DESKTOP", "").lower()
    config = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    if "kde" in desktop:
        return _setting_text(config / "kdeglobals", "KDE", "AnimationDurationFactor") in ("0", "0.0")
    if any(name in desktop for name in ("gnome", "unity", "cinnamon", "budgie")):
        return _gnome_reduces()
    files = (config / f"gtk-{version}.0" / "settings.ini" for version in (4, 3))
    return any(_setting_text(file, "Settings", "gtk-enable-animations") in _OFF for file in files)


def _setting_text(file: Path, section: str, key: str) -> str:
    """Return what a settings file says, in lower case; nothing when it cannot be read."""
    from configparser import ConfigParser, Error  # here and below: the window shows before anything moves

    parser = ConfigParser(strict=False, interpolation=None)
    try:
        parser.read(file, "utf-8")
    except (OSError, Error, UnicodeDecodeError):
        return ""
    return parser.get(section, key, fallback="").strip().lower()


def _gnome_reduces() -> bool:
    import subprocess

    program = shutil.which("gsettings")
    if program is None:
        return False
    ask = [program, "get", "org.gnome.desktop.interface", "enable-animations"]
    try:
        answer = subprocess.run(ask, capture_output=True, timeout=_ASKED_FOR, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.stdout.strip() == b"false"


def _windows_reduces() -> bool:
    import ctypes

    animates = ctypes.c_int(1)
    get_client_area_animation = 0x1042
    ctypes.windll.user32.SystemParametersInfoW(get_client_area_animation, 0, ctypes.byref(animates), 0)  # type: ignore[attr-defined]
    return not animates.value
