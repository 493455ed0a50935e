"""Where the environment forbids compiled files beside the sources, they are kept elsewhere, and used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support.trees import ROOT

KEEPS = """
import subprocess, sys
from pathlib import Path
from tests.support.bytecode import keep_bytecode
keep_bytecode(Path(sys.argv[1]))
subprocess.run([sys.executable, "-c", "import one_module; print(one_module.__cached__)"], check=True)
"""


def cached(environment: Path, sources: Path, **more: str) -> Path:
    """Where a process that is started by one that keeps bytecode finds that of its module."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    variables |= {"PYTHONPATH": os.pathsep.join([str(ROOT), str(sources)]), **more}
    command = [sys.executable, "-c", KEEPS, str(environment)]
    done = subprocess.run(command, env=variables, cwd=sources, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def test_bytecode_is_kept_in_the_environment_where_none_is_wanted_beside_the_sources(tmp_path: Path) -> None:
    environment, sources = tmp_path / "environment", tmp_path / "sources"
    environment.mkdir()
    sources.mkdir()
    (sources / "one_module.py").write_text("", "utf-8")
    kept = cached(environment, sources, PYTHONDONTWRITEBYTECODE="1")
    assert kept.is_relative_to(environment / "bytecode") and kept.is_file()
    assert [path.name for path in sources.iterdir()] == ["one_module.py"]


def test_nothing_is_other_where_python_keeps_it_anyhow(tmp_path: Path) -> None:
    (tmp_path / "one_module.py").write_text("", "utf-8")
    kept = cached(tmp_path, tmp_path, PYTHONPYCACHEPREFIX=str(tmp_path / "of one's own"))
    assert kept.is_relative_to(tmp_path / "of one's own") and kept.is_file()
    assert not (tmp_path / "bytecode").exists()
