"""The pictures that ship are those that their generator draws, and a template names each folder of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.project.templates import template
from resources.samples import make_leaves
from runtime.spec import SAMPLES_FOLDER, DataSource, resolve_data_path
from runtime.worker.data.opening import open_source
from runtime.worker.data.sources.pictures import recognise

LARGEST = 400_000  # bytes of all of them


def test_samples_are_small() -> None:
    folders = [SAMPLES_FOLDER / name for name in ("leaves", "leaf_outlines")]
    assert sum(path.stat().st_size for folder in folders for path in folder.rglob("*") if path.is_file()) < LARGEST


@pytest.mark.parametrize(("name", "what"), [("leaves", "180 pictures in 4 classes"), ("leaf_outlines", "60 pictures")])
def test_samples_are_recognised_as_templates_have_them(name: str, what: str) -> None:
    entry = template(name.replace("_", "-"))
    assert entry is not None
    data = entry.open().data
    source = data["sources"][0] if "sources" in data else data["source"]
    path = resolve_data_path(source["path"], None)
    assert path == str(SAMPLES_FOLDER / name)
    found = recognise(Path(path))
    assert found is not None and found.options == source["options"] and str(found.what).startswith(what)
    with open_source(DataSource("pictures", path, source["options"])) as opened:
        assert not opened.unreadable() and opened.note is None and not opened.same_samples()
        bound = {column for columns in data["bindings"].values() for column in columns}
        assert bound <= set(opened.names())


def test_samples_are_what_is_drawn() -> None:
    place, tree = 1, "maple"
    drawn, _ = make_leaves.leaf(tree, np.random.default_rng([place, 6]))
    with Image.open(SAMPLES_FOLDER / "leaves" / tree / "07.jpg") as stored:
        assert np.abs(np.asarray(stored).astype(int) - drawn).mean() < 6
    _, inside = make_leaves.leaf("willow", np.random.default_rng([9, 3]))
    with Image.open(SAMPLES_FOLDER / "leaf_outlines" / "masks" / "04.png") as stored:
        np.testing.assert_array_equal(np.asarray(stored), inside)
