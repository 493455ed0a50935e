"""Folders of sounds: waves of one length and rate, formats, what cannot be read, and what scripts read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from resources.python_code.in_scripts.sounds import read_wave, sound_facts
from resources.python_code.pieces import SourceError
from runtime.messages.looking import PreviewData
from runtime.spec import DataSource, DataSpec
from runtime.worker.data.answering.view import preview
from runtime.worker.data.looking.waves import small_wave
from runtime.worker.data.opening import open_source
from runtime.worker.data.source import DataError, Source
from runtime.worker.data.sources.sound import recognise
from tests.support.sounds import save_wave, soundfile_or_skip, tone
from tests.unit.graph_editor.exporters.test_reading_data import require_same, scripts


def opened(folder: Path, **options: Any) -> Source:
    return open_source(DataSource("sound", str(folder), options))


def whole(source: Source, name: str = "audio") -> Any:
    return source.read(name, slice(0, source.shape(name)[0]))


@pytest.fixture
def words(tmp_path: Path) -> Path:
    """Two classes in parts, 0.1 seconds each."""
    for number, name in enumerate(("train/yes/1", "train/yes/2", "train/no/1", "test/yes/1", "test/no/1")):
        save_wave(tmp_path / f"{name}.wav", tone(number))
    return tmp_path


def test_waves_of_classes_and_parts(words: Path) -> None:
    with opened(words) as source:
        assert source.names() == ("audio", "label", "name")
        assert source.shape("audio") == (5, 80) and source.dtype("audio") == np.float32
        assert source.column("audio").kind == "audio" and source.categories("label") == ("no", "yes")
        assert source.parts() == {"training": (slice(0, 3),), "test": (slice(3, 5),)}
        assert whole(source, "name").tolist()[0] == "train/no/1.wav"
        np.testing.assert_array_equal(whole(source)[0], tone(2)[:, 0] / np.float32(32768))
        assert str(source.place(0)) == "the file train/no/1.wav"
        assert not list(source.doubts("audio"))


def test_length_rate_and_channels(tmp_path: Path) -> None:
    save_wave(tmp_path / "1.wav", tone(1, 80, 2))
    save_wave(tmp_path / "2.wav", tone(2, 40))
    with opened(tmp_path, seconds=0.15) as source:
        first, second = whole(source)
        assert source.shape("audio") == (2, 120)
        np.testing.assert_allclose(first[:80], tone(1, 80, 2).mean(axis=1) / 32768, atol=1e-6)
        assert not first[80:].any() and not second[40:].any()
    with opened(tmp_path, seconds=0.02) as source:
        assert source.shape("audio") == (2, 16)
    with opened(tmp_path, channels="with_axis") as source:
        assert source.shape("audio") == (2, 80, 1)
    with opened(tmp_path, channels="as_files") as source:
        found = whole(source)
        assert found.shape == (2, 80, 2)
        np.testing.assert_array_equal(found[1, :, 0], found[1, :, 1])
    with opened(tmp_path, rate=400) as source:
        assert source.shape("audio") == (2, 40)


def test_a_tone_keeps_its_pitch_at_another_rate(tmp_path: Path) -> None:
    wave = np.sin(2 * np.pi * 50 * np.arange(1000) / 1000)
    save_wave(tmp_path / "1.wav", np.round(wave * 30_000).astype(np.int16)[:, None], 1000)
    with opened(tmp_path, rate=750) as source:
        strengths = np.abs(np.fft.rfft(whole(source)[0]))
        assert source.shape("audio") == (1, 750) and int(strengths.argmax()) == 50


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_plain_waves_are_read_as_soundfile_does(tmp_path: Path, width: int) -> None:
    soundfile = soundfile_or_skip()
    data = np.random.default_rng(0).integers(0, 256, (20, 2 * width)).astype(np.uint8)
    path = save_wave(tmp_path / "a.wav", data.reshape(20, 2, width), 1000, width)
    rate, values = read_wave(path, 1.0)
    expected, _ = soundfile.read(path, dtype="float32", always_2d=True)
    assert rate == 1000
    np.testing.assert_array_equal(values, expected)


def test_other_formats(tmp_path: Path) -> None:
    soundfile = soundfile_or_skip()
    values = tone(1, 4000)[:, 0] / np.float32(32768)
    soundfile.write(tmp_path / "a.flac", values, 8000)
    soundfile.write(tmp_path / "b.ogg", values, 8000)
    soundfile.write(tmp_path / "c.wav", values, 8000, "FLOAT")
    with opened(tmp_path) as source:
        found = whole(source)
        assert found.shape == (3, 4000)
        np.testing.assert_array_equal(found[0], values)
        np.testing.assert_array_equal(found[2], values)


class NoLibrary:
    """Stands for soundfile where libsndfile is missing."""

    def find_spec(self, name: str, *_: Any) -> None:
        if name == "soundfile":
            raise OSError("sndfile library not found using ctypes.util.find_library")


@pytest.mark.parametrize(
    ("missing", "bundled", "expected"),
    [
        ("soundfile", False, "pip install lamella[audio]"),
        ("soundfile", True, "which is not in this bundle"),
        ("libsndfile", False, "need libsndfile, and"),
    ],
)
def test_without_soundfile_or_its_library_a_sentence_says_what_is_missing(
    words: Path, monkeypatch: pytest.MonkeyPatch, missing: str, bundled: bool, expected: str
) -> None:
    monkeypatch.setattr(sys, "frozen", bundled, raising=False)
    flac = words / "train" / "no" / "2.flac"
    flac.write_bytes(b"fLaC" + bytes(40))
    if missing == "soundfile":
        monkeypatch.setitem(sys.modules, "soundfile", None)
    else:
        monkeypatch.delitem(sys.modules, "soundfile", raising=False)
        monkeypatch.setattr(sys, "meta_path", [NoLibrary(), *sys.meta_path])
    with opened(words) as source:
        (problem,) = source.doubts("audio")
        assert "train/no/2.flac cannot be read" in str(problem.text)
        assert expected in str(problem.text)
        assert source.read("audio", slice(0, 1)).any()
    with pytest.raises(ImportError, match=missing):  # as scripts tell it
        sound_facts(flac)


def test_what_cannot_be_read_is_named_or_skipped(words: Path) -> None:
    soundfile_or_skip()  # without it, nobody knows what a file that is no plain WAV holds
    good = (words / "train" / "yes" / "1.wav").read_bytes()
    bad = {"empty": b"", "cut": good[:100], "no": b"RIFF nothing like it", "silent": good[:40] + bytes(4)}
    for name, data in bad.items():
        (words / "train" / "yes" / f"{name}.wav").write_bytes(data)
    with opened(words) as source:
        found = {one.name.rpartition("/")[2]: str(one.reason) for one in source.unreadable()}
        assert found == {
            "empty.wav": "it is empty",
            "cut.wav": "it ends too early",
            "no.wav": "it is no sound that can be read, whatever its name says",
            "silent.wav": "it holds no sound",
        }
        problem, *single = source.doubts("audio")
        assert [(each.severity, Path(each.file).stem) for each in single] == [("note", name) for name in sorted(bad)]
        assert "4 files cannot be read" in str(problem.text) and problem.mend is not None
        with pytest.raises(DataError, match=r"cut\.wav cannot be read: it ends too early"):
            whole(source)
    with opened(words, skip_unreadable=True) as source:
        assert whole(source).shape == (5, 80)
        assert source.parts()["test"] == (slice(3, 5),)
        assert [each.row for each in source.doubts("audio")] == [None] * 4


def test_a_sound_that_cannot_be_read_takes_no_others_out_of_sight(words: Path) -> None:
    soundfile_or_skip()
    (words / "train" / "yes" / "cut.wav").write_bytes((words / "train" / "yes" / "1.wav").read_bytes()[:100])
    with opened(words) as source:
        asked = PreviewData(0, DataSpec(()), ("audio", "name"), rows=(1, 3, 4), thumbnails=96)
        sounds, names = preview(source, asked)
        assert [name.rpartition("/")[2] for name in names.texts] == ["1.wav", "cut.wav", "1.wav"]
        assert [wave is None for wave in sounds.waves] == [False, True, False]
        assert list(sounds.unreadable) == [1] and "cut.wav" in str(sounds.unreadable[1])


def test_a_small_wave_keeps_the_loudest_of_each_piece() -> None:
    wave = np.zeros(1200, np.float32)
    wave[605], wave[606] = 1.0, -0.5
    small = small_wave(wave)
    high, low = np.frombuffer(small.high, np.int8), np.frombuffer(small.low, np.int8)
    assert (len(high), high[60], low[60], np.abs(high).sum()) == (120, 127, -64, 127)
    assert small_wave(np.zeros((0,))).high == b"\0"
    assert np.frombuffer(small_wave(np.array([[2.0, 2.0], [np.nan, 0.0]])).high, np.int8).tolist() == [127, 0]


def test_mixed_rates_and_lengths_are_told(tmp_path: Path) -> None:
    for number, rate in enumerate((800, 800, 1600)):
        save_wave(tmp_path / f"{number}.wav", tone(number, 80), rate)
    with opened(tmp_path) as source:
        rates, lengths = source.doubts("audio")
        assert "different rates, 800 to 1600 Hz, and each is made 800" in str(rates.text)
        assert "last 0.05 to 0.1 seconds, and each is made 0.1" in str(lengths.text)
        assert whole(source).shape == (3, 80)
    with opened(tmp_path, rate=800, seconds=0.1) as source:
        assert not list(source.doubts("audio"))


def test_recognition_and_nothing_to_read(words: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    found = recognise(words)
    assert found is not None and found.score > 0.9 and str(found.what) == "5 sounds in 2 classes"
    assert found.options == {"layout": "classes", "rate": 800, "seconds": 0.1}
    empty = tmp_path_factory.mktemp("empty")
    assert recognise(empty) is None and recognise(empty / "nowhere") is None
    with pytest.raises(DataError, match="holds no sounds"):
        opened(empty)
    with pytest.raises(DataError, match="Rate"):
        opened(words, rate=1)


def test_scripts_read_the_same(words: Path) -> None:
    found = recognise(words)
    assert found is not None
    soundfile = soundfile_or_skip()
    soundfile.write(words / "train" / "no" / "9.flac", tone(9, 100, 2), 900)
    require_same(DataSource("sound", str(words), found.options))
    require_same(DataSource("sound", str(words), found.options | {"rate": 500, "channels": "as_files"}))
    (words / "train" / "no" / "2.wav").write_bytes(b"")
    require_same(DataSource("sound", str(words), found.options | {"channels": "with_axis", "skip_unreadable": True}))
    with pytest.raises(SourceError, match="Choose rate and length"):
        scripts(DataSource("sound", str(words)), ("audio",))
