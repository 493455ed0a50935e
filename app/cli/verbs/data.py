"""lamella data describe PATH, lamella data check P.lamella, lamella data get NAME"""

import argparse
from typing import Any

from app.cli.common.code import add_network_argument, add_trust_argument, require_local, require_trust
from app.cli.common.data import NamedData, add_option_argument, named_data, require_data
from app.cli.common.engine import headless_engine
from app.cli.common.known_sets import get_known_set, list_known_sets
from app.cli.common.output import CommandError, print_json, show, show_lines, table
from app.cli.common.paths import any_path
from app.cli.common.problems import entry_of, print_problems, unreadable
from app.cli.common.projects import check_project, engine_with_news, open_project
from app.panels.data.parts.words import kind_text, shape_text
from resources.plain import listed
from resources.text import Text, tr
from runtime.data_kinds import kind_title
from runtime.messages.describing import Column

HELP = Text("Say what a file or folder of data holds, or what is wrong with the data of a project.")
_SHOWN_CLASSES = 6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(metavar=tr("VERB"), required=True)
    about = tr("Say what kind of data a file or folder is, and what its columns hold.")
    describe = verbs.add_parser("describe", help=about, description=about)
    describe.add_argument("path", type=any_path, help=tr("the file or folder"))
    add_option_argument(describe)
    about = tr("Say what is wrong or odd with the data of a project.")
    check = verbs.add_parser("check", help=about, description=about)
    check.add_argument("project", type=any_path, help=tr("the project file"))
    add_trust_argument(check)
    add_network_argument(check)
    about = tr("Download a set that Keras knows, such as mnist; without a name, list them.")
    get = verbs.add_parser("get", help=about, description=about)
    get.add_argument("name", nargs="?", help=tr("the name of the set"))
    get.add_argument("--yes", action="store_true", help=tr("download it"))
    get.set_defaults(data_verb=_get, json=False)
    for verb, does in ((describe, _describe), (check, _check)):
        verb.add_argument("--json", action="store_true", help=tr("for machines"))
        verb.set_defaults(data_verb=does)


def run(args: argparse.Namespace) -> int:
    try:
        status: int = args.data_verb(args)
    except CommandError as error:
        if args.json and error.status == 1:
            print_json(unreadable(error))
        raise
    return status


def _get(args: argparse.Namespace) -> int:
    if args.name is None:
        list_known_sets()
    else:
        get_known_set(args.name, args.yes)
    return 0


def _describe(args: argparse.Namespace) -> int:
    with headless_engine() as engine:  # data is answered beside Keras, which nobody waits for
        data = named_data(engine, args.path, args.options, None)
    if args.json:
        print_json(_as_json(data))
    else:
        _print(data)
    return 0


def _as_json(data: NamedData) -> dict[str, Any]:
    return {
        "kind": data.found.kind,
        "what": str(data.found.what),
        "options": dict(data.options),
        "samples": data.described.samples,
        "note": str(data.described.note) if data.described.note is not None else None,
        "columns": [
            {
                "name": column.name,
                "kind": column.kind,
                "shape": list(column.shape),
                "dtype": column.dtype,
                "samples": column.samples,
                "minimum": column.minimum,
                "maximum": column.maximum,
                "distinct": column.distinct,
                "missing": column.missing,
                "classes": list(column.categories),
                "sampled": column.sampled,
            }
            for column in data.described.columns
        ],
        "alternatives": [{"kind": other.kind, "what": str(other.what)} for other in data.found.alternatives],
    }


def _print(data: NamedData) -> None:
    show(f"{kind_title(data.found.kind)}: {data.found.what}")
    for name, value in data.options.items():
        show(f"  {name}={value}")
    columns = data.described.columns
    show(tr("{columns} columns, {samples} samples", columns=len(columns), samples=f"{data.described.samples:,}"))
    show()
    show_lines(table([_row(column) for column in columns]))
    most = max((column.sampled for column in columns), default=0)
    if most:
        show()
        show(tr("≈ in {count} samples that are spread over all of them", count=f"{most:,}"))
    if data.described.note is not None:
        show()
        show(str(data.described.note))


def _row(column: Column) -> tuple[str, ...]:
    missing = tr("{count} missing", count=f"{column.missing:,}") if column.missing else ""
    return (column.name, kind_text(column.kind), shape_text(column.shape), column.dtype, _values(column), missing)


def _values(column: Column) -> str:
    if column.categories:
        return tr(
            "{count} classes: {names}", count=len(column.categories), names=listed(column.categories, _SHOWN_CLASSES)
        )
    if column.minimum is None or column.maximum is None:
        return ""
    about = "≈ " if column.sampled else ""
    return f"{about}{column.minimum:.6g} … {column.maximum:.6g}"


def _check(args: argparse.Namespace) -> int:
    document = open_project(args.project)
    require_local(document, args.project, args.network_files)
    require_trust(document, args.project, args.trust_code)
    require_data(document, args.project)
    with engine_with_news() as engine:
        checked = check_project(engine, document, args.project, args.trust_code)
    errors, remarks = (
        [problem for problem in found if problem.kind.partition(".")[0] == "data"]
        for found in (checked.errors, checked.remarks)
    )
    if args.json:
        print_json(
            {
                "problems": [entry_of(checked, problem) for problem in errors],
                "remarks": [entry_of(checked, problem) for problem in remarks],
            }
        )
    else:
        print_problems(checked, errors, remarks)
    return 1 if errors else 0
