"""The sets that Keras knows: downloaded with care, compared with their checksums, and read as Keras reads them."""

from __future__ import annotations

import gzip
import hashlib
import io
import itertools
import json
import pickle
import tarfile
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import numpy as np
import pytest

from runtime import known_sets
from runtime.known_sets import KnownFile, KnownSet, bytes_here, is_here, known_set
from runtime.messages.describing import GetKnownSet
from runtime.spec import DataSource
from runtime.worker.data.known import download
from runtime.worker.data.known.answer import get_known_set
from runtime.worker.data.opening import open_source
from runtime.worker.data.source import DataError
from runtime.worker.data.sources import known
from runtime.worker.process.control import CancelledError
from runtime.worker.process.waiting import waiting
from tests.unit.graph_editor.exporters.test_reading_data import load_data, scripts

CONTENT = np.random.default_rng(0).bytes(300_000)


class _Server(BaseHTTPRequestHandler):
    """Serves CONTENT, in the way that is set."""

    way: ClassVar[str] = ""
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        type(self).asked.append(asked)
        content = CONTENT[::-1] if self.way == "other" else CONTENT
        first = int(asked.removeprefix("bytes=").rstrip("-")) if asked and self.way != "no ranges" else 0
        if self.way == "missing":
            return self.send_error(404)
        self.send_response(206 if first else 200)
        self.send_header("Content-Length", str(len(content) - first))
        if first:
            self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        if self.way in ("breaks", "hangs"):
            self.wfile.write(content[first:100_000])
            self.wfile.flush()
            if self.way == "hangs":
                time.sleep(1.5)
        else:
            self.wfile.write(content[first:])
        return None

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture
def one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[KnownSet]:
    """A set of one file that a server on this machine has."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(download, "_SILENCE_SECONDS", 0.4)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    _Server.way, _Server.asked = "", []
    url = f"http://127.0.0.1:{server.server_address[1]}/a.npz"
    file = KnownFile("a.npz", url, hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))
    found = msgspec.structs.replace(known_sets.known_sets()[0], name="a", files=(file,))
    monkeypatch.setattr(known_sets, "_SETS", (found,))
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


def get(waits: Any = lambda: True) -> None:
    get_known_set(GetKnownSet(1, "a"), waits)


def test_a_set_is_downloaded_once(one: KnownSet) -> None:
    assert not is_here(one) and bytes_here(one) == 0
    get()
    file = one.files[0]
    assert is_here(one) and bytes_here(one) == len(CONTENT) and file.path.read_bytes() == CONTENT
    assert not file.part.exists()
    get()
    assert _Server.asked == [""]
    file.path.write_bytes(CONTENT[:-1])  # what is damaged is brought again
    get()
    assert file.path.read_bytes() == CONTENT
    with pytest.raises(DataError, match="Keras knows no set b"):
        get_known_set(GetKnownSet(1, "b"), lambda: True)


def test_whoever_waits_is_told_what_has_arrived(one: KnownSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.worker.process.waiting._TELL_EVERY", 0.0)
    one.files[0].part.parent.mkdir(parents=True)
    one.files[0].part.write_bytes(CONTENT[:5000])
    told: list[tuple[int, int | None, str]] = []
    with waiting(lambda: True, lambda done, total, unit, _again: told.append((done, total, unit))):
        get()
    assert told == sorted(told) and {entry[1:] for entry in told} == {(len(CONTENT), "bytes")}
    assert told[0][0] == 5000 and told[-1][0] == len(CONTENT)


@pytest.mark.parametrize("way", ["breaks", "hangs"])
def test_what_has_arrived_is_kept_and_gone_on_with(one: KnownSet, way: str) -> None:
    _Server.way = way
    said = {"breaks": "the connection broke off", "hangs": "the server sends nothing"}[way]
    with pytest.raises(DataError, match=f"a.npz could not be downloaded from 127.0.0.1:.*{said}.*is kept: try again"):
        get()
    assert bytes_here(one) == 100_000 and not is_here(one)
    _Server.way = ""
    get()
    assert _Server.asked == ["", "bytes=100000-"] and is_here(one)


def test_a_server_that_cannot_go_on_begins_anew(one: KnownSet) -> None:
    one.files[0].part.parent.mkdir(parents=True)
    one.files[0].part.write_bytes(CONTENT[:5000])
    _Server.way = "no ranges"
    get()
    assert is_here(one)


def test_a_half_file_of_something_else_is_fetched_from_the_beginning(one: KnownSet) -> None:
    one.files[0].part.parent.mkdir(parents=True)
    one.files[0].part.write_bytes(b"x" * 5000)
    get()
    assert _Server.asked == ["bytes=5000-", ""] and is_here(one)
    one.files[0].path.unlink()
    one.files[0].part.write_bytes(b"x" * (len(CONTENT) + 10))
    get()
    assert is_here(one)


def test_another_file_is_not_kept(one: KnownSet) -> None:
    _Server.way = "other"
    with pytest.raises(DataError, match="its checksum is another one"):
        get()
    assert not is_here(one) and bytes_here(one) == 0


def test_refusals_are_told(one: KnownSet, monkeypatch: pytest.MonkeyPatch) -> None:
    _Server.way = "missing"
    with pytest.raises(DataError, match=r"127.0.0.1:\d+ answers 404 when asked for a.npz"):
        get()
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 1000}))
    with pytest.raises(DataError, match=r"a.npz takes .* are free on the disk"):
        get()
    monkeypatch.undo()


def test_no_network_and_a_full_disk_are_told(one: KnownSet, monkeypatch: pytest.MonkeyPatch) -> None:
    file = msgspec.structs.replace(one.files[0], url="http://127.0.0.1:9/a.npz")
    monkeypatch.setattr(known_sets, "_SETS", (msgspec.structs.replace(one, files=(file,)),))
    with pytest.raises(DataError, match="the server refuses the connection"):
        get()
    file = msgspec.structs.replace(file, url="http://nobody.invalid/a.npz")
    monkeypatch.setattr(known_sets, "_SETS", (msgspec.structs.replace(one, files=(file,)),))
    with pytest.raises(DataError, match="there is no network, or no such server"):
        get()
    monkeypatch.setattr(known_sets, "_SETS", (one,))

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(download, "_copy", full)
    with pytest.raises(DataError, match=r"a.npz could not be stored in .*: the disk is full"):
        get()


def test_a_download_that_nobody_waits_for_ends_and_keeps_what_came(one: KnownSet) -> None:
    counts = itertools.count()
    with pytest.raises(CancelledError):
        get(lambda: next(counts) < 3)
    assert 0 < bytes_here(one) < len(CONTENT)
    get()
    assert is_here(one)


def test_the_table_is_that_of_the_installed_keras() -> None:
    """Names, addresses and checksums that Keras itself asks for."""
    import keras

    asked: list[tuple[str, str, str | None]] = []

    def get_file(fname: str, origin: str, file_hash: str | None = None, **where: Any) -> str:
        folder = str(where.get("cache_subdir", "datasets")).replace("\\", "/").removeprefix("datasets").strip("/")
        name = f"{fname}_archive" if where.get("extract") else fname
        asked.append((f"{folder}/{name}".strip("/"), origin, file_hash))
        raise FileNotFoundError(fname)

    for one in known_sets.known_sets():
        module = getattr(keras.datasets, one.name)
        functions = [module.load_data, *([module.get_word_index] if hasattr(module, "get_word_index") else [])]
        asked.clear()
        for function in functions:
            with pytest.MonkeyPatch.context() as patch:
                patch.setitem(function.__globals__, "get_file", get_file)
                with pytest.raises(FileNotFoundError):
                    function()
        ours = {file.name: (file.url, file.hash) for file in one.files}
        for name, url, checksum in asked:
            assert ours[name][0] == url and checksum in (None, ours[name][1])
    from keras.src.backend.config import keras_home

    assert str(known_sets.datasets_folder()) == str(Path(keras_home()) / "datasets")


# What Keras' own functions read, with few samples.


def _npy(values: Any) -> bytes:
    stream = io.BytesIO()
    np.save(stream, values)
    return stream.getvalue()


def _npz(**arrays: Any) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def _texts(count: int) -> Any:
    generator = np.random.default_rng(count)
    texts = np.empty(count, object)
    texts[:] = [generator.integers(1, 9, generator.integers(2, 7)).tolist() for _ in range(count)]
    return texts


def _tar(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(f"{FOLDERS[len(members)]}/{name}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return stream.getvalue()


FOLDERS = {6: "cifar-10-batches-py", 2: "cifar-100-python"}


def _batch(number: int, **labels: Any) -> bytes:
    data = np.random.default_rng(number).integers(0, 256, (4, 3072), np.uint8)
    return pickle.dumps({b"data": data, **{key.encode(): value for key, value in labels.items()}}, protocol=4)


def _contents(name: str) -> list[bytes]:
    digits = np.arange(6, dtype=np.uint8)
    words = json.dumps({f"word{number}": number for number in range(1, 9)}).encode()
    if name == "mnist":
        return [
            _npz(
                x_train=np.ones((6, 28, 28), np.uint8),
                y_train=digits,
                x_test=np.zeros((6, 28, 28), np.uint8),
                y_test=digits,
            )
        ]
    if name == "fashion_mnist":
        labels, pictures = b"\0" * 8 + digits.tobytes(), b"\0" * 16 + bytes(6 * 784)
        return [gzip.compress(data) for data in (labels, pictures, labels, pictures)]
    if name == "cifar10":
        ten = [0, 9, 3, 1]
        return [
            _tar(**{f"data_batch_{n}": _batch(n, labels=ten) for n in range(1, 6)}, test_batch=_batch(6, labels=ten))
        ]
    if name == "cifar100":
        labels_of = {"fine_labels": [3, 1, 2, 99], "coarse_labels": [0, 1, 2, 19]}
        return [_tar(train=_batch(1, **labels_of), test=_batch(2, **labels_of))]
    if name == "imdb":
        return [_npz(x_train=_texts(8), y_train=np.arange(8) % 2, x_test=_texts(5), y_test=np.arange(5) % 2), words]
    if name == "reuters":
        return [_npz(x=_texts(10), y=np.arange(10)), words]
    return [_npz(x=np.arange(80.0).reshape(10, 8), y=np.arange(10.0))]


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes the files of a set, and lets Keras and us take them for the real ones."""

    def make(name: str) -> KnownSet:
        monkeypatch.setenv("KERAS_HOME", str(tmp_path))
        monkeypatch.setattr(known_sets, "_SETS", (_real(name),))
        real = known_set(name)
        assert real is not None
        files = []
        for file, content in zip(real.files, _contents(name), strict=True):
            file.path.parent.mkdir(parents=True, exist_ok=True)
            file.path.write_bytes(content)
            size, digest = len(content), hashlib.sha256(content).hexdigest()
            files.append(msgspec.structs.replace(file, size=size, hash=digest))
        one = msgspec.structs.replace(real, files=tuple(files))
        monkeypatch.setattr(known_sets, "_SETS", (one,))
        return one

    return make


ALL = known_sets.known_sets()
assert set(known.NAME.choices) == {one.name for one in ALL}


def _real(name: str) -> KnownSet:
    return next(one for one in ALL if one.name == name)


def test_cifar10_has_its_batches_one_after_the_other(made: Any) -> None:
    """Keras' own function takes batches of 10,000 pictures alone."""
    made("cifar10")
    with open_source(DataSource("known", "", {"name": "cifar10"})) as source:
        assert source.shape("x") == (24, 32, 32, 3) and source.parts()["test"] == (slice(20, 24),)
        assert source.dtype("y") == np.uint8 and source.read("y", slice(19, 22)).tolist() == [[1], [0], [9]]
        picture = np.random.default_rng(6).integers(0, 256, (4, 3072), np.uint8)[3].reshape(3, 32, 32)
        np.testing.assert_array_equal(source.read("x", slice(23, 24))[0], picture.transpose(1, 2, 0))


@pytest.mark.parametrize("name", [one.name for one in ALL if one.name != "cifar10"])
def test_a_set_is_read_as_keras_reads_it(name: str, made: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import keras

    one = made(name)
    module = getattr(keras.datasets, name)

    def get_file(fname: str, *_: object, **where: Any) -> str:
        path = tmp_path / where.get("cache_subdir", "datasets") / fname
        if where.get("extract"):
            with tarfile.open(path.with_name(f"{fname}_archive")) as archive:
                archive.extractall(path, filter="data")
        return str(path)

    with monkeypatch.context() as patch:
        patch.setitem(module.load_data.__globals__, "get_file", get_file)
        (x_train, y_train), (x_test, y_test) = module.load_data()
        known_source = DataSource("known", "", {"name": name, "maxlen": 4})
        has_texts = one.form in ("imdb", "reuters")
        if has_texts:
            patch.setitem(module.get_word_index.__globals__, "get_file", get_file)
        loaded = [
            load_data(scripts(known_source, columns)[0], tmp_path, keras=keras)
            for columns in (("x", "y"), *([("text", "y")] if has_texts else []))
        ]
    if one.form in ("imdb", "reuters"):
        x_train, x_test = (keras.utils.pad_sequences(x, maxlen=4) for x in (x_train, x_test))
    with open_source(DataSource("known", "", {"name": name, "maxlen": 4})) as source:
        count = len(x_train)
        assert source.parts() == {"training": (slice(0, count),), "test": (slice(count, count + len(x_test)),)}
        for column, parts in (("x", (x_train, x_test)), ("y", (y_train, y_test))):
            values = source.read(column, slice(0, count + len(x_test)))
            np.testing.assert_array_equal(values, np.concatenate(parts))
            for script in loaded:
                np.testing.assert_array_equal(script[column], values)
                assert script[column].dtype == values.dtype == np.concatenate(parts).dtype
        if one.form in ("imdb", "reuters"):
            assert source.column("x").kind == "sequence" and source.column("text").kind == "text"
            texts = source.read("text", slice(0, source.shape("text")[0]))
            assert loaded[1]["text"].tolist() == texts.tolist() and loaded[1]["text"].dtype == object
            assert set(" ".join(texts).split()) <= {f"word{n}" for n in range(9)} | {
                "[START]",
                "[OOV]",
            }


def test_options_of_a_set(made: Any) -> None:
    made("cifar100")
    with open_source(DataSource("known", "", {"name": "cifar100", "labels": "coarse"})) as source:
        assert source.column("y").maximum == 19
    made("imdb")
    with open_source(DataSource("known", "", {"name": "imdb", "num_words": 5, "maxlen": 3})) as source:
        assert source.shape("x") == (13, 3) and source.column("x").maximum == 4
    with pytest.raises(DataError, match="must be one of mnist"):
        open_source(DataSource("known", "", {"name": "no set"}))


def test_a_set_that_is_not_here_or_not_itself_is_told(made: Any) -> None:
    one = made("mnist")
    one.files[0].path.write_bytes(one.files[0].path.read_bytes()[:-1] + b"x")
    with pytest.raises(DataError, match="is not the file of MNIST that Keras knows"):
        open_source(DataSource("known", "", {"name": "mnist"}))
    one.files[0].path.unlink()
    with pytest.raises(DataError, match="MNIST is not on this computer yet: get it in Data, or with lamella data get"):
        open_source(DataSource("known", "", {"name": "mnist"}))


def test_a_file_that_holds_more_than_arrays_runs_nothing(
    made: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Trap:
        def __reduce__(self) -> Any:
            return (Path.touch, (tmp_path / "ran",))

    one = made("cifar100")
    bad = _tar(train=pickle.dumps({b"data": Trap()}), test=b"")
    file = msgspec.structs.replace(one.files[0], hash=hashlib.sha256(bad).hexdigest(), size=len(bad))
    file.path.write_bytes(bad)
    monkeypatch.setattr(known_sets, "_SETS", (msgspec.structs.replace(one, files=(file,)),))
    with pytest.raises(DataError, match="CIFAR-100 cannot be read"):
        open_source(DataSource("known", "", {"name": "cifar100"}))
    assert not (tmp_path / "ran").exists()
