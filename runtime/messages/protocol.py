"""Everything that the desktop and a worker may say to each other, and how it travels.

A message is one msgpack map whose "type" is the name of its class. Unknown fields and unknown types are errors,
so a worker of another version is refused instead of misunderstood. The messages lie beside this file by what they
are about; what a trainer reports, in `runtime/events.py`.
"""

from typing import TypeVar

import msgspec

from runtime.events import TrainingEvent
from runtime.messages.checking import CheckData, DataChecked
from runtime.messages.connection import Cancel, Cancelled, Detach, Failed, Hello, Ready, Shutdown
from runtime.messages.custom_code import CodeLoaded, LoadCode
from runtime.messages.describing import (
    DataDescribed,
    DataPeeked,
    DataProgress,
    DataRecognized,
    DescribeData,
    GetKnownSet,
    KnownSetReady,
    PeekData,
    RecognizeData,
)
from runtime.messages.devices import Devices, ListDevices
from runtime.messages.evaluating import (
    CompareEvaluations,
    Evaluate,
    Evaluated,
    EvaluationsCompared,
    ListSamples,
    Predict,
    Predicted,
    SamplesListed,
    Slice,
    Sliced,
)
from runtime.messages.exporting import CheckSource, Export, Exported, SourceChecked
from runtime.messages.inference import AskAgain, Infer, Inferred
from runtime.messages.inside import (
    CutModel,
    EmbeddingMapped,
    Explain,
    Explained,
    ExtractFeatures,
    FeaturesExtracted,
    LookedInside,
    LookInside,
    MapEmbedding,
    ModelCut,
    OpenTensor,
    ShowWeights,
    TensorOpened,
    WeightsShown,
)
from runtime.messages.looking import (
    AugmentData,
    CountWindows,
    DataAugmented,
    DataPreviewed,
    PreviewData,
    WindowsCounted,
)
from runtime.messages.preparing import DataLearnt, LearnData
from runtime.messages.profiling import DataProfiled, ProfileData
from runtime.messages.training import Pause, Resume, SetLearningRate, Stop, Train
from runtime.messages.trying import (
    AskForm,
    FormAsked,
    OpenPicture,
    PictureOpened,
    SampleShown,
    SampleTried,
    ShowSample,
    TrySample,
)

PROTOCOL_VERSION = 7


class ProtocolError(Exception):
    """Bytes that are no message of this version."""


EvaluatorRequest = (
    Evaluate
    | ListSamples
    | Slice
    | CompareEvaluations
    | Predict
    | AskForm
    | ShowSample
    | TrySample
    | OpenPicture
    | LookInside
    | OpenTensor
    | Explain
    | ShowWeights
    | ExtractFeatures
    | CutModel
    | MapEmbedding
)
Request = (
    Infer
    | RecognizeData
    | DescribeData
    | PeekData
    | CheckData
    | PreviewData
    | AugmentData
    | CountWindows
    | ProfileData
    | GetKnownSet
    | LearnData
    | ListDevices
    | Export
    | CheckSource
    | LoadCode
    | EvaluatorRequest
)
ToWorker = Hello | Request | Train | Pause | Resume | Stop | SetLearningRate | Cancel | Detach | Shutdown
Answer = (
    Inferred
    | AskAgain
    | DataRecognized
    | DataDescribed
    | DataPeeked
    | DataChecked
    | DataPreviewed
    | DataAugmented
    | WindowsCounted
    | DataProfiled
    | KnownSetReady
    | DataLearnt
    | Devices
    | Exported
    | SourceChecked
    | CodeLoaded
    | Evaluated
    | SamplesListed
    | Sliced
    | EvaluationsCompared
    | Predicted
    | FormAsked
    | SampleShown
    | SampleTried
    | PictureOpened
    | LookedInside
    | TensorOpened
    | Explained
    | WeightsShown
    | FeaturesExtracted
    | ModelCut
    | EmbeddingMapped
    | Cancelled
    | Failed
)
FromWorker = Ready | DataProgress | Answer | TrainingEvent

_M = TypeVar("_M")
_encoder = msgspec.msgpack.Encoder()
_to_worker: msgspec.msgpack.Decoder[ToWorker] = msgspec.msgpack.Decoder(ToWorker)
_from_worker: msgspec.msgpack.Decoder[FromWorker] = msgspec.msgpack.Decoder(FromWorker)


def encode(message: ToWorker | FromWorker) -> bytes:
    return _encoder.encode(message)


def decode_to_worker(data: bytes) -> ToWorker:
    """Raises ProtocolError."""
    return _decode(_to_worker, data)


def decode_from_worker(data: bytes) -> FromWorker:
    """Raises ProtocolError."""
    return _decode(_from_worker, data)


def _decode(decoder: "msgspec.msgpack.Decoder[_M]", data: bytes) -> _M:
    try:
        return decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ProtocolError(str(error)) from error
