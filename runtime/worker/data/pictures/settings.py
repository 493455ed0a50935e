"""What a project may say of how pictures are read. An option that is None is found out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from resources.text import Text
from resources.training.choice_words import words_of
from resources.training.setting import FOUND_OUT, Setting, SettingError
from runtime.spec import DataSource
from runtime.worker.data.pictures.reading import PictureFormat
from runtime.worker.data.sample_files.settings import (
    CLASSES,
    FLAT,
    LAYOUT_WORDS,
    NAMES,
    layout_setting,
    skip_setting,
)
from runtime.worker.data.source import DataError

LARGEST_SIDE: Final = 8192
_WORDS: Final = {
    **LAYOUT_WORDS,
    "masks": Text("a folder of pictures and one of masks"),
    FLAT: Text("pictures alone"),
    "grey": Text("grey"),
    "rgb": Text("colours (RGB)"),
    "rgba": Text("colours and transparency (RGBA)"),
    "8": Text("0 to 255 (8 bits)"),
    "16": Text("0 to 65535 (16 bits)"),
    "float": Text("as in the file (floats)"),
    "stretch": Text("stretch"),
    "crop": Text("crop"),
    "pad": Text("pad"),
    "nearest": Text("nearest"),
    "area": Text("area"),
    "bilinear": Text("bilinear"),
    "bicubic": Text("bicubic"),
    "lanczos3": Text("Lanczos"),
}


_words = words_of(_WORDS)


def _pixels(value: int | None) -> Text:
    return FOUND_OUT if value is None else Text.of("{count} pixels", count=value)


def _unless(key: str, *values: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda options: options.get(key) not in values


LAYOUT = layout_setting((CLASSES, NAMES, "masks", FLAT), _words)
PICTURE_FOLDER = Setting[str | None](
    "picture_folder",
    Text("Folder of pictures"),
    Text("The folder that holds the pictures, if there is one of masks beside it. Empty: found by its name."),
    "text",
    None,
    order=20,
    section="option",
    applies=_unless("layout", CLASSES, NAMES, FLAT),
)
MASK_FOLDER = Setting[str | None](
    "mask_folder",
    Text("Folder of masks"),
    Text("The folder that holds a mask for each picture, which has the name of the picture. Empty: found by its name."),
    "text",
    None,
    order=21,
    section="option",
    applies=_unless("layout", CLASSES, NAMES, FLAT),
)
HEIGHT, WIDTH = (
    Setting[int | None](
        key,
        title,
        Text(
            "Of the pictures that the model gets. Empty: the size that the pictures have if all are of one size, "
            "else a smaller one."
        ),
        "int",
        None,
        order=order,
        section="option",
        minimum=1,
        maximum=LARGEST_SIDE,
        words=_pixels,
    )
    for order, key, title in ((30, "height", Text("Height")), (31, "width", Text("Width")))
)
FIT = Setting[str](
    "fit",
    Text("Fit"),
    Text("How a picture of another shape gets that size: stretched, cut at two sides, or with black at two sides."),
    "choice",
    "stretch",
    order=40,
    section="option",
    choices=("stretch", "crop", "pad"),
    words=_words,
)
COLOUR = Setting[str | None](
    "colour",
    Text("Colours"),
    Text("One channel, three, or four with transparency. If you do not say, it is as the pictures are."),
    "choice",
    None,
    order=50,
    section="option",
    choices=("grey", "rgb", "rgba"),
    words=_words,
)
DEPTH = Setting[str | None](
    "depth",
    Text("Brightness"),
    Text("More than 8 bits are kept of grey pictures only. If you do not say, it is as the pictures are."),
    "choice",
    None,
    order=51,
    section="option",
    choices=("8", "16", "float"),
    words=_words,
    applies=lambda options: options.get("colour") in (None, "grey"),
)
INTERPOLATION = Setting[str](
    "interpolation",
    Text("Interpolation"),
    Text("How pixels are worked out when the size changes. Masks are never interpolated."),
    "choice",
    "bilinear",
    order=60,
    section="option",
    choices=("nearest", "area", "bilinear", "bicubic", "lanczos3"),
    words=_words,
)
SKIP = skip_setting(
    Text("Skip unreadable pictures"),
    Text("Pictures that cannot be read are left out. Otherwise training does not start with them."),
    order=70,
)
SETTINGS: Final[tuple[Setting[Any], ...]] = (
    LAYOUT, PICTURE_FOLDER, MASK_FOLDER, HEIGHT, WIDTH, FIT, COLOUR, DEPTH, INTERPOLATION, SKIP,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PictureOptions:
    """The options of a source, each of which is one that is taken."""

    layout: str | None
    picture_folder: str | None
    mask_folder: str | None
    height: int | None
    width: int | None
    fit: str
    colour: str | None
    depth: str | None
    interpolation: str
    skip_unreadable: bool

    @classmethod
    def of(cls, source: DataSource) -> PictureOptions:
        """Keys that are not declared are left alone. Raises DataError for a value that an option does not take."""
        values = {setting.key: setting.written(source.options) for setting in SETTINGS}
        try:
            for setting in SETTINGS:
                setting.check(values[setting.key])
        except SettingError as error:
            raise DataError(error.text) from error
        if values[DEPTH.key] not in (None, "8") and values[COLOUR.key] not in (None, "grey"):
            raise DataError(Text("More than 8 bits are kept of grey pictures only: choose grey, or 8 bits."))
        return cls(**values)

    def pixels(self, size: tuple[int, int], colour: str, depth: str) -> PictureFormat:
        """What pictures become; the arguments are what was found out."""
        chosen = self.size or size
        depth = self.depth or depth
        colour = self.colour or ("grey" if self.depth not in (None, "8") else colour)
        return PictureFormat(chosen, colour, depth if colour == "grey" else "8", self.fit, self.interpolation)

    @property
    def size(self) -> tuple[int, int] | None:
        """(height, width): with one of them given, the other is the same."""
        height, width = self.height or self.width, self.width or self.height
        return (height, width) if height and width else None
