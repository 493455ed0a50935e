"""`python -m tests.dev VERB ...`: what `dev.py` does once there is an environment. A verb is a file in `verbs`."""

from __future__ import annotations

import importlib
import sys

from dev import SetupError, verbs
from tests.support.bytecode import keep_bytecode


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in verbs():
        raise SetupError(f"What to do is one of these: {', '.join(verbs())}.")
    verb, *rest = arguments
    keep_bytecode()
    result = importlib.import_module(f"tests.dev.verbs.{verb}").main(rest)
    assert isinstance(result, int)
    return result


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
