"""lamella templates"""

import argparse

from app.cli.common.output import print_json, show_lines, table
from app.project.templates import TEMPLATES
from resources.text import Text, tr

HELP = Text("List the projects to start from.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=tr("for machines"))


def run(args: argparse.Namespace) -> int:
    if args.json:
        print_json(
            [{"name": item.key, "title": str(item.title), "description": str(item.description)} for item in TEMPLATES]
        )
    else:
        show_lines(table([(item.key, str(item.title), str(item.description)) for item in TEMPLATES]))
    return 0
