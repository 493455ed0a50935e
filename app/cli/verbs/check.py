"""lamella check P.lamella"""

import argparse
from typing import Any

from app.cli.common.code import add_network_argument, add_trust_argument, require_local, require_trust
from app.cli.common.output import CommandError, print_json, show, show_lines, table
from app.cli.common.paths import any_path
from app.cli.common.problems import entry_of, print_problems, unreadable
from app.cli.common.projects import Checked, check_project, engine_with_news, open_project
from app.engine.wording import bytes_text, operations_text
from app.project.project_questions import batch_size, built_results, training_estimate
from graph_editor.catalog.summary import shape_text
from graph_editor.document.checking.left_out import left_out_sentence, mark
from resources.text import Text, tr

HELP = Text("Say what is wrong with a project, with all shapes and parameter counts.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=any_path, help=tr("the project file"))
    add_trust_argument(parser)
    add_network_argument(parser)
    parser.add_argument("--json", action="store_true", help=tr("for machines"))


def run(args: argparse.Namespace) -> int:
    try:
        document = open_project(args.project)
        require_local(document, args.project, args.network_files)
        require_trust(document, args.project, args.trust_code)
    except CommandError as error:
        if args.json:
            print_json({**unreadable(error), "calls": [], "parameters": None})
        raise
    with engine_with_news() as engine:
        checked = check_project(engine, document, args.project, args.trust_code)
    if args.json:
        print_json(as_json(checked))
    else:
        print_for_people(checked)
    return 1 if checked.errors else 0


def as_json(checked: Checked) -> dict[str, Any]:
    """``problems`` that hinder training, ``remarks`` on what is odd, ``calls`` in the order in which data flows,
    ``parameters`` of the model, and ``estimates``.

    ``left_out`` of a call says why it is no part of the model, and is null when it is one.
    """
    left_out = checked.built_model.left_out
    graph = checked.document.graph
    calls = []
    for call_id in graph.topological_order():
        operation, result = graph.operation_of(call_id), checked.results.get(call_id)
        calls.append(
            {
                "call": call_id,
                "layer": operation.name,
                "title": operation.shown_name,
                "class_name": operation.class_name,
                "trainable": operation.trainable,
                "left_out": left_out[call_id].kind if call_id in left_out else None,
                "outputs": [
                    {"shape": list(tensor.shape), "dtype": tensor.dtype}
                    for tensor in (result.outputs if result else ())
                ],
                "parameters": result.parameters if result else None,
                "flops": result.flops if result else None,
                "activation_bytes": result.activation_bytes if result else None,
            }
        )
    return {
        "problems": [entry_of(checked, problem) for problem in checked.errors],
        "remarks": [entry_of(checked, problem) for problem in checked.remarks],
        "calls": calls,
        "parameters": totals(checked),
        "estimates": estimates(checked),
        "left_out": checked.built_model.total,
    }


def estimates(checked: Checked) -> dict[str, Any]:
    """Memory in bytes at the project's batch size, work for one sample; ``partial``: some layers are not counted."""
    estimate = training_estimate(checked.document, checked.results, checked.catalog)
    return {
        "batch_size": batch_size(checked.document),
        "memory": estimate.memory,
        "weights": estimate.weights,
        "gradients": estimate.gradients,
        "optimizer": estimate.optimizer,
        "activations": estimate.activations,
        "flops": estimate.flops,
        "partial": estimate.partial,
    }


def totals(checked: Checked) -> dict[str, int]:
    """Weights in scalars: ``frozen`` never learn because their layer is frozen, ``state`` is kept, not learned."""
    results = built_results(checked.results, checked.document, checked.catalog)
    return {
        "total": sum(result.parameters for result in results),
        "trainable": sum(result.trainable for result in results),
        "frozen": sum(result.frozen for result in results),
        "state": sum(result.state for result in results),
    }


def print_for_people(checked: Checked) -> None:
    graph, catalog, model = checked.document.graph, checked.catalog, checked.built_model
    rows = []
    for call_id in graph.topological_order():
        operation, result = graph.operation_of(call_id), checked.results.get(call_id)
        spec = catalog.layer(operation.class_name, operation.module)
        shapes = ", ".join(shape_text(tensor.shape) for tensor in result.outputs) if result else "–"
        count = f"{result.parameters:,}" if result and result.parameters else ""
        marks = [tr("frozen")] if not operation.trainable else []
        marks += [mark(model.left_out[call_id])] if call_id in model.left_out else []
        shown = spec.shown_name if spec else operation.class_name
        name = f"{operation.title} ({operation.name})" if operation.title else operation.name
        rows.append((name, shown, shapes, count, ", ".join(marks)))
    show_lines(table(rows))
    if model.total:
        show()
        show(left_out_sentence(model))
    numbers = {key: f"{value:,}" for key, value in totals(checked).items()}
    show()
    show(tr("{total} parameters: {trainable} trainable, {frozen} frozen, {state} state", **numbers))
    if checked.results:
        estimate = training_estimate(checked.document, checked.results, checked.catalog)
        batch = batch_size(checked.document)
        show(tr("≈ {memory} at batch {batch}", memory=bytes_text(estimate.memory), batch=batch))
        show(tr("≈ {work} for one sample", work=operations_text(estimate.flops)))
    print_problems(checked, checked.errors, checked.remarks)
