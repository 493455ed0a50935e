import pytest

from graph_editor.catalog.catalog import Catalog


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


def found(catalog: Catalog, text: str) -> list[str]:
    return [spec.shown_name for spec in catalog.search(text)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("conv2d", "Conv2D"),
        ("c2d", "Conv2D"),
        ("C2D", "Conv2D"),
        ("bn", "BatchNormalization"),
        ("batch norm", "BatchNormalization"),
        ("relu", "ReLU"),
        ("lstm", "LSTM"),
        ("mha", "MultiHeadAttention"),
        ("mp2", "MaxPooling2D"),
        ("max pool 2d", "MaxPooling2D"),
        ("d", "Dense"),
        ("drop", "Dropout"),
        ("input", "Input"),
        ("InputLayer", "Input"),
        ("concat", "Concatenate"),
        ("gap", "GlobalAveragePooling1D"),
        ("CuDNNLSTM", "LSTM"),
        ("CuDNNGRU", "GRU"),
        ("Convolution2D", "Conv2D"),
        ("AtrousConv2D", "Conv2D"),
        ("Merge", "Add"),
        ("fc", "Dense"),
        ("btchnrm", "BatchNormalization"),
    ],
)
def test_finds_by_name_initials_and_old_names(catalog: Catalog, typed: str, first: str) -> None:
    assert found(catalog, typed)[0] == first


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("합성곱", "Conv2D"),
        ("덧셈", "Add"),
        ("더하기", "Add"),
        ("이어붙이기", "Concatenate"),
        ("정규화", "BatchNormalization"),
        ("드롭아웃", "Dropout"),
        ("완전연결", "Dense"),
        ("완전 연결", "Dense"),
        ("입력", "Input"),
        ("임베딩", "Embedding"),
        ("풀링", "MaxPooling2D"),
        ("순환", "LSTM"),
        ("어텐션", "MultiHeadAttention"),
        ("합성", "Conv1D"),
    ],
)
def test_finds_by_korean_words(catalog: Catalog, typed: str, expected: str) -> None:
    assert expected in found(catalog, typed)[:4]


def test_sigmoid_leads_to_the_activation_layer(catalog: Catalog) -> None:
    assert found(catalog, "sigmoid")[:2] == ["Activation", "sigmoid"]


def test_letters_in_order_come_after_better_matches(catalog: Catalog) -> None:
    names = found(catalog, "bn")
    assert names.index("BatchNormalization") < names.index("Embedding")


def test_empty_text_gives_the_whole_palette_in_its_order(catalog: Catalog) -> None:
    assert found(catalog, "  ") == [spec.shown_name for spec in catalog.palette()]


def test_nonsense_finds_nothing(catalog: Catalog) -> None:
    assert catalog.search("zzqx") == []


def test_only_what_is_on_the_palette_is_found(catalog: Catalog) -> None:
    assert "Lambda" not in found(catalog, "lambda")
    assert all(spec.palette for spec in catalog.search("c"))


def test_a_long_text_that_nearly_fits_everywhere_finds_nothing(catalog: Catalog) -> None:
    assert catalog.search("globalaveragepooling2" * 20) == []
