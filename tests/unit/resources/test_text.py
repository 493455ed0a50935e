"""Sentences in both languages, with the particles that Korean words ask for."""

import msgspec
import pytest

from resources import text
from resources.text import Text, tr


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("모델", "모델은 모델이 모델을 모델과 모델로 모델이라는"),
        ("레이어", "레이어는 레이어가 레이어를 레이어와 레이어로 레이어라는"),
        ("출력", "출력은 출력이 출력을 출력과 출력으로 출력이라는"),
        ("conv", "conv은(는) conv이(가) conv을(를) conv과(와) conv(으)로 conv(이)라는"),
        ("실행 3", "실행 3은 실행 3이 실행 3을 실행 3과 실행 3으로 실행 3이라는"),
        ("“층”", "“층”은 “층”이 “층”을 “층”과 “층”으로 “층”이라는"),
    ],
)
def test_korean_particles_follow_the_word(monkeypatch: pytest.MonkeyPatch, name: str, expected: str) -> None:
    korean = {"test {x}": "{x}은(는) {x}이(가) {x}을(를) {x}과(와) {x}(으)로 {x}(이)라는"}
    monkeypatch.setattr(text, "_current", korean)
    monkeypatch.setattr(text, "_language", "ko")
    assert text.filled(korean["test {x}"], {"x": name}) == expected


def test_texts_travel_and_numbers_stay_whole() -> None:
    sentence = Text("{a} {b} {c}", {"a": 5, "b": 2.5, "c": Text("of {x}", {"x": "y"})})  # not shown to anybody
    again = msgspec.json.decode(msgspec.json.encode(sentence), type=Text)
    assert str(again) == "5 2.5 of y"
    assert again.english() == "5 2.5 of y"


def test_an_unknown_language_is_english() -> None:
    text.use_language("xx")
    assert text.language() == "en"
    assert tr("Build") == "Build"


HOSTILE = (
    "{a:>9999999999}",
    "{a:{c}}",
    "{a!r:>999999999}",
    "{a.__class__.__mro__}",
    "{a[0]}",
    "{0}",
    "{}",
    "{",
    "}",
    "{{a",
    "{a",
    "{ a }",
    "{" * 50_000,
    "%s %(a)s $a",
)


@pytest.mark.parametrize("template", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("args", [{}, {"a": "x", "b": 10**9}], ids=["bare", "filled"])
def test_a_template_of_others_reads_nothing_and_raises_nothing(
    template: str, args: dict[str, str | int | float | Text]
) -> None:
    """Run folders and workers send templates; what is no plain placeholder stays as it is."""
    sent = msgspec.json.decode(msgspec.json.encode({"template": template, "args": args}), type=Text)
    assert str(sent) == template
    assert sent.english() == template


def test_a_placeholder_without_its_value_stays() -> None:
    assert str(Text("{a} of {b}, {a}", {"a": 1})) == "1 of {b}, 1"  # not shown to anybody


def test_sentences_in_sentences_do_not_blow_up() -> None:
    laughing: Text = Text("ha", {})
    for _ in range(40):
        laughing = Text("{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}", {"a": laughing})
    assert str(laughing).startswith("…") and len(str(laughing)) <= 50_000 and len(laughing.english()) <= 50_000
    many = Text("{a}" * 100_000, {"a": "x" * 100_000})
    assert str(many).endswith("…") and len(str(many)) <= 50_000
    assert str(Text("{n}", {"n": 10**5000})) == "…"


def test_what_a_terminal_obeys_is_written_out() -> None:
    """The command line prints these sentences."""
    assert str(Text("{a} fails\x07", {"a": "\x1b]0;title\x07\u202edesrever"})) == (
        "\\x1b]0;title\\x07\\u202edesrever fails\\x07"
    )
    assert str(Text("\x1b[2J")) == "\\x1b[2J"
    assert str(Text("{a}", {"a": "one\ntwo"})) == "one\ntwo"


def test_a_sentence_takes_its_values_by_name() -> None:
    assert Text.of("{a} of {template}", a=1, template="x") == Text("{a} of {template}", {"a": 1, "template": "x"})
