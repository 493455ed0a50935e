"""lamella mend P.lamella [--only KIND]"""

import argparse

from app.cli.common.code import add_network_argument, add_trust_argument, require_local, require_trust
from app.cli.common.output import CommandError, say
from app.cli.common.paths import any_path
from app.cli.common.projects import Checked, check_project, engine_with_news, open_project
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.checking.validation import Mend, Problem
from graph_editor.document.edits import EditError
from graph_editor.document.files.file_format import FileError, save
from graph_editor.document.history import History
from resources.text import Text, tr

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
    with engine_with_news() as engine:
        checked = check_project(engine, document, args.project, args.trust_code)
    done_texts = _mend(checked, _wanted(checked, args))
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


def _mend(checked: Checked, problems: list[Problem]) -> list[Text]:
    """Do what is proposed for each, once; the sentences of what was done."""
    history, done, texts = History(checked.document, FOLLOW_UPS), list[Mend](), list[Text]()
    for problem in problems:
        if problem.mend is None or problem.mend in done:
            continue
        done.append(problem.mend)
        try:
            history.do(problem.mend.text, problem.mend.edits)
        except EditError as error:
            say(f"  {problem.mend.text}: {error.text}")
            continue
        texts.append(problem.mend.text)
    return texts
