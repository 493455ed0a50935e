"""lamella mend P.lamella [--only KIND] [--remarks]"""

import argparse

from app.cli.common.code import add_network_argument, add_trust_argument, require_local, require_trust
from app.cli.common.output import CommandError, say
from app.cli.common.paths import any_path
from app.cli.common.projects import Checked, check_project, engine_with_news, open_project
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.checking.validation import Mend, Problem
from graph_editor.document.edits import Edit, EditError, ReplaceOperation, SetIn, SetName, SetParameters
from graph_editor.document.files.file_format import FileError, save
from graph_editor.document.history import History
from resources.text import Text, tr

Place = tuple[str, ...]

HELP = Text("Do what lamella check proposes about problems, in the project itself.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=any_path, help=tr("the project file"))
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="KIND",
        help=tr("only problems or remarks of this kind, as check --json calls it; may be given several times"),
    )
    parser.add_argument("--remarks", action="store_true", help=tr("what is proposed for remarks as well"))
    add_trust_argument(parser)
    add_network_argument(parser)


def run(args: argparse.Namespace) -> int:
    document = open_project(args.project)
    require_local(document, args.project, args.network_files)
    require_trust(document, args.project, args.trust_code)
    history, done, done_texts = History(document, FOLLOW_UPS), list[Mend](), list[Text]()
    with engine_with_news() as engine:
        while True:
            checked = check_project(engine, document, args.project, args.trust_code)
            mends = _mends(_wanted(checked, args), done)
            now = apart(mends)
            done_texts += do(history, now)
            done += now
            if len(now) == len(mends):
                break
    if not done_texts:
        say(tr("There is nothing that can be mended."))
        return 1 if checked.errors else 0
    try:
        save(document, args.project)
    except FileError as error:
        raise CommandError(error.text) from error
    for text in done_texts:
        say(f"  {text}")
    say(tr("Wrote {file}.", file=str(args.project)))
    return 0


def _wanted(checked: Checked, args: argparse.Namespace) -> list[Problem]:
    """Those of the kinds that were named; without any the errors, and the remarks if these were asked for."""
    if args.only:
        return [problem for problem in checked.problems if problem.kind in args.only]
    return checked.problems if args.remarks else checked.errors


def _mends(problems: list[Problem], done: list[Mend]) -> list[Mend]:
    """What is proposed and was not done before, each once."""
    mends = list[Mend]()
    for problem in problems:
        if problem.mend is not None and problem.mend not in done and problem.mend not in mends:
            mends.append(problem.mend)
    return mends


def apart(mends: list[Mend]) -> list[Mend]:
    """Those that change other places than the ones before them.

    A mend holds what its place was when the project was checked: a second one there would undo the first.
    """
    apart, taken = list[Mend](), list[Place]()
    for mend in mends:
        places = [_place(edit) for edit in mend.edits]
        if not any(one[: len(two)] == two[: len(one)] for one in places for two in taken):
            apart.append(mend)
            taken += places
    return apart


def _place(edit: Edit) -> Place:
    """Of what is not known to stay within a place, the whole project: ()."""
    match edit:
        case SetIn():
            return (edit.section, *edit.path)
        case SetParameters() | SetName():
            return ("operation", edit.operation)
        case ReplaceOperation():
            return ("operation", edit.operation.id)
        case _:
            return ()


def do(history: History, mends: list[Mend]) -> list[Text]:
    """The sentences of what was done."""
    texts = list[Text]()
    for mend in mends:
        try:
            history.do(mend.text, mend.edits)
        except EditError as error:
            say(f"  {mend.text}: {error.text}")
            continue
        texts.append(mend.text)
    return texts
