"""Folders of pictures: with a folder for each class, with masks beside them, or just pictures with their names.

Columns: `image` (height, width, channels), `label` (the class) or `mask`, and `name` (the path below the folder).
Folders train, val and test on top are parts of their own. How they are read stands in
`resources/python_code/in_scripts`: exported scripts do the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from resources.python_code.parts import Constant, Loading
from resources.python_code.pieces import SourceError, list_of, literal, quoted
from resources.python_code.shared import LATER, LIST_FILES, LIST_PICTURES, PLACES, READ_PICTURES
from resources.text import Text
from runtime.data_kinds import DataKind, Recognised
from runtime.lazy import LazyModule
from runtime.python_code import data_file
from runtime.spec import DataSource
from runtime.worker.data.files import MOST_LISTED
from runtime.worker.data.pictures.settings import (
    COLOUR,
    DEPTH,
    HEIGHT,
    LAYOUT,
    SETTINGS,
    WIDTH,
    PictureOptions,
)
from runtime.worker.data.source import DataError, Source

if TYPE_CHECKING:
    from resources.python_code.in_scripts import picture_folders
    from resources.python_code.in_scripts.folders import Arranged
    from runtime.worker.data.pictures import looking, pictures_source
else:
    picture_folders = LazyModule("resources.python_code.in_scripts.picture_folders")
    looking = LazyModule("runtime.worker.data.pictures.looking")
    pictures_source = LazyModule("runtime.worker.data.pictures.pictures_source")

KIND = DataKind(
    "pictures",
    Text("Folder of pictures"),
    (),
    folders=True,
    options=SETTINGS,
)
_FEWEST: Final = 0.2  # of the files are pictures, or the folder is one of something else
_LOAD: Final = '''def load_data():
    """The columns that the model is trained on, and which sample is in which part."""
    files = list_pictures(DATA_FILE).files
    found = arrange_pictures(files, LAYOUT, PICTURE_FOLDER, MASK_FOLDER)
    paths = [os.path.join(DATA_FILE, file) for file in found.files]
    masks = [os.path.join(DATA_FILE, file) for file in found.masks]
    data = {"name": np.array([as_written(file) for file in found.files], object)}
    if "image" in COLUMNS:
        data["image"] = np.stack(
            [read_picture(path, HEIGHT, WIDTH, COLOUR, DEPTH, FIT, INTERPOLATION) for path in paths]
        )
    if found.labels:
        words, places = np.unique(found.labels, return_inverse=True)
        data["label"] = with_words(places, words)
    if masks:
        data["mask"] = np.stack([read_mask(path, HEIGHT, WIDTH, FIT) for path in masks])
    data["(part)"] = np.array(found.part_of_each())
    return {name: data[name] for name in (*COLUMNS, "(part)")}
'''
_LATER: Final = '''def load_data():
    """The columns, of which pictures are read later, and which sample is in which part."""
    files = list_pictures(DATA_FILE).files
    found = arrange_pictures(files, LAYOUT, PICTURE_FOLDER, MASK_FOLDER)
    paths = [os.path.join(DATA_FILE, file) for file in found.files]
    masks = [os.path.join(DATA_FILE, file) for file in found.masks]

    def read_pictures(rows):
        return np.stack([read_picture(paths[r], HEIGHT, WIDTH, COLOUR, DEPTH, FIT, INTERPOLATION) for r in rows])

    def read_masks(rows):
        return np.stack([read_mask(masks[r], HEIGHT, WIDTH, FIT) for r in rows])

    data = {"name": np.array([as_written(file) for file in found.files], object)}
    data["image"] = LaterColumn(len(paths), read_pictures)
    if found.labels:
        words, places = np.unique(found.labels, return_inverse=True)
        data["label"] = with_words(places, words)
    if masks:
        data["mask"] = LaterColumn(len(masks), read_masks)
    data["(part)"] = np.array(found.part_of_each())
    return {name: data[name] for name in (*COLUMNS, "(part)")}
'''
_LOAD_READABLE: Final = '''def load_data():
    """The columns without pictures that cannot be read, and which sample is in which part."""
    files = list_pictures(DATA_FILE).files
    found = arrange_pictures(files, LAYOUT, PICTURE_FOLDER, MASK_FOLDER)
    kept, pictures, masks = [], [], []
    for row, file in enumerate(found.files):
        path = os.path.join(DATA_FILE, file)
        try:
            picture = read_picture(path, HEIGHT, WIDTH, COLOUR, DEPTH, FIT, INTERPOLATION)
            if found.masks:
                path = os.path.join(DATA_FILE, found.masks[row])
                masks.append(read_mask(path, HEIGHT, WIDTH, FIT))
        except (OSError, ValueError, SyntaxError) as error:
            print(f"{path} is skipped: {error}")
            continue
        kept.append(row)
        pictures.append(picture)
    data = {"image": np.stack(pictures)}
    data["name"] = np.array([as_written(found.files[row]) for row in kept], object)
    if found.labels:
        words, places = np.unique([found.labels[row] for row in kept], return_inverse=True)
        data["label"] = with_words(places, words)
    if masks:
        data["mask"] = np.stack(masks)
    data["(part)"] = np.array(found.part_of_each())[kept]
    return {name: data[name] for name in (*COLUMNS, "(part)")}
'''


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    opened: Source = pictures_source.PicturesSource(source.path, PictureOptions.of(source))
    return opened


def recognise(path: Path) -> Recognised | None:
    """A folder most of whose files are pictures."""
    if not path.is_dir():
        return None
    try:
        listing = picture_folders.list_pictures(str(path), MOST_LISTED)
    except OSError:
        return None
    pictures, others = len(listing.files), len(listing.others)
    share = pictures / max(1, pictures + others)
    if not pictures or share < _FEWEST:
        return None
    found = picture_folders.arrange_pictures(listing.files)
    looked = looking.look(str(path), found.files)
    options: dict[str, Any] = {HEIGHT.key: looked.size[0], WIDTH.key: looked.size[1], COLOUR.key: looked.colour}
    options[DEPTH.key] = looked.depth
    if not listing.cut:
        options[LAYOUT.key] = found.layout
    return Recognised(0.95 * share, _what(found, cut=listing.cut), options)


def _what(found: Arranged, *, cut: bool) -> Text:
    count = len(found.files)
    if cut:
        return Text.of("more than {count} pictures", count=f"{min(count, MOST_LISTED):,}")
    if found.labels:
        return Text.of("{count} pictures in {classes} classes", count=count, classes=len(set(found.labels)))
    if found.masks:
        return Text.of("{count} pictures with masks", count=count)
    return Text.of("{count} pictures", count=count)


def source_code(source: DataSource, columns: Sequence[str]) -> Loading:
    """Raises SourceError."""
    try:
        options = PictureOptions.of(source)
    except DataError as error:
        raise SourceError(error.text) from error
    depth_is_open = options.colour == "grey" and options.depth is None
    if options.size is None or options.colour is None or depth_is_open:
        raise SourceError(Text("Choose height, width and colours of the pictures in Data: a script cannot guess them."))
    shape = options.pixels(options.size, options.colour, "8")
    constants = (
        data_file(source),
        Constant("COLUMNS", list_of(map(quoted, columns))),
        Constant("LAYOUT", literal(options.layout)),
        Constant("PICTURE_FOLDER", literal(options.picture_folder)),
        Constant("MASK_FOLDER", literal(options.mask_folder)),
        Constant("HEIGHT", literal(shape.size[0])),
        Constant("WIDTH", literal(shape.size[1])),
        Constant("COLOUR", literal(shape.colour)),
        Constant("DEPTH", literal(shape.depth)),
        Constant("FIT", literal(shape.fit)),
        Constant("INTERPOLATION", literal(shape.interpolation)),
    )
    helpers = (PLACES, LIST_FILES, LIST_PICTURES, READ_PICTURES)
    if options.skip_unreadable:  # of which all are decoded before it is known how many there are
        return Loading((), constants, (*helpers, _LOAD_READABLE), has_parts=True)
    later = Loading((), constants, (*helpers, LATER, _LATER), has_parts=True, block=1)
    return Loading((), constants, (*helpers, _LOAD), has_parts=True, batched=later)
