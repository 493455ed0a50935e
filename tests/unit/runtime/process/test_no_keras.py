"""What people read where Keras cannot be imported: the backend that was asked for is named."""

import pytest

from runtime.worker.process.no_keras import why_no_keras


@pytest.mark.parametrize(
    ("backend", "missing", "said"),
    [
        ("jax", "jax", "Keras is to run on jax, as KERAS_BACKEND says, but JAX is not installed here: install it, or"),
        ("torch", "torch", "Keras is to run on torch, as KERAS_BACKEND says, but PyTorch is not installed here"),
        ("nonsense", "", "Keras is to run on “nonsense”, as KERAS_BACKEND says, but Lamella runs it on tensorflow"),
        ("tensorflow", "six", "Keras cannot be imported."),
        ("", "", "Keras cannot be imported."),
    ],
)
def test_a_backend_that_is_not_there_is_named(
    backend: str, missing: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_BACKEND", backend)
    error = ModuleNotFoundError(f"No module named {missing!r}", name=missing) if missing else ValueError("no")
    assert why_no_keras(error).english().startswith(said)
