"""Tests for as long as there is time: `-p tests.support.clock --seconds 40` begins none after that, and says so.

Whoever started it may interrupt a test that takes too long: then those count that have ended.
"""

from __future__ import annotations

import time

import pytest

BEGAN = time.monotonic()
LEFT = pytest.StashKey[list[pytest.Item]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seconds", type=float, metavar="S", help="begin no test later than this after the start")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """pytest's own loop until the time is over. Without `--seconds`, or when a file could not be read: pytest's own."""
    seconds: float | None = session.config.getoption("--seconds")
    if seconds is None or session.testsfailed or session.config.option.collectonly:
        return None
    for number, item in enumerate(session.items):
        session.config.stash[LEFT] = session.items[number:]
        if time.monotonic() - BEGAN > seconds:
            return True
        following = session.items[number + 1] if number + 1 < len(session.items) else None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
    session.config.stash[LEFT] = []
    return True


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if exitstatus == pytest.ExitCode.INTERRUPTED and LEFT in session.config.stash:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED if session.testsfailed else pytest.ExitCode.OK


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if left := config.stash.get(LEFT, []):
        files = list(dict.fromkeys(item.nodeid.partition("::")[0] for item in left))
        terminalreporter.section("time is over")
        more = f" and {len(files) - 5} more" if len(files) > 5 else ""
        terminalreporter.line(f"{len(left)} tests were not begun, or not ended, of {', '.join(files[:5])}{more}")
