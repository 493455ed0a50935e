"""The sets of samples that Keras knows (`keras.datasets`): what they are, and where their files come from.

Free of Keras: a test holds names, addresses and checksums against the installed one.
"""

import os
from pathlib import Path
from typing import Final, Literal

import msgspec

from resources.text import Text

_GOOGLE: Final = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_TORONTO: Final = "https://www.cs.toronto.edu/~kriz/"

Form = Literal["npz", "fashion", "cifar10", "cifar100", "imdb", "reuters", "housing"]


class KnownFile(msgspec.Struct, frozen=True):
    """A file in the folder of Keras' own copies.

    `hash` is SHA-256, or MD5 where Keras has no other; `size` is in bytes.
    """

    name: str
    url: str
    hash: str
    size: int

    @property
    def algorithm(self) -> str:
        return "sha256" if len(self.hash) == 64 else "md5"

    @property
    def path(self) -> Path:
        return datasets_folder() / self.name

    @property
    def most(self) -> int:
        """More bytes are no such file."""
        return self.size + self.size // 10 + 2**16

    @property
    def part(self) -> Path:
        """Where the file grows until it is whole."""
        return self.path.with_name(f".{self.path.name}.part")


class KnownSet(msgspec.Struct, frozen=True):
    """`form` says how the files are read; `about` what is in them."""

    name: str
    title: str
    about: Text
    form: Form
    files: tuple[KnownFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def host(self) -> str:
        """Where the files come from."""
        return self.files[0].url.split("/")[2]


def _fashion(name: str, checksum: str, size: int) -> KnownFile:
    return KnownFile(f"fashion-mnist/{name}", _GOOGLE + name, checksum, size)


def _of_google(name: str, checksum: str, size: int) -> KnownFile:
    return KnownFile(name, _GOOGLE + name, checksum, size)


_SETS: Final = (
    KnownSet(
        "mnist",
        "MNIST",
        Text("70,000 pictures of handwritten digits, 28×28, in 10 classes"),
        "npz",
        (_of_google("mnist.npz", "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1", 11_490_434),),
    ),
    KnownSet(
        "fashion_mnist",
        "Fashion-MNIST",
        Text("70,000 pictures of clothes, 28×28, in 10 classes"),
        "fashion",
        (
            _fashion(
                "train-labels-idx1-ubyte.gz", "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845", 29_515
            ),
            _fashion(
                "train-images-idx3-ubyte.gz",
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                26_421_880,
            ),
            _fashion(
                "t10k-labels-idx1-ubyte.gz", "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5", 5_148
            ),
            _fashion(
                "t10k-images-idx3-ubyte.gz",
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                4_422_102,
            ),
        ),
    ),
    KnownSet(
        "cifar10",
        "CIFAR-10",
        Text("60,000 small pictures in colour, 32×32, in 10 classes"),
        "cifar10",
        (
            KnownFile(
                "cifar-10-batches-py-target_archive",
                f"{_TORONTO}cifar-10-python.tar.gz",
                "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
                170_498_071,
            ),
        ),
    ),
    KnownSet(
        "cifar100",
        "CIFAR-100",
        Text("60,000 small pictures in colour, 32×32, in 100 classes or 20 coarse ones"),
        "cifar100",
        (
            KnownFile(
                "cifar-100-python-target_archive",
                f"{_TORONTO}cifar-100-python.tar.gz",
                "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
                169_001_437,
            ),
        ),
    ),
    KnownSet(
        "imdb",
        "IMDB",
        Text("50,000 reviews of films as words, good or bad"),
        "imdb",
        (
            _of_google("imdb.npz", "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f", 17_464_789),
            _of_google("imdb_word_index.json", "bfafd718b763782e994055a2d397834f", 1_641_221),
        ),
    ),
    KnownSet(
        "reuters",
        "Reuters",
        Text("11,228 pieces of news as words, on 46 topics"),
        "reuters",
        (
            _of_google("reuters.npz", "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916", 2_110_848),
            _of_google("reuters_word_index.json", "4d44cc38712099c9e383dc6e5f11a921", 550_378),
        ),
    ),
    KnownSet(
        "california_housing",
        "California Housing",
        Text("20,640 districts with 8 numbers each, and the price of their houses"),
        "housing",
        (
            _of_google(
                "california_housing.npz", "1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f", 743_530
            ),
        ),
    ),
)


def known_sets() -> tuple[KnownSet, ...]:
    """All that there are, in the order in which people are shown them."""
    return _SETS


def known_set(name: str) -> KnownSet | None:
    return next((one for one in _SETS if one.name == name), None)


def datasets_folder() -> Path:
    """Where Keras keeps its copies: one copy serves Lamella and scripts."""
    home = os.environ.get("KERAS_HOME")
    return (Path(home) if home else Path("~").expanduser() / ".keras") / "datasets"


def is_here(one: KnownSet) -> bool:
    """Whether all files are there; their checksums are compared when they are read."""
    return all(file.path.is_file() for file in one.files)


def bytes_here(one: KnownSet) -> int:
    """How much of a set has arrived so far: while it is downloaded, this grows."""
    return sum(_size(file.path) or _size(file.part) for file in one.files)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
