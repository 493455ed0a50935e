"""The set-up script, without setting anything up."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

import pytest

import dev

ROOT = Path(__file__).parents[3]
BASE = """\
alpha==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:ab
beta==2.0 ; python_full_version < '3.12' \\
    --hash=sha256:ba
    # via alpha
beta==2.1 ; python_full_version >= '3.12' \\
    --hash=sha256:bb
"""
WITH_GPU = BASE + "cuda==9 ; sys_platform == 'linux' \\\n    --hash=sha256:ca\nzeta==1 \\\n    --hash=sha256:za\n"


def test_a_lock_survives_reading_and_writing() -> None:
    parsed = dev.parse_lock(BASE)
    assert [(r.pin, r.marker) for r in parsed] == [
        ("alpha==1.0", ""),
        ("beta==2.0", "python_full_version < '3.12'"),
        ("beta==2.1", "python_full_version >= '3.12'"),
    ]
    assert parsed[0].hashes == ("--hash=sha256:aa", "--hash=sha256:ab")
    assert "".join(r.text() for r in parsed) == BASE.replace("    # via alpha\n", "")


def test_the_gpu_part_is_marked_and_can_be_unmarked() -> None:
    merged = dev.parse_lock(dev.merge_locks(BASE, WITH_GPU))
    gpu = [r for r in merged if dev.is_gpu(r)]
    assert [(r.pin, r.marker) for r in gpu] == [
        ("cuda==9", "sys_platform == 'linux' and extra == \"gpu\""),
        ("zeta==1", 'extra == "gpu"'),
    ]
    assert [dev.unmark_gpu(r).marker for r in gpu] == ["sys_platform == 'linux'", ""]
    assert [r.pin for r in merged if not dev.is_gpu(r)] == [r.pin for r in dev.parse_lock(BASE)]


def test_an_alternative_marker_keeps_its_meaning() -> None:
    marked = dev.mark_gpu(dev.Requirement("a==1", "x == 'a' or y == 'b'", ()))
    assert marked.marker == "(x == 'a' or y == 'b') and extra == \"gpu\""


def test_a_gpu_part_that_pins_otherwise_is_refused() -> None:
    with pytest.raises(dev.SetupError, match=r"alpha==1\.5"):
        dev.merge_locks(BASE, WITH_GPU.replace("alpha==1.0", "alpha==1.5"))


def test_the_committed_lock_is_hashed_and_names_no_place() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    requirements = dev.parse_lock(text)
    assert {"keras", "tensorflow", "pyside6-essentials", "hatchling"} <= {r.pin.split("==")[0] for r in requirements}
    assert [r.pin for r in requirements if not r.hashes or "==" not in r.pin] == []
    assert any(dev.is_gpu(r) and r.pin.startswith("nvidia-") for r in requirements)
    assert not any(word in text for word in ("http", "file:", "--index", "--find-links", " @ "))


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
    ("version", "fits"), [((3, 10), False), ((3, 11), True), ((3, 13, 5), True), ((3, 14), False), ((2, 7), False)]
)
def test_the_python_versions_that_fit(version: tuple[int, ...], fits: bool) -> None:
    assert dev.python_fits(version) is fits


def test_other_pythons_are_looked_for_by_version_and_by_launcher() -> None:
    there = {"python3.12": "/usr/bin/python3.12", "py": "C:/py.exe"}
    assert list(dev.other_pythons(there.get)) == [
        ["/usr/bin/python3.12"],
        ["C:/py.exe", "-3.11"],
        ["C:/py.exe", "-3.12"],
        ["C:/py.exe", "-3.13"],
    ]


def test_a_half_unpacked_package_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "whole-1.dist-info").mkdir()
    (tmp_path / "whole-1.dist-info" / "RECORD").touch()
    (tmp_path / "half-1.dist-info").mkdir()
    (tmp_path / "~old").mkdir()
    assert sorted(dev.remove_half_installed([tmp_path])) == ["half-1.dist-info", "~old"]
    assert [path.name for path in tmp_path.iterdir()] == ["whole-1.dist-info"]


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A finished environment in a folder of its own."""
    for name in ("LOCK", "PROJECT_FILE"):
        path = tmp_path / name
        path.write_text(name)
        monkeypatch.setattr(dev, name, path)
    monkeypatch.setattr(dev, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(dev, "STAMP", tmp_path / ".venv" / "stamp.json")
    python = dev.program("python")
    python.parent.mkdir(parents=True)
    python.touch()
    dev.write_stamp(gpu=False)
    return tmp_path


def test_a_finished_environment_is_left_alone(environment: Path) -> None:
    assert dev.is_set_up(gpu=False)
    assert not dev.is_set_up(gpu=True)


def test_a_changed_lock_a_torn_stamp_or_a_lost_python_means_setting_up_again(environment: Path) -> None:
    dev.LOCK.write_text("other")
    assert not dev.is_set_up(gpu=False)
    dev.write_stamp(gpu=True)
    assert dev.is_set_up(gpu=True)
    dev.STAMP.write_text('{"lock": ')
    assert not dev.is_set_up(gpu=False)
    dev.write_stamp(gpu=False)
    dev.program("python").unlink()
    assert not dev.is_set_up(gpu=False)


def test_pip_installs_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_TARGET", "elsewhere")
    monkeypatch.setenv("PIP_INDEX_URL", "kept")
    environment = dev.pip_environment()
    assert "PIP_TARGET" not in environment
    assert environment["PIP_INDEX_URL"] == "kept"


def test_progress_counts_packages_and_names_large_files(capsys: pytest.CaptureFixture[str]) -> None:
    progress = dev.PipProgress(2, terminal=False)
    for line in (
        "Collecting keras==3 (from -r r.txt (line 1))",
        "  Downloading keras-3.whl (1.5 MB)",
        "Collecting tensorflow==2 (from -r r.txt (line 9))",
        "  Downloading tensorflow-2.whl (572.4 MB)",
        "Installing collected packages: a, b",
    ):
        progress(line)
    assert capsys.readouterr().out.splitlines() == [
        "    2/2 tensorflow (572.4 MB)",
        "  unpacking, this takes a minute or two ...",
    ]


def test_a_failing_command_shows_its_last_lines() -> None:
    program = "print('first'); print('the reason'); raise SystemExit(3)"
    with pytest.raises(dev.SetupError, match=r"the reason\n\nIt failed \(exit status 3\)\."):
        dev.run_quietly([sys.executable, "-c", program], {}, "It failed")


def test_gpu_elsewhere_than_on_linux_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    with pytest.raises(dev.SetupError, match="WSL 2"):
        dev.ensure_environment(gpu=True)


def test_a_display_is_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not dev.has_display()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert dev.has_display()


def test_the_script_needs_the_standard_library_only() -> None:
    tree = ast.parse((ROOT / "dev.py").read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_an_old_python_can_read_the_script_far_enough_to_say_so() -> None:
    ast.parse((ROOT / "dev.py").read_text("utf-8"), feature_version=(3, 8))


def test_without_a_display_the_main_job_is_done_by_verbs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[list[str]] = []

    def pretend(command: list[str], cwd: Path, stdout: IO[str] | None = None) -> int:
        verb = command[command.index("app") + 1 :]
        calls.append(verb)
        for option in ("-o", "--export"):
            if option in verb:
                Path(verb[verb.index(option) + 1]).touch()
        if stdout:
            stdout.write("{}")
        return 0

    monkeypatch.setattr(dev, "has_display", lambda: False)
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "OUT", tmp_path / "out")
    monkeypatch.setattr(dev, "SAMPLE", tmp_path / "out" / "digits.lamella")
    monkeypatch.setattr("subprocess.call", pretend)
    assert dev.run_app(None) == 0
    assert [(call[0], Path(call[call.index("-o") + 1]).name if "-o" in call else "") for call in calls] == [
        ("new", "digits.lamella"),
        ("train", ""),
        ("screenshot", "build.png"),
        ("screenshot", "train.png"),
        ("screenshot", "runs.png"),
    ]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "build.png",
        "digits.keras",
        "digits.lamella",
        "metrics.jsonl",
        "runs.png",
        "train.png",
    ]


def test_with_a_display_the_window_opens_on_the_given_project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls: list[list[str]] = []

    def pretend(command: list[str], cwd: Path) -> int:
        calls.append(command)
        return 7

    monkeypatch.setattr(dev, "has_display", lambda: True)
    monkeypatch.setattr("subprocess.call", pretend)
    assert dev.run_app(str(tmp_path / "mine.lamella")) == 7
    assert [call[1:] for call in calls] == [["-m", "app", str(tmp_path / "mine.lamella")]]


def test_a_failing_step_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subprocess.call", lambda command, cwd: 3)
    with pytest.raises(dev.SetupError, match=r"Failed: linting \(exit status 3\)"):
        dev.step("linting", ["lint"])


def test_all_tests_end_with_a_minute_of_soak_and_fail_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[list[str]] = []

    def call(command: Sequence[str], **_: object) -> int:
        done.append(list(command[1:]))
        return int("tests.soak" in command)

    monkeypatch.setattr(subprocess, "call", call)
    monkeypatch.setattr(dev, "all_tests", lambda count: done.append([f"all in {count}"]))
    monkeypatch.setattr(dev, "test_processes", lambda: 3)
    dev.test(["--only-pytest", "tests/unit"])
    assert done == [["-m", "pytest", "tests/unit"]]
    with pytest.raises(dev.SetupError, match="soak"):
        dev.test(["--only-pytest"])
    assert done[1:] == [["all in 3"], ["-m", "tests.soak", "--minutes", "1", "--seed", "1"]]


FAKE_PYTEST = """\
import pathlib, sys
taken = pathlib.Path(sys.argv[sys.argv.index("--share") + 1])
mark = taken / "first"
try:
    mark.touch(exist_ok=False)
except FileExistsError:
    print("the second in", taken.is_dir()); sys.exit({second})
sys.exit({first})
"""


@pytest.mark.parametrize(("first", "second"), [(0, 0), (1, 0), (0, 1), (0, -11)])
def test_all_processes_of_the_suite_have_to_pass(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str], first: int, second: int
) -> None:
    (tmp_path / "pytest.py").write_text(FAKE_PYTEST.format(first=first, second=second), "utf-8")
    monkeypatch.setattr(dev, "ROOT", tmp_path)  # `-m pytest` finds what stands there first
    monkeypatch.setattr(dev, "program", lambda _name: Path(sys.executable))
    if first or second:
        with pytest.raises(dev.SetupError, match="Failed: pytest"):
            dev.all_tests(2)
    else:
        dev.all_tests(2)
    assert "the second in True" in capfd.readouterr().out, "what the others say is shown, also when they fail"


def test_the_suite_runs_in_as_many_processes_as_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {"SC_PHYS_PAGES": 8 << 20, "SC_PAGE_SIZE": 1 << 12}  # 32 GB
    monkeypatch.setattr("os.sysconf", sizes.__getitem__, raising=False)
    for cores, pages, count in [(1, 8 << 20, 1), (2, 8 << 20, 2), (64, 8 << 20, 4), (8, 1 << 21, 2), (8, 1 << 18, 1)]:
        monkeypatch.setattr("os.sched_getaffinity", lambda _pid, cores=cores: set(range(cores)), raising=False)
        sizes["SC_PHYS_PAGES"] = pages
        assert dev.test_processes() == count, (cores, pages)
