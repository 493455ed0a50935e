"""A quick look into each of many files: which cannot be pictures, and which are the same as another."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from resources.regular_files import open_regular
from resources.text import Text
from runtime.worker.data.pictures.reading import (
    EMPTY,
    MOST_PIXELS,
    NO_PICTURE,
    PictureError,
    known_beginning,
    unreadable_file,
    verify,
)
from runtime.worker.process.waiting import got_on

SECONDS: Final = 3.0
_HEAD: Final = 64 * 2**10  # bytes; most small pictures are no larger
_PART: Final = 2**20
_TAIL: Final = 256
_SUSPICIOUS: Final = 200  # files whose end looks wrong are decoded, up to so many


@dataclass(slots=True)
class Scan:
    """Of the first `looked_at` files: why some cannot be read, and those with the same bytes, by their numbers."""

    looked_at: int = 0
    unreadable: dict[int, str | Text] = field(default_factory=dict)
    same: list[tuple[int, ...]] = field(default_factory=list)


def scan(root: str, files: Sequence[str], seconds: float = SECONDS) -> Scan:
    """Stops after `seconds`."""
    found, until, decoded = Scan(), time.monotonic() + seconds, 0
    digests: dict[tuple[bytes, bool], list[int]] = {}
    for number, file in enumerate(files):
        path = f"{root}/{file}"
        got_on(number, len(files), "files")
        try:
            head, tail, size = _ends(path)
            if not size:
                raise PictureError(EMPTY)
            if not known_beginning(head):
                raise PictureError(NO_PICTURE)
            if (_is_huge(head) or not _ends_well(head, tail, size)) and decoded < _SUSPICIOUS:
                decoded += 1
                verify(path)
            digest = hashlib.blake2b(head + tail + size.to_bytes(8, "little"), digest_size=16).digest()
            digests.setdefault((digest, size < _HEAD), []).append(number)
        except PictureError as error:
            found.unreadable[number] = error.reason
        found.looked_at = number + 1
        if time.monotonic() > until:
            break
    for (_, is_whole), numbers in digests.items():
        if len(numbers) > 1:
            found.same += [tuple(numbers)] if is_whole else _same_bytes(root, files, numbers, until)
    return found


def verify_all(root: str, files: Sequence[str]) -> dict[int, str | Text]:
    """Decodes every file. Those that cannot be read, by their numbers, and why."""
    found: dict[int, str | Text] = {}
    for number, file in enumerate(files):
        got_on(number, len(files), "files", again=True)
        try:
            verify(f"{root}/{file}")
        except PictureError as error:
            found[number] = error.reason
    return found


def _ends(path: str) -> tuple[bytes, bytes, int]:
    """The beginning, the end behind it, and how long the file is. Raises PictureError."""
    try:
        with open_regular(path) as stream:
            head = stream.read(_HEAD)
            if len(head) < _HEAD:
                return head, b"", len(head)
            size = stream.seek(0, 2)
            stream.seek(max(_HEAD, size - _TAIL))
            return head, stream.read(_TAIL), size
    except OSError as error:
        raise unreadable_file(error) from error


def _is_huge(head: bytes) -> bool:
    """Whether a PNG says that it has more pixels than are read: a small file may."""
    if not head.startswith(b"\x89PNG"):
        return False
    return int.from_bytes(head[16:20], "big") * int.from_bytes(head[20:24], "big") > MOST_PIXELS


def _ends_well(head: bytes, tail: bytes, size: int) -> bool:
    """Whether the end of a file is the one of its format. BMP and TIFF have none."""
    end = (head + tail)[-_TAIL:]
    if head.startswith(b"\xff\xd8"):
        return b"\xff\xd9" in end
    if head.startswith(b"\x89PNG"):
        return b"IEND" in end
    if head.startswith(b"GIF8"):
        return b"\x3b" in end[-16:]
    if head.startswith(b"RIFF"):
        return head[8:12] == b"WEBP" and int.from_bytes(head[4:8], "little") + 8 <= size
    return False


def _same_bytes(root: str, files: Sequence[str], numbers: Sequence[int], until: float) -> list[tuple[int, ...]]:
    """Those that are the same from one end to the other: large files may differ in the middle."""
    whole: dict[bytes, list[int]] = {}
    for number in numbers:
        if time.monotonic() > until + SECONDS:
            return []
        try:
            with open_regular(f"{root}/{files[number]}") as stream:
                hashed = hashlib.blake2b(digest_size=16)
                while part := stream.read(_PART):
                    hashed.update(part)
        except OSError:
            continue
        whole.setdefault(hashed.digest(), []).append(number)
    return [tuple(same) for same in whole.values() if len(same) > 1]
