"""lamella import FILE -o P.lamella [--weights OUT.weights.h5]"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from app.cli.common.output import CommandError, say
from app.cli.common.paths import any_path, file_to_write
from app.cli.common.projects import engine_with_news
from app.cli.common.writing import add_force_argument, require_free
from app.model_files.reader import ModelReader
from app.outside_files.finding import FILE, READ, outside_files
from app.project.model_import import Opened, open_any, with_initial_weights
from app.project.weights_beside import keep_beside
from app.system.agreements import Agreements
from app.system.places import state_dir
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.validation import NAMES, NO_NAME, NO_SHAPE_YET, Problem, problems
from graph_editor.document.document import Document
from graph_editor.document.files.file_format import FileError, save
from graph_editor.keras_format.functional import model_json
from resources.os_reasons import os_reason
from resources.text import Text, tr
from resources.training.sections import INITIAL_WEIGHTS
from runtime.messages.connection import Failed
from runtime.messages.exporting import Export, Exported

MOST = 20  # boxes that are named
UNTRUSTED = ("untrusted", "own_code", "unknown_class")
HELP = Text("Make a project of a Keras model: .keras, .h5 or JSON. Nothing in the file is run.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=any_path, help=tr("the model: .keras, .h5 or JSON, of Keras 1, 2 or 3, or of TensorFlow.js")
    )
    parser.add_argument("-o", "--output", required=True, type=file_to_write, metavar="P.lamella")
    add_force_argument(parser)
    parser.add_argument(
        "--weights",
        type=file_to_write,
        metavar="OUT.weights.h5",
        help=tr("write the weights there, and train from that file"),
    )


def run(args: argparse.Namespace) -> int:
    require_free(args.output, args.force, read=[args.file])
    if args.weights:
        require_free(args.weights, args.force, read=[args.file, args.output])
    opened = _open(args.file)
    document = opened.document
    source = args.file if document.training.get(INITIAL_WEIGHTS) else None
    if args.weights:
        if source is None:
            raise CommandError(Text("{file} holds no weights.", {"file": str(args.file)}))
        _require_layers(document)
        _write_weights(document, args.file, args.weights)
        source = args.weights
    if source is not None:
        source = _kept(source, args.output)
        document.training = with_initial_weights(document.training, source, args.output.resolve().parent)
    try:
        save(document, args.output)
    except FileError as error:
        raise CommandError(error.text) from error
    if source is not None:  # who names a file here need not be asked about it in the window
        project = args.output.resolve()
        outside = outside_files(document, project.parent)
        Agreements(state_dir() / FILE).keep(project, dict.fromkeys(outside, READ))
    for note in opened.notes:
        say(f"  {note}")
    say(tr("Wrote {file}.", file=str(args.output)))
    _tell(opened, source, args.output)
    return 0


def _kept(source: Path, project: Path) -> Path:
    """The weights where they move with the project."""
    try:
        return keep_beside(source, project)
    except OSError as error:
        raise CommandError(
            Text.of("{file} was not copied beside the project: {reason}.", file=str(source), reason=os_reason(error))
        ) from error


def _tell(opened: Opened, source: Path | None, project: Path) -> None:
    """Say what became of the weights, and which boxes will not run."""
    if source is not None:
        say(tr("Training starts from the weights of {file}.", file=str(source)))
    else:
        say(tr("There are no weights in the file: training starts fresh."))
    all_problems = problems(opened.document, Catalog.load())
    _tell_names(all_problems, project)
    inert = [problem for problem in all_problems if problem.kind in UNTRUSTED]
    if inert:
        say(tr("These boxes are not run, as they are code of others or of no class that Keras has:"))
    for problem in inert[:MOST]:
        say(f"  {problem.text}")
    if len(inert) > MOST:
        say(tr("  and {count} more; lamella check names them all", count=len(inert) - MOST))


def _require_layers(document: Document) -> None:
    """Only Keras can write weights: it makes no layers of names that it does not take, and none without a shape."""
    found = problems(document, Catalog.load())
    shapeless = next((problem for problem in found if problem.kind == NO_SHAPE_YET), None)
    if shapeless is not None:
        raise CommandError(shapeless.text)
    refused = next((problem for problem in found if problem.kind == NO_NAME), None)
    if refused is not None:
        text = Text.of(
            "{problem} Leave --weights out, and give it other names with lamella mend.", problem=refused.text
        )
        raise CommandError(text)


def _tell_names(all_problems: Sequence[Problem], project: Path) -> None:
    """The names are those of the file until somebody wants others, so that it is written as it was."""
    unfit = [problem for problem in all_problems if problem.kind in NAMES]
    if unfit:
        say(tr("Keras cannot train with {count} of the names as they are:", count=len(unfit)))
        for problem in unfit[:MOST]:
            say(f"  {problem.text}")
        say(tr("lamella mend {file} gives it names that it takes.", file=str(project)))


def _open(path: Path) -> Opened:
    try:
        opened = open_any(path, ModelReader())
    except FileError as error:
        raise CommandError(error.text) from error
    if not opened.model:
        raise CommandError(Text("{file} is a project already.", {"file": str(path)}), status=2)
    return opened


def _write_weights(document: Document, source: Path, output: Path) -> None:
    question = Export(0, model_json(document), "weights", str(output.resolve()), None, str(source.resolve()))
    with engine_with_news() as engine:
        answer = engine.ask(question)
    if isinstance(answer, Failed):
        raise CommandError(answer.error, answer.detail)
    assert isinstance(answer, Exported)
    say(tr("Wrote {file}.", file=str(output)))
    for check in answer.checks:
        say(f"  {check}")
