"""lamella devices"""

import argparse

import msgspec

from app.cli.common.output import CommandError, print_json, show_lines, table
from app.cli.common.projects import engine_with_news
from resources.text import Text, tr
from runtime.messages.connection import Failed
from runtime.messages.devices import Devices, ListDevices

HELP = Text("List what can be trained on, and why something cannot.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=tr("for machines"))


def run(args: argparse.Namespace) -> int:
    with engine_with_news() as engine:
        answer = engine.ask(ListDevices(0))
    if isinstance(answer, Failed):
        raise CommandError(answer.error, answer.detail)
    assert isinstance(answer, Devices)
    if args.json:
        print_json(
            [
                {
                    **msgspec.to_builtins(device),
                    "title": str(device.title),
                    "reason": str(device.reason) if device.reason else None,
                }
                for device in answer.devices
            ]
        )
    else:
        rows = [
            (device.id, str(device.title), tr("available") if device.available else str(device.reason or ""))
            for device in answer.devices
        ]
        show_lines(table(rows))
    return 0
