"""A trained model that a verb asks about: which run and weights, whether its code may run, and on what it is asked."""

import argparse
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, get_args

from app.cli.common.code import add_network_argument, add_trust_argument
from app.cli.common.devices import require_device
from app.cli.common.engine import HeadlessEngine, headless_engine
from app.cli.common.found_runs import find_in, require_sound_run
from app.cli.common.output import CommandError, say, say_moving
from app.cli.common.paths import any_path, file_to_read, named
from app.outside_files.finding import is_network
from app.project.evaluation.other_data import in_place
from app.project.evaluation.trained_runs import Which, has_weights, kept_weights, named_files, newest, usual_weights
from resources.os_reasons import os_reason
from resources.plain import listed, shown_name
from resources.text import Text, tr
from resources.training.setting import SettingError
from resources.training.settings.batch_size import SETTING as BATCH_SIZE
from resources.training.settings.device import SETTING as DEVICE
from runtime.messages.connection import Failed
from runtime.messages.describing import DataProgress, DataRecognized, RecognizeData
from runtime.messages.protocol import Answer, EvaluatorRequest
from runtime.messages.trained import On, PartName, Trained
from runtime.spec import RunSpec
from runtime.store import RunInfo, RunStore, read_run

_EPOCH: Final = re.compile(r"(?:epoch[- :]?)?0*([1-9][0-9]{0,8})", re.ASCII)
_WEIGHTS: Final = (".keras", ".h5")
_NAMED: Final = 5  # runs that are passed over
_PARTS: Final = get_args(PartName)


def add_trained_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=any_path, help=tr("a runs folder, or the project beside it"))
    parser.add_argument(
        "--run", type=named, metavar="R", help=tr("this run: its number or its folder; the newest one unless said")
    )
    parser.add_argument(
        "--weights", type=_which, metavar="WHICH",
        help=tr("best, last, the number of an epoch that was kept, or a file; the best ones unless said"),
    )  # fmt: skip
    parser.add_argument("--batch-size", type=_batch_size, metavar="N", help=tr("samples at once"))
    parser.add_argument("--device", type=named, metavar="D", help=tr("compute on this device; see: lamella devices"))
    add_trust_argument(parser)
    add_network_argument(parser)


def trained_of(args: argparse.Namespace) -> tuple[RunInfo, Trained]:
    """The run and the model that is meant, before anything is started for it. Raises CommandError."""
    run = _found(args.project, args.run)
    weights = args.weights if isinstance(args.weights, Path) else _kept(run, args.weights)
    _require_trust(run, args.trust_code)
    _require_local(run.spec, args)
    device = args.device or run.spec.training[DEVICE]
    size = args.batch_size or run.spec.training[BATCH_SIZE]
    trained = Trained(
        str(run.folder.absolute()), str(weights.absolute()), None, run.spec.custom_code,
        "gpu:0" if device == "all" else device, size,
    )  # fmt: skip
    return run, trained


def part_or_path(text: str) -> PartName | Path:
    """What --on takes."""
    part = next((part for part in _PARTS if part == text), None)
    return part if part is not None else any_path(text)


def asked_on(engine: HeadlessEngine, run: RunInfo, on: PartName | Path, args: argparse.Namespace) -> On:
    """Samples of a part of the run's data, or all of a file. Raises CommandError."""
    if not isinstance(on, Path):
        return On(on)
    if is_network(str(on)) and not args.network_files:
        raise _network(str(on))
    if not on.exists():
        raise CommandError(Text("There is no file {file}.", {"file": str(on)}))
    answer = engine.ask(RecognizeData(0, str(on.absolute())))
    if isinstance(answer, Failed):
        raise CommandError(answer.error, answer.detail)
    assert isinstance(answer, DataRecognized)
    return On("all", in_place(run.spec, on, answer))


def ask(engine: HeadlessEngine, message: EvaluatorRequest) -> Answer:
    """The answer, which is no refusal. Raises CommandError."""
    answer = engine.ask(message)
    if isinstance(answer, Failed):
        raise CommandError(answer.error, answer.detail)
    return answer


@contextmanager
def evaluator(trained: Trained) -> Iterator[HeadlessEngine]:
    """The process that answers. Raises CommandError where the device is not there."""
    say(tr("Starting Keras…"))
    with headless_engine("evaluator", _Progress().show) as engine:
        if trained.device != "cpu":
            require_device(engine, trained.device)
        yield engine


class _Progress:
    """On a terminal a line that moves."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()

    def show(self, progress: DataProgress) -> None:
        if self._live and progress.unit == "rows" and progress.total:
            say_moving(f"  {progress.done:,}/{progress.total:,} ")


def _found(project: Path, name: str | None) -> RunInfo:
    runs = project if project.is_dir() else project.with_name(f"{project.stem}.runs")
    if name is not None:
        folder = Path(name)
        found = read_run(folder) if os.path.isdir(name) else None  # noqa: PTH112 - it may be no path
        run = require_sound_run(found or find_in(runs, name))
        if not has_weights(run):
            raise CommandError(Text("Run {number} has no weights yet.", {"number": run.number}))
        return run
    if not project.exists():
        raise CommandError(Text("There is no file {file}.", {"file": str(project)}))
    try:
        every = RunStore(runs).all_runs()
    except OSError as error:
        raise CommandError(Text("The runs cannot be read: {reason}", {"reason": os_reason(error)})) from error
    latest = newest([run for run in every if run.status != "damaged"])
    if latest is None:
        raise CommandError(Text("{file} has no trained run yet: train it first.", {"file": project.name}))
    passed_over = [run.number for run in every if run.number > latest.number]
    if passed_over:  # nobody is to take the figures of an older run for those of the newest
        numbers = listed([str(number) for number in passed_over], _NAMED)
        say(tr("Run {number} is taken: later ones ({numbers}) have no weights.", number=latest.number, numbers=numbers))
    return latest


def _kept(run: RunInfo, choice: Which | None) -> Path:
    which = choice if choice is not None else usual_weights(run)
    kept = kept_weights(run)
    weights = next((one.file for one in kept if one.which == which), None)
    if weights is None:
        names = ", ".join(str(one.which) for one in kept) or tr("none")
        raise CommandError(
            Text.of("Run {number} has no such weights: {names} are there.", number=run.number, names=names)
        )
    return weights


def _require_trust(run: RunInfo, trusted: bool) -> None:
    if run.spec.custom_code and not trusted:
        names = ", ".join(shown_name(Path(file.path).name) for file in run.spec.custom_code)
        raise CommandError(
            Text.of(
                "Run {number} has code of its own ({code}): look at it, and add --trust-code to run it.",
                number=run.number, code=names,
            )
        )  # fmt: skip


def _require_local(spec: RunSpec, args: argparse.Namespace) -> None:
    """As `code.require_local`, of what the run names."""
    names = [name for name in named_files(spec) if is_network(name)]
    if names and not args.network_files:
        raise _network(", ".join(map(shown_name, names)))


def _network(names: str) -> CommandError:
    return CommandError(
        Text.of("Files of another machine are named ({names}): add --network-files to read them.", names=names)
    )


def _which(text: str) -> Which | Path:
    if text == "best":
        return "best"
    if text == "last":
        return "last"
    found = _EPOCH.fullmatch(text.strip())
    if found is None and Path(text).suffix in _WEIGHTS:
        return file_to_read(text)
    if found is None:
        raise argparse.ArgumentTypeError(tr("best, last, the number of an epoch, or a .keras or .h5 file"))
    return int(found[1])


def _batch_size(text: str) -> int:
    try:
        return BATCH_SIZE.parse(text)
    except SettingError as error:
        raise argparse.ArgumentTypeError(str(error.text)) from error
