"""lamella predict P.lamella [--run R] --data FILE -o OUT.csv"""

import argparse
from pathlib import Path
from typing import Final

from app.cli.common.output import CommandError, print_json, say
from app.cli.common.paths import any_path, file_to_write
from app.cli.common.projects import open_project
from app.cli.common.trained import add_trained_arguments, ask, asked_on, evaluator, trained_of
from app.cli.common.writing import add_force_argument, require_free
from resources.text import Text, tr
from runtime.messages.evaluating import Predict, Predicted

HELP = Text("Write what a trained model predicts of other data: class names, probabilities and ids.")
_ENDINGS: Final = (".csv", ".parquet", ".npz")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_trained_arguments(parser)
    parser.add_argument(
        "--data", type=any_path, required=True, metavar="FILE",
        help=tr("a file or folder with the columns that the model takes"),
    )  # fmt: skip
    parser.add_argument(
        "-o", "--output", required=True, type=file_to_write, metavar="OUT",
        help=tr("the file to write: OUT.csv, OUT.parquet or OUT.npz"),
    )  # fmt: skip
    add_force_argument(parser)
    parser.add_argument("--json", action="store_true", help=tr("for machines"))


def run(args: argparse.Namespace) -> int:
    output: Path = args.output
    if output.suffix.lower() not in _ENDINGS:
        endings = ", ".join(_ENDINGS)
        text = Text("{file} must end with one of these: {endings}.", {"file": output.name, "endings": endings})
        raise CommandError(text, status=2)
    document = None if args.project.is_dir() else open_project(args.project)
    found, trained = trained_of(args)
    require_free(output, args.force, args.project, document, [args.data])
    with evaluator(trained) as engine:
        on = asked_on(engine, found, args.data, args)
        answer = ask(engine, Predict(0, trained, on, str(output.absolute())))
    assert isinstance(answer, Predicted)
    for note in answer.notes:
        say(str(note))
    if args.json:
        notes = [str(note) for note in answer.notes]
        print_json({"file": answer.path, "samples": answer.samples, "notes": notes})
    else:
        say(tr("Wrote {file}.", file=str(output)))
    return 0
