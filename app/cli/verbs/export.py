"""lamella export P.lamella --to keras -o OUT"""

import argparse
import os
from collections.abc import Iterable
from pathlib import Path

from app.cli.common.code import add_network_argument, add_trust_argument, require_local, require_trust, run_project_code
from app.cli.common.found_runs import find_in, require_sound_run
from app.cli.common.output import CommandError, say
from app.cli.common.paths import any_path, file_to_read, file_to_write, named
from app.cli.common.projects import Checked, check_project, engine_with_news, open_project, require_sound
from app.cli.common.writing import add_force_argument, require_free
from app.project.export_formats import ExportFormat, export_format, export_formats
from graph_editor.document.checking.validation import problems
from graph_editor.document.document import Document
from graph_editor.exporters.code.script import model_source
from graph_editor.exporters.registry import SourceFormat
from graph_editor.keras_format.functional import model_json
from resources.atomic import write_atomically
from resources.os_reasons import os_reason
from resources.python_code.pieces import SourceError
from resources.text import Text, tr
from resources.training.sections import INITIAL_WEIGHTS, initial_names_of
from runtime.messages.connection import Failed
from runtime.messages.exporting import CheckSource, Export, Exported, SourceChecked
from runtime.python_code import RunCode
from runtime.spec import initial_weights
from runtime.store import RunInfo, read_run

HELP = Text("Write the model as Keras' own files, as Python source or as a picture.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=any_path, help=tr("the project file"))
    add_trust_argument(parser)
    add_network_argument(parser)
    parser.add_argument("--to", required=True, choices=[entry.key for entry in export_formats()])
    parser.add_argument("--run", type=named, help=tr("take the weights of this run: its number or its folder"))
    parser.add_argument(
        "--best", action="store_true", help=tr("with --run: the weights of its best epoch instead of its last")
    )
    parser.add_argument(
        "--weights", type=file_to_read, metavar="FILE", help=tr("take what fits of the weights in FILE")
    )
    parser.add_argument("-o", "--output", required=True, type=file_to_write)
    add_force_argument(parser)
    parser.add_argument("--theme", choices=("dark", "light"), default="light", help=tr("for pictures"))


def run(args: argparse.Namespace) -> int:
    if args.best and not args.run:
        raise CommandError(Text("--best belongs to --run."), status=2)
    document = open_project(args.project)
    require_free(args.output, args.force, args.project, document, [args.weights] if args.weights else [])
    trained = _find_run(args.project, args.run) if args.run else None  # before Keras is started for it
    form = export_format(args.to)
    if form.source is not None:
        return _write_source(document, form, form.source, args)
    require_local(document, args.project, args.network_files)
    if form.needs == "engine":  # a picture can be drawn of anything
        require_trust(document, args.project, args.trust_code)
    with engine_with_news() as engine:
        checked = check_project(engine, document, args.project, args.trust_code)
        if form.needs == "canvas":
            from app.cli.common.pictures import write_picture

            write_picture(checked, args.output, args.to, args.theme)
            say(tr("Wrote {file}.", file=str(args.output)))
            return 0
        checked.problems = form.hindrances(checked.problems)
        require_sound(checked)
        answer = engine.ask(_question(checked, args, trained))
    if isinstance(answer, Failed):
        raise CommandError(answer.error, answer.detail)
    assert isinstance(answer, Exported)
    _say_written(args.output, answer.checks)
    if not args.run and not args.weights and form.weights and not document.training.get(INITIAL_WEIGHTS):
        say(tr("The weights are fresh: --run takes those of a training run."))
    return 0


def _write_source(document: Document, form: ExportFormat, source: SourceFormat, args: argparse.Namespace) -> int:
    """What the script makes is compared with the model; classes that Keras does not have are no hindrance."""
    checked = Checked(document, args.project)
    catalog = checked.catalog
    with engine_with_news() as engine:
        if args.trust_code:
            run_project_code(engine, document, args.project, catalog)
        checked.problems = form.hindrances(problems(document, catalog))
        require_sound(checked)
        try:
            text = source.write(document, catalog, RunCode(args.project.resolve().parent))
            question = CheckSource(
                0, model_json(checked.built_model.document), model_source(document, catalog, RunCode())
            )
        except SourceError as error:
            reason = {"file": args.output.name, "reason": error.text}
            raise CommandError(Text("{file} was not saved: {reason}", reason)) from error
        answer = engine.ask(question)
    if isinstance(answer, Failed):
        raise CommandError(
            Text("{file} was not saved: {reason}", {"file": args.output.name, "reason": answer.error}), answer.detail
        )
    assert isinstance(answer, SourceChecked)
    try:
        write_atomically(args.output, text.encode())
    except OSError as error:
        raise CommandError(
            Text.of("{file} was not saved: {reason}.", file=str(args.output), reason=os_reason(error))
        ) from error
    _say_written(args.output, answer.checks)
    return 0


def _say_written(path: Path, checks: Iterable[Text]) -> None:
    say(tr("Wrote {file}.", file=str(path)))
    for check in checks:
        say(f"  {check}")


def _question(checked: Checked, args: argparse.Namespace, run: RunInfo | None) -> Export:
    document = checked.built_model.document
    output = str(args.output.resolve())
    if run is None:
        project = args.project.resolve().parent
        weights = str(args.weights.resolve()) if args.weights else initial_weights(document.training, project)
        names = {} if args.weights else initial_names_of(document.training)
        return Export(0, model_json(document), args.to, output, None, weights, initial_names=names)
    if args.best and run.best_model is None:
        raise CommandError(Text("Run {run} kept no weights of its best epoch.", {"run": args.run}))
    return Export(0, run.spec.model, args.to, output, str(run.folder), best=args.best)


def _find_run(project: Path, name: str) -> RunInfo:
    folder = Path(name)
    found = read_run(folder) if os.path.isdir(name) else None  # noqa: PTH112 - it may be no path
    return require_sound_run(found or find_in(project.with_name(f"{project.stem}.runs"), name))
