"""Folders that Hugging Face's `datasets` has saved: which files there are.

Scripts hold this word by word (`resources/python_code/shared.py`).
"""

import json
import pathlib

SPLIT_ORDER = ("train", "validation", "test")


def saved_files(folder: str) -> dict[str, list[str]]:
    """The files of each split, below the folder; "" where there are no splits. Raises KeyError.

    Splits other than train, validation and test are not read.
    """
    top = pathlib.Path(folder)
    if not (top / "dataset_dict.json").exists():
        return {"": _files_of(top, "")}
    splits = json.loads((top / "dataset_dict.json").read_text("utf-8"))["splits"]
    return {split: _files_of(top, split + "/") for split in SPLIT_ORDER if split in splits}


def _files_of(top: pathlib.Path, prefix: str) -> list[str]:
    state = json.loads((top / prefix / "state.json").read_text("utf-8"))
    if state.get("_indices_files"):
        raise ValueError("its rows are in another order than its files")
    names = [pathlib.PurePath(file["filename"]).name for file in state["_data_files"]]
    return [prefix + name for name in names]
