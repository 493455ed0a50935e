"""Sentences in both languages, with the particles that Korean words ask for."""

import msgspec
import pytest

from resources import text
from resources.text import Text, tr


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("모델", "모델은 모델이 모델을 모델로 모델이라는"),
        ("레이어", "레이어는 레이어가 레이어를 레이어로 레이어라는"),
        ("출력", "출력은 출력이 출력을 출력으로 출력이라는"),
        ("conv", "conv은(는) conv이(가) conv을(를) conv(으)로 conv(이)라는"),
        ("실행 3", "실행 3은 실행 3이 실행 3을 실행 3으로 실행 3이라는"),
        ("“층”", "“층”은 “층”이 “층”을 “층”으로 “층”이라는"),
    ],
)
def test_korean_particles_follow_the_word(monkeypatch: pytest.MonkeyPatch, name: str, expected: str) -> None:
    korean = {"test {x}": "{x}은(는) {x}이(가) {x}을(를) {x}(으)로 {x}(이)라는"}
    monkeypatch.setattr(text, "_current", korean)
    monkeypatch.setattr(text, "_language", "ko")
    assert text._fill(korean["test {x}"], {"x": name}) == expected


def test_texts_travel_and_numbers_stay_whole() -> None:
    sentence = Text("{a} {b} {c}", {"a": 5, "b": 2.5, "c": Text("of {x}", {"x": "y"})})  # not shown to anybody
    again = msgspec.json.decode(msgspec.json.encode(sentence), type=Text)
    assert str(again) == "5 2.5 of y"
    assert again.english() == "5 2.5 of y"


def test_an_unknown_language_is_english() -> None:
    text.use_language("xx")
    assert text.language() == "en"
    assert tr("Build") == "Build"
