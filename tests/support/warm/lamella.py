"""`python -m tests.support.warm.lamella VERB ...`: the command line, whose workers begin with Keras imported."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import cast

from app.__main__ import main
from runtime.launchers import local
from tests.support.warm.starting import WarmSubprocess

if __name__ == "__main__":
    vars(local)["subprocess"] = cast("ModuleType", WarmSubprocess())
    sys.exit(main())
