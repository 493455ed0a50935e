"""One sample at a time: what models say of it."""

from resources.text import Text
from runtime.messages.looking import SmallWave, Thumbnail
from runtime.messages.parts import Message, Part
from runtime.messages.trained import GivenTensor, GivenValue, On, OneSample, Trained
from runtime.messages.views import OutputKind
from runtime.spec import ColumnKind


class FormField(Part, frozen=True):
    """A column that a sample needs. `example` is the value of a typical sample (the middle of numbers).

    `shape` is that of one sample before any step, of pictures (height, width, channels). `low` and `high` are what the
    training part has. `categories` are the words of a class column. `inputs` are those that it feeds. `files`: samples
    are files, and one that is given is read as they were; else a picture has to have the size of the others.
    """

    column: str
    kind: ColumnKind
    shape: tuple[int | None, ...]
    inputs: tuple[str, ...]
    categories: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    example: GivenValue = GivenValue()
    files: bool = False


class AskForm(Message, frozen=True):
    """Ask which columns a sample of this model has, and how many samples the parts of its data have."""

    id: int
    trained: Trained


class FormAsked(Message, frozen=True):
    """`parts` are numbers of samples, empty where the data is gone, and `note` says why then."""

    id: int
    fields: tuple[FormField, ...]
    parts: dict[str, int]
    note: Text | None = None


class ShowSample(Message, frozen=True):
    """Ask for a sample of the data as a person could have given it; pictures `size` pixels long at most."""

    id: int
    trained: Trained
    on: On
    row: int
    size: int = 256


class ShownValue(Part, frozen=True):
    """A value of a column: what it is, and what it looks like.

    `truth`: the column feeds an output. Then `text` is what that is trained with: numbers are behind their steps.
    """

    column: str
    kind: ColumnKind
    text: str = ""
    value: GivenValue | None = None
    picture: Thumbnail | None = None
    wave: SmallWave | None = None
    truth: bool = False


class SampleShown(Message, frozen=True):
    id: int
    row: int
    name: str
    values: tuple[ShownValue, ...]


class TrySample(Message, frozen=True):
    """What each of `models` says of the sample. A newer TrySample overtakes an older one.

    `seen` asks for what the model sees of pictures, behind all steps, `seen` pixels long at most (0: not).
    """

    id: int
    models: tuple[Trained, ...]
    sample: OneSample
    seen: int = 0


class OutputTried(Part, frozen=True):
    """What one output says. Of classes and labels `names` and `values` go together, the most likely first.

    Of numbers, `values` are they. `picture` is what outputs that are pictures look like, `text` what tokens say.
    """

    output: str
    title: str
    kind: OutputKind
    names: tuple[str, ...] = ()
    values: tuple[float, ...] = ()
    text: str = ""
    picture: Thumbnail | None = None


class ModelTried(Part, frozen=True):
    """`error` says why this model has nothing to say of the sample; then the rest is empty."""

    outputs: tuple[OutputTried, ...] = ()
    seen: tuple[tuple[str, Thumbnail], ...] = ()  # by input
    milliseconds: float = 0.0
    error: Text | None = None


class SampleTried(Message, frozen=True):
    """In the order of the models that were asked."""

    id: int
    models: tuple[ModelTried, ...]


class OpenPicture(Message, frozen=True):
    """Ask what is in a file of a picture, and for it as `height` x `width` pixels of `channels` (1 or 3) of 8 bits.

    Its proportions stay: what is missing of the shape has the colour of its border.
    """

    id: int
    file: bytes
    height: int
    width: int
    channels: int
    size: int = 256  # the longest side of `original`


class PictureOpened(Message, frozen=True):
    """`height`, `width` and `mode` (Pillow's: "L", "RGB", "P") are those of the file, `fitted` what was asked for."""

    id: int
    original: Thumbnail
    height: int
    width: int
    mode: str
    fitted: GivenTensor
