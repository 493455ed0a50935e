"""Look inside: what comes out of each box for one sample, what layers have learnt, why a model says what it says."""

from typing import Literal

from resources.text import Text
from runtime.messages.looking import Thumbnail
from runtime.messages.parts import Message, Part
from runtime.messages.trained import On, OneSample, Trained
from runtime.messages.views import Bars, Heat, Points, Words


class CallAt(Part, frozen=True):
    """A box: call number `node` (from 0) of the layer or operation `layer`.

    `path` leads to it through nested models, from outside in, and `path_calls` says which call of each of them is meant
    (empty: the first of all). Calls of a layer are counted within one graph, in the order in which they were made
    there: 0 is the first, of nested models too.
    """

    layer: str
    node: int = 0
    path: tuple[str, ...] = ()
    path_calls: tuple[int, ...] = ()


class Tiles(Part, frozen=True, tag="tiles"):
    """Channels as small maps side by side, the most active first: each the same size. `channels` are their numbers.

    A picture of three or four channels that comes into the model is one map in its colours, and `channels` is empty.
    """

    maps: tuple[Thumbnail, ...]
    channels: tuple[int, ...]
    of: int  # channels there are


class Line(Part, frozen=True, tag="line"):
    """Values of a sequence by step: one line for each of so many features, the most active first."""

    lines: tuple[tuple[float, ...], ...]
    features: tuple[int, ...]
    of: int


class Vector(Part, frozen=True, tag="vector"):
    """The values of a vector; `names` where it is an output with classes. Of more than 256 the mean of neighbours.

    `of` is how many values there are.
    """

    values: tuple[float, ...]
    names: tuple[str, ...] = ()
    of: int = 0


class Tokens(Part, frozen=True, tag="tokens"):
    """Whole numbers, or words, as they are."""

    words: tuple[str, ...]
    of: int


SmallView = Tiles | Line | Vector | Heat | Tokens


class Activation(Part, frozen=True):
    """What comes out of one box for one sample. `shape` is without the sample axis.

    `zeros` is the share of exact zeros. Figures are None where there are no finite numbers. Several outputs: `output`
    counts them. `error` says why there is nothing, and then the rest says nothing.
    """

    call: CallAt
    output: int = 0
    shape: tuple[int, ...] = ()
    dtype: str = ""
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    zeros: float | None = None
    nans: int = 0
    view: SmallView | None = None
    error: Text | None = None


class LookInside(Message, frozen=True):
    """What comes out of `calls` (empty: all of the outermost model) for one sample. A newer one overtakes an older one.

    `training`: as in training, with dropout and the batch's own statistics, in place of as in use. `size` is the length
    of a map. Attention layers show, in place of what comes out of them, how much each place (a row) looks at each other
    (a column), as the mean of all heads; `OpenTensor` has each head.
    """

    id: int
    trained: Trained
    sample: OneSample
    calls: tuple[CallAt, ...] = ()
    training: bool = False
    size: int = 24
    most: int = 16  # maps or lines of one box
    seed: int = 0  # of what is drawn at random


class LookedInside(Message, frozen=True):
    """In the order of the calls that were asked for, each with all its outputs. `milliseconds` was all of it."""

    id: int
    activations: tuple[Activation, ...]
    milliseconds: float = 0.0


class OpenTensor(Message, frozen=True):
    """The whole tensor of one box for one sample: maps `size` pixels long, from channel `first` on."""

    id: int
    trained: Trained
    sample: OneSample
    call: CallAt
    output: int = 0
    training: bool = False
    first: int = 0
    count: int = 64
    size: int = 128
    seed: int = 0


class TensorOpened(Message, frozen=True):
    """`numbers` are the first values as text, row by row, of small tensors; `scores`: attention, one for each head."""

    id: int
    activation: Activation
    histogram: Bars
    numbers: tuple[tuple[str, ...], ...] = ()
    scores: tuple[Heat, ...] = ()


Method = Literal["grad_cam", "integrated_gradients", "occlusion", "saliency"]


class Explain(Message, frozen=True):
    """Why the model says `class_index` of `output`: how much each place of `input` speaks for it.

    `layer` is for Grad-CAM: the box whose maps are weighted ("" in `layer.layer`: the last one with maps).
    """

    id: int
    trained: Trained
    sample: OneSample
    method: Method
    output: str
    class_index: int = 0
    input: str = ""
    layer: CallAt | None = None
    size: int = 256
    steps: int = 50  # of integrated gradients


class Explained(Message, frozen=True):
    """A picture has `original` and `overlay` (RGBA of the same size); a text has `words`. `total` is the sum of all.

    `score` is what the model says of the class. `note` tells what has to be known to read it.
    """

    id: int
    score: float
    original: Thumbnail | None = None
    overlay: Thumbnail | None = None
    words: Words | None = None
    values: Bars | None = None  # of columns of a table
    total: float = 0.0
    note: Text | None = None


class ShowWeights(Message, frozen=True):
    """What a layer has learnt. `path` leads through nested models."""

    id: int
    trained: Trained
    layer: str
    path: tuple[str, ...] = ()
    size: int = 48
    most: int = 64


class WeightShown(Part, frozen=True):
    """One weight with its histogram; `filters` of convolutions, `map` of embeddings (PCA), `heat` of small ones.

    Points of the map have the number of their row in the embedding; `words` says which word that is, where it is known.
    """

    name: str
    shape: tuple[int, ...]
    trainable: bool
    low: float
    high: float
    mean: float
    deviation: float
    histogram: Bars
    filters: tuple[Thumbnail, ...] = ()
    map: Points | None = None
    heat: Heat | None = None
    words: tuple[str, ...] = ()


class WeightsThroughTime(Part, frozen=True):
    """Means and deviations of a weight after each epoch that the run recorded."""

    name: str
    epochs: tuple[int, ...]
    means: tuple[float, ...]
    deviations: tuple[float, ...]


class WeightsShown(Message, frozen=True):
    id: int
    weights: tuple[WeightShown, ...]
    history: tuple[WeightsThroughTime, ...] = ()


class ExtractFeatures(Message, frozen=True):
    """What comes out of a box for all samples, into the file `path` (`.h5`, `.npz` or `.parquet`)."""

    id: int
    trained: Trained
    on: On
    call: CallAt
    path: str
    output: int = 0


class FeaturesExtracted(Message, frozen=True):
    id: int
    path: str
    samples: int
    shape: tuple[int, ...]


class CutModel(Message, frozen=True):
    """The part of the model up to a box as a `.keras` file."""

    id: int
    trained: Trained
    call: CallAt
    path: str
    output: int = 0


class ModelCut(Message, frozen=True):
    id: int
    path: str
    parameters: int


class MapEmbedding(Message, frozen=True):
    """What comes out of a box for samples, as a map of two dimensions. At most `most` samples, drawn with the seed."""

    id: int
    trained: Trained
    on: On
    call: CallAt
    colour: str = ""  # an output with classes, whose truth colours the points
    method: Literal["pca", "tsne", "umap"] = "pca"
    most: int = 2_000
    seed: int = 0
    output: int = 0


class EmbeddingMapped(Message, frozen=True):
    """`explained` is the share of the variance that the two axes have (PCA only)."""

    id: int
    points: Points
    explained: float | None = None
    note: Text | None = None
