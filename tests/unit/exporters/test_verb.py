"""`lamella export --to python` and `--to notebook`: no engine, one sentence for what cannot be written."""

import json
import subprocess
import sys
from pathlib import Path

from app.templates import template

ROOT = Path(__file__).parents[3]


def export(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    program = (
        "import sys; from app.__main__ import main; status = main();"
        "assert not {'keras', 'tensorflow', 'PySide6'} & set(sys.modules); sys.exit(status)"
    )
    command = [sys.executable, "-c", program, "export", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


def test_source_is_written_without_keras_and_without_qt(tmp_path: Path) -> None:
    entry = template("digits")
    assert entry is not None
    script, notebook = tmp_path / "digits.py", tmp_path / "digits.ipynb"
    done = export(entry.path, "--to", "python", "-o", script)
    assert (done.returncode, str(script) in done.stderr) == (0, True), done.stderr
    compile(script.read_text("utf-8"), "digits.py", "exec")
    assert export(entry.path, "--to", "notebook", "-o", notebook).returncode == 0
    assert json.loads(notebook.read_text("utf-8"))["nbformat"] == 4


def test_what_cannot_be_written_is_said_in_one_sentence(tmp_path: Path) -> None:
    entry = template("digits")
    assert entry is not None
    done = export(entry.path, "--to", "python", "-o", tmp_path / "nowhere" / "x.py")
    assert done.returncode == 1
    assert "x.py was not saved" in done.stderr and "Traceback" not in done.stderr
    torn = tmp_path / "torn.lamella"
    text = json.loads(entry.path.read_text("utf-8"))
    text["graph"]["outputs"] = []
    torn.write_text(json.dumps(text), "utf-8")
    done = export(torn, "--to", "python", "-o", tmp_path / "y.py")
    assert done.returncode == 1 and "no output" in done.stdout + done.stderr
    assert not (tmp_path / "y.py").exists()
