"""Data that is named on the command line: what it is, with which options it is read, and what of a model it feeds."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from app.cli.common.engine import HeadlessEngine
from app.cli.common.output import CommandError, say
from app.cli.common.projects import taken_columns
from app.panels.data.autobind import autobind
from app.panels.data.state import targets, with_file
from app.project.project_questions import infer_question, with_handed_on
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.built_model import built_model
from graph_editor.document.document import Document
from resources.text import Text, tr
from resources.training.sections import BINDINGS, SOURCES, bindings_of, sources_of
from resources.training.setting import SettingError
from runtime.data_kinds import data_kinds
from runtime.messages.connection import Failed
from runtime.messages.describing import Column, DataDescribed, DataRecognized, DescribeData, RecognizeData
from runtime.messages.inference import Inferred
from runtime.project_spec import data_from_project
from runtime.spec import SpecError

Json = Any


@dataclass(frozen=True)
class NamedData:
    """A file or folder, as it was recognised, and the data section of a project that has it alone."""

    found: DataRecognized
    section: Mapping[str, Json]
    described: DataDescribed

    @property
    def options(self) -> Mapping[str, Json]:
        options: Mapping[str, Json] = sources_of(self.section)[0]["options"]
        return options


def add_option_argument(parser: argparse.ArgumentParser) -> None:
    """`args.options` are pairs of a name and what was typed."""
    parser.add_argument(
        "--option",
        dest="options", action="append", default=[], type=_pair, metavar="NAME=VALUE",
        help=tr("read the data with this option; may be given several times"),
    )  # fmt: skip


def _pair(typed: str) -> tuple[str, str]:
    name, sign, value = typed.partition("=")
    if not sign or not name.strip():
        raise argparse.ArgumentTypeError(tr("Write NAME=VALUE, such as {example}.", example="sheet=2"))
    return name.strip(), value


def named_data(engine: HeadlessEngine, path: Path, typed: Sequence[tuple[str, str]], folder: Path | None) -> NamedData:
    """What `path` is, described. `folder` is that of the project. Raises CommandError."""
    answer = engine.ask(RecognizeData(0, str(path.absolute())))
    if isinstance(answer, Failed):
        _refuse(answer)
    assert isinstance(answer, DataRecognized)
    options = {**answer.options, **_parsed(answer.kind, typed)}
    section = with_file({}, answer.kind, path.absolute(), folder, options)
    described = engine.ask(DescribeData(0, data_from_project(section, folder)))
    if isinstance(described, Failed):
        _refuse(described)
    assert isinstance(described, DataDescribed)
    return NamedData(answer, section, described)


def _refuse(answer: Failed) -> NoReturn:
    raise CommandError(answer.error, answer.detail)


def _parsed(key: str, typed: Sequence[tuple[str, str]]) -> dict[str, Json]:
    """Raises CommandError."""
    kind = next(kind for kind in data_kinds() if kind.key == key)
    declared = {setting.key: setting for setting in kind.options}
    values: dict[str, Json] = {}
    for name, value in typed:
        if name not in declared:
            raise CommandError(kind.unknown_option(name), status=2)
        try:
            values[name] = declared[name].parse(value)
        except SettingError as error:
            raise CommandError(error.text, status=2) from error
    return values


def fed_with(engine: HeadlessEngine, document: Document, data: NamedData, folder: Path | None) -> None:
    """Put other data in the place of the document's sources, and say what feeds what. Raises CommandError.

    What is bound stays where the columns are there; the rest is bound as the window would. `folder` is that of the
    project.
    """
    columns = data.described.columns
    names = {column.name for column in columns}
    bound = {target: list(value) for target, value in bindings_of(document.data).items() if names >= set(value)}
    written = document.data.get("columns")
    kept = {name: spec for name, spec in written.items() if name in names} if isinstance(written, Mapping) else {}
    section = {**document.data, SOURCES: data.section[SOURCES], BINDINGS: bound}
    document.data = {**section, "columns": kept} if "columns" in document.data else section
    document.data = _bound(engine, document, _taken(engine, document, columns, folder))
    for target, value in bindings_of(document.data).items():
        say(tr("{target} takes {columns}.", target=target, columns=", ".join(value)))


def _taken(
    engine: HeadlessEngine, document: Document, columns: Sequence[Column], folder: Path | None
) -> tuple[Column, ...]:
    """The columns as the model gets them: of the kinds that are written, behind their steps. The check tells of those
    that steps do not take."""
    spec = data_from_project(document.data, folder)
    if not spec.columns:
        return tuple(columns)
    described = engine.ask(DescribeData(0, spec))
    columns = described.columns if isinstance(described, DataDescribed) else columns
    return taken_columns(engine, document, spec, columns)


def _bound(engine: HeadlessEngine, document: Document, columns: Sequence[Column]) -> dict[str, Json]:
    catalog = Catalog.load()
    answer = engine.ask(infer_question(document, catalog))
    if isinstance(answer, Failed):
        _refuse(answer)
    assert isinstance(answer, Inferred)
    results = with_handed_on({result.id: result for result in answer.results}, document, catalog)
    built = built_model(document, catalog).document
    found = autobind(document.data, targets(built, results, columns), columns)
    for name, reason in found.reasons.items():
        say(tr("{name} is not bound. {reason}", name=name, reason=reason))
    return found.data


def require_data(document: Document, project: Path) -> None:
    """CommandError while no data is chosen, or what is written of it makes no sense."""
    try:
        data_from_project(document.data, project.absolute().parent)
    except SpecError as error:
        raise CommandError(Text("{file}: {reason}", {"file": project.name, "reason": error.text})) from error
