"""Problems and remarks of a project, for people and for machines."""

from collections.abc import Sequence
from typing import Any

from app.cli.common.output import CommandError, show
from app.cli.common.projects import Checked
from graph_editor.document.checking.validation import Problem, place_of
from resources.text import tr


def unreadable(error: CommandError) -> dict[str, Any]:
    """The answer about a file that cannot be read: machines get JSON whatever happens."""
    problem = {
        "severity": "error",
        "kind": "file",
        "call": None,
        "layer": None,
        "place": None,
        "text": str(error.text),
        "detail": error.detail,
        "mend": None,
    }
    return {"problems": [problem], "remarks": []}


def entry_of(checked: Checked, problem: Problem) -> dict[str, Any]:
    """``place`` says in words where it is, ``mend`` what one click in the window would do about it."""
    return {
        "severity": problem.severity,
        "kind": problem.kind,
        "call": problem.call,
        "layer": checked.layer_name(problem) or None,
        "place": place_of(checked.document, problem) or None,
        "text": str(problem.text),
        "detail": problem.detail,
        "mend": str(problem.mend.text) if problem.mend is not None else None,
    }


def print_problems(checked: Checked, errors: Sequence[Problem], remarks: Sequence[Problem]) -> None:
    """Problems, then remarks, each with what would mend it."""
    show()
    if not errors:
        show(tr("No problems."))
    _print_list(tr("Error"), errors)
    if remarks:
        show()
        _print_list(tr("Remark"), remarks)
    proposed = [problem.severity for problem in (*errors, *remarks) if problem.mend is not None]
    if proposed:
        show()
        file = checked.path.name if "warning" not in proposed else f"--remarks {checked.path.name}"
        show(tr("lamella mend {file} does the same.", file=file))


def _print_list(kind: str, problems: Sequence[Problem]) -> None:
    for problem in problems:
        show(f"{kind}: {problem.text}")
        if problem.mend is not None:
            show("  " + tr("In the window one click does this: {mend}", mend=problem.mend.text))
