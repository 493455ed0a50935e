"""The part of a model up to a box, as a file of Keras."""

from pathlib import Path
from typing import Final

from resources.atomic import replaceable, swap_in
from resources.temporaries import temporary_name
from resources.text import Text
from runtime.messages.inside import CutModel, ModelCut
from runtime.worker.engine.read_back import compare
from runtime.worker.evaluation.evaluator import Evaluator
from runtime.worker.evaluation.inside import cutting
from runtime.worker.keras_models.describing import save_model
from runtime.worker.keras_models.sharing import read_model
from runtime.worker.process.control import WorkerError
from runtime.worker.process.failures import writing_reason
from runtime.worker.process.leftovers import unfinished

REQUEST: Final = CutModel


def answer(evaluator: Evaluator, request: CutModel) -> ModelCut:
    """The file is read back before it takes its place. Raises WorkerError; an earlier file is what it was then."""
    loaded, path = evaluator.loaded(request.trained), Path(request.path)
    if path.suffix.lower() != ".keras":
        raise WorkerError(Text("{path} has to end with .keras.", {"path": str(path)}))
    if not path.parent.is_dir():
        raise WorkerError(Text("The folder of {path} does not exist.", {"path": str(path)}))
    with loaded.place():
        part = cutting.cut_model(loaded.model, request.call, request.output)
        try:
            target, mode = replaceable(path)
            temporary = target.with_name(temporary_name(target.name, ".keras"))
            with unfinished(temporary):
                save_model(part, temporary)
                compare(part, read_model(temporary), path, with_optimizer=False)
                swap_in(temporary, target, mode)
        except OSError as error:
            text = Text.of("{path} cannot be written: {reason}.", path=str(path), reason=writing_reason(error))
            raise WorkerError(text, str(error)) from error
    return ModelCut(request.id, str(path), int(part.count_params()))
