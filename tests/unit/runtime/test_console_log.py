"""What a worker prints is kept with its beginning and its end, and what was left out is counted."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.console_log import HEAD_BYTES, LONGEST_BYTES, TAIL_BYTES, ConsoleLog, shorten

LINE = b"%09d the layer prints this in every step\n"
MARK = re.compile(rb"\n\[Lamella left out ([\d,]+) bytes here\]\n")

PRINTING = """
import sys, time
from pathlib import Path
from runtime.console_log import print_into
print_into(Path(sys.argv[1]))
for number in range(400):
    sys.stdout.write("line %d\\n" % number + "x" * 100_000 + "\\n")
    sys.stdout.flush()
time.sleep(1.5)  # its length is looked at meanwhile
print("last words")
"""


def flood(path: Path, lines: int, start: int = 0) -> bytes:
    log, everything = ConsoleLog(path), b""
    for first in range(start, start + lines, 1000):
        data = b"".join(LINE % number for number in range(first, min(first + 1000, start + lines)))
        log.write(data)
        everything += data
    log.close()
    return everything


def test_a_short_log_is_kept_whole(tmp_path: Path) -> None:
    path = tmp_path / "console.log"
    assert flood(path, 20_000) == path.read_bytes()


def test_of_a_flood_beginning_and_end_are_kept_and_the_rest_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "console.log"
    everything = flood(path, 300_000)
    kept = path.read_bytes()
    assert len(kept) <= LONGEST_BYTES + 1000 * len(LINE)
    (mark,) = MARK.finditer(kept)
    head, tail = kept[: mark.start()], kept[mark.end() :]
    assert everything.startswith(head) and len(head) > 0.9 * HEAD_BYTES
    assert everything.endswith(tail) and len(tail) > 0.9 * TAIL_BYTES
    assert tail.startswith(b"0"), "a line was cut in two"
    assert len(head) + len(tail) + int(mark[1].replace(b",", b"")) == len(everything)


def test_another_writer_goes_on_with_the_count(tmp_path: Path) -> None:
    path = tmp_path / "console.log"
    everything = flood(path, 200_000) + flood(path, 200_000, 200_000)
    (mark,) = MARK.finditer(path.read_bytes())
    kept = len(path.read_bytes()) - len(mark[0])
    assert kept + int(mark[1].replace(b",", b"")) == len(everything)


@pytest.mark.parametrize("letter", ["x", "é", "한", "🦊"])
def test_one_line_without_an_end_is_cut_between_letters(tmp_path: Path, letter: str) -> None:
    path = tmp_path / "console.log"
    path.write_bytes(b"a" + letter.encode() * 3_000_000)
    shorten(path)
    kept = path.read_bytes()
    (mark,) = MARK.finditer(kept)
    kept[mark.end() :].decode()
    assert len(kept) < HEAD_BYTES + TAIL_BYTES + 100


def test_a_process_that_prints_alone_keeps_its_last_words(tmp_path: Path) -> None:
    path = tmp_path / "console.log"
    subprocess.run([sys.executable, "-c", PRINTING, str(path)], check=True, timeout=900)
    kept = path.read_bytes()
    assert kept.startswith(b"line 0\n")
    assert kept.endswith(b"line 399\n" + b"x" * 100_000 + b"\nlast words\n")
    assert len(MARK.findall(kept)) == 1
    assert len(kept) < 2 * LONGEST_BYTES


def test_who_prints_goes_on_when_the_reader_is_gone() -> None:
    code = """
import sys
from runtime.console_log import print_without_readers
print_without_readers()
print("é first", flush=True)
sys.stdin.readline()
for number in range(1000):
    print("step", number, flush=True)
    sys.stderr.write("more\\n")
sys.exit(7)
"""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        assert process.stdout.readline().decode() == "é first\n"
        process.stdout.close()
        process.stderr.close()
        process.stdin.write(b"go on\n")
        process.stdin.flush()
        assert process.wait(900) == 7


def test_a_full_disk_is_told_to_the_caller(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("needs a device that is always full")
    log = ConsoleLog(full)
    with pytest.raises(OSError):
        log.write(b"x")
    log.close()
