"""Pictures of every kind become arrays of one size; what is none is told by a reason."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, features

from resources.python_code.in_scripts import pictures
from runtime.worker.data.pictures import fast_jpeg, reading
from runtime.worker.data.pictures.reading import PictureError, PictureFormat, read_mask
from tests.support.pictures import pixels, save

WHOLE = PictureFormat((6, 8))
GREY = PictureFormat((6, 8), "grey")
TURNS = {1: lambda v: v, 2: np.fliplr, 3: lambda v: np.rot90(v, 2), 4: np.flipud, 5: lambda v: v.transpose(1, 0, 2)}
TURNS |= {6: lambda v: np.rot90(v), 7: lambda v: np.rot90(v.transpose(1, 0, 2), 2), 8: lambda v: np.rot90(v, -1)}


@pytest.mark.parametrize("ending", [".png", ".bmp", ".tiff", ".webp"])
def test_formats_without_loss(tmp_path: Path, ending: str) -> None:
    options = {"lossless": True} if ending == ".webp" else {}
    path = save(tmp_path / f"a{ending}", pixels(1), **options)
    np.testing.assert_array_equal(WHOLE.read(path), pixels(1))


def test_gif_and_palette(tmp_path: Path) -> None:
    few = np.repeat(pixels(2, (6, 1)), 8, axis=1)
    for ending in (".gif", ".png"):
        path = tmp_path / f"a{ending}"
        Image.fromarray(few).quantize(8).save(path)
        np.testing.assert_array_equal(WHOLE.read(path), np.asarray(Image.fromarray(few).quantize(8).convert("RGB")))


def test_one_bit_grey_and_transparency(tmp_path: Path) -> None:
    bits = pixels(3, channels=1) > 127
    Image.fromarray(bits).save(tmp_path / "bits.png")
    np.testing.assert_array_equal(GREY.read(tmp_path / "bits.png")[..., 0], bits * np.uint8(255))
    save(tmp_path / "grey.png", pixels(4, channels=1))
    np.testing.assert_array_equal(WHOLE.read(tmp_path / "grey.png"), np.repeat(pixels(4, channels=1)[..., None], 3, 2))
    clear = pixels(5, channels=4)
    save(tmp_path / "clear.png", clear)
    np.testing.assert_array_equal(WHOLE.read(tmp_path / "clear.png"), clear[..., :3])
    np.testing.assert_array_equal(PictureFormat((6, 8), "rgba").read(tmp_path / "clear.png"), clear)
    Image.fromarray(clear[..., :2].copy(), "LA").save(tmp_path / "la.png")
    np.testing.assert_array_equal(GREY.read(tmp_path / "la.png")[..., 0], clear[..., 0])


def test_cmyk(tmp_path: Path) -> None:
    Image.new("CMYK", (8, 6), (0, 255, 255, 0)).save(tmp_path / "a.jpg")
    assert WHOLE.read(tmp_path / "a.jpg")[0, 0].tolist() == [255, 0, 0]


def test_more_than_eight_bits(tmp_path: Path) -> None:
    deep = np.random.default_rng(0).integers(0, 65536, (6, 8), dtype=np.uint16)
    for ending in (".png", ".tiff"):
        Image.fromarray(deep).save(tmp_path / f"a{ending}")
        np.testing.assert_array_equal(PictureFormat((6, 8), "grey", "16").read(tmp_path / f"a{ending}")[..., 0], deep)
        np.testing.assert_array_equal(GREY.read(tmp_path / f"a{ending}")[..., 0], deep // 256)
    half = PictureFormat((3, 4), "grey", "16").read(tmp_path / "a.png")
    assert half.dtype == np.uint16 and half.max() > 255
    floats = deep.astype(np.float32) / 7 - 1000
    Image.fromarray(floats).save(tmp_path / "f.tiff")
    np.testing.assert_array_equal(PictureFormat((6, 8), "grey", "float").read(tmp_path / "f.tiff")[..., 0], floats)
    save(tmp_path / "low.png", pixels(1, channels=1))
    low = PictureFormat((6, 8), "grey", "16").read(tmp_path / "low.png")[..., 0]
    np.testing.assert_array_equal(low, pixels(1, channels=1) * np.uint16(257))


@pytest.mark.parametrize("turn", TURNS)
def test_upright(tmp_path: Path, turn: int) -> None:
    stored = TURNS[turn](pixels(6))
    exif = Image.Exif()
    exif[0x0112] = turn
    for ending in (".png", ".tiff"):
        path = save(tmp_path / f"a{ending}", np.ascontiguousarray(stored), exif=exif)
        np.testing.assert_array_equal(WHOLE.read(path), pixels(6))
        assert reading.read_header(path).size == (6, 8)
    path = save(tmp_path / "a.jpg", np.ascontiguousarray(stored), exif=exif, quality=100, subsampling=0)
    assert np.abs(WHOLE.read(path).astype(int) - pixels(6)).mean() < 8


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"subsampling": 0}, {"quality": 30}, {"restart_marker_rows": 1}]
)
@pytest.mark.parametrize("channels", [1, 3])
def test_plain_jpeg_is_what_pillow_reads(
    tmp_path: Path, options: dict[str, int], channels: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(tmp_path / "a.jpg", pixels(7, (37, 51), channels), **options)
    for colour in ("rgb", "grey"):
        for size in ((37, 51), (20, 20), (9, 12), (4, 4), (64, 64)):
            wanted = PictureFormat(size, colour, fit="crop")
            fast = wanted.read(path)
            np.testing.assert_array_equal(fast, pictures.read_picture(path, *size, colour, "8", "crop", "bilinear"))
    decoded = fast_jpeg.decode(path.read_bytes(), "RGB", None, 10**6)
    assert decoded is not None and decoded.size == (51, 37), "the fast way was taken"


def test_fit(tmp_path: Path) -> None:
    wide = np.zeros((4, 8, 3), np.uint8)
    wide[:, 2:6] = 200
    path = save(tmp_path / "a.png", wide)
    assert PictureFormat((4, 4), fit="crop").read(path).min() == 200
    padded = PictureFormat((8, 8), fit="pad", interpolation="nearest").read(path)
    assert padded[:2].max() == 0 and padded[6:].max() == 0
    np.testing.assert_array_equal(padded[2:6], wide)
    assert PictureFormat((4, 4)).read(path)[0, :, 0].tolist() != [200] * 4


def test_numbers_of_masks_stay(tmp_path: Path) -> None:
    numbers = np.random.default_rng(0).choice(np.array([0, 7, 21, 255], np.uint8), (9, 13))
    save(tmp_path / "grey.png", numbers)
    palette = Image.fromarray(numbers)
    palette.putpalette([value % 256 for value in range(768)])
    palette.save(tmp_path / "palette.png")
    save(tmp_path / "same.png", np.repeat(numbers[..., None], 3, 2))
    Image.fromarray(numbers > 7).save(tmp_path / "bits.png")
    for name in ("grey", "palette", "same"):
        np.testing.assert_array_equal(read_mask(tmp_path / f"{name}.png", (9, 13), "stretch")[..., 0], numbers)
        for fit in ("stretch", "crop", "pad"):
            assert set(np.unique(read_mask(tmp_path / f"{name}.png", (20, 17), fit))) <= {0, 7, 21, 255}
    bits = read_mask(tmp_path / "bits.png", (9, 13), "stretch")
    np.testing.assert_array_equal(bits[..., 0], numbers > 7)
    deep = numbers.astype(np.uint16) * 256
    Image.fromarray(deep).save(tmp_path / "deep.png")
    np.testing.assert_array_equal(read_mask(tmp_path / "deep.png", (9, 13), "pad")[..., 0], deep)


def _png() -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels(1, (40, 40))).save(stream, "png")
    return stream.getvalue()


def _jpeg() -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels(1, (40, 40))).save(stream, "jpeg")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b"This is no picture.", "it is no picture that can be read"),
        (_png()[:-2000], "it ends too early"),
        (_jpeg()[:-200], "it ends too early"),
        (_jpeg()[:20], "it is damaged"),
        (_png()[:200] + b"\0\0\0\0\0\0" + _png()[206:], "it is damaged"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n", "it is no picture that can be read"),
    ],
)
def test_unreadable(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(data)
    with pytest.raises(PictureError, match=reason):
        WHOLE.read(path)


def test_wrong_ending_is_no_matter(tmp_path: Path) -> None:
    path = save(tmp_path / "a.png", pixels(1))
    np.testing.assert_array_equal(WHOLE.read(path.rename(tmp_path / "a.jpg")), pixels(1))


def test_gone_and_folder(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="it is not there any more"):
        WHOLE.read(tmp_path / "a.png")
    with pytest.raises(PictureError, match="a folder"):
        WHOLE.read(tmp_path)


def test_bomb(tmp_path: Path) -> None:
    stream = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(stream, "png")
    (tmp_path / "a.png").write_bytes(stream.getvalue())
    for read in (WHOLE.read, lambda path: reading.thumbnail(path, 32), reading.verify):
        with pytest.raises(PictureError, match="it has 400 million pixels"):
            read(tmp_path / "a.png")


def test_thumbnails(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jpg", pixels(1, (60, 120)))
    assert reading.thumbnail(path, 30).shape == (15, 30, 3)
    assert reading.thumbnail(path, 300).shape == (60, 120, 3)
    mask = save(tmp_path / "m.png", np.array([[0, 1], [2, 4]], np.uint8))
    assert reading.thumbnail(mask, 8, is_mask=True)[..., 0].tolist() == [[0, 0.25], [0.5, 1]]


@pytest.mark.skipif(not features.check("libtiff"), reason="Pillow without libtiff")
def test_compressed_tiff(tmp_path: Path) -> None:
    path = save(tmp_path / "a.tif", pixels(1), compression="tiff_lzw")
    np.testing.assert_array_equal(WHOLE.read(path), pixels(1))
