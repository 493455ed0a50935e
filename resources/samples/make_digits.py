"""Writes digits.h5 anew from the copy that scikit-learn bundles. Needs scikit-learn; Lamella itself does not.

The file does not depend on when or where it is made: no time stamps, rows in the order of the source.
"""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np

SOURCE = (
    "Optical Recognition of Handwritten Digits, test set. E. Alpaydin, C. Kaynak (1998), "
    "UCI Machine Learning Repository, https://doi.org/10.24432/C50P49"
)
LICENCE = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"
COLUMNS = {
    "image": "8x8 pixels, one channel, 0 (paper) to 16 (ink)",
    "digit": "the digit written, 0 to 9",
    "is_even": "1 where the digit is even, otherwise 0",
}


def write(path: Path) -> None:
    """Writes image uint8 (1797, 8, 8, 1), digit uint8 (1797,) and is_even uint8 (1797,)."""
    from sklearn.datasets import load_digits  # type: ignore[import-not-found,import-untyped,unused-ignore]

    digits = load_digits()
    digit = digits.target.astype(np.uint8)
    arrays = {
        "image": digits.images.astype(np.uint8)[..., None],
        "digit": digit,
        "is_even": (digit % 2 == 0) * 1,
    }
    with h5py.File(path, "w") as file:
        file.attrs["source"] = SOURCE
        file.attrs["licence"] = LICENCE
        for name, array in arrays.items():
            data = array.astype(np.uint8)
            dataset = file.create_dataset(name, data=data, compression="gzip", compression_opts=9, shuffle=False)
            dataset.attrs["description"] = COLUMNS[name]


if __name__ == "__main__":
    write(Path(__file__).with_name("digits.h5"))
