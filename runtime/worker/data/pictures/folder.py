"""A folder of pictures, listed and arranged into samples, and what is said of what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from resources.text import Text
from runtime.lazy import LazyModule
from runtime.worker.data.pictures.settings import PictureOptions
from runtime.worker.data.sample_files import listing as sample_files
from runtime.worker.data.source import DataError

if TYPE_CHECKING:
    from resources.python_code.in_scripts import picture_folders
    from resources.python_code.in_scripts.folders import Arranged, Listing
else:
    picture_folders = LazyModule("resources.python_code.in_scripts.picture_folders")

_LEFT_OUT: Final = {
    **sample_files.LEFT_OUT,
    "mask": Text("they have no mask of the same name"),
    "picture": Text("they are masks without a picture of the same name"),
    "side": Text("they are neither in the folder of pictures nor in that of masks"),
}
_OTHERS: Final = Text("they are no pictures")
_EMPTY: Final = Text("there is no picture in these folders")


def list_folder(path: str) -> Listing:
    """Raises DataError where there is no folder that can be listed, or no picture in it."""
    return sample_files.list_folder(path, picture_folders.list_pictures, _nothing)


def _nothing(folder: str) -> Text:
    return Text.of("{folder} holds no pictures (PNG, JPEG, GIF, BMP, WebP or TIFF).", folder=folder)


def arrange(listing: Listing, options: PictureOptions, title: str) -> Arranged:
    """The samples. Raises DataError where nothing is left of the pictures."""
    files, layout = listing.files, options.layout
    found = picture_folders.arrange_pictures(files, layout, options.picture_folder, options.mask_folder)
    if found.files:
        return found
    if layout == "masks":
        text = Text.of("{folder} has no folder of pictures and folder of masks in which names are alike.", folder=title)
    else:
        text = Text.of("No picture in {folder} lies in a folder for its class, or has one in its name.", folder=title)
    raise DataError(text)


def left_out(listing: Listing, found: Arranged) -> Iterator[Text]:
    """Sentences on what is no sample, and why."""
    return sample_files.left_out(listing, found, _OTHERS, _EMPTY, _LEFT_OUT)
