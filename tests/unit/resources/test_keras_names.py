"""Names that Keras can run, made of any words, and these words in Latin letters."""

import pytest

from resources.keras_names import is_layer_name, is_model_name, is_plain_name, safe_name
from resources.romanization import romanized


@pytest.mark.parametrize(
    "text, latin",
    [("은닉층", "eunnikcheung"), ("입력", "imnyeok"), ("분류", "bullyu"), ("종류", "jongnyu"),
     ("설날", "seollal"), ("신라", "silla"), ("출력", "chullyeok"), ("한국어", "hangugeo"),
     ("값", "gap"), ("합성곱 층 1", "hapseonggop cheung 1"), ("빨래", "ppallae"), ("닭이", "dalgi"),
     ("좋아", "joa"), ("Größe", "Grosse"), ("naïve", "naive"), ("Łódź", "Lodz"), ("α", "alpha"),
     ("カナ", "kana"), ("x²", "x2"), ("层", "层"), ("🚀", "🚀"), ("\u1112\u1161\u11ab", "han"),
     ("ㄱ", "ㄱ"), ("", ""), ("\ud800", "\ud800")],
)  # fmt: skip
def test_words_are_written_in_latin_letters_where_they_can_be_read_so(text: str, latin: str) -> None:
    assert romanized(text) == latin


@pytest.mark.parametrize(
    "wish, name",
    [("은닉층", "eunnikcheung"), ("a b", "a_b"), ("a+b", "a_b"), ("Conv/BatchNorm", "Conv_BatchNorm"), ("x:0", "x_0"),
     ("层", "dense"), ("层 2", "dense_2"), ("🚀", "dense"), ("2+3", "dense_2_3"), ("", "dense"), (" ", "dense"),
     ("a\n", "a"), ("\\x", "x"), ("../..", "dense"), ("dense-1.b>c_2", "dense-1.b>c_2"), (".x", ".x"), ("1", "1")],
)  # fmt: skip
def test_any_wish_becomes_a_name_that_keras_takes(wish: str, name: str) -> None:
    assert safe_name(wish, "dense") == name
    assert is_layer_name(name) and is_model_name(name) and is_plain_name(name)


def test_a_class_of_another_script_leaves_a_name_as_well() -> None:
    assert safe_name("🚀", "층") == "cheung"
    assert safe_name("🚀", "层") == "layer"
    assert len(safe_name("가" * 100_000, "dense")) <= 200


@pytest.mark.parametrize("name", ["은닉층", "a b", "ü", "a+b", "x:0", " ", "", "a\n", "\\x", "a/b"])
def test_what_tensorflow_makes_no_scope_of_is_no_name_of_a_layer(name: str) -> None:
    assert not is_layer_name(name) and not is_model_name(name)


@pytest.mark.parametrize("name", ["_x", "-x", ">x"])
def test_a_layer_may_begin_with_a_sign_and_a_model_may_not(name: str) -> None:
    assert is_layer_name(name) and not is_model_name(name)
