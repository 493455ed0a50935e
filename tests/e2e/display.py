"""A screen without a monitor, and a hand and fingers that use it: real X events, as a person's mouse makes them."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Point = tuple[int, int]
_STEP_SECONDS = 0.012


def missing_programs() -> list[str]:
    return [name for name in ("Xvfb", "xdotool") if shutil.which(name) is None]


@contextmanager
def virtual_display(size: str = "1440x900x24") -> Iterator[str]:
    """The name of a new display, which ends with the context."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp", "-noreset"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        try:
            with os.fdopen(reading) as answer:
                number = answer.readline().strip()
            assert number, "Xvfb did not start"
            yield f":{number}"
        finally:
            server.terminate()


class Hands:
    """Mouse and keyboard of a display. `heard` returns when the window has got all that was done so far."""

    def __init__(self, display: str, heard: Callable[[], object] = lambda: None) -> None:
        self._heard = heard
        self._environment = {**os.environ, "DISPLAY": display}

    def click(self, point: Point, times: int = 1) -> None:
        self._move(point)
        self._do("click", "--repeat", str(times), "--delay", "60", "1")

    def drag(self, start: Point, end: Point, steps: int = 14) -> None:
        """Press, move in small steps as a hand does, release."""
        self._move(start)
        self._do("mousedown", "1")
        for step in range(1, steps + 1):
            share = step / steps
            self._move((round(start[0] + (end[0] - start[0]) * share), round(start[1] + (end[1] - start[1]) * share)))
        time.sleep(0.15)
        self._do("mouseup", "1")
        time.sleep(0.1)

    def type(self, text: str) -> None:
        self._do("type", "--delay", "15", text)

    def key(self, *names: str) -> None:
        self._do("key", *names)

    def _move(self, point: Point) -> None:
        self._do("mousemove", str(point[0]), str(point[1]))
        time.sleep(_STEP_SECONDS)

    def _do(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], env=self._environment, check=True, timeout=900)
        self._heard()
