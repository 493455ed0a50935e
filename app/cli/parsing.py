"""Finds the verbs, one module each in ``app/cli/verbs``, and runs the one that was named.

A verb module has HELP, ``add_arguments(parser)`` and ``run(args) -> exit status``. Imports Qt only where a verb draws.
A verb that is a word of Python's own ends with an underscore in the name of its module: ``import_`` is "import".
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from keyword import iskeyword
from pathlib import Path

from app.cli import verbs
from app.cli.common.output import CommandError, complain
from app.system.i18n_choice import use_system_language
from app.system.leftovers import sweep_beside, sweep_own_places
from resources.registry import module_names
from resources.text import Text, tr

OK, PROBLEMS, USAGE = 0, 1, 2


def verb_names() -> list[str]:
    return sorted(name.removesuffix("_") for name in module_names(verbs))


def is_command(arguments: Sequence[str]) -> bool:
    """Whether the arguments are for the command line; otherwise they name a project to open in the window."""
    if not arguments:
        return False
    first = arguments[0]
    looks_like_a_file = bool(Path(first).suffix) or os.sep in first or os.path.exists(first)  # noqa: PTH110 - it may be no path at all
    return first in verb_names() or not looks_like_a_file  # a word that is neither is a misspelt verb


def run_command(arguments: Sequence[str]) -> int:
    """The exit status: 0, 1 for problems, 2 for wrong usage."""
    use_system_language()
    parser = _parser()
    args = parser.parse_args(arguments)  # exits with 2 by itself
    if not hasattr(args, "verb"):
        parser.print_help()
        return USAGE
    sweep_own_places()
    sweep_beside(path for path in vars(args).values() if isinstance(path, Path))
    try:
        return int(args.verb(args))
    except CommandError as error:
        complain(str(error.text), error.detail if getattr(args, "verbose", False) else "")
        return error.status
    except BrokenPipeError:  # `lamella … | head`
        sys.stderr.close()
        return OK
    except KeyboardInterrupt:
        complain(tr("Stopped."))
        return PROBLEMS


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lamella",
        description=tr("Draw Keras models, train them, take the result away."),
        epilog=tr("Without a verb: lamella [PROJECT] opens the window."),
    )
    parser.add_argument("--version", action="version", version=f"lamella {version('lamella')}")
    choices = parser.add_subparsers(metavar=tr("VERB"))
    for name in verb_names():
        module = importlib.import_module(f"app.cli.verbs.{name}{'_' if iskeyword(name) else ''}")
        help_text: Text = module.HELP
        verb = choices.add_parser(name, help=str(help_text), description=str(help_text))
        module.add_arguments(verb)
        verb.set_defaults(verb=module.run)
    return parser
