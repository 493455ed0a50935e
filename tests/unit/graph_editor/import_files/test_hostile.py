"""Files made to do harm: no code of theirs runs, little memory and time goes by, and a sentence says what and where.

Each is opened by a process of its own, whose peak of memory is measured.
"""

from __future__ import annotations

import base64
import json
import marshal
import os
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from tests.unit.graph_editor.import_files.models import Json, layer, model

ROOT = Path(__file__).parents[4]
MEGABYTES, SECONDS = 500, 60  # seconds of the processor: against what grows without end, no measurement
DENSE = layer("dense", "Dense", "x", units=3)


def opened(path: Path) -> dict[str, Any]:
    """What the probe says of a file; fails when it cost too much or brought Keras along."""
    command = [sys.executable, str(Path(__file__).with_name("probe.py")), str(path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=900, check=False, env=environment, cwd=path.parent
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answer: dict[str, Any] = json.loads(done.stdout)
    assert answer["growth"] < MEGABYTES, answer
    assert answer["seconds"] < SECONDS, answer
    assert not {"keras", "tensorflow", "pickle5"} & set(answer["modules"])
    return answer


def message(path: Path) -> str:
    answer = opened(path)
    assert answer["message"] is not None, answer
    text = str(answer["message"])
    assert path.name in text
    assert "\n" not in text
    assert len(text) < 400
    return text


def archive(path: Path, config: Json | bytes, **more: bytes) -> Path:
    content = config if isinstance(config, bytes) else json.dumps(config).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("metadata.json", '{"keras_version": "3.15.1"}')
        file.writestr("config.json", content)
        for name, value in more.items():
            file.writestr(name, value)
    return path


def sentinel_lambda(sentinel: Path) -> Json:
    """A Lambda whose bytecode writes a file, as Keras stores it."""
    code = compile(f"lambda x: open({str(sentinel)!r}, 'w') and x", "evil", "eval").co_consts[0]
    value = base64.b64encode(marshal.dumps(code)).decode()
    function = {"class_name": "__lambda__", "config": {"code": value, "defaults": None, "closure": None}}
    return layer("evil", "Lambda", "x", function=function, arguments={})


def importer(sentinel: Path) -> str:
    """A module that writes the sentinel as soon as someone imports it."""
    (sentinel.parent / "evil_module.py").write_text(f"open({str(sentinel)!r}, 'w')\nclass Evil: pass\n", "utf-8")
    return "evil_module"


@pytest.mark.parametrize("suffix", [".keras", ".json", ".h5"])
def test_a_lambda_is_a_box_and_its_code_stays_asleep(tmp_path: Path, suffix: str) -> None:
    sentinel = tmp_path / "sentinel"
    config = model(sentinel_lambda(sentinel), layer("dense", "Dense", "evil", units=3))
    path = tmp_path / f"evil{suffix}"
    if suffix == ".keras":
        archive(path, config)
    elif suffix == ".json":
        path.write_text(json.dumps(config), "utf-8")
    else:
        with h5py.File(path, "w") as file:
            file.attrs["model_config"] = json.dumps(config)
    answer = opened(path)
    assert answer["layers"] == {"x": "InputLayer", "evil": "Lambda", "dense": "Dense"}
    (text,) = [text for kind, text in answer["problems"] if kind == "untrusted"]
    assert "evil" in text
    assert not sentinel.exists()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"registered_name": "os>system", "class_name": "system", "module": None}, "system"),
        ({"registered_name": "os>system"}, "os>system"),
        ({"module": "os", "class_name": "system"}, "system"),
        ({"module": "subprocess", "class_name": "Popen"}, "Popen"),
        ({"module": "evil_module", "class_name": "Evil"}, "Evil"),
        ({"module": "builtins", "class_name": "eval"}, "eval"),
        ({"module": "keras.src.saving", "class_name": "load_model"}, "load_model"),
        ({"module": "keras.src.ops.core", "class_name": "Cond"}, "operation Cond of Keras"),
    ],
)
def test_a_class_of_somebody_else_is_an_inert_box(tmp_path: Path, change: Json, named: str) -> None:
    importer(tmp_path / "sentinel")
    evil = {**layer("evil", "Dense", "x", units=3), **change}
    answer = opened(archive(tmp_path / "evil.keras", model(evil, layer("dense", "Dense", "evil", units=3))))
    assert list(answer["layers"]) == ["x", "evil", "dense"]
    (text,) = [text for kind, text in answer["problems"] if kind in ("unknown_class", "untrusted")]
    assert "evil" in text
    assert named in text
    assert not (tmp_path / "sentinel").exists()
    assert "evil_module" not in answer["modules"]


def test_the_probe_sees_what_a_file_costs(tmp_path: Path) -> None:
    path = tmp_path / "long.json"
    path.write_bytes(b'"' + b"a" * (30 * 2**20) + b'"')
    assert opened(path)["growth"] > 30


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = archive(tmp_path / "bomb.keras", b'{"a": "' + b" " * (400 * 2**20) + b'"}')
    assert path.stat().st_size < 2**20
    assert "config.json" in message(path)


def test_a_zip_that_lies_about_its_size_is_capped(tmp_path: Path) -> None:
    """The directory says 100 bytes; the stream holds 400 MB."""
    path = archive(tmp_path / "liar.keras", b" " * (400 * 2**20))
    content = path.read_bytes()
    size = struct.pack("<I", 400 * 2**20)
    assert size in content
    path.write_bytes(content.replace(size, struct.pack("<I", 100)))
    assert "liar.keras" in message(path)


def test_a_large_but_honest_config_is_capped(tmp_path: Path) -> None:
    many = archive(tmp_path / "many.keras", ("[" + "[],[1]," * 5_000_000 + "0]").encode())
    assert "values" in message(many) or "grow" in message(many)
    stored = tmp_path / "stored.json"
    stored.write_bytes(b"[" + b"{}," * 10_000_000 + b"0]")
    assert "2,000,000 values" in message(stored)
    long = tmp_path / "long.json"
    long.write_bytes(b'"' + b"a" * (33 * 2**20) + b'"')
    assert "32 MB" in message(long)
    wide = tmp_path / "wide.json"
    wide.write_bytes('{"class_name": "🧪'.encode() + b"a" * (31 * 2**20) + b'"}')
    message(wide)


@pytest.mark.parametrize("content", [b"[" * 100_000, b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 100_000])
def test_deep_json_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "deep.json"
    path.write_bytes(content)
    assert "250 levels" in message(path)
    assert "config.json" in message(archive(tmp_path / "deep.keras", content))


def test_nested_models_end_somewhere(tmp_path: Path) -> None:
    inner = model(DENSE)
    for number in range(60):
        inner = model({**inner, "name": f"m{number}", "inbound_nodes": [], "config": inner["config"]})
    path = tmp_path / "nested.json"
    path.write_text(json.dumps(inner), "utf-8")
    assert "deep" in message(path)


@pytest.mark.parametrize("name", ["../../evil.txt", "/etc/evil", "assets/../../evil", "..\\evil", "C:\\evil"])
def test_an_entry_outside_of_the_zip_is_named(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    assert name in message(archive(folder / "slip.keras", model(DENSE), **{name: b"evil"}))
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["slip.keras"]


def test_a_zip_with_a_million_entries_is_not_listed(tmp_path: Path) -> None:
    path = archive(tmp_path / "entries.keras", model(DENSE))
    content = bytearray(path.read_bytes())
    at = content.rfind(b"PK\x05\x06")
    entries = b"".join(
        b"PK\x01\x02" + struct.pack("<6H3L5H2L", 20, 20, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0) + b"%06d" % number
        for number in range(200_000)
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65_000, 65_000, len(entries), at, 0)
    path.write_bytes(bytes(content[:at]) + entries + end)
    assert "entries" in message(path)


def h5_with(path: Path, make: Callable[[Any], None]) -> Path:
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(model(DENSE))
        make(file)
    return path


def test_links_out_of_an_hdf5_file_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.h5"
    with h5py.File(secret, "w") as file:
        file["w"] = np.zeros(3)

    def external(file: Any) -> None:
        file["model_weights"] = h5py.ExternalLink(str(secret), "/w")

    def soft(file: Any) -> None:
        file["model_weights"] = h5py.SoftLink("/elsewhere")

    for make in (external, soft):
        text = message(h5_with(tmp_path / f"{make.__name__}.h5", make))
        assert "model_weights" in text
        assert "link" in text


def test_a_config_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "numbers.h5"
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = np.zeros((4, 4))
    assert "model_config" in message(path)
    with h5py.File(path, "w") as file:
        file["x"] = 1
    assert "model_config" in message(path)


@pytest.mark.parametrize("suffix", [".keras", ".json", ".h5"])
@pytest.mark.parametrize("content", [b"", b"\x00" * 100, b"\xff\xfe\xfa" * 50, b"PK\x03\x04" + b"\x00" * 50])
def test_what_is_no_model_is_a_sentence(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"junk{suffix}"
    path.write_bytes(content)
    message(path)


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.99])
def test_torn_files_are_a_sentence(tmp_path: Path, kept: float) -> None:
    whole = archive(tmp_path / "whole.keras", model(DENSE), **{"model.weights.h5": os.urandom(5000)}).read_bytes()
    torn = tmp_path / "torn.keras"
    torn.write_bytes(whole[: int(len(whole) * kept)])
    message(torn)
    h5 = h5_with(tmp_path / "torn.h5", lambda file: file.create_dataset("w", data=np.zeros(2000)))
    h5.write_bytes(h5.read_bytes()[: int(h5.stat().st_size * kept)])
    message(h5)
    text = json.dumps(model(DENSE))
    half = tmp_path / "torn.json"
    half.write_text(text[: int(len(text) * kept)], "utf-8")
    assert "line 1" in message(half)


def test_text_and_numbers_that_cannot_be_sent_are_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "latin.keras", json.dumps(model(DENSE)).encode().replace(b"dense", b"d\xe9nse"))
    text = message(path)
    assert "UTF-8" in text
    assert "config.json" in text
    wide = tmp_path / "wide.json"
    wide.write_text(json.dumps(model(layer("dense", "Dense", "x", units=10**30))), "utf-8")
    assert "64 bits" in message(wide)
    half = tmp_path / "half.json"
    half.write_text(json.dumps(model({**DENSE, "name": "\ud800"})), "utf-8")
    assert "half of a character" in message(half)


def test_a_damaged_stream_is_a_sentence(tmp_path: Path) -> None:
    path = archive(tmp_path / "bits.keras", model(DENSE))
    content = bytearray(path.read_bytes())
    packed = zlib.compress(json.dumps(model(DENSE)).encode())[2:20]
    at = content.find(packed[:8])
    assert at > 0
    content[at + 10 : at + 30] = os.urandom(20)
    path.write_bytes(content)
    message(path)


@pytest.mark.parametrize(
    "config",
    [
        [],
        {},
        {"class_name": "Functional"},
        {"class_name": "Functional", "config": []},
        {"class_name": "Functional", "module": "keras", "config": {"layers": 5}},
        {"class_name": "Functional", "module": "keras", "config": {"layers": [1, 2]}},
        {"class_name": "Functional", "module": "keras", "config": {"layers": [{"class_name": 3}]}},
        {"class_name": "Sequential", "config": {"name": "s"}},
        {"class_name": "MyModel", "module": "my_package", "config": {}},
        model({**DENSE, "inbound_nodes": 5}),
        model({**DENSE, "inbound_nodes": [5]}),
        model({**DENSE, "inbound_nodes": [{"args": 1}]}),
        model({**DENSE, "config": None}),
        model({**DENSE, "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": 3}]}]}),
    ],
)
def test_configs_of_no_shape_are_a_sentence(tmp_path: Path, config: Json) -> None:
    path = tmp_path / "odd.json"
    path.write_text(json.dumps(config), "utf-8")
    message(path)
    message(archive(tmp_path / "odd.keras", config))


def test_a_model_of_very_many_layers_is_refused(tmp_path: Path) -> None:
    layers = [layer("l0", "Dense", "x", units=1)]
    layers += [layer(f"l{number}", "Dense", f"l{number - 1}", units=1) for number in range(1, 40_000)]
    path = tmp_path / "many.json"
    path.write_text(json.dumps(model(*layers)), "utf-8")
    assert "layers" in message(path)
