"""What to ask the engine about a project, and what its answers mean for the project. Knows neither Qt nor Keras."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from app.project.findings.callbacks import callback_problems
from app.project.findings.data import CLASSES, UNSCALED
from app.project.findings.memory import memory_remarks
from app.project.suggested import completed, suggestions
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.built_model import built_model
from graph_editor.document.checking.model_facts import ModelFacts, Tensor, Truth, found_by_rules
from graph_editor.document.checking.rules.truth_in_reach import mend_of_classes
from graph_editor.document.checking.scaling import is_scaled, mend_of_scale
from graph_editor.document.checking.titled import titled
from graph_editor.document.checking.trained_outputs import trained_outputs
from graph_editor.document.checking.validation import Mend, Problem, Structure
from graph_editor.document.document import Document
from graph_editor.document.ends import output_names, titles_in_sentences, titles_of_ends
from graph_editor.document.graph import TensorRef
from graph_editor.document.nesting import graphs_inside, input_names
from graph_editor.document.titles import with_titles
from graph_editor.keras_format.calls import CallJson, CallReader
from graph_editor.keras_format.functional import trained_json
from resources.keras_names import safe_name
from resources.plain import listed
from resources.shared_layers import shared_id
from resources.training.sections import OPTIMIZER, bindings_of, outputs_of
from resources.training.settings.batch_size import SETTING as BATCH_SIZE
from runtime.advice.embedded_ids import embedded_ids, takes_ids
from runtime.advice.estimates import Estimate, estimate
from runtime.messages.checking import CheckData, Endpoint, Ids
from runtime.messages.describing import Column
from runtime.messages.inference import CallResult, CallSpec, Infer, Inferred, OperationJson, TensorSpec
from runtime.project_spec import spec_from_project
from runtime.spec import Binding, DataSpec, OutputTraining, RunSpec, SpecError
from runtime.splits import split_of

Results = Mapping[str, CallResult]
_COUNTS: Final = ("parameters", "trainable", "frozen", "state", "weight_bytes")


def with_handed_on(results: Results, document: Document, catalog: Catalog) -> dict[str, CallResult]:
    """The results, and what boxes give that are left out and yet hand something on."""
    model, all_results = built_model(document, catalog), dict(results)
    for call, ref in model.handed_on.items():
        source = results.get(ref.call)
        if source is not None and ref.index < len(source.outputs):
            all_results[call] = CallResult(call, (source.outputs[ref.index],))
    return all_results


def as_drawn(result: CallResult | None, numbers: Mapping[int, int | None] | None) -> CallResult | None:
    """The result with the outputs of a nested model where they are drawn, though the one that is built lacks some."""
    if result is None or not numbers or not result.outputs:
        return result
    known = len(result.outputs)
    places = [number if number is not None and number < known else None for _, number in sorted(numbers.items())]
    outputs = tuple(TensorSpec((), "") if number is None else result.outputs[number] for number in places)
    return result if outputs == result.outputs else msgspec.structs.replace(result, outputs=outputs)


def built_results(results: Results, document: Document, catalog: Catalog) -> list[CallResult]:
    """Return what was told of the boxes of the root that are part of the model.

    Weights are told at the first box of a layer, whether or not that one leads to an output.
    """
    left_out, graph = built_model(document, catalog).left_out, document.graph
    return counted_once(
        result
        for call, result in results.items()
        if call in graph.calls and not all(use in left_out for use in graph.calls_of(graph.calls[call].operation))
    )


def counted_once(results: Iterable[CallResult]) -> list[CallResult]:
    """The results, in which a layer that stands in several places counts at the first of them alone."""
    counted: list[CallResult] = []
    met: set[int] = set()
    for result in results:
        again = [part for part in result.shared if part.mark in met]
        met |= {part.mark for part in result.shared}
        less = {name: getattr(result, name) - sum(getattr(part, name) for part in again) for name in _COUNTS}
        counted.append(msgspec.structs.replace(result, **less) if again else result)
    return counted


def infer_question(document: Document, catalog: Catalog) -> Infer:
    """Shapes, counts and errors of every call that Keras can be asked about."""
    return FollowUps(Structure(catalog)).ask(document).message


@dataclass(frozen=True, slots=True)
class Question:
    """What the engine is sent, all calls that it is about, and the results that its answer is to be laid upon."""

    message: Infer
    calls: Mapping[str, CallSpec]
    before: Results


class FollowUps:
    """Questions about a document that changes, each of them only about what is new since the last answer."""

    def __init__(self, structure: Structure) -> None:
        self._reader = CallReader(structure)
        self._specs: dict[str, tuple[CallJson, CallSpec]] = {}
        self._base = 0  # the question whose answer is known, its calls and its results
        self._known: Mapping[str, CallSpec] = {}
        self._results: Results = {}

    def ask(self, document: Document) -> Question:
        """The question to ask now; its answer goes to `take`."""
        calls = self._calls(document)
        if not self._base:
            return Question(Infer(0, list(calls.values())), calls, {})
        new = [call for name, call in calls.items() if self._known.get(name) is not call]
        order = list(calls)
        same = order == list(self._known)
        return Question(Infer(0, new, self._base, None if same else order), calls, self._results)

    def take(self, answer: Inferred, question: Question) -> dict[str, CallResult]:
        """All results, in order; those that are as before are the same objects."""
        news = {result.id: result for result in answer.results}
        found = {name: news.get(name) or question.before.get(name) for name in question.calls}
        results = {name: result for name, result in found.items() if result is not None}
        self._base, self._known, self._results = answer.id, question.calls, results
        return results

    def forget(self) -> None:
        """Ask the whole question next, because the engine knows none of the answers."""
        self._base, self._known, self._results = 0, {}, {}

    def _calls(self, document: Document) -> dict[str, CallSpec]:
        """All calls by id, in topological order; one that has not changed is the same object as before."""
        before, specs = self._specs, {}
        for call in self._reader.read(document):
            known = before.get(call.id)
            specs[call.id] = known if known is not None and known[0] is call else (call, _spec(call))
        self._specs = specs
        return {name: spec for name, (_, spec) in specs.items()}


def _spec(call: CallJson) -> CallSpec:
    json = call.operation
    operation = OperationJson(
        json["class_name"],
        json["config"],
        json["module"] or "keras.layers",
        json["registered_name"],
        shared_id(json),
    )
    if "/" in str(json["config"].get("name")):  # which Keras refuses; of this, the name itself is what is told
        operation = msgspec.structs.replace(operation, config={**json["config"], "name": safe_name(call.id, "layer")})
    key = f"{call.graph}/{call.name}" if call.name else call.graph  # equal configs are no proof where names are not in
    return CallSpec(call.id, operation, call.args, call.kwargs, key)


def keras_problems(document: Document, results: Results) -> list[Problem]:
    """Return what Keras refused, in the order of the answers.

    A nested model that fails because of a box inside it is not listed beside that box.
    """
    failed = [name for name, result in results.items() if result.error is not None and document.has_call(name)]
    wrong = {document.graph_id_of_call(name) for name in failed}
    all_problems = [
        Problem("error", error, name, detail=results[name].detail, kind="keras")
        for name in failed
        if (error := results[name].error) and not wrong & set(graphs_inside(document, document.operation_of(name)))
    ]
    return titled(document, all_problems)


def rule_problems(
    document: Document, catalog: Catalog, results: Results, columns: Sequence[Column] = ()
) -> list[Problem]:
    """Return what rules find wrong or odd. `document` is what is built."""
    facts = _model_facts(document, catalog, results, columns)
    found = [*found_by_rules(facts), *callback_problems(document, catalog, facts.outputs)]
    return titled(document, [*found, *memory_remarks(document, built_results(results, document, catalog))])


def data_mends(
    document: Document, catalog: Catalog, results: Results, columns: Sequence[Column] = ()
) -> dict[str, dict[str, Mend]]:
    """What sets right what the data check finds, where only the model tells: by kind, and by input or output."""
    inputs = {document.graph.operation_of(ref.call).name: ref for ref in document.graph.input_refs()}
    scaling = {name: mend_of_scale(document, ref, catalog) for name, ref in inputs.items()}
    return {
        CLASSES: class_mends(document, catalog, results, columns),
        UNSCALED: {name: mend for name, mend in scaling.items() if mend is not None},
    }


def class_mends(
    document: Document, catalog: Catalog, results: Results, columns: Sequence[Column] = ()
) -> dict[str, Mend]:
    """What gives outputs as many units as their column has classes, by output."""
    facts = _model_facts(document, catalog, results, columns)
    mends = {output.name: mend_of_classes(output) for output in trained_outputs(facts)}
    return {name: mend for name, mend in mends.items() if mend is not None}


def _model_facts(document: Document, catalog: Catalog, results: Results, columns: Sequence[Column]) -> ModelFacts:
    def tensor(ref: TensorRef) -> Tensor | None:
        result = results.get(ref.call)
        if result is None or ref.index >= len(result.outputs):
            return None
        return Tensor(result.outputs[ref.index].shape, result.outputs[ref.index].dtype)

    outputs = outputs_of(completed(document.training, suggestions(document, results, columns)))
    counts = {column.name: column.samples for column in columns}
    used = [counts[name] for names in bindings_of(document.data).values() for name in names if name in counts]
    return ModelFacts(document, catalog, tensor, outputs, _truths(document, columns), min(used, default=None))


def _truths(document: Document, columns: Sequence[Column]) -> dict[str, Truth]:
    """What is known of the columns that hold the truth of outputs, by output."""
    by_name, truths = {column.name: column for column in columns}, {}
    for name, names in bindings_of(document.data).items():
        bound = [by_name[column] for column in names if column in by_name]
        if not bound or len(bound) < len(names):
            continue
        lows = [column.minimum for column in bound if column.minimum is not None]
        highs = [column.maximum for column in bound if column.maximum is not None]
        known = len(lows) == len(highs) == len(bound)
        classes = _classes(bound[0]) if len(bound) == 1 else None
        truths[name] = Truth(listed(names), min(lows) if known else None, max(highs) if known else None, classes)
    return truths


def _classes(column: Column) -> int | None:
    if column.categories:
        return len(column.categories)
    whole = column.dtype.startswith(("int", "uint")) or column.distinct is not None
    if column.kind == "image" or not whole or column.minimum is None or column.maximum is None or column.minimum < 0:
        return 2 if column.dtype == "bool" else None
    return int(column.maximum) + 1


def batch_size(document: Document) -> int:
    """The batch size that the project trains with."""
    return BATCH_SIZE.sound(document.training)


def training_estimate(document: Document, results: Results, catalog: Catalog) -> Estimate:
    """Return what training the project will cost at its batch size, with its optimizer."""
    own = built_results(results, document, catalog)  # what is inside nested models is counted at their boxes
    return estimate(own, batch_size(document), document.training.get(OPTIMIZER))


def data_question(document: Document, results: Results, data: DataSpec, columns: Sequence[Column] = ()) -> CheckData:
    """Whether the data fits those inputs and outputs that are bound and whose shapes are known.

    An output without a loss is held against the one that is suggested for it. `document` is what is built.
    """
    graph = document.graph
    training = outputs_of(completed(document.training, suggestions(document, results, columns)))
    bindings = bindings_of(document.data)
    whole = all(ref.call in results for ref in graph.output_refs())  # else it may be none that can be written
    ids = _ids(document) if whole else {}
    inputs = [
        msgspec.structs.replace(end, ids=ids.get(end.name))
        for end in _endpoints(document, zip(input_names(graph), graph.input_refs(), strict=True), results, {})
        if end.name in bindings
    ]
    named = zip(output_names(graph), graph.output_refs(), strict=True)
    outputs = [end for end in _endpoints(document, named, results, training) if end.name in bindings]
    names = {end.name for end in (*inputs, *outputs)}
    fitting = tuple(Binding(target, bound) for target, bound in bindings.items() if target in names)
    batch = batch_size(document)
    return CheckData(0, data, fitting, tuple(inputs), tuple(outputs), split_of(document.data), batch)


def _ids(document: Document) -> dict[str, Ids]:
    """The Embeddings that take the values of inputs, as they are in the model's config."""
    operations = (item for graph in document.graphs.values() for item in graph.operations.values())
    has_embeddings = any(takes_ids(item.class_name, item.config) for item in operations)
    return embedded_ids(trained_json(document)) if has_embeddings else {}


def run_spec(
    document: Document, project_folder: Path | None, name: str, training: Mapping[str, Any] | None = None
) -> RunSpec:
    """The run that the project describes; SpecError names what is missing. `training` may stand in for its section.

    `document` is what is built of the project (`BuiltModel.document`).
    """
    model = trained_json(document)
    section = document.training if training is None else training
    titles = titles_in_sentences(document)
    try:
        spec = spec_from_project(document.data, section, model, project_folder, name)
    except SpecError as error:
        raise SpecError(with_titles(error.text, titles), error.target) from error
    ends = {*input_names(document.graph), *output_names(document.graph)}
    shown = {name: title for name, title in titles_of_ends(document).items() if name in ends}
    return msgspec.structs.replace(spec, titles=shown)


def _endpoints(
    document: Document,
    named: Iterable[tuple[str, TensorRef]],
    results: Results,
    trained: Mapping[str, Mapping[str, Any]],
) -> list[Endpoint]:
    endpoints = []
    for name, ref in named:
        result = results.get(ref.call)
        if result is None or ref.index >= len(result.outputs):
            continue
        tensor = result.outputs[ref.index]
        training = _output_training(trained.get(name, {}), name)
        scaled = is_scaled(document.graph, ref.call)
        endpoints.append(Endpoint(name, tensor.shape, tensor.dtype, training, scaled))
    return endpoints


def _output_training(settings: Mapping[str, Any], name: str) -> OutputTraining | None:
    """The output's training settings as far as they are complete and readable; an incomplete one is reported later."""
    if not settings.get("loss"):
        return None
    content = {
        **settings,
        "name": name,
        "loss": _object(settings["loss"]),
        "metrics": _objects(settings.get("metrics")),
    }
    try:
        return msgspec.convert(content, OutputTraining)
    except msgspec.ValidationError:
        return None


def _objects(values: Any) -> Any:
    return [_object(value) for value in values or ()] if isinstance(values, list | tuple | None) else values


def _object(value: Any) -> Any:
    return {"class_name": value} if isinstance(value, str) else value
