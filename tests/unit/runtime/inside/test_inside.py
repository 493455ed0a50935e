"""Looking inside models and explaining them, held against plain Keras, scikit-learn and numbers worked out by hand.

The checks run in one process with Keras for each of their modules.
"""

import json
from functools import cache

import pytest

from tests.support.fresh_python import run_keras
from tests.unit.runtime.inside import checking

CASES = [(module, name) for module in checking.ALL for name in checking.names(module)]
Outcome = dict[str, str]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> object:
    @cache
    def of(module: str) -> Outcome:
        folder = tmp_path_factory.mktemp(module)
        run_keras("-m", "tests.unit.runtime.inside.checking", module, folder)
        found: Outcome = json.loads((folder / "checks.json").read_text("utf-8"))
        return found

    return of


@pytest.mark.parametrize(("module", "name"), CASES, ids=[name for _, name in CASES])
def test_inside(outcome: object, module: str, name: str) -> None:
    assert callable(outcome)
    assert outcome(module)[name] == "passed"
