"""The blocks that ship, in real Keras: they build for inputs of several sizes, with other values, and repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.generators.make_templates import Builder
from app.project.project_questions import infer_question
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.changes.repeating import repeat
from graph_editor.document.clips.block_placing import place_block
from graph_editor.document.clips.blocks import SUFFIX, load_block
from graph_editor.document.document import ROOT
from graph_editor.document.edits import SetPositions
from graph_editor.document.graph import TensorRef
from graph_editor.document.history import History
from runtime.clients.engine import Engine
from runtime.messages.inference import CallResult, Inferred
from tests.unit.runtime.conftest import SECONDS

FOLDER = Path(__file__).parents[3] / "resources" / "blocks"
CATALOG = Catalog.load()
IMAGES = [(32, 32, 3), (7, 9, 64), (1, 1, 16), (None, None, 8)]
ROWS = [(20, 64), (1, 8), (None, 128)]


def build(engine: Engine, key: str, shape: tuple[int | None, ...], times: int = 1, **values: object) -> CallResult:
    """The block behind an Input of a shape, the size of an axis filled in as the canvas does; its last result."""
    block = load_block(FOLDER / f"{key}{SUFFIX}")
    follows = {p.name: shape[p.input_axis] for p in block.parameters if p.input_axis is not None}
    builder = Builder("model")
    source = builder.input("x", shape)
    document = builder.document
    history = History(document, FOLLOW_UPS)
    history.do("place", [SetPositions({source: (0, 0)})])
    places = lambda call: document.positions[call]  # noqa: E731
    after = TensorRef(source)
    edits, made = place_block(document, ROOT, block, {**follows, **values}, (0, 0), places, after=after)
    history.do("add", edits)
    if times > 1:
        history.do("repeat", repeat(document, made, times, False, places)[0])
    answer = engine.ask(infer_question(document, CATALOG), SECONDS)
    assert isinstance(answer, Inferred), answer
    results = {result.id: result for result in answer.results}
    assert {call: str(result.error) for call, result in results.items() if result.error is not None} == {}
    assert set(results) >= set(document.graph.calls)
    ends = [call for call in document.graph.calls if not document.graph.consumers(call)]
    assert len(ends) == 1
    return results[ends[0]]


def out(result: CallResult) -> tuple[int | None, ...]:
    return result.outputs[0].shape[1:]


@pytest.mark.parametrize("shape", IMAGES)
def test_residual_keeps_the_shape(engine: Engine, shape: tuple[int | None, ...]) -> None:
    assert out(build(engine, "residual", shape)) == shape
    assert out(build(engine, "residual", shape, times=3)) == shape


@pytest.mark.parametrize("shape", IMAGES)
def test_bottleneck_changes_size_and_channels(engine: Engine, shape: tuple[int | None, ...]) -> None:
    height, width, _ = shape
    assert out(build(engine, "bottleneck", shape)) == (height, width, 256)
    halves = tuple(None if side is None else (side + 1) // 2 for side in (height, width))
    assert out(build(engine, "bottleneck", shape, strides=[2, 2], outside=48, inside=5)) == (*halves, 48)


@pytest.mark.parametrize("shape", IMAGES)
def test_inception_joins_four_branches(engine: Engine, shape: tuple[int | None, ...]) -> None:
    assert out(build(engine, "inception", shape)) == (*shape[:2], 64 + 128 + 32 + 32)
    assert out(build(engine, "inception", shape, one=1, three=2, five=3, pooled=4)) == (*shape[:2], 10)


@pytest.mark.parametrize("shape", IMAGES)
def test_squeeze_and_excitation_keeps_the_shape(engine: Engine, shape: tuple[int | None, ...]) -> None:
    assert out(build(engine, "squeeze-excite", shape)) == shape
    assert out(build(engine, "squeeze-excite", shape, times=2, squeezed=1)) == shape


@pytest.mark.parametrize("shape", IMAGES)
def test_conv_bn_relu(engine: Engine, shape: tuple[int | None, ...]) -> None:
    assert out(build(engine, "conv-bn-relu", shape, filters=12, times=4)) == (*shape[:2], 12)


@pytest.mark.parametrize("shape", ROWS)
def test_transformer_keeps_the_shape(engine: Engine, shape: tuple[int | None, ...]) -> None:
    assert out(build(engine, "transformer", shape)) == shape
    assert out(build(engine, "transformer", shape, times=3, num_heads=2, key_dim=7, hidden=11)) == shape


@pytest.mark.parametrize("shape", [(64,), (8, 8, 3), (None, 5)])
def test_the_nested_model_passes_through_what_it_gets(engine: Engine, shape: tuple[int | None, ...]) -> None:
    assert out(build(engine, "nested-model", shape, batch_shape=[None, *shape])) == shape
    assert out(build(engine, "nested-model", shape, times=3, batch_shape=[None, *shape])) == shape


@pytest.mark.parametrize("shape", [(64,), (1,), (20, 8)])
def test_mlp(engine: Engine, shape: tuple[int | None, ...]) -> None:
    result = build(engine, "mlp", shape, units=5, activation="tanh", rate=0.0, times=2)
    assert out(result) == (*shape[:-1], 5)
