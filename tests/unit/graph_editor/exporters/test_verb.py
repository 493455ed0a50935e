"""`lamella export --to python` and `--to notebook`: no engine, one sentence for what cannot be written."""

import json
import subprocess
import sys
from pathlib import Path

from app.project.templates import template

ROOT = Path(__file__).parents[4]


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


def test_a_name_that_would_be_code_is_said_in_one_sentence(tmp_path: Path) -> None:
    entry = template("digits")
    assert entry is not None
    evil, canary = tmp_path / "evil.lamella", tmp_path / "canary"
    text = json.loads(entry.path.read_text("utf-8"))
    name = f'x=1) or open({str(canary)!r}, "w") or dict(y'
    next(call for call in text["graph"]["calls"].values() if call.get("args"))["kwargs"] = {name: 1}
    evil.write_text(json.dumps(text), "utf-8")
    for kind, suffix in (("python", ".py"), ("notebook", ".ipynb")):
        done = export(evil, "--to", kind, "-o", tmp_path / f"out{suffix}")
        assert done.returncode == 1 and "Traceback" not in done.stderr
        assert "evil.lamella is damaged at graph → calls" in done.stderr and "no name that Python takes" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["evil.lamella"]
