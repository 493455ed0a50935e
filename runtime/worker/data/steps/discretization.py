"""Numbers become the bins they lie in: bins of as many samples each, or with boundaries that are given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from resources.python_code.parts import StepCode
from resources.python_code.pieces import Code, call, literal, name, number
from resources.python_code.preparing import TRAINING_ROWS, by_layer
from resources.text import Text
from resources.training.setting import Setting
from runtime.lazy import LazyModule
from runtime.step_kinds import StepKind
from runtime.step_samples import (
    Array,
    Json,
    Layer,
    Sample,
    State,
    StepError,
    is_layer,
    keras_layer,
    plain,
    require_numbers,
    some,
    thinned,
)
from runtime.worker.data.preparing.lookup import INT, MODES, encoded, encoded_shape, output_setting

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

STEP: Final = StepKind(
    "discretization",
    Text("Discretization"),
    Text("Numbers become bins, such as ages that become age groups."),
    ("number", "date"),
    110,
    (
        Setting[int]("num_bins", Text("bins"), Text("So many bins, with as many training samples in each."), "int", 10,
                     order=10, section="step", minimum=2, maximum=10_000),
        Setting[str]("boundaries", Text("boundaries"),
                     Text("Instead of that: where one bin ends and the next begins, such as 18, 30, 65."),
                     "text", "", order=20, section="step", pattern=r"\s*|\s*-?[\d.eE+-]+(\s*,\s*-?[\d.eE+-]+)*\s*",
                     form_of_text=Text("numbers with commas between them")),
        output_setting(MODES),
    ),
    adapts=True,
)  # fmt: skip


def known(_sample: Sample, values: Mapping[str, Json]) -> State | None:
    given = _given(values)
    return {"boundaries": given} if given else None


def adapt(blocks: Iterable[Array], _sample: Sample, values: Mapping[str, Json]) -> State:
    """Quantiles, exact as long as all values are kept. Of equal boundaries one stays."""
    kept = thinned(some(blocks, STEP.title)).values().reshape(-1)
    present = kept[np.isfinite(kept)]
    if not len(present):
        raise StepError(Text.of("{step}: all values of the training part are missing.", step=STEP.title))
    places = np.arange(1, values["num_bins"]) / values["num_bins"]
    return {"boundaries": plain(np.unique(np.quantile(present, places).astype(np.float32)).astype(np.float64))}


def result(sample: Sample, values: Mapping[str, Json], state: State | None) -> Sample:
    require_numbers(sample, STEP.title)
    state = known(sample, values) if state is None else state
    depth = len(state["boundaries"]) + 1 if state else values["num_bins"]
    if values["output_mode"] == INT:
        return Sample(sample.shape, "int32", "category")
    return Sample(encoded_shape(sample, values["output_mode"], depth), "float32", "number")


def apply(array: Array, _sample: Sample, values: Mapping[str, Json], state: State | None) -> Array:
    """Raises StepError for a missing value, which lies in no bin."""
    assert state is not None
    numbers = array.astype(np.float32)
    if np.isnan(numbers).any():
        raise StepError(Text.of("{step}: a value is missing. Fill or drop missing ones before it.", step=STEP.title))
    found = np.digitize(numbers, np.array(state["boundaries"], np.float32)).astype(np.int32)
    return encoded(found, values["output_mode"], len(state["boundaries"]) + 1)


def layer(_sample: Sample, values: Mapping[str, Json], state: State | None) -> Layer | None:
    given = state["boundaries"] if state is not None else _given(values)
    config: dict[str, Json] = {"output_mode": values["output_mode"]}
    config |= {"bin_boundaries": list(given)} if given else {"num_bins": values["num_bins"]}
    return keras_layer("Discretization", config)


def code(values: Mapping[str, Json]) -> StepCode:
    given = _given(values)
    bins: Code = literal(given) if given else call(name("boundaries"), TRAINING_ROWS, number(values["num_bins"]))
    config, usual = {"output_mode": values["output_mode"]}, {"output_mode": INT}
    functions = () if given else ("boundaries",)
    return by_layer("Discretization", config, usual=usual, more={"bin_boundaries": bins}, functions=functions)


def settings_of(written: Layer) -> dict[str, Json] | None:
    config = written["config"]
    if not is_layer(written, "Discretization") or config.get("sparse"):
        return None
    given, bins = config.get("bin_boundaries"), config.get("num_bins")
    values: dict[str, Json] = {"output_mode": config.get("output_mode", INT)}
    if bins is not None:
        return values | {"num_bins": bins}
    return values | {"boundaries": str([float(number) for number in given])[1:-1]} if given else None


def _given(values: Mapping[str, Json]) -> list[float]:
    """Raises StepError."""
    text = str(values["boundaries"])
    try:
        numbers = [float(part) for part in text.split(",") if part.strip()]
    except ValueError:
        numbers = [0.0, 0.0]
    if any(low >= high for low, high in pairwise(numbers)):
        raise StepError(Text.of("{step}: the boundaries “{value}” do not rise.", step=STEP.title, value=text))
    return numbers
