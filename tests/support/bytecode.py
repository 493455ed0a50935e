"""Compiled Python that lasts from one process to the next, also where PYTHONDONTWRITEBYTECODE wants none.

Who sets that wants no files beside the sources. But without any, each process that imports Keras compiles 3,500 files
anew: 6 of the 9 seconds of processor time that it takes, and the tests start more than a hundred such processes. So
the files lie in the environment, in a folder of their own.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from dev import ENVIRONMENT


def keep_bytecode(environment: Path = ENVIRONMENT) -> None:
    """For this process and all that it starts. Does nothing where Python keeps it anyhow."""
    if not sys.dont_write_bytecode or not environment.is_dir():
        return
    folder = str(environment / "bytecode")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = folder
    sys.dont_write_bytecode = False
