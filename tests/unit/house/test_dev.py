"""The set-up script, without setting anything up."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import dev

ROOT = Path(__file__).parents[3]


def pins(lock: Path) -> dict[str, str]:
    """The head of each requirement, and its hashes."""
    blocks = lock.read_text("utf-8").replace("\\\n", " ").splitlines()
    return {head.strip(): hashes for head, _, hashes in (block.partition("--hash=") for block in blocks)}


def test_the_committed_locks_are_hashed_and_name_no_place() -> None:
    plain, with_gpu = pins(dev.LOCK), pins(dev.GPU_LOCK)
    assert {"keras", "tensorflow", "pyside6-essentials", "hatchling", "uv"} <= {pin.split("==")[0] for pin in plain}
    assert [pin for pin, hashes in {**plain, **with_gpu}.items() if not hashes or "==" not in pin] == []
    text = dev.LOCK.read_text("utf-8") + dev.GPU_LOCK.read_text("utf-8")
    assert not any(word in text for word in ("http", "file:", "--index", "--find-links", " @ "))


def test_the_lock_with_gpu_is_the_other_one_and_more() -> None:
    plain, with_gpu = pins(dev.LOCK), pins(dev.GPU_LOCK)
    assert plain.items() <= with_gpu.items()
    assert any(pin.startswith("nvidia-") for pin in with_gpu.keys() - plain.keys())
    assert not any(pin.startswith("nvidia-") for pin in plain)


def opening(*absent: str) -> Callable[[str], bool]:
    return lambda name: name not in absent


def found(*absent: str) -> Callable[[str], str | None]:
    return lambda name: None if name in absent else f"/usr/bin/{name}"


def test_missing_system_packages_go_by_debians_names() -> None:
    opens, find = opening("libEGL.so.1", "libxcb-cursor.so.0"), found("Xvfb")
    assert dev.missing_packages(False, opens, find) == ["libegl1", "libxcb-cursor0"]
    assert dev.missing_packages(True, opens, find) == ["libegl1", "libxcb-cursor0", "xvfb"]
    assert dev.missing_packages(True, opening(), found()) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('NAME="x"\nID=debian\n', True),
        ("ID=ubuntu\nID_LIKE=debian\n", True),
        ('ID=linuxmint\nID_LIKE="ubuntu debian"\n', True),
        ('ID=fedora\nVERSION_ID="debian"\n', False),
    ],
)
def test_debian_is_told_from_other_linuxes(
    text: str, expected: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", found())
    release = tmp_path / "os-release"
    release.write_text(text)
    assert dev.is_debian(release) is expected
    assert dev.is_debian(tmp_path / "absent") is False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="apt is Linux'")
def test_who_may_not_install_gets_the_exact_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "library_opens", opening())
    monkeypatch.setattr(dev, "missing_packages", lambda with_test_programs: ["libegl1", "xvfb"])
    monkeypatch.setattr(dev, "is_debian", lambda: True)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(dev.SetupError, match="sudo apt-get install -y --no-install-recommends libegl1 xvfb"):
        dev.ensure_system(with_test_programs=True)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="apt is Linux'")
def test_root_on_debian_installs_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [["libegl1"], []]
    installed: list[str] = []
    monkeypatch.setattr(dev, "missing_packages", lambda with_test_programs: answers.pop(0))
    monkeypatch.setattr(dev, "is_debian", lambda: True)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(dev, "apt_install", installed.extend)
    dev.ensure_system(with_test_programs=False)
    assert installed == ["libegl1"]
    assert answers == []


@pytest.mark.parametrize(
    ("version", "fits"), [((3, 10), False), ((3, 11), True), ((3, 13, 5), True), ((3, 14), False), ((3, 8), False)]
)
def test_another_python_is_looked_for_when_this_one_does_not_fit(
    version: tuple[int, ...], fits: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    assert dev.wanted_python() == (sys.executable if fits else ">=3.11,<3.14")
    assert ("Looking for one" in capsys.readouterr().out) is not fits


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A finished environment in a folder of its own, whose Python starts."""
    for name in ("LOCK", "GPU_LOCK", "PROJECT_FILE"):
        path = tmp_path / name
        path.write_text(name)
        monkeypatch.setattr(dev, name, path)
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(dev, "STAMP", tmp_path / ".venv" / "stamp.json")
    monkeypatch.setattr(dev, "starts", lambda python: python.exists())
    python = dev.program("python")
    python.parent.mkdir(parents=True)
    python.touch()
    dev.write_stamp(gpu=False)
    return tmp_path


def test_a_finished_environment_is_left_alone(environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert dev.is_set_up(gpu=False)
    assert not dev.is_set_up(gpu=True)
    monkeypatch.setattr(dev, "find_uv", lambda _folder: pytest.fail("nothing is to be done"))
    dev.ensure_environment()


@pytest.mark.parametrize("name", ["LOCK", "GPU_LOCK", "PROJECT_FILE"])
def test_a_changed_lock_or_project_file_means_setting_up_again(environment: Path, name: str) -> None:
    (environment / name).write_text("other")
    assert not dev.is_set_up(gpu=False)
    dev.write_stamp(gpu=True)
    assert dev.is_set_up(gpu=True)


class Uv:
    """Stands where `subprocess.call` does, and notes what uv is told; fails at the ``fails``-th call."""

    def __init__(self, fails: int = 0) -> None:
        self.calls: list[list[str]] = []
        self._fails = fails

    def __call__(self, command: list[str], env: dict[str, str], cwd: Path) -> int:
        self.calls.append(command[1:])
        if command[1] == "venv":
            dev.program("python").parent.mkdir(parents=True)
            dev.program("python").touch()
        return 2 if len(self.calls) == self._fails else 0

    def said(self) -> list[str]:
        return [call[0] if call[0] == "venv" else Path(call[-1]).name for call in self.calls]


@pytest.fixture
def uv(monkeypatch: pytest.MonkeyPatch) -> Uv:
    result = Uv()
    monkeypatch.setattr("subprocess.call", result)
    monkeypatch.setattr(dev, "find_uv", lambda folder: (folder / "uv", {}))
    return result


def test_a_new_lock_updates_the_environment_in_place(environment: Path, uv: Uv) -> None:
    (environment / "LOCK").write_text("new")
    (environment / ".venv" / "mine").touch()
    dev.ensure_environment()
    assert uv.said() == ["LOCK", environment.name]
    assert "--require-hashes" in uv.calls[0] and "--no-deps" in uv.calls[0]
    assert (environment / ".venv" / "mine").exists()
    assert dev.is_set_up(gpu=False)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="TensorFlow has GPU support on Linux only")
def test_once_set_up_for_a_gpu_it_stays_so(environment: Path, uv: Uv) -> None:
    dev.ensure_environment(gpu=True)
    (environment / "LOCK").write_text("new")
    dev.ensure_environment()
    assert uv.said() == ["GPU_LOCK", environment.name] * 2


@pytest.mark.parametrize("damage", ["interrupted", "torn", "moved", "no python", "no environment"])
def test_what_is_not_whole_is_made_anew(environment: Path, uv: Uv, damage: str) -> None:
    (environment / ".venv" / "half").touch()
    if damage == "interrupted":
        dev.STAMP.unlink()
    elif damage == "torn":
        dev.STAMP.write_text('{"lock": ')
    elif damage == "moved":
        dev.STAMP.write_text(dev.STAMP.read_text().replace(environment.name, "elsewhere"))
    elif damage == "no python":
        dev.program("python").unlink()
    else:
        (environment / ".venv").rename(environment / "gone")
    dev.ensure_environment()
    assert uv.said() == ["venv", "LOCK", environment.name]
    assert not (environment / ".venv" / "half").exists()
    assert dev.is_set_up(gpu=False)


@pytest.mark.parametrize("fails", [1, 2])
def test_a_setup_that_fails_leaves_no_stamp(environment: Path, monkeypatch: pytest.MonkeyPatch, fails: int) -> None:
    (environment / "LOCK").write_text("new")
    monkeypatch.setattr("subprocess.call", Uv(fails))
    monkeypatch.setattr(dev, "find_uv", lambda folder: (folder / "uv", {}))
    with pytest.raises(dev.SetupError, match="exit status 2"):
        dev.ensure_environment()
    assert not dev.STAMP.exists()


def test_nothing_is_installed_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_TARGET", "elsewhere")
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setenv("PIP_INDEX_URL", "kept")
    environment = dev.environment_for_installing()
    assert "elsewhere" not in environment.values()
    assert environment["PIP_INDEX_URL"] == "kept"


def test_uv_installs_from_where_pip_would() -> None:
    config = """\
:env:.index-url='https://mine.example/simple'
global.index-url='https://theirs.example/simple'
global.extra-index-url='\\nfile:///one\\nfile:///two'
install.find-links='/a /b'
global.cert="/it's.pem"
global.quiet='3'
WARNING: 'something else'
"""
    assert dev.uv_settings(config) == {
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_DEFAULT_INDEX": "https://mine.example/simple",
        "UV_INDEX": "file:///one file:///two",
        "UV_FIND_LINKS": "/a,/b",
        "SSL_CERT_FILE": "/it's.pem",
    }


def test_what_a_person_told_uv_goes_before_what_pip_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_HTTP_TIMEOUT", "7")
    monkeypatch.setenv("PIP_DEFAULT_TIMEOUT", "8")
    monkeypatch.setattr(dev, "has_pip", lambda _python: True)
    monkeypatch.setattr(dev, "fetch_uv", lambda python, folder: folder / python)
    assert dev.find_uv(ROOT)[1]["UV_HTTP_TIMEOUT"] == "7"


def test_without_pip_a_uv_on_the_path_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "has_pip", lambda _python: False)
    monkeypatch.setattr("shutil.which", found())
    assert dev.find_uv(ROOT)[0] == Path("/usr/bin/uv")


def test_without_pip_python_is_asked_for_the_one_it_brings_along(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made: list[str] = []
    monkeypatch.setattr("shutil.which", found("uv"))
    monkeypatch.setattr("subprocess.run", lambda command, **_: made.append(command[-1]))
    monkeypatch.setattr(dev, "is_debian", lambda: True)
    monkeypatch.setattr(dev, "has_pip", lambda _python: False)
    with pytest.raises(dev.SetupError, match="apt-get install -y python3-pip"):
        dev.find_uv(tmp_path)
    assert made == [str(tmp_path / "pip")]


def test_the_uv_that_is_fetched_is_pinned_and_hashed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(dev, "run_quietly", lambda command, _environment, _failure: commands.append(command))
    dev.fetch_uv("python", tmp_path)
    asked = (tmp_path / "uv.txt").read_text("utf-8")
    assert re.fullmatch(r"uv==[\d.]+ \\\n(    --hash=sha256:\w{64}( \\)?\n)+", asked)
    assert "--require-hashes" in commands[0]


def test_a_failing_command_shows_its_last_lines() -> None:
    program = "print('first'); print('the reason'); raise SystemExit(3)"
    with pytest.raises(dev.SetupError, match=r"the reason\n\nIt failed \(exit status 3\)\."):
        dev.run_quietly([sys.executable, "-c", program], {}, "It failed")


def test_gpu_elsewhere_than_on_linux_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    with pytest.raises(dev.SetupError, match="WSL 2"):
        dev.ensure_environment(gpu=True)


def test_the_script_needs_the_standard_library_only() -> None:
    tree = ast.parse((ROOT / "dev.py").read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_an_old_python_can_read_the_script() -> None:
    ast.parse((ROOT / "dev.py").read_text("utf-8"), feature_version=(3, 8))


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What `main` does before a verb, noted instead of done."""
    result: list[str] = []
    monkeypatch.setattr(dev, "ensure_system", lambda with_test_programs: result.append(f"system {with_test_programs}"))
    monkeypatch.setattr(dev, "ensure_environment", lambda gpu: result.append(f"environment {gpu}"))

    def inside(arguments: list[str]) -> int:
        result.append(" ".join(arguments))
        return 7

    monkeypatch.setattr(dev, "continue_inside", inside)
    return result


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["setup", "--gpu"], ["system False", "environment True"]),
        (["run", "a.lamella"], ["system False", "environment False", "run a.lamella"]),
        (["test", "--fast", "-k", "x"], ["system True", "environment False", "test --fast -k x"]),
        (["check"], ["environment False", "check"]),
        (["soak", "--help"], ["system True", "environment False", "soak --help"]),
    ],
)
def test_a_verb_gets_what_it_needs_and_all_its_arguments(
    steps: list[str], arguments: list[str], expected: list[str]
) -> None:
    assert dev.main(arguments) == (0 if arguments[0] == "setup" else 7)
    assert steps == expected


@pytest.mark.parametrize("arguments", [["setup", "--gpus"], ["setup", "more"], ["nonsense"], []])
def test_what_nobody_knows_is_refused_before_anything_is_done(steps: list[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        dev.main(arguments)
    assert steps == []


def test_the_help_says_what_each_verb_does(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        dev.main(["--help"])
    text = " ".join(capsys.readouterr().out.split())
    for verb, purpose in dev.verbs().items():
        assert f"{verb} {purpose}" in text
    assert {"run", "test", "check", "bench", "soak", "lock"} <= dev.verbs().keys()


def test_a_verb_keeps_the_folder_in_which_it_was_called(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder `tests` or a file `dev.py` there changes nothing."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "dev.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr("os.name", "nt" if sys.platform == "win32" else "other")
    monkeypatch.setattr(dev, "program", lambda _name: Path(sys.executable))
    assert dev.continue_inside(["bench", "--help"]) == 0
