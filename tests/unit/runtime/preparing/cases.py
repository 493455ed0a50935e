"""What each step is tried with: samples, settings and values, edge cases among them. Free of Keras."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from runtime.step_samples import WORDS, Array, Sample

NAN = float("nan")


@dataclass(frozen=True)
class Case:
    """`values` is tried after the step has learnt of `train` (of `values` itself where that is None)."""

    step: str
    name: str
    values: Array
    settings: dict[str, Any] = field(default_factory=dict)
    train: Array | None = None
    kind: str = "number"
    learns_alike: bool = True

    @property
    def key(self) -> str:
        return f"{self.step}-{self.name}"

    @property
    def sample(self) -> Sample:
        words = self.values.dtype == object
        kept = (
            sorted({str(word) for word in self.values.reshape(-1)} - {""}) if words and self.kind == "category" else ()
        )
        dtype = WORDS if words else str(self.values.dtype)
        return Sample(self.values.shape[1:], dtype, self.kind, tuple(kept))


def words(*texts: str) -> Array:
    return np.array(texts, dtype=object)


def pictures(count: int, height: int, width: int, channels: int) -> Array:
    generator = np.random.default_rng(1)
    return generator.integers(0, 256, (count, height, width, channels)).astype(np.uint8)


_RNG = np.random.default_rng(0)
TABLE = _RNG.normal(3, 5, (50, 4)) * [1, 1000, 1e-3, 0] + [0, 0, 0, 0.1]
SENTENCES = words(
    "The cat sat.",
    "",
    "the DOG sat; the cat ran!",
    "고양이가 앉았다.",
    "개가 뛰었다, 고양이가 앉았다.",
    "unknown zebra",
)
WAVES = np.sin(np.outer([0.2, 0.9], np.arange(1100))).astype(np.float32)
CASES = (
    Case("scale", "pictures", pictures(2, 3, 4, 3)),
    Case("scale", "minus_one_to_one", pictures(2, 3, 4, 1), {"scale": 1 / 127.5, "offset": -1.0}),
    Case("scale", "missing", np.array([1.0, NAN, 1e6])),
    Case("normalize", "features_one_of_them_constant", TABLE),
    Case("normalize", "single", TABLE[:, 1]),
    # Keras learns a mean of 32 bits, whose rounding the missing deviation blows up.
    Case("normalize", "constant", np.full(7, 0.1, np.float32), learns_alike=False),
    Case("normalize", "constant_int", np.full(7, 2026)),
    Case("normalize", "one_for_all", TABLE, {"each": False}),
    Case("normalize", "pictures", pictures(3, 4, 5, 3), kind="image"),
    Case("normalize", "missing", np.array([1.0, NAN, 3.0, 4.0])),
    Case("to_range", "features", TABLE, {"low": -1.0, "high": 1.0}),
    Case("to_range", "single_beyond", np.array([-5.0, 0, 3, 99]), train=np.array([0.0, 10.0, NAN])),
    Case("to_range", "constant", np.full(3, 4.0)),
    Case("clip", "numbers", np.array([-2.0, 0.5, 7, NAN]), {"low": -1.0, "high": 3.0}),
    Case("clip", "ints", np.array([0, 5, 300]), {"low": 1.0, "high": 255.0}),
    Case("log", "counts", np.array([0, 1, 10, 1_000_000])),
    Case("log", "plain", np.array([0.001, 1.0, 1e10]), {"plus_one": False}),
    Case("one_hot", "words", words("red", "green", "", "blue", "red"), kind="category"),
    Case("one_hot", "unknown_words", words("red", "mauve", ""), {"unknown": True}, words("red", "blue")),
    Case("one_hot", "digits", np.array([3, 1, 9, 1]), kind="category"),
    Case("one_hot", "several", np.array([[3, 1], [9, 1]])),
    Case("string_lookup", "words", words("b", "a", "", "c", "b", "zebra"), train=words("b", "a", "b", "c", "")),
    Case("string_lookup", "korean", words("서울", "부산", "서울", "화성"), train=words("서울", "부산", "서울")),
    Case("string_lookup", "no_mask", words("b", "", "x"), {"mask": False}, words("b", "", "")),
    Case("string_lookup", "largest", words("b", "a", "c"), {"max_tokens": 3}, words("b", "a", "b")),
    Case("string_lookup", "multi_hot", np.array([["a", "b"], ["", "zebra"], ["b", "b"]], object),
         {"output_mode": "multi_hot"}),
    Case("string_lookup", "count", np.array([["a", "b"], ["", "zebra"], ["b", "b"]], object),
         {"output_mode": "count"}),
    Case("integer_lookup", "codes", np.array([70, 20, 99, 70]), train=np.array([70, 20, 20])),
    Case("integer_lookup", "floats", np.array([70.0, 20.0, 99.0])),
    Case("integer_lookup", "multi_hot", np.array([7, 5, 9]), {"output_mode": "multi_hot"}, np.array([7, 5])),
    Case("integer_lookup", "count", np.array([[7, 7], [5, 9]]), {"output_mode": "count"}, np.array([[7, 5]])),
    Case("discretization", "quantiles", TABLE[:, 0], {"num_bins": 4}),
    Case("discretization", "boundaries", np.array([-1.0, 18, 18.5, 65, 1e9]), {"boundaries": "18.0, 65.0"}),
    Case("discretization", "one_hot", np.array([1.0, 2, 3, 4]), {"num_bins": 2, "output_mode": "one_hot"}),
    Case("discretization", "multi_hot", np.array([[1.0, 2], [3, 4]]), {"num_bins": 2, "output_mode": "multi_hot"}),
    Case("discretization", "constant", np.full(4, 3.0), {"num_bins": 3, "output_mode": "one_hot"}),
    Case("hashing", "words", words("a", "b", "", "한글"), {"num_bins": 5}),
    Case("hashing", "masked", words("a", "b", "", "한글"), {"num_bins": 5, "mask": True}),
    Case("hashing", "ints", np.array([1, 2, 10**12]), {"num_bins": 3}),
    Case("hashing", "one_hot", words("a", "b"), {"num_bins": 3, "output_mode": "one_hot"}),
    Case("hashing", "multi_hot", np.array([["a", "b"], ["c", "c"]], object),
         {"num_bins": 4, "output_mode": "multi_hot"}),
    Case("text_vectorization", "rows", SENTENCES, {"output_sequence_length": 5}, SENTENCES[:5]),
    Case("text_vectorization", "characters", SENTENCES, {"output_sequence_length": 6, "split": "character"}),
    Case("text_vectorization", "pairs", SENTENCES, {"ngrams": 2, "output_mode": "multi_hot"}, SENTENCES[:5]),
    Case("text_vectorization", "count", SENTENCES, {"output_mode": "count", "standardize": "none"}),
    Case("text_vectorization", "tf_idf", SENTENCES, {"output_mode": "tf_idf"}, SENTENCES[:5]),
    Case("text_vectorization", "largest", SENTENCES, {"max_tokens": 4, "output_sequence_length": 4}),
    Case("reshape", "flat_to_picture", np.arange(24).reshape(2, 12), {"shape": "2×2×3"}),
    Case("reshape", "worked_out", np.arange(24.0).reshape(2, 12), {"shape": "4×-1"}),
    Case("resize", "smaller", pictures(2, 13, 9, 3), {"height": 5, "width": 4}, kind="image"),
    Case("resize", "larger", pictures(2, 3, 5, 1), {"height": 7, "width": 8}, kind="image"),
    Case("resize", "smooth", pictures(2, 31, 17, 3), {"height": 8, "width": 5, "antialias": True}, kind="image"),
    Case("resize", "nearest", pictures(2, 13, 9, 1), {"height": 6, "width": 14, "interpolation": "nearest"},
         kind="mask"),
    Case("resize", "crop", pictures(2, 13, 9, 3), {"height": 4, "width": 7, "aspect": "crop"}, kind="image"),
    Case("resize", "pad", pictures(2, 14, 9, 3), {"height": 4, "width": 7, "aspect": "pad"}, kind="image"),
    Case("crop", "odd", pictures(2, 7, 6, 3), {"height": 4, "width": 3}, kind="image"),
    Case("pad", "uneven", pictures(2, 3, 2, 1), {"top": 1, "bottom": 2, "right": 3}, kind="image"),
    Case("grey", "colours", pictures(2, 3, 2, 3), kind="image"),
    Case("spectrogram", "picture", WAVES[..., None], {}, kind="audio"),
    Case("spectrogram", "rows", np.stack([WAVES, WAVES[::-1]], axis=-1),
         {"picture": False, "mode": "magnitude", "frame_length": 100, "frame_step": 30}, kind="audio"),
    Case("mel_spectrogram", "quiet", WAVES * [[1e-4], [1]], {"sampling_rate": 8000, "num_mel_bins": 16}, kind="audio"),
    Case("colour", "grey", pictures(2, 3, 2, 1), kind="image"),
)  # fmt: skip
# Steps that are no layer of Keras, as scripts have them.
IN_SCRIPTS = (
    Case("fill", "value", np.array([1.0, NAN, 3.0]), {"value": "2.5"}),
    Case("fill", "value_marked", np.array([1.0, NAN, 3.0]), {"value": "2.5", "mark": True}),
    Case("fill", "whole", np.array([1, 2, 3]), {"with": "mean"}),
    Case("fill", "mean", np.array([[1.0, NAN], [NAN, 7.0], [4.0, 8.0]]), {"with": "mean"}),
    Case("fill", "median", np.array([NAN, 9.0]), {"with": "median", "mark": True}, np.array([1.0, 2.0, NAN, 9.0])),
    Case("fill", "most_frequent", np.array([NAN, 9.0]), {"with": "most_frequent"}, np.array([5.0, 4.0, NAN, 4.0, 5.0])),
    Case("fill", "sign", np.array([1.0, -999.0, NAN, 3.0]), {"with": "mean", "sign": -999.0}),
    Case("fill", "sign_of_whole", np.array([1, -1, 4, 4]), {"with": "median", "sign": -1.0, "mark": True}),
    Case("fill", "word", words("b", "", "a"), {"value": "mauve"}, kind="category"),
    Case("fill", "frequent_word", words("b", "", "a"), {"with": "most_frequent"}, words("b", "", "a", "", "a")),
    Case("drop_missing", "nothing_left_to_drop", np.array([1.0, 2.0])),
    Case("date_parts", "seconds", np.array([0.0, 1.7e9, NAN, -5e8]), {"hour": True, "cyclic": True}),
    Case("date_parts", "words", words("2026-11-30", "", "2026-11-30T16:35:16+09:00"), {"hour": True}, kind="category"),
)  # fmt: skip
