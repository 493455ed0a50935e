"""The worker program: connects to the desktop that started it and does what it is told."""

import json
import os
import sys
from multiprocessing.connection import Client

from runtime.worker.loop import Worker


def main() -> int:
    """Serves the desktop and ends the process; the status is that of the process, and never returned."""
    status = _serve()
    sys.stdout.flush()
    sys.stderr.flush()
    # TensorFlow's threads may hang or crash at an ordinary exit; everything of ours is written by now.
    os._exit(status)


def _serve() -> int:
    """The first line of standard input says where the desktop listens and proves that this is its worker."""
    try:
        hand_over = json.loads(sys.stdin.buffer.readline())
        address, key = hand_over["address"], bytes.fromhex(hand_over["authkey"])
    except (ValueError, KeyError, TypeError):
        print("This program is started by Lamella, not by hand.", file=sys.stderr)
        return 2
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - a device, not a path
        os.dup2(nothing.fileno(), 0)
    return Worker(Client(address, authkey=key)).run()


if __name__ == "__main__":
    main()
