"""Models of text, speech, time series and video, as keras.io's examples have them, made small. Imports Keras."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers, ops

from tests.support.example_models.making import model

NEVER = -1e9


def seq2seq() -> Any:
    """Encoder and decoder of characters; the states of one begin the other."""
    encoder_source = keras.Input((None, 5), name="encoder_inputs")
    _, hidden, cell = layers.LSTM(4, return_state=True, name="encoder")(encoder_source)
    decoder_source = keras.Input((None, 6), name="decoder_inputs")
    decoder = layers.LSTM(4, return_sequences=True, return_state=True, name="decoder")
    outputs, _, _ = decoder(decoder_source, initial_state=[hidden, cell])
    return model([encoder_source, decoder_source], layers.Dense(6, activation="softmax")(outputs), "seq2seq")


def seq2seq_step() -> Any:
    """The decoder alone, with its states as inputs and outputs."""
    source = keras.Input((None, 6), name="token")
    states = [keras.Input((4,), name="hidden"), keras.Input((4,), name="cell")]
    outputs, hidden, cell = layers.LSTM(4, return_sequences=True, return_state=True)(source, initial_state=states)
    return model([source, *states], [layers.Dense(6, activation="softmax")(outputs), hidden, cell], "seq2seq_step")


def translation_attention() -> Any:
    """Bidirectional encoder whose states are joined, and Bahdanau's and Luong's attention over its steps."""
    words = keras.Input((None,), dtype="int32", name="words")
    x = layers.Embedding(12, 6, mask_zero=True, name="source_embedding")(words)
    encoder = layers.Bidirectional(layers.LSTM(4, return_sequences=True, return_state=True), name="encoder")
    steps, forward_h, forward_c, backward_h, backward_c = encoder(x)
    state = [layers.Concatenate()([forward_h, backward_h]), layers.Concatenate()([forward_c, backward_c])]
    targets = keras.Input((None,), dtype="int32", name="targets")
    y = layers.Embedding(10, 6, mask_zero=True, name="target_embedding")(targets)
    y = layers.LSTM(8, return_sequences=True)(y, initial_state=state)
    first = layers.AdditiveAttention(name="bahdanau")([y, steps])
    second, scores = layers.Attention(use_scale=True, name="luong")([y, steps], return_attention_scores=True)
    x = layers.Concatenate()([y, first, second])
    return model([words, targets], [layers.TimeDistributed(layers.Dense(10))(x), scores], "translation_attention")


def next_frame() -> Any:
    x = source = keras.Input((None, 8, 8, 1))
    for size in ((5, 5), (3, 3), (1, 1)):
        x = layers.ConvLSTM2D(2, size, padding="same", return_sequences=True, activation="relu")(x)
        x = layers.BatchNormalization()(x)
    return model(source, layers.Conv3D(1, (3, 3, 3), activation="sigmoid", padding="same")(x), "next_frame")


def ocr() -> Any:
    """What reads captchas, without the layer of the loss."""
    x = source = keras.Input((16, 8, 1), name="image", dtype="float32")
    for filters in (2, 4):
        x = layers.Conv2D(filters, (3, 3), activation="relu", kernel_initializer="he_normal", padding="same")(x)
        x = layers.MaxPooling2D((2, 2))(x)
    x = layers.Reshape(target_shape=(4, 8), name="reshape")(x)
    x = layers.Dropout(0.2)(layers.Dense(6, activation="relu", name="dense1")(x))
    for units in (4, 3):
        x = layers.Bidirectional(layers.LSTM(units, return_sequences=True, dropout=0.25))(x)
    return model(source, layers.Dense(7, activation="softmax", name="dense2")(x), "ocr")


def video_classifier() -> Any:
    """A CNN on each frame, then GRUs that are told which frames are there."""
    frames = keras.Input((4, 8, 8, 3), name="frames")
    mask = keras.Input((4,), dtype="bool", name="mask")
    cnn = keras.Sequential(
        [keras.Input((8, 8, 3)), layers.Conv2D(3, 3, activation="relu"), layers.GlobalAveragePooling2D()], name="cnn"
    )
    x = layers.TimeDistributed(cnn, name="each_frame")(frames)
    x = layers.GRU(4, return_sequences=True)(x, mask=mask)
    x = layers.Dropout(0.4)(layers.GRU(3)(x))
    return model([frames, mask], layers.Dense(2, activation="softmax")(x), "video_classifier")


def time_distributed() -> Any:
    x = source = keras.Input((3, 12, 12, 1))
    x = layers.TimeDistributed(layers.Conv2D(2, 3, activation="relu"))(x)
    x = layers.TimeDistributed(layers.BatchNormalization())(x)
    x = layers.TimeDistributed(layers.MaxPooling2D(2))(x)
    x = layers.TimeDistributed(layers.Flatten())(x)
    return model(source, layers.Dense(2)(layers.LSTM(3, recurrent_dropout=0.1)(x)), "time_distributed")


def bidirectional_stacks() -> Any:
    x = source = keras.Input((6, 4))
    for mode in ("concat", "sum", "mul", "ave"):
        x = layers.Bidirectional(layers.GRU(3, return_sequences=True, reset_after=mode != "sum"), merge_mode=mode)(x)
    back = layers.SimpleRNN(3, go_backwards=True, return_sequences=True)
    forth, reverse = layers.Bidirectional(
        layers.SimpleRNN(3, return_sequences=True), backward_layer=back, merge_mode=None
    )(x)
    cells = layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)], return_sequences=True)(forth)
    return model(source, [cells, layers.RNN(layers.SimpleRNNCell(2), unroll=True)(reverse)], "bidirectional_stacks")


def sums_of_characters() -> Any:
    x = source = keras.Input((7, 12))
    x = layers.RepeatVector(4)(layers.LSTM(6)(x))
    return model(source, layers.Dense(12, activation="softmax")(layers.LSTM(6, return_sequences=True)(x)), "sums")


def text_cnn() -> Any:
    x = source = keras.Input((None,), dtype="int64", name="text")
    x = layers.Dropout(0.5)(layers.Embedding(20, 4)(x))
    for _ in range(2):
        x = layers.Conv1D(4, 3, padding="same", activation="relu", strides=3)(x)
    x = layers.Dropout(0.5)(layers.Dense(4, activation="relu")(layers.GlobalMaxPooling1D()(x)))
    return model(source, layers.Dense(1, activation="sigmoid", name="predictions")(x), "text_cnn")


def text_from_words() -> Any:
    """The whole way from strings: the vectorizer, adapted, stands before the network."""
    source = keras.Input((1,), dtype="string", name="raw")
    words = layers.TextVectorization(max_tokens=12, output_sequence_length=6, output_mode="int")
    words.adapt(np.array(["cat dog", "dog bird the", "새 cat"]))
    x = layers.Embedding(12, 4, mask_zero=True)(words(source))
    x = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(x)
    return model(
        source, layers.Dense(1, activation="sigmoid")(layers.Bidirectional(layers.LSTM(2))(x)), "text_from_words"
    )


def _count(x: Any) -> Any:
    return ops.cumsum(ops.ones_like(x, dtype="int32"), axis=-1) - 1


def text_transformer() -> Any:
    """Token and position embedding, and a block of the classifier of reviews, all of it in layers and operations."""
    source = keras.Input((8,), dtype="int32")
    x = layers.Embedding(10, 6, name="tokens")(source) + layers.Embedding(8, 6, name="positions")(_count(source))
    x = layers.LayerNormalization(epsilon=1e-6)(x + layers.Dropout(0.1)(layers.MultiHeadAttention(2, 6)(x, x)))
    y = keras.Sequential([layers.Dense(8, activation="relu"), layers.Dense(6)])(x)
    x = layers.GlobalAveragePooling1D()(layers.LayerNormalization(epsilon=1e-6)(x + y))
    return model(source, layers.Dense(2, activation="softmax")(layers.Dropout(0.1)(x)), "text_transformer")


def causal_decoder() -> Any:
    """A small GPT: the mask of the future is Keras' own."""
    source = keras.Input((None,), dtype="int32", name="tokens")
    x = layers.Embedding(10, 6)(source) + layers.Embedding(16, 6)(_count(source))
    for _ in range(2):
        y = layers.MultiHeadAttention(2, 3)(x, x, use_causal_mask=True)
        x = layers.LayerNormalization()(layers.Add()([x, layers.Dropout(0.1)(y)]))
        x = layers.LayerNormalization()(layers.Add()([x, layers.Dense(6)(layers.Dense(8, activation="relu")(x))]))
    return model(source, [layers.Dense(10)(x), x], "causal_decoder")


def cross_decoder() -> Any:
    """Encoder and decoder with the mask of padding made by operations, and scores that are given out."""
    source, target = (keras.Input((5,), dtype="int64", name=name) for name in ("source", "target"))
    there = ops.not_equal(source, 0)
    padding = ops.cast(ops.expand_dims(there, 1), "int32")
    x = layers.Embedding(9, 4)(source)
    x = layers.LayerNormalization()(
        x + layers.MultiHeadAttention(2, 4)(query=x, value=x, key=x, attention_mask=padding)
    )
    y = layers.Embedding(9, 4, mask_zero=True)(target)
    causal = ops.tril(ops.ones((5, 5), dtype="int32"))
    y = y + layers.MultiHeadAttention(2, 4)(y, y, attention_mask=ops.minimum(padding, causal), use_causal_mask=True)
    found, scores = layers.MultiHeadAttention(2, 4)(y, x, attention_mask=padding, return_attention_scores=True)
    return model([source, target], {"words": layers.Dense(9)(y + found), "scores": scores}, "cross_decoder")


def caption_decoder() -> Any:
    """Features of a picture and the words so far; the image is looked at by the words."""
    features = keras.Input((6, 5), name="features")
    caption = keras.Input((7,), dtype="int32", name="caption")
    picture = layers.Dense(4, activation="relu")(layers.LayerNormalization()(features))
    words = layers.Embedding(11, 4, mask_zero=True)(caption)
    words = layers.LSTM(4, return_sequences=True)(words * ops.sqrt(ops.cast(4, "float32")))
    seen = layers.Attention(score_mode="dot", dropout=0.1)([words, picture, picture])
    x = layers.TimeDistributed(layers.Dense(11, activation="softmax"), name="next")(layers.Add()([words, seen]))
    return model({"features": features, "caption": caption}, x, "caption_decoder")


def series_resnet() -> Any:
    x = source = keras.Input((24, 1))
    for filters in (4, 6):
        before = layers.BatchNormalization()(layers.Conv1D(filters, 1, padding="same")(x))
        for size in (8, 5, 3):
            x = layers.Activation("relu")(layers.BatchNormalization()(layers.Conv1D(filters, size, padding="same")(x)))
        x = layers.Activation("relu")(layers.add([before, x]))
    return model(source, layers.Dense(3, "softmax")(layers.GlobalAveragePooling1D()(x)), "series_resnet")


def series_transformer() -> Any:
    x = source = keras.Input((24, 1))
    for _ in range(2):
        y = layers.LayerNormalization(epsilon=1e-6)(
            layers.MultiHeadAttention(key_dim=4, num_heads=2, dropout=0.25)(x, x)
        )
        before = y + x
        y = layers.Conv1D(filters=1, kernel_size=1)(layers.Conv1D(4, 1, activation="relu")(before))
        x = layers.LayerNormalization(epsilon=1e-6)(y) + before
    x = layers.GlobalAveragePooling1D(data_format="channels_last")(x)
    return model(source, layers.Dense(3, activation="softmax")(x), "series_transformer")


def series_autoencoder() -> Any:
    x = source = keras.Input((24, 1))
    for filters in (4, 2):
        x = layers.Dropout(0.2)(layers.Conv1D(filters, 7, padding="same", strides=2, activation="relu")(x))
    for filters in (2, 4):
        x = layers.Conv1DTranspose(filters, 7, padding="same", strides=2, activation="relu")(x)
    return model(source, layers.Conv1DTranspose(1, 7, padding="same")(x), "series_autoencoder")


def wavenet() -> Any:
    """Dilated convolutions that see the past alone, with gates and a sum of what is skipped to."""
    x = source = keras.Input((None, 1))
    x = layers.Conv1D(4, 2, padding="causal")(x)
    skipped = []
    for rate in (1, 2, 4, 8):
        gate = layers.Conv1D(4, 2, padding="causal", dilation_rate=rate, activation="sigmoid")(x)
        y = layers.Multiply()([layers.Conv1D(4, 2, padding="causal", dilation_rate=rate, activation="tanh")(x), gate])
        y = layers.Conv1D(4, 1)(y)
        skipped.append(y)
        x = layers.Add()([x, y])
    x = layers.Conv1D(8, 1, activation="relu")(layers.Activation("relu")(layers.Add()(skipped)))
    return model(source, layers.Conv1D(6, 1, activation="softmax")(x), "wavenet")


def weather() -> Any:
    source = keras.Input((12, 7))
    return model(source, layers.Dense(1)(layers.LSTM(4)(layers.Masking(-999.0)(source))), "weather")


def speech() -> Any:
    """Sound becomes a spectrogram in the model, then convolutions and a transformer."""
    source = keras.Input((400,), name="sound")
    settings: dict[str, Any] = {"frame_length": 64, "frame_step": 32, "fft_length": 64, "window": None}
    x = layers.STFTSpectrogram(mode="log", **settings)(layers.Reshape((400, 1))(source))
    for _ in range(2):
        x = layers.Conv1D(4, 5, strides=2, padding="same", activation="relu")(x)
    x = x + layers.MultiHeadAttention(2, 2)(layers.GroupNormalization(2)(x), x)
    real, imaginary = ops.stft(source, sequence_length=64, sequence_stride=32, fft_length=64, window=None)
    other = layers.Normalization(mean=0.5, variance=2.0, axis=None)(ops.sqrt(ops.square(real) + ops.square(imaginary)))
    return model(source, [layers.Dense(5, activation="softmax")(x), other], "speech")


def speaker() -> Any:
    source = x = keras.Input((32, 1), name="input")
    for filters, convs in ((2, 2), (4, 3)):
        before = layers.Conv1D(filters, 1, padding="same")(x)
        for _ in range(convs):
            x = layers.Activation("relu")(layers.Conv1D(filters, 3, padding="same")(x))
        x = layers.MaxPool1D(pool_size=2, strides=2)(
            layers.Add()([layers.Conv1D(filters, 3, padding="same")(x), before])
        )
    x = layers.Flatten()(layers.AveragePooling1D(pool_size=3, strides=3)(x))
    return model(source, layers.Dense(3, activation="softmax", name="output")(x), "speaker")


def gru4rec() -> Any:
    """What recommenders of sessions have: GRU over items, with the last of many and the padding masked."""
    items = keras.Input((None,), dtype="int32", name="items")
    embedding = layers.Embedding(20, 6, mask_zero=True, embeddings_regularizer="l2")
    x = layers.GRU(6, return_sequences=True, kernel_constraint=keras.constraints.UnitNorm(axis=0))(embedding(items))
    x = layers.SpatialDropout1D(0.1)(x)
    last = layers.GRU(6, name="last")(x)
    return model(
        items, layers.Dense(20, name="scores", bias_constraint="non_neg")(layers.UnitNormalization()(last)), "gru4rec"
    )


def named_entities() -> Any:
    """Words and their characters; the characters of each word are read by one LSTM."""
    words = keras.Input((5,), dtype="int32", name="words")
    letters = keras.Input((5, 4), dtype="int32", name="letters")
    x = layers.TimeDistributed(layers.Embedding(8, 3, mask_zero=True))(letters)
    x = layers.TimeDistributed(layers.LSTM(3))(x)
    x = layers.Concatenate()([layers.Embedding(10, 4)(words), x])
    x = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(x)
    x = ops.where(ops.expand_dims(ops.equal(words, 0), -1), NEVER, layers.Dense(4)(x))
    return model([words, letters], layers.Softmax()(x), "named_entities")


SEQUENCES = (
    *(seq2seq, seq2seq_step, translation_attention, next_frame, ocr, video_classifier, time_distributed),
    *(bidirectional_stacks, sums_of_characters, text_cnn, text_from_words, text_transformer, causal_decoder),
    *(cross_decoder, caption_decoder, series_resnet, series_transformer, series_autoencoder, wavenet, weather),
    *(speech, speaker, gru4rec, named_entities),
)
