"""The sentences that ship are those that their generator writes, and templates train from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.project.templates import template
from resources.samples.make_sentences import sentences
from runtime.spec import SAMPLES_FOLDER, DataSource
from runtime.worker.data.opening import open_source
from runtime.worker.data.sources.text import recognise

PATH = SAMPLES_FOLDER / "sentences.txt"


def test_sentences_are_those_that_are_made() -> None:
    assert PATH.read_text("utf-8").splitlines() == sentences()
    assert len(set(sentences())) == len(sentences())


@pytest.mark.parametrize("key", ["sentences", "sentences-transformer"])
def test_templates_fit_them(key: str) -> None:
    entry = template(key)
    assert entry is not None
    data = entry.open().data
    found = recognise(Path(PATH))
    assert found is not None and found.options == data["sources"][0]["options"]
    with open_source(DataSource("text", str(PATH), found.options)) as source:
        assert source.categories("label") == ("complaint", "praise", "question") and source.note is None
        assert {column for columns in data["bindings"].values() for column in columns} == set(source.names())
        texts = source.read("text", slice(0, source.shape("text")[0]))
        (step,) = data["columns"]["text"]["steps"]
        longest = max(len(text.split()) for text in texts)
        assert longest <= step["output_sequence_length"]
        assert len({word for text in texts for word in text.lower().split()}) < step["max_tokens"]
