"""Folders of pictures: which files there are, and what their folders say of them.

Scripts hold this word by word (`resources/python_code/shared.py`).
"""

import re

from resources.python_code.in_scripts.folders import (
    Arranged,
    FilePath,
    Listing,
    by_layout,
    file_paths,
    in_parts,
    list_files,
    strip_wrapper,
)

PICTURE_ENDINGS = (
    *(".bmp", ".dib", ".gif", ".jfif", ".jpe", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"),
)
PICTURE_FOLDERS = ("images", "image", "imgs", "img", "pictures", "photos", "jpegimages", "inputs")
MASK_FOLDERS = ("masks", "mask", "segmentations", "segmentationclass", "annotations", "labels")
MASK_ENDING = re.compile("[ ._-](mask|masks|seg|segmentation|label|labels|gt)$", re.IGNORECASE)


def list_pictures(folder: str, most: float = float("inf")) -> Listing:
    """All pictures, by folder and name, but hidden ones. Links that lead elsewhere are none."""
    return list_files(folder, PICTURE_ENDINGS, most)


def arrange_pictures(
    files: list[str],
    layout: str | None = None,
    picture_folder: str | None = None,
    mask_folder: str | None = None,
) -> Arranged:
    """Samples by what folders say.

    `layout` is "classes" (a folder each), "names" (classes in the names of files), "masks" (a
    folder of pictures and one of masks) or "flat". None: found out.
    """
    paths = file_paths(files)
    left_out: dict[str, list[str]] = {}
    strip_wrapper(paths)
    paths = in_parts(paths, left_out)
    masks: list[str] = []
    if layout is None or layout == "masks":
        pictures, mates = _sides(paths, picture_folder, mask_folder, left_out)
        if layout or {path.key() for path in pictures} & {mate.key(MASK_ENDING) for mate in mates}:
            layout = "masks"
            sides = {path.file for path in (*pictures, *mates)}
            left_out["side"] = [path.file for path in paths if path.file not in sides]
            paths, masks = _with_masks(pictures, mates, left_out)
    return by_layout(paths, layout, masks, left_out)


def _sides(
    paths: list[FilePath],
    picture_folder: str | None,
    mask_folder: str | None,
    left_out: dict[str, list[str]],
) -> tuple[list[FilePath], list[FilePath]]:
    """What lies in a folder of pictures, and what in one of masks."""
    tops = {path.folders[0].lower(): path.folders[0] for path in paths if path.folders}
    for_masks = mask_folder or next((tops[name] for name in MASK_FOLDERS if name in tops), "")
    for_pictures = picture_folder or next((tops[one] for one in PICTURE_FOLDERS if one in tops), "")
    sides: dict[str, list[FilePath]] = {for_pictures: [], for_masks: []}
    if for_pictures and for_masks:
        for path in paths:
            if path.folders and path.folders[0] in sides:
                below = FilePath(path.file, path.folders[1:], path.stem, path.part)
                sides[path.folders[0]].append(below)
    if any(path.part for path in paths):
        return sides[for_pictures], sides[for_masks]
    return in_parts(sides[for_pictures], left_out), in_parts(sides[for_masks], left_out)


def _with_masks(
    pictures: list[FilePath], masks: list[FilePath], left_out: dict[str, list[str]]
) -> tuple[list[FilePath], list[str]]:
    """The pictures that have a mask, and their masks: of the same name in the same folder."""
    mates = {mask.key(MASK_ENDING): mask.file for mask in masks}
    mates |= {mask.key(): mask.file for mask in masks}
    found = [path for path in pictures if path.key() in mates]
    used = [mates[path.key()] for path in found]
    left_out["mask"] = [path.file for path in pictures if path.key() not in mates]
    left_out["picture"] = sorted({mask.file for mask in masks} - set(used))
    return found, used
