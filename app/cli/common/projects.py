"""What several verbs do with a project: open it, ask the engine about it, collect its problems."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.cli.common.code import run_project_code
from app.cli.common.engine import HeadlessEngine, headless_engine
from app.cli.common.output import CommandError, say
from app.project.findings.data import data_problems, unbound_problems
from app.project.preparing.before import WORDS_INSIDE, mends_before
from app.project.preparing.behind_steps import behind_steps, learn_question
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
from graph_editor.document.ends import output_names
from graph_editor.document.files.file_format import FileError, load
from resources.text import Text, tr
from resources.training.registry import settings_in
from resources.training.sections import SOURCES, bindings_of
from runtime.messages.checking import DataChecked
from runtime.messages.connection import Failed
from runtime.messages.describing import Column, DataDescribed, DescribeData
from runtime.messages.inference import CallResult, Inferred
from runtime.messages.preparing import DataLearnt
from runtime.project_spec import data_from_project
from runtime.spec import CodeFile, DataSpec, RunSpec, SpecError
from runtime.splits import split_of


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
    checked.problems += setting_problems(document)
    data = _data(checked) if document.data.get(SOURCES) else None
    columns = _columns(engine, data) if data is not None else ()
    taken = taken_columns(engine, checked.built_model.document, data, columns) if data is not None else ()
    checked.problems += unbound_problems(checked.built_model.document)
    checked.problems += rule_problems(checked.built_model.document, catalog, checked.results, taken)
    if data is not None:
        checked.problems += _data_problems(engine, checked, data, columns, taken)
    return checked


def setting_problems(document: Document) -> Iterator[Problem]:
    """Values that somebody has written into the data section by hand, with which no run would begin."""
    for setting in settings_in("data"):
        value = setting.written(document.data)
        if not setting.takes(value):
            yield Problem("error", setting.refusal(value), kind="data")


def _data(checked: Checked) -> DataSpec | None:
    try:
        return data_from_project(checked.document.data, checked.path.parent)
    except SpecError as error:
        checked.problems.append(Problem("error", error.text, kind="data"))
        return None


def _columns(engine: HeadlessEngine, data: DataSpec) -> tuple[Column, ...]:
    """None where the file cannot be read, which the data check says."""
    answer = engine.ask(DescribeData(0, data))
    return answer.columns if isinstance(answer, DataDescribed) else ()


def _data_problems(
    engine: HeadlessEngine, checked: Checked, data: DataSpec, columns: Sequence[Column], taken: Sequence[Column]
) -> list[Problem]:
    """`taken` are the columns as the model gets them."""
    document = checked.built_model.document
    answer = engine.ask(data_question(document, checked.results, data, taken))
    if isinstance(answer, Failed):
        return [Problem("error", answer.error, detail=answer.detail, kind="data")]
    assert isinstance(answer, DataChecked)
    mends = data_mends(document, checked.catalog, checked.results, taken)
    mends[WORDS_INSIDE] = mends_before(checked.document, checked.catalog, answer.problems, columns)
    return data_problems(document, answer.problems, mends)


def taken_columns(
    engine: HeadlessEngine, document: Document, data: DataSpec, columns: Sequence[Column]
) -> tuple[Column, ...]:
    """The columns as the model gets them, behind their steps; what these do not take, the check tells."""
    bound = bindings_of(document.data)
    truths = [name for output in output_names(document.graph) for name in bound.get(output, ())]
    question = learn_question(data, split_of(document.data), truths)
    learnt = engine.ask(question) if question is not None else None
    return behind_steps(columns, learnt.columns if isinstance(learnt, DataLearnt) else ())


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
