"""HDF5 and NumPy files: parts by names, several files, links and what is too large to be held."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from resources.python_code.in_scripts.own_parts import joined_names, stem_and_part
from runtime.spec import DataSource
from runtime.worker.data.arrays import hdf5_files, npy_files
from runtime.worker.data.opening import open_source
from runtime.worker.data.source import DataError, Source
from runtime.worker.data.sources import hdf5, npz
from tests.unit.graph_editor.exporters.test_reading_data import require_same

JOINED = {"parts": "joined"}


def opened(kind: str, path: Path, **options: Any) -> Source:
    return open_source(DataSource(kind, str(path), options))


def whole(source: Source, name: str) -> list[Any]:
    values: list[Any] = source.read(name, slice(0, source.shape(name)[0])).tolist()
    return values


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("x_train", ("x", 0)),
        ("train_images", ("images", 0)),
        ("X_test", ("X", 2)),
        ("trainX", ("X", 0)),
        ("XTrain", ("X", 0)),
        ("val/images/raw", ("images/raw", 1)),
        ("x_train_1", ("x_1", 0)),
        ("validY", ("Y", 1)),
        ("contrast", None),
        ("train_test", None),
        ("x", None),
        ("train", ("", 0)),
    ],
)
def test_which_names_are_parts(name: str, expected: object) -> None:
    assert stem_and_part(name) == expected


def test_parts_that_not_all_have_are_left_apart() -> None:
    assert joined_names(["x_train", "y_train", "x_test"]) == {}
    names = ["x_train", "y_train", "x_val", "y_val", "x_test", "names"]
    assert joined_names(names) == {"x": {0: "x_train", 1: "x_val"}, "y": {0: "y_train", 1: "y_val"}}


def mnist(path: Path, **others: Any) -> Path:
    arrays: dict[str, Any] = {"x_test": np.full((2, 3), 9, np.uint8), "y_test": np.array([1, 2], np.uint8)}
    arrays |= {"x_train": np.arange(12, dtype=np.uint8).reshape(4, 3), "y_train": np.array([0, 1, 2, 3], np.uint8)}
    arrays |= others
    np.savez(path, **arrays)
    return path


def test_parts_of_an_archive_become_columns(tmp_path: Path) -> None:
    path = mnist(tmp_path / "a.npz", names=np.array(["a", "b"]))
    found = npz.recognise(path)
    assert found is not None and found.options == JOINED
    with opened("npz", path, **found.options) as source:
        assert source.names() == ("x", "y", "names")
        assert source.shape("x") == (6, 3) and whole(source, "y") == [0, 1, 2, 3, 1, 2]
        assert source.parts() == {"training": (slice(0, 4),), "test": (slice(4, 6),)}
        assert source.read("x", slice(3, 5)).tolist() == [[9, 10, 11], [9, 9, 9]]
        assert source.take("y", np.array([5, 0, 0, 3])).tolist() == [2, 0, 0, 3]
    with opened("npz", path) as source:  # a project that was made before
        assert source.names() == ("x_test", "y_test", "x_train", "y_train", "names") and not source.parts()
    require_same(DataSource("npz", str(mnist(tmp_path / "b.npz")), JOINED))


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ({"x_test": np.ones((2, 4))}, "x_train and x_test cannot become one column x"),
        ({"y_test": np.ones(3)}, "x_test has 2 samples, but y_test has 3"),
        ({"y_test": np.array(["a", "b"])}, "their samples are 1, uint8 and words"),
    ],
)
def test_parts_that_do_not_fit_together_are_told(tmp_path: Path, others: dict[str, Any], said: str) -> None:
    with pytest.raises(DataError, match=said):
        opened("npz", mnist(tmp_path / "a.npz", **others), **JOINED)


def test_a_file_without_parts_says_so(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.ones(3))
    with pytest.raises(DataError, match="no arrays that are parts"):
        opened("npz", tmp_path / "a.npz", **JOINED)
    with pytest.raises(DataError, match="must be one of apart, joined"):
        opened("npz", tmp_path / "a.npz", parts="perhaps")


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("packed", [False, True])
def test_arrays_of_every_order_are_read_by_pieces(tmp_path: Path, order: Any, packed: bool) -> None:
    values = np.asarray(np.random.default_rng(0).random((7, 3, 2)), ">f4", order=order)
    (np.savez_compressed if packed else np.savez)(tmp_path / "a.npz", x=values, when=np.arange(7))
    with opened("npz", tmp_path / "a.npz") as source:
        assert not source.in_memory()
        np.testing.assert_array_equal(source.read("x", slice(2, 5)), values[2:5])
        np.testing.assert_array_equal(source.take("x", np.array([6, 0, 6])), values[[6, 0, 6]])


def test_what_does_not_fit_into_memory_is_unpacked_to_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    values = np.arange(20.0).reshape(10, 2)
    np.savez_compressed(tmp_path / "a.npz", x=values)
    monkeypatch.setattr(npy_files, "free_memory", lambda: 100)
    with opened("npz", tmp_path / "a.npz") as source:
        np.testing.assert_array_equal(source.take("x", np.array([9, 1])), values[[9, 1]])
        assert list((tmp_path / "scratch").iterdir()) and not source.in_memory()
    assert not list((tmp_path / "scratch").iterdir())
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 10}))
    with opened("npz", tmp_path / "a.npz") as source, pytest.raises(DataError, match="of disk are free"):
        source.read("x", slice(0, 1))


def test_a_file_that_is_written_anew_while_it_is_read_is_told(tmp_path: Path) -> None:
    """Mapped into memory it took the process along."""
    np.save(tmp_path / "a.npy", np.arange(100_000))
    with opened("npz", tmp_path / "a.npy") as source:
        (tmp_path / "a.npy").write_bytes((tmp_path / "a.npy").read_bytes()[:5000])
        with pytest.raises(DataError, match="changed since it was opened"):
            source.read("a", slice(90_000, 90_010))


def test_shapes_that_cannot_be_are_refused(tmp_path: Path) -> None:
    for shape in ("(-1, 2)", "(99999999999, 99999999999)", "(1000000,)"):
        header = f"{{'descr':'<f8','fortran_order':False,'shape':{shape}}}\n".encode()
        bad = b"\x93NUMPY\1\0" + len(header).to_bytes(2, "little") + header + b"\0" * 80
        (tmp_path / "a.npy").write_bytes(bad)
        with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
            archive.writestr("x.npy", bad)
        for name in ("a.npy", "a.npz"):
            with pytest.raises(DataError, match=f"{name} is no readable NumPy file"):
                opened("npz", tmp_path / name)


def test_a_folder_of_arrays(tmp_path: Path) -> None:
    for name, values in {"x_train": np.ones((4, 2)), "y_train": np.arange(4), "z": np.ones(9)}.items():
        np.save(tmp_path / f"{name}.npy", values)
    with opened("npz", tmp_path) as source:
        assert source.names() == ("x_train", "y_train", "z")
    np.save(tmp_path / "x_test.npy", np.zeros((2, 2)))
    np.save(tmp_path / "y_test.npy", np.arange(2))
    found = npz.recognise(tmp_path)
    assert found is not None and found.options == JOINED
    with opened("npz", tmp_path, **JOINED) as source:
        assert source.shape("x") == (6, 2) and source.parts()["test"] == (slice(4, 6),)
    (tmp_path / "empty").mkdir()
    assert npz.recognise(tmp_path / "empty") is None
    with pytest.raises(DataError, match=r"no \.npy files"):
        opened("npz", tmp_path / "empty")


def hdf5_file(path: Path, **arrays: Any) -> Path:
    path.parent.mkdir(exist_ok=True)
    with h5py.File(path, "w") as file:
        for name, values in arrays.items():
            file[name.replace("__", "/")] = values
    return path


def test_parts_of_an_hdf5_file_become_columns(tmp_path: Path) -> None:
    path = hdf5_file(
        tmp_path / "a.h5", train__x=np.ones((3, 2)), train__y=["a", "b", "a"], test__x=np.zeros((1, 2)), test__y=["c"]
    )
    found = hdf5.recognise(path)
    assert found is not None
    with opened("hdf5", path, **JOINED) as source:
        assert source.names() == ("x", "y") and source.categories("y") == ("a", "b", "c")
        assert whole(source, "y") == [0, 1, 0, 2] and source.parts()["training"] == (slice(0, 3),)
    require_same(DataSource("hdf5", str(path), JOINED))


def test_several_hdf5_files_are_one(tmp_path: Path) -> None:
    for number in (10, 2):
        hdf5_file(tmp_path / "many" / f"part-{number}.h5", x=np.full((2, 3), number), w=[str(number), "b"])
    hdf5_file(tmp_path / "many" / "other.hdf5", y=np.ones(2))
    with opened("hdf5", tmp_path / "many", files="part-*.h5") as source:
        assert source.read("x", slice(1, 3)).tolist() == [[2, 2, 2], [10, 10, 10]]
        assert str(source.place(2)) == "index 0 of part-10.h5" and "2 files" in str(source.note)
    with opened("hdf5", tmp_path / "many" / "part-2.h5", files="part-*.h5") as source:
        assert source.shape("x") == (4, 3)
    require_same(DataSource("hdf5", str(tmp_path / "many" / "part-2.h5"), {"files": "part-*.h5"}))
    with pytest.raises(DataError, match="have not the same columns"):
        opened("hdf5", tmp_path / "many")
    hdf5_file(tmp_path / "many" / "part-3.h5", x=np.ones((2, 4)), w=["a", "b"])
    with pytest.raises(DataError, match=r"part-2.h5 and part-3.h5 have samples of other shapes in x"):
        opened("hdf5", tmp_path / "many", files="part-*.h5")
    with pytest.raises(DataError, match="without folders"):
        opened("hdf5", tmp_path / "many", files="../*.h5")


def test_files_named_after_parts_are_parts(tmp_path: Path) -> None:
    for number, name in enumerate(("test", "train-1", "train-2", "val")):
        hdf5_file(tmp_path / "all" / f"{name}.h5", x=np.full(2, number))
    found = hdf5.recognise(tmp_path / "all")
    assert found is not None and found.options == JOINED
    with opened("hdf5", tmp_path / "all", **JOINED) as source:
        assert whole(source, "x") == [1, 1, 2, 2, 3, 3, 0, 0]
        assert source.parts() == {
            "training": (slice(0, 2), slice(2, 4)),
            "validation": (slice(4, 6),),
            "test": (slice(6, 8),),
        }
    require_same(DataSource("hdf5", str(tmp_path / "all"), JOINED))


def test_many_files_are_not_all_open_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hdf5_files, "_MOST_OPEN", 2)
    for number in range(5):
        hdf5_file(tmp_path / "many" / f"{number}.h5", x=np.full(2, number))
    with opened("hdf5", tmp_path / "many") as source:
        assert source.take("x", np.array([9, 0, 4, 0])).tolist() == [4, 0, 2, 0]


def test_links_and_virtual_datasets_inside_the_folder_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    hdf5_file(folder / "b.h5", x=np.arange(3), deep__y=np.arange(6).reshape(3, 2))
    hdf5_file(tmp_path / "secret.h5", x=np.arange(3))
    hdf5_file(folder / "to_secret.h5")
    with h5py.File(folder / "to_secret.h5", "a") as file:
        file["x"] = h5py.ExternalLink("../secret.h5", "x")
        layout = h5py.VirtualLayout((3,), "i8")
        layout[:] = h5py.VirtualSource("../secret.h5", "x", (3,))
        file.create_virtual_dataset("v", layout)
    with h5py.File(folder / "a.h5", "w") as file:
        file["linked"] = h5py.ExternalLink("b.h5", "deep")
        file["loop"] = h5py.ExternalLink("a.h5", "/")
        file["out"] = h5py.ExternalLink(str(tmp_path / "secret.h5"), "x")
        file["hop"] = h5py.ExternalLink("to_secret.h5", "x")
        file["gone"] = h5py.ExternalLink("b.h5", "nothing")
        for name, other, place in (("v", "b.h5", "x"), ("v_out", "../secret.h5", "x"), ("v_hop", "to_secret.h5", "v")):
            layout = h5py.VirtualLayout((3,), "i8")
            layout[:] = h5py.VirtualSource(other, place, (3,))
            file.create_virtual_dataset(name, layout)
    with opened("hdf5", folder / "a.h5") as source:
        assert set(source.names()) == {"linked/y", "v"}
        assert whole(source, "v") == [0, 1, 2] and whole(source, "linked/y") == [[0, 1], [2, 3], [4, 5]]
        assert set(source.left_out) == {"out", "hop", "gone", "v_out", "v_hop"}
        assert "outside the folder own" in str(source.left_out["v_hop"])


def test_a_dataset_with_a_filter_that_is_not_here_is_named(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["x"] = np.arange(4)
        properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        properties.set_chunk((4,))
        properties.set_filter(32001, h5py.h5z.FLAG_OPTIONAL, (1, 2))
        h5py.h5d.create(file.id, b"blosc", h5py.h5t.NATIVE_DOUBLE, h5py.h5s.create_simple((4,)), properties)
    with opened("hdf5", tmp_path / "a.h5") as source:
        assert source.names() == ("x",)
        assert "a filter that is not installed" in str(source.left_out["blosc"])


def test_runs_are_whole_chunks(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_dataset("plain", (10_000, 2), "f4")
        file.create_dataset("chunked", (100_000, 2), "f4", chunks=(1000, 2))
        file.create_dataset("large", (64, 1024, 1024), "f4", chunks=(8, 1024, 1024), compression="gzip")
    with opened("hdf5", tmp_path / "a.h5") as source:
        assert [source.run_rows(name) for name in ("plain", "chunked", "large")] == [4096, 5000, 8]


def test_words_beyond_count_are_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.worker.data.arrays.array_source.MOST_WORDS", 2)
    path = hdf5_file(tmp_path / "a.h5", w=["b", "a", "b"])
    with opened("hdf5", path) as source:
        column = source.column("w")
        assert (column.kind, column.dtype, column.categories) == ("text", "object", ())
        assert source.take("w", np.array([2, 1])).tolist() == ["b", "a"]


def test_a_file_of_weights_is_no_data(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.attrs["layer_names"] = ["dense"]
    assert hdf5.recognise(tmp_path / "a.h5") is None
    (tmp_path / "b.h5").write_bytes(b"hello")
    assert hdf5.recognise(tmp_path / "b.h5") is None
