"""What a file says reaches the terminal as text; a terminal obeys nothing of it."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.cli.common import output
from app.project.templates import TEMPLATES
from graph_editor.document.clips.clipboard import copied_text
from graph_editor.document.files.file_format import dumps, loads
from graph_editor.document.files.json_text import plain_json, pretty
from tests.fuzz.hostile_projects import PAYLOADS

CLI = Path(output.__file__).parent
STEERING = (
    "\x1b]0;title\x07\x1b[2Jx",
    "\x9b2Jx",
    "x\r\x1b[1A No problems.",
    "\u202ecod.exe",
    "\ud800",
    "a\nb",
    "\u2066x",
    *PAYLOADS,
)


@pytest.mark.parametrize("text", STEERING, ids=range(len(STEERING)))
def test_nothing_steers_the_terminal(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    output.show(text)
    output.say(text)
    output.complain(text, "detail " + text.replace("\n", " "))
    output.show_lines(output.table([("a", text), (text, "b")]))
    output.print_json({text: [text]})
    written = capsys.readouterr()
    assert written.out.encode() and written.err.encode()
    assert all(line.isprintable() for line in [*written.out.split("\n"), *written.err.split("\n")])
    lines = written.out.removesuffix("\n").split("\n")
    assert len(lines) == 4 and json.loads(lines[-1]) == {text: [text]}
    assert len(written.err.removesuffix("\n").split("\n")) == 3


def test_plain_text_stays_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    for text in ("레이어 이름", "≈ 3 MB – “x”", "👩\u200d👧"):
        output.show(text)
        assert capsys.readouterr().out == text + "\n"


def test_only_one_module_of_the_command_line_prints() -> None:
    found = [
        f"{path.relative_to(CLI)}: {ast.unparse(node)}"
        for path in sorted(CLI.rglob("*.py"))
        if path != Path(output.__file__)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if (isinstance(node, ast.Name) and node.id == "print")
        or (isinstance(node, ast.Attribute) and ast.unparse(node) in ("sys.stdout.write", "sys.stderr.write"))
    ]
    assert found == []


@pytest.mark.parametrize("text", PAYLOADS, ids=range(len(PAYLOADS)))
def test_json_holds_any_text(text: str) -> None:
    for written in (pretty({text: [text] * 50}), plain_json({text: [text] * 50}, 1)):
        assert json.loads(written.encode()) == {text: [text] * 50}


def test_half_a_character_in_a_name_can_be_saved_and_copied() -> None:
    document = TEMPLATES[0].open()
    operation = next(iter(document.graph.operations.values()))
    document.graph.replace_operation(replace(operation, config={**operation.config, "note": "\ud800"}))
    again = loads(dumps(document))
    assert again.graph.operations[operation.id].config["note"] == "\ud800"
    call = next(iter(document.graph.calls))
    assert json.loads(copied_text(document, [call], {call: (0.0, 0.0)}).encode())
