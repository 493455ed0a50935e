"""lamella train P.lamella"""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from app.cli.common.code import add_network_argument, add_trust_argument, require_local, require_trust
from app.cli.common.data import add_option_argument, fed_with, named_data
from app.cli.common.devices import require_device
from app.cli.common.engine import HeadlessEngine
from app.cli.common.output import CommandError, print_machine_line, say
from app.cli.common.paths import any_path, file_to_read, file_to_write, folder_to_write
from app.cli.common.progress import Progress, event_line
from app.cli.common.projects import check_project, engine_with_news, open_project, plan_run, require_sound
from app.cli.common.settings import add_setting_arguments, with_arguments, with_settings
from app.cli.common.training import train_headless
from app.cli.common.writing import add_force_argument, require_free
from graph_editor.document.document import Document
from graph_editor.document.files.file_format import dumps
from resources.text import Text, tr
from resources.training.sections import CALLBACKS
from resources.training.settings.device import SETTING as DEVICE
from runtime.events import TrainingEvent
from runtime.messages.connection import Failed
from runtime.messages.exporting import Export, Exported
from runtime.spec import RunSpec
from runtime.store import RunStore, StoreError

HELP = Text("Train a project and keep the run. Ctrl-C stops it gracefully.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=any_path, help=tr("the project file"))
    add_trust_argument(parser)
    add_network_argument(parser)
    add_setting_arguments(parser)
    parser.add_argument("--data", type=any_path, metavar="PATH", help=tr("train with this file or folder of data"))
    add_option_argument(parser)
    parser.add_argument(
        "--weights", type=file_to_read, metavar="FILE", help=tr("start from what fits of the weights in FILE")
    )
    parser.add_argument("--runs", type=folder_to_write, metavar="DIR", help=tr("where runs are kept"))
    parser.add_argument("--export", type=file_to_write, metavar="OUT.keras", help=tr("write the trained model there"))
    add_force_argument(parser)
    parser.add_argument("--json", action="store_true", help=tr("one event a line on stdout, for machines"))


def run(args: argparse.Namespace) -> int:
    path: Path = args.project
    if args.options and not args.data:
        raise CommandError(Text("--option says how the file of --data is read."), status=2)
    document = open_project(path)
    require_local(document, path, args.network_files)
    if args.export:
        require_free(args.export, args.force, path, document, [args.weights] if args.weights else [])
    require_trust(document, path, args.trust_code)
    with engine_with_news() as engine:
        checked = check_project(engine, _as_trained(engine, args), path, args.trust_code)
        require_sound(checked)
        spec = msgspec.structs.replace(with_choices(plan_run(checked), args), custom_code=checked.code)
        require_device(engine, spec.training[DEVICE])
        folder = _new_run(args.runs or path.with_name(f"{path.stem}.runs"), spec, checked.document)
        train_headless(spec, folder, _listener(args.json))
        if args.export:
            export_run(engine, spec, folder, args.export)
    return 0


def _as_trained(engine: HeadlessEngine, args: argparse.Namespace) -> Document:
    """The project with what the command line says of its data and callbacks: that is what has to be sound."""
    values: Mapping[str, Any] = args.settings
    document = open_project(args.project)
    if args.data:
        folder = args.project.absolute().parent
        fed_with(engine, document, named_data(engine, args.data, args.options, folder), folder)
    written = document.training.get(CALLBACKS)
    callbacks = with_arguments(written if isinstance(written, Mapping) else {}, values)
    if any("." in name for name in values):
        document.training = {**document.training, CALLBACKS: callbacks}
    return document


def _new_run(runs: Path, spec: RunSpec, document: Document) -> Path:
    try:
        folder = RunStore(runs).new_run(spec, dumps(document))
    except StoreError as error:
        raise CommandError(error.text) from error
    say(tr("Run {folder}", folder=str(folder)))
    return folder


def with_choices(spec: RunSpec, args: argparse.Namespace) -> RunSpec:
    """``spec`` with what the command line says differently."""
    if args.weights:
        spec = msgspec.structs.replace(spec, initial_weights=str(args.weights.resolve()), initial_names={})
    return msgspec.structs.replace(spec, training=with_settings(spec.training, args.settings))


def export_run(engine: HeadlessEngine, spec: RunSpec, folder: Path, output: Path) -> None:
    answer = engine.ask(Export(0, spec.model, "keras", str(output.resolve()), str(folder)))
    if isinstance(answer, Failed):
        raise CommandError(answer.error, answer.detail)
    assert isinstance(answer, Exported)
    say(tr("Wrote {file}.", file=str(output)))
    for check in answer.checks:
        say(f"  {check}")


def _listener(machines: bool) -> Callable[[TrainingEvent], None]:
    progress = Progress()

    def listen(event: TrainingEvent) -> None:
        progress.show(event)
        if machines:
            print_machine_line(event_line(event))

    return listen
