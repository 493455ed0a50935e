"""Brings a file of a known set here: resumed where it broke off, compared with its checksum, then put in its place.

`keras.utils.get_file` begins anew each time, waits for a server without an end, and cannot be cancelled.
"""

from __future__ import annotations

import hashlib
import http.client
import shutil
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from resources import locks
from resources.atomic import swap_in
from resources.os_reasons import os_reason
from resources.regular_files import open_regular
from resources.text import Text
from runtime.known_sets import KnownFile, KnownSet
from runtime.worker.data.source import DataError
from runtime.worker.process.control import CancelledError
from runtime.worker.process.memory import size_text

_CHUNK: Final = 64 * 1024
_SILENCE_SECONDS: Final = 20.0  # without a byte
_SLOW_SECONDS: Final = 60.0  # with fewer than
_SLOW_BYTES: Final = 16 * 1024
_HASH_CHUNK: Final = 1 << 20
_ROOM: Final = 32 * 2**20  # bytes that stay free on the disk

Waits = Callable[[], bool]  # whether somebody still waits


def get_set(one: KnownSet, waits: Waits) -> None:
    """Brings all files that are not here as they should be. Raises DataError, CancelledError.

    What has arrived of a file stays for the next time; how much that is, `known_sets.bytes_here` tells meanwhile.
    """
    for file in one.files:
        _get(file, waits)


def matches(file: KnownFile, path: Path, waits: Waits = lambda: True) -> bool:
    """Whether a file has the checksum that it should have. Raises OSError, CancelledError."""
    digest = hashlib.new(file.algorithm, usedforsecurity=False)
    with open_regular(path) as stream:
        while block := stream.read(_HASH_CHUNK):
            _require_waiting(waits)
            digest.update(block)
    return digest.hexdigest() == file.hash


def _get(file: KnownFile, waits: Waits) -> None:
    try:
        if file.path.is_file() and matches(file, file.path, waits):
            return
        file.path.parent.mkdir(parents=True, exist_ok=True)
        with locks.exclusive(file.path.with_name(f".{file.path.name}.lock")):
            _get_alone(file, waits)
    except locks.LockedError as error:
        raise DataError(Text.of("{file} is being downloaded by another program.", file=file.name)) from error
    except OSError as error:
        text = Text.of(
            "{file} could not be stored in {folder}: {reason}.",
            file=file.path.name,
            folder=str(file.path.parent),
            reason=os_reason(error),
        )
        raise DataError(text, str(error)) from error


def _get_alone(file: KnownFile, waits: Waits) -> None:
    """Once more from the beginning where what was resumed is not the file that was begun."""
    part = file.part
    resumed = part.exists()
    for again in (resumed, False):
        _receive(file, part, waits)
        if matches(file, part, waits):
            swap_in(part, file.path)
            return
        part.unlink()
        if not again:
            break
    text = Text.of(
        "What {host} sent as {file} is not the file that Keras knows: its checksum is another one. It was not kept.",
        host=_host(file),
        file=file.path.name,
    )
    raise DataError(text)


def _receive(file: KnownFile, part: Path, waits: Waits) -> None:
    """Appends to `part` what is missing. Raises DataError, OSError, CancelledError."""
    have = part.stat().st_size if part.exists() else 0
    if have > file.most:
        part.unlink()
        have = 0
    if have == file.size:
        return
    _require_room(file, part.parent, max(0, file.size - have))
    request = urllib.request.Request(file.url, headers={"User-Agent": "lamella", "Accept-Encoding": "identity"})
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        answer = _opener().open(request, timeout=_SILENCE_SECONDS)
    except urllib.error.HTTPError as error:
        raise DataError(
            Text.of(
                "{host} answers {code} when asked for {file}.", host=_host(file), code=error.code, file=file.path.name
            )
        ) from error
    except (OSError, http.client.HTTPException) as error:  # URLError is an OSError
        raise _no_answer(file, error) from error
    with answer:
        resumes = answer.status == HTTPStatus.PARTIAL_CONTENT and _begins_at(answer, have)
        have = have if resumes else 0
        with part.open("ab" if resumes else "wb") as target:
            received = _copy(file, answer, target, have, waits)
        announced = answer.headers.get("Content-Length", "")
        if announced.isdecimal() and received < have + int(announced):
            raise _no_answer(file, ConnectionResetError())


def _copy(file: KnownFile, answer: Any, target: Any, have: int, waits: Waits) -> int:
    """Return how many bytes of the file are there then. Raises DataError, OSError, CancelledError."""
    since, then = time.monotonic(), have
    while True:
        _require_waiting(waits)
        try:
            block = answer.read1(_CHUNK)
        except (OSError, http.client.HTTPException) as error:
            raise _no_answer(file, error) from error
        if not block:
            return have
        target.write(block)
        target.flush()
        have += len(block)
        if have > file.most:
            raise DataError(Text.of("{host} sends more than {file} has.", host=_host(file), file=file.path.name))
        if time.monotonic() - since > _SLOW_SECONDS:
            if have - then < _SLOW_BYTES:
                raise _no_answer(file, TimeoutError())
            since, then = time.monotonic(), have


def _begins_at(answer: Any, have: int) -> bool:
    """Whether the server goes on where the file broke off."""
    return str(answer.headers.get("Content-Range", "")).replace("bytes", "").strip().startswith(f"{have}-")


def _require_room(file: KnownFile, folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + _ROOM:
        raise DataError(
            Text.of(
                "{file} takes {size}, but only {free} are free on the disk of {folder}.",
                file=file.path.name,
                size=size_text(needed),
                free=size_text(free),
                folder=str(folder),
            )
        )


def _require_waiting(waits: Waits) -> None:
    if not waits():
        raise CancelledError


class _SecureRedirects(urllib.request.HTTPRedirectHandler):
    """Leads from https nowhere else."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if req.full_url.startswith("https:") and not newurl.startswith("https:"):
            raise urllib.error.HTTPError(req.full_url, code, msg, headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_SecureRedirects)


def _host(file: KnownFile) -> str:
    return file.url.split("/")[2]


def _no_answer(file: KnownFile, error: Exception) -> DataError:
    reason = _network_reason(getattr(error, "reason", error))
    text = Text.of(
        "{file} could not be downloaded from {host}: {reason}. What has arrived is kept: try again.",
        file=file.path.name,
        host=_host(file),
        reason=reason,
    )
    return DataError(text, f"{type(error).__name__}: {error}")


def _network_reason(error: object) -> Text:
    if isinstance(error, ssl.SSLError):
        return Text("the connection cannot be trusted")
    if isinstance(error, TimeoutError):
        return Text("the server sends nothing")
    if isinstance(error, socket.gaierror):
        return Text("there is no network, or no such server")
    if isinstance(error, ConnectionRefusedError):
        return Text("the server refuses the connection")
    if isinstance(error, http.client.HTTPException | ConnectionError):
        return Text("the connection broke off")
    return Text("there is no connection")
