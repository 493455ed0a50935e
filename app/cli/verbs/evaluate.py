"""lamella evaluate P.lamella [--run R] [--weights best|last|N] [--on training|validation|test|FILE]"""

import argparse
from collections.abc import Iterable
from typing import Any

import msgspec

from app.cli.common.figures import show_figures
from app.cli.common.output import print_json, say, show, show_lines, table
from app.cli.common.trained import add_trained_arguments, ask, asked_on, evaluator, part_or_path, trained_of
from resources.text import Text, tr
from runtime.messages.evaluating import Evaluate, Evaluated, EvaluationFile
from runtime.messages.views import Label, Number, Numbers, OutputFigures, View

HELP = Text("Evaluate a trained model: metrics and figures, which are kept in the folder of the run.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_trained_arguments(parser)
    parser.add_argument(
        "--on", type=part_or_path, default="validation", metavar="ON",
        help=tr("training, validation, test, all, or a file with the same columns; validation unless said"),
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help=tr("for machines"))


def run(args: argparse.Namespace) -> int:
    found, trained = trained_of(args)
    with evaluator(trained) as engine:
        on = asked_on(engine, found, args.on, args)
        answer = ask(engine, Evaluate(0, trained, on))
    assert isinstance(answer, Evaluated)
    if args.json:
        print_json({"run": found.number, **as_json(answer)})
    else:
        _print(found.number, answer.evaluation)
        say(tr("Kept in {folder}.", folder=answer.folder))
    return 0


def as_json(answer: Evaluated) -> dict[str, Any]:
    """`figures` are told as `result.json` in the folder has them, single numbers by their keys."""
    file = answer.evaluation
    return {
        "folder": answer.folder,
        "weights": file.weights,
        "data": file.data,
        "part": file.on.part if file.on.other is None else None,
        "samples": file.samples,
        "labelled": file.labelled,
        "seconds": file.seconds,
        "metrics": file.metrics,
        "outputs": [
            {
                "name": output.title,
                "kind": output.kind,
                "classes": list(output.classes),
                "numbers": {number.key: number.value for number in _numbers(output)},
                "figures": {
                    figure.key: _view(figure.view) for figure in output.figures if not isinstance(figure.view, Numbers)
                },
                "notes": [str(note) for note in output.notes],
            }
            for output in file.outputs
        ],
        "notes": [str(note) for note in file.notes],
    }


def _view(view: View) -> Any:
    """The fields of a figure; what people call its parts is told as one text."""
    return _plain(msgspec.to_builtins(view))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"name", "text"}:
            return value["name"] if value["text"] is None else msgspec.convert(value["text"], Text).english()
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _numbers(output: OutputFigures) -> Iterable[Number]:
    for figure in output.figures:
        if isinstance(figure.view, Numbers):
            yield from figure.view.numbers


def _print(run: int, file: EvaluationFile) -> None:
    facts = {"samples": f"{file.samples:,}", "data": file.data, "weights": file.weights}
    show(tr("Run {run}, {weights}, on {samples} samples of {data}", run=run, **facts))
    if file.metrics:
        show()
        show_lines(table([(name, _text(value)) for name, value in file.metrics.items()]))
    for output in file.outputs:
        show()
        show(output.title)
        rows = [(f"  {_title(number.label)}", _text(number.value, number.share)) for number in _numbers(output)]
        if rows:
            show_lines(table(rows))
        show_figures(output)
        for note in output.notes:
            show(f"  {note}")
    for note in file.notes:
        say(str(note))


def _title(label: Label) -> str:
    return str(label.text) if label.text is not None else label.name


def _text(value: float | None, share: bool = False) -> str:
    if value is None:
        return "–"
    return f"{value:.2%}" if share else f"{value:.6g}"
