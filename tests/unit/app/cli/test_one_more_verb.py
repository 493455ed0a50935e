"""A verb of the command line is one file."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli.parsing import is_command, run_command
from tests.support.dummies import one_more

GREET = '''
"""lamella greet WHOM"""
import argparse

from app.cli.common.output import show
from resources.text import Text

HELP = Text("Say hello.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("whom")


def run(args: argparse.Namespace) -> int:
    show(f"Hello {args.whom}")
    return 7
'''


def test_a_verb_is_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with one_more("app.cli.verbs", "greet", GREET, tmp_path):
        assert is_command(["greet"])
        assert run_command(["greet", "Ada"]) == 7
        assert capsys.readouterr().out == "Hello Ada\n"
        with pytest.raises(SystemExit):
            run_command(["--help"])
        assert "Say hello." in capsys.readouterr().out
    with pytest.raises(SystemExit) as refused:
        run_command(["greet", "Ada"])
    assert refused.value.code == 2
