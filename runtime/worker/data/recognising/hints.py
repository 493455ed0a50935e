"""What to do with files that are no data here, by their suffixes: the one table of it."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from resources.text import Text

_PICTURE: Final = Text("save it as PNG or JPEG in a picture editor")
_ALONE: Final = Text("it is one sample: choose the folder that it lies in")
_TEXT: Final = Text("save its text as .txt, or its tables as .csv, in the program that wrote it")
_ARCHIVE: Final = Text("unpack it, and choose the file or folder in it")
_CODE: Final = Text(
    "reading it may run code, so Lamella never does: in Python, save tables with to_parquet and arrays with np.savez"
)
_R: Final = Text("in R, save it with write.csv or arrow::write_parquet")
_STATISTICS: Final = Text("save it as CSV in the program that wrote it, or with pandas and to_parquet in Python")
_VIDEO: Final = Text("save its pictures, one a file, in a folder for each class")
_SOUND: Final = Text("convert it to WAV or FLAC")
_DATABASE: Final = Text("export its table as CSV")
_SCIENCE: Final = Text("store its arrays as HDF5 or NumPy in Python, with the library that reads it")
_MODEL: Final = Text("it is a model: open it with File → Open")
_PROJECT: Final = Text("it is a project: open it with File → Open")
_MARKUP: Final = Text("save what is in it as a table, in CSV")

HINTS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        suffix: hint
        for hint, suffixes in (
            (_PICTURE, ".psd .psb .xcf .ai .eps .svg .heic .heif .avif .jxl .cr2 .cr3 .nef .arw .dng .raf .orf .kra"),
            (_ALONE, ".png .jpg .jpeg .gif .bmp .webp .tif .tiff .wav .flac .ogg"),
            (_TEXT, ".doc .docx .odt .rtf .pdf .hwp .hwpx .pages .epub .ppt .pptx .odp .md .tex .numbers .gsheet"),
            (_ARCHIVE, ".zip .7z .rar .tar .gz .tgz .bz2 .tbz2 .xz .zst .lz4 .alz .egg .iso .dmg"),
            (_CODE, ".pkl .pickle .p .joblib .dill .pt .pth .ckpt .bin"),
            (_R, ".rds .rda .rdata"),
            (_STATISTICS, ".sav .por .zsav .dta .sas7bdat .xpt .jmp .mtw .sgd"),
            (_VIDEO, ".mp4 .avi .mov .mkv .webm .m4v .wmv .mpg .mpeg"),
            (_SOUND, ".mp3 .m4a .aac .wma .aiff .aif .opus .amr .mid"),
            (_DATABASE, ".mdb .accdb .dbf .fdb .mdf .frm .dump .sql .duckdb"),
            (_SCIENCE, ".nc .netcdf .grib .grb2 .fits .fit .dcm .nii .mha .nrrd .edf .bdf .root .las .laz .e57 .shp"),
            (_SCIENCE, ".zarr .orc .avro .arff .lmdb .petastorm"),
            (_MODEL, ".keras .tflite .onnx .pb .safetensors"),
            (_PROJECT, ".lamella"),
            (_MARKUP, ".xml .html .htm .yaml .yml .toml .ini .log"),
        )
        for suffix in suffixes.split()
    }
)


def hint_for(path: Path) -> Text | None:
    """As the end of a sentence; None where nothing is known of such files."""
    return HINTS.get(path.suffix.lower())
