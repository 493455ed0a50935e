"""The one entry point: the window, the command-line verbs, and the worker of a frozen application.

Which of them is meant is decided before anything heavy is imported: verbs need no Qt, workers need no window.
"""

import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str] | None = None) -> int:
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["worker"]:  # how a packaged Lamella starts its own workers
        from runtime.worker.__main__ import main as run_worker

        return run_worker()
    if arguments[:1] == ["read-model"]:  # how a file of a stranger is read: app/model_files says why
        from app.model_files.process import main as read_model

        return read_model()
    if arguments[:1] == ["read-log"]:  # how a log of another program is read
        from app.model_files.log_process import main as read_log

        return read_log()
    from app.cli.parsing import is_command, run_command

    if is_command(arguments):
        return run_command(arguments)
    from app.shell.gui import run_desktop

    return run_desktop(Path(arguments[0]) if arguments else None)


if __name__ == "__main__":
    sys.exit(main())
