"""Today's way for what earlier versions of Keras had: one sentence for each thing that is gone."""

import re
from dataclasses import dataclass
from typing import Final

from resources.text import Text

_SEPARATOR: Final = re.compile(r"[\s_\-.()=·]+")
_SHORTEST_BEGINNING: Final = 4  # letters that are enough to think of a word that has not been typed to its end


@dataclass(frozen=True, slots=True)
class LegacyAnswer:
    """``terms`` are what people search for, or what stands in files: classes, functions, arguments, backends."""

    terms: tuple[str, ...]
    text: Text

    @property
    def title(self) -> str:
        return self.terms[0]


ANSWERS: Final = (
    LegacyAnswer(
        ("YAML", "to_yaml", "from_yaml", "model_from_yaml", "yml"),
        Text("Keras no longer reads or writes YAML: save the model as .keras or with to_json, and open that file."),
    ),
    LegacyAnswer(
        ("Theano", "floatX", "THEANO_FLAGS"),
        Text("Theano is retired: Keras 3 runs on TensorFlow, JAX or PyTorch, and models need no change for that."),
    ),
    LegacyAnswer(
        ("CNTK", "Microsoft Cognitive Toolkit"),
        Text("CNTK is retired: Keras 3 runs on TensorFlow, JAX or PyTorch, and models need no change for that."),
    ),
    LegacyAnswer(
        ("PlaidML",),
        Text("PlaidML is retired: for GPUs that are not from NVIDIA, use PyTorch or JAX as the backend of Keras."),
    ),
    LegacyAnswer(
        ("multi_gpu_model", "parallel_model"),
        Text("multi_gpu_model is gone: draw the model once and choose all GPUs as the device in Train."),
    ),
    LegacyAnswer(
        ("fit_generator", "evaluate_generator", "predict_generator", "train_on_generator"),
        Text("fit_generator is gone: fit takes generators itself, and Lamella reads large files piece by piece."),
    ),
    LegacyAnswer(
        ("HDF5Matrix", "io_utils"),
        Text("HDF5Matrix is gone: choose the HDF5 file in Data; if it is too large for memory, it is streamed."),
    ),
    LegacyAnswer(
        ("CuDNNLSTM",), Text("CuDNNLSTM is gone: LSTM takes the fast GPU kernel by itself, with its default settings.")
    ),
    LegacyAnswer(
        ("CuDNNGRU",), Text("CuDNNGRU is gone: GRU takes the fast GPU kernel by itself, with its default settings.")
    ),
    LegacyAnswer(
        ("Merge", "merge_mode", "mode=concat", "mode=sum", "mode=mul", "mode=ave", "mode=dot", "mode=cos"),
        Text("Merge has become a layer for each mode: Add, Multiply, Average, Maximum, Minimum, Concatenate and Dot."),
    ),
    LegacyAnswer(
        ("nb_filter", "nb_row", "nb_col", "nb_epoch", "border_mode", "subsample", "dim_ordering", "W_regularizer"),
        Text("That is a name of Keras 1: today it is filters, kernel_size, epochs, padding, strides or data_format."),
    ),
    LegacyAnswer(
        ("TimeDistributedDense",), Text("TimeDistributedDense is gone: Dense works on the last axis of a sequence.")
    ),
    LegacyAnswer(
        ("MaxoutDense", "Maxout"),
        Text("MaxoutDense is gone: use a Dense layer, a Reshape and a maximum over the new axis."),
    ),
    LegacyAnswer(
        ("Highway",), Text("Highway is gone: multiply a Dense layer by a sigmoid gate and add the rest of the input.")
    ),
    LegacyAnswer(
        ("LocallyConnected1D", "LocallyConnected2D"),
        Text("LocallyConnected layers are gone: use a convolution, or unfold and EinsumDense for weights by place."),
    ),
    LegacyAnswer(
        ("ThresholdedReLU",), Text("ThresholdedReLU is gone: use ReLU and set its threshold."),
    ),
    LegacyAnswer(
        ("DenseFeatures", "feature_column", "SequenceFeatures"),
        Text("Feature columns are gone: use preprocessing layers such as CategoryEncoding, Hashing and Embedding."),
    ),
    LegacyAnswer(
        ("RandomFourierFeatures",),
        Text("RandomFourierFeatures is gone: use a frozen Dense layer with random weights and a cosine activation."),
    ),
    LegacyAnswer(
        ("ImageDataGenerator", "flow_from_directory", "preprocessing.image"),
        Text("ImageDataGenerator is gone: put RandomFlip, RandomRotation and the like into the model itself."),
    ),
    LegacyAnswer(
        ("KerasClassifier", "KerasRegressor", "wrappers.scikit_learn"),
        Text("The wrappers for scikit-learn are now keras.wrappers.SKLearnClassifier and SKLearnRegressor."),
    ),
    LegacyAnswer(
        ("predict_classes", "predict_proba"),
        Text("predict_classes is gone: predict gives the probabilities, and the largest one is the class."),
    ),
    LegacyAnswer(
        ("SavedModel", "save_format", "saved_model.pb"),
        Text("Keras 3 saves models as .keras; a SavedModel of TensorFlow holds no layers that could be drawn."),
    ),
    LegacyAnswer(
        ("keras.backend", "K.function", "K.mean"),
        Text("The functions of keras.backend are now in keras.ops: look for them under Operations."),
    ),
    LegacyAnswer(
        ("placeholder", "tf.Session", "get_session"),
        Text("There are no placeholders and sessions any more: data comes in through an Input."),
    ),
)  # fmt: skip


def legacy_answers(query: str) -> list[LegacyAnswer]:
    """Return what a person who searches for ``query`` may have meant, beginnings of words included."""
    wanted = _plain(query)
    return [answer for answer in ANSWERS if any(_matches(wanted, _plain(term)) for term in answer.terms)]


def _matches(word: str, term: str) -> bool:
    if word == term:
        return True
    enough = max(_SHORTEST_BEGINNING, len(term) / 2)  # "random" and "dense" are searched for their own sake
    begun = len(word) >= enough and term.startswith(word)
    return begun or (len(term) > _SHORTEST_BEGINNING and term in word)


def _plain(text: str) -> str:
    return _SEPARATOR.sub("", text).lower()
