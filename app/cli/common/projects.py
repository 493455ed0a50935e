"""What several verbs do with a project: open it, ask the engine about it, collect its problems."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.cli.common.code import run_project_code
from app.cli.common.engine import HeadlessEngine, headless_engine
from app.cli.common.output import CommandError, say
from app.project.data_findings import data_problems
from app.project.project_questions import (
    data_mends,
    data_question,
    infer_question,
    keras_problems,
    rule_problems,
    run_spec,
    with_handed_on,
)
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.built_model import BuiltModel, built_model
from graph_editor.document.checking.left_out import left_out_sentence
from graph_editor.document.checking.validation import Problem, hindrances, problems
from graph_editor.document.document import Document
from graph_editor.document.files.file_format import FileError, load
from resources.text import Text, tr
from runtime.protocol import CallResult, Column, DataChecked, DataDescribed, DescribeData, Failed, Inferred
from runtime.spec import CodeFile, DataSource, RunSpec, SpecError, source_from_project


@dataclass
class Checked:
    """A project with all that is known about it."""

    document: Document
    path: Path
    results: dict[str, CallResult] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    code: tuple[CodeFile, ...] = ()  # the project's own code, if it was run
    catalog: Catalog = field(default_factory=Catalog.load)

    @property
    def built_model(self) -> BuiltModel:
        """What is built of the project, and what is left out of it."""
        return built_model(self.document, self.catalog)

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.is_error]

    @property
    def remarks(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.is_error]

    def layer_name(self, problem: Problem) -> str:
        known = problem.call is not None and self.document.has_call(problem.call)
        return self.document.operation_of(problem.call or "").name if known else ""


def open_project(path: Path) -> Document:
    try:
        return load(path)
    except FileError as error:
        raise CommandError(error.text) from error


def check_project(engine: HeadlessEngine, document: Document, path: Path, trust_code: bool = False) -> Checked:
    """Structure, then Keras, then the data; each later question only about what the earlier ones left whole.

    `trust_code`: the project's own code may run.
    """
    checked = Checked(document, path)
    catalog = checked.catalog
    if trust_code:
        checked.code = run_project_code(engine, document, path, catalog)
    checked.problems = problems(document, catalog)
    answer = engine.ask(infer_question(document, catalog))
    if isinstance(answer, Failed):
        raise CommandError(answer.error, answer.detail)
    assert isinstance(answer, Inferred)
    results = {result.id: result for result in answer.results}
    checked.results = with_handed_on(results, document, catalog)
    checked.problems += keras_problems(document, checked.results)
    source = _source(checked) if document.data.get("source") else None
    columns = _columns(engine, source) if source is not None else ()
    checked.problems += rule_problems(checked.built_model.document, catalog, checked.results, columns)
    if source is not None:
        checked.problems += _data_problems(engine, checked, source, columns)
    return checked


def _source(checked: Checked) -> DataSource | None:
    try:
        return source_from_project(checked.document.data, checked.path.parent)
    except SpecError as error:
        checked.problems.append(Problem("error", error.text, kind="data"))
        return None


def _columns(engine: HeadlessEngine, source: DataSource) -> tuple[Column, ...]:
    """None where the file cannot be read, which the data check says."""
    answer = engine.ask(DescribeData(0, source))
    return answer.columns if isinstance(answer, DataDescribed) else ()


def _data_problems(
    engine: HeadlessEngine, checked: Checked, source: DataSource, columns: tuple[Column, ...]
) -> list[Problem]:
    document = checked.built_model.document
    answer = engine.ask(data_question(document, checked.results, source, columns))
    if isinstance(answer, Failed):
        return [Problem("error", answer.error, detail=answer.detail, kind="data")]
    assert isinstance(answer, DataChecked)
    return data_problems(document, answer.problems, data_mends(document, checked.catalog, checked.results, columns))


def require_sound(checked: Checked) -> None:
    """CommandError with the first problem when the model cannot be built; says what is left out of it."""
    errors = hindrances(checked.document, checked.problems, checked.catalog)
    for problem in errors:
        say(f"  {problem.text}")
    if errors:
        text = Text("{file} has {count} problems.", {"file": checked.path.name, "count": len(errors)})
        raise CommandError(text)
    left_out = left_out_sentence(checked.built_model)
    if left_out:
        say(left_out)


def plan_run(checked: Checked) -> RunSpec:
    path = checked.path
    try:
        return run_spec(checked.built_model.document, path.parent, path.stem)
    except SpecError as error:
        raise CommandError(Text("{file}: {reason}", {"file": path.name, "reason": error.text})) from error


@contextmanager
def engine_with_news() -> Iterator[HeadlessEngine]:
    say(tr("Starting Keras…"))
    with headless_engine() as engine:
        yield engine
