import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from graph_editor.catalog.catalog import FOLDER, Catalog
from graph_editor.catalog.specs import LayerSpec, ObjectKind, ObjectSpec, Parameter
from resources import text

ROOT = Path(__file__).parents[4]
KINDS: tuple[ObjectKind, ...] = get_args(ObjectKind)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


@pytest.fixture
def korean() -> Iterator[None]:
    text.use_language("ko")
    yield
    text.use_language("en")


def spec_of(catalog: Catalog, name: str) -> LayerSpec:
    spec = catalog.layer(name)
    assert spec is not None
    return spec


def parameter_of(catalog: Catalog, layer: str, name: str) -> Parameter:
    parameter = spec_of(catalog, layer).parameter(name)
    assert parameter is not None
    return parameter


def test_loading_imports_neither_keras_nor_qt() -> None:
    code = (
        "import sys; from graph_editor.catalog.catalog import Catalog; c = Catalog.load(); c.search('conv');"
        "c.objects('losses'); print([m for m in ('keras', 'tensorflow', 'numpy', 'PySide6') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_unknown_classes_and_modules_are_not_found(catalog: Catalog) -> None:
    assert catalog.layer("MyLayer") is None
    assert catalog.layer("Dense", "my.package") is None


def test_other_public_names_lead_to_the_same_layer(catalog: Catalog) -> None:
    assert catalog.layer("MaxPool2D") is catalog.layer("MaxPooling2D")
    assert catalog.layer("Convolution2D") is catalog.layer("Conv2D")


def test_what_is_off_the_palette_says_why(catalog: Catalog) -> None:
    assert all(spec.reason for spec in catalog.layers() if not spec.palette)
    assert not any(spec.reason for spec in catalog.palette())
    assert not spec_of(catalog, "Lambda").palette


def test_every_category_of_a_layer_exists_and_the_palette_follows_their_order(catalog: Catalog) -> None:
    keys = [category.key for category in catalog.categories()]
    order = [keys.index(spec.category) for spec in catalog.layers()]
    assert order == sorted(order)
    assert keys[:8] == [
        "input", "core", "convolution", "pooling", "merge", "normalization", "regularization", "recurrent"
    ]  # fmt: skip


def test_common_layers_stand_first(catalog: Catalog) -> None:
    for category in catalog.categories():
        flags = [spec.common for spec in catalog.palette(category.key)]
        assert flags == sorted(flags, reverse=True)
    assert [spec.class_name for spec in catalog.palette("core")][:3] == ["Dense", "Embedding", "EinsumDense"]


def test_the_input_layer_is_called_input(catalog: Catalog) -> None:
    spec = spec_of(catalog, "InputLayer")
    assert spec.shown_name == "Input"
    assert spec.inputs == ()
    config = catalog.default_config(spec, "image")
    assert config["batch_shape"] == [None, 28, 28, 1]
    assert config["name"] == "image"
    assert [parameter.name for parameter in spec.parameters][:2] == ["batch_shape", "dtype"]


def test_a_default_config_belongs_to_the_caller(catalog: Catalog) -> None:
    spec = spec_of(catalog, "Conv2D")
    first = catalog.default_config(spec, "a")
    first["kernel_size"][0] = 99
    first["kernel_initializer"]["config"]["seed"] = 1
    again = catalog.default_config(spec, "a")
    assert again["kernel_size"] == [3, 3]
    assert again["kernel_initializer"]["config"]["seed"] is None


def test_starting_values_are_sensible_where_keras_has_none(catalog: Catalog) -> None:
    values = {
        ("Dense", "units"): 64,
        ("Conv2D", "filters"): 32,
        ("Conv3D", "kernel_size"): [3, 3, 3],
        ("Dropout", "rate"): 0.5,
        ("MultiHeadAttention", "num_heads"): 4,
        ("Conv2D", "padding"): "valid",
        ("MaxPooling2D", "strides"): None,
    }
    for (layer, name), value in values.items():
        assert catalog.default_config(spec_of(catalog, layer), "x")[name] == value


@pytest.mark.parametrize(
    ("layer", "name", "kind", "length"),
    [
        ("Conv1D", "kernel_size", "tuple", 1),
        ("Conv2D", "strides", "tuple", 2),
        ("Conv3D", "dilation_rate", "tuple", 3),
        ("MaxPooling2D", "strides", "tuple", 2),
        ("AveragePooling3D", "pool_size", "tuple", 3),
        ("Dense", "units", "int", None),
        ("Dense", "activation", "activation", None),
        ("Dense", "kernel_initializer", "initializer", None),
        ("Dense", "bias_regularizer", "regularizer", None),
        ("Dense", "kernel_constraint", "constraint", None),
        ("Dense", "use_bias", "bool", None),
        ("Dense", "dtype", "dtype", None),
        ("Concatenate", "axis", "axis", None),
        ("Reshape", "target_shape", "shape", None),
        ("InputLayer", "batch_shape", "shape", None),
        ("TimeDistributed", "layer", "layer", None),
        ("Conv2D", "padding", "choice", None),
        ("Dropout", "rate", "float", None),
        ("Permute", "dims", "tuple", None),
    ],
)
def test_kinds_of_value(catalog: Catalog, layer: str, name: str, kind: str, length: int | None) -> None:
    parameter = parameter_of(catalog, layer, name)
    assert (parameter.kind, parameter.length) == (kind, length)


def test_limits_and_choices(catalog: Catalog) -> None:
    assert parameter_of(catalog, "Dense", "units").minimum == 1
    rate = parameter_of(catalog, "Dropout", "rate")
    assert (rate.minimum, rate.maximum) == (0, 1)
    assert parameter_of(catalog, "Conv1D", "padding").choices == ("valid", "same", "causal")
    assert parameter_of(catalog, "Conv2D", "padding").choices == ("valid", "same")


def test_every_choice_offers_its_default(catalog: Catalog) -> None:
    specs: list[LayerSpec | ObjectSpec] = [
        *catalog.layers(),
        *(spec for kind in KINDS for spec in catalog.objects(kind)),
    ]
    for spec in specs:
        for parameter in spec.parameters:
            if parameter.kind in ("choice", "dtype") and parameter.default is not None and _on_palette(spec):
                assert parameter.default in parameter.choices, (spec.class_name, parameter.name)


def _on_palette(spec: object) -> bool:
    return not isinstance(spec, LayerSpec) or spec.palette


def test_groups(catalog: Catalog) -> None:
    groups = {parameter.name: parameter.group for parameter in spec_of(catalog, "Dense").parameters}
    assert groups["units"] == groups["activation"] == "main"
    assert groups["kernel_initializer"] == "initializers"
    assert groups["activity_regularizer"] == "regularizers"
    assert groups["dtype"] == "advanced"
    assert "name" not in groups
    assert "trainable" not in groups


def test_ports(catalog: Catalog) -> None:
    add = spec_of(catalog, "Add").inputs
    assert [(port.kind, port.path, port.minimum, port.maximum) for port in add] == [("list", ("args", 0), 2, None)]
    assert spec_of(catalog, "Dot").inputs[0].maximum == 2
    attention = spec_of(catalog, "MultiHeadAttention").inputs
    assert [(port.name, port.path, port.required) for port in attention] == [
        ("query", ("kwargs", "query"), True),
        ("value", ("kwargs", "value"), True),
        ("key", ("kwargs", "key"), False),
    ]
    assert [port.required for port in spec_of(catalog, "LSTM").inputs] == [True, False]
    assert [(port.kind, port.path) for port in spec_of(catalog, "Dense").inputs] == [("single", ("args", 0))]


def test_returning_the_state_adds_outputs(catalog: Catalog) -> None:
    lstm = spec_of(catalog, "LSTM")
    assert catalog.output_count(lstm, {}) == 1
    assert catalog.output_count(lstm, {"return_state": True}) == 3
    assert catalog.output_count(spec_of(catalog, "GRU"), {"return_state": True}) == 2
    both = spec_of(catalog, "Bidirectional")
    inner = {"class_name": "LSTM", "config": {"return_state": True}}
    assert catalog.output_count(both, {"layer": inner, "merge_mode": "concat"}) == 5
    assert catalog.output_count(both, {"layer": {"class_name": "Mine", "config": {}}}) == 1


def test_every_parameter_on_the_palette_has_one_line_of_help(catalog: Catalog) -> None:
    for spec in catalog.palette():
        assert spec.help, spec.class_name
        for parameter in spec.parameters:
            line = parameter.help
            assert line, (spec.class_name, parameter.name)
            assert len(line) <= 160, (spec.class_name, parameter.name)
            assert not set("`\n") & set(line), (spec.class_name, parameter.name)


def test_objects_are_found_by_identifier_and_by_class(catalog: Catalog) -> None:
    adam = catalog.object("optimizers", "adam")
    assert adam is not None
    assert adam is catalog.object("optimizers", "Adam")
    assert {parameter.name: parameter.default for parameter in adam.parameters}["learning_rate"] == 0.001
    assert adam.config["learning_rate"] == 0.001
    assert catalog.object("activations", "relu") is not None
    assert catalog.object("losses", "no_such_loss") is None


def test_the_default_initializers_of_layers_are_known(catalog: Catalog) -> None:
    for spec in catalog.layers():
        for parameter in spec.parameters:
            if parameter.kind == "initializer" and isinstance(parameter.default, str):
                assert catalog.object("initializers", parameter.default), (spec.class_name, parameter.default)


@pytest.mark.usefixtures("korean")
def test_help_is_korean_in_korean(catalog: Catalog) -> None:
    dense = spec_of(catalog, "Dense")
    units = parameter_of(catalog, "Dense", "units")
    assert catalog.help(dense) != dense.help
    assert catalog.parameter_help(units, dense) != units.help
    assert catalog.parameter_help(Parameter("a_new_one", "int", help="In English.")) == "In English."


@pytest.mark.usefixtures("korean")
def test_every_layer_and_every_parameter_on_the_palette_has_korean_help(catalog: Catalog) -> None:
    for spec in catalog.palette():
        assert _has_hangul(catalog.help(spec)), spec.class_name
        for parameter in spec.parameters:
            assert _has_hangul(catalog.parameter_help(parameter, spec)), (spec.class_name, parameter.name)


@pytest.mark.usefixtures("korean")
@pytest.mark.parametrize("kind", KINDS)
def test_every_object_has_korean_help(catalog: Catalog, kind: ObjectKind) -> None:
    for spec in catalog.objects(kind):
        assert _has_hangul(catalog.help(spec)), spec.class_name
        for parameter in spec.parameters:
            if kind != "activations":  # activations are chosen by their name alone
                assert _has_hangul(catalog.parameter_help(parameter, spec)), (spec.class_name, parameter.name)


@pytest.mark.usefixtures("korean")
def test_a_parameter_means_what_it_means_in_its_class(catalog: Catalog) -> None:
    loss = catalog.object("losses", "binary_crossentropy")
    assert loss is not None
    axis = next(parameter for parameter in loss.parameters if parameter.name == "axis")
    softmax = spec_of(catalog, "Softmax")
    lines = {catalog.parameter_help(axis, loss), catalog.parameter_help(axis, softmax), catalog.parameter_help(axis)}
    assert len(lines) == 3


def _has_hangul(line: str) -> bool:
    return any("가" <= letter <= "힣" for letter in line)


def test_korean_help_names_things_that_exist(catalog: Catalog) -> None:
    table = msgspec.json.decode((FOLDER / "help.ko.json").read_bytes(), type=dict[str, str])
    specs = {spec.class_name: spec for spec in (*catalog.layers(), *catalog.unpublished())}
    names = {parameter.name for spec in specs.values() for parameter in spec.parameters}
    for kind in KINDS:
        for item in catalog.objects(kind):
            names |= {f"{kind}.{item.class_name}"} | {f"{kind}.{parameter.name}" for parameter in item.parameters}
            names |= {f"{item.class_name}.{parameter.name}" for parameter in item.parameters}
    for key in table:
        layer, _, parameter = key.partition(".")
        spec = specs.get(layer)
        known = key in names or (spec is not None and (not parameter or spec.parameter(parameter) is not None))
        assert known, key


def test_english_help_is_kept_in_english(catalog: Catalog) -> None:
    dense = spec_of(catalog, "Dense")
    assert catalog.help(dense) == dense.help


def test_a_damaged_file_is_an_error_and_not_an_empty_catalogue(tmp_path: Path) -> None:
    (tmp_path / "layers.json").write_text('{"keras": "3", "layers": [', encoding="utf-8")
    with pytest.raises(msgspec.DecodeError):
        Catalog.load(tmp_path)
