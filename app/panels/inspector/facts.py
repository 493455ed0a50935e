"""What is known about one box, read from the session in one place."""

from __future__ import annotations

from dataclasses import dataclass

from app.project.project_questions import as_drawn
from app.project.session import Session
from graph_editor.catalog.specs import LayerSpec
from graph_editor.document.checking.validation import Problem
from graph_editor.document.graph import Graph, Operation
from graph_editor.document.nesting import layer_count
from graph_editor.document.ports import Ports
from runtime.messages.inference import CallResult


@dataclass(frozen=True, slots=True)
class Facts:
    """`uses` are all calls of the operation; counts are those of the operation, whichever of its boxes is meant.

    `counted` is False until Keras has said how many parameters there are.
    """

    call: str
    operation: Operation
    spec: LayerSpec | None
    uses: tuple[str, ...]
    result: CallResult | None
    counted: bool
    parameters: int
    trainable: int
    frozen: int
    state: int
    weight_bytes: int
    graph: Graph  # in which the box lies
    output_count: int  # how many tensors a call gives, as far as that can be told without Keras
    layers: int  # of a nested model
    has_weights: bool  # as far as its class tells, until Keras has counted them

    @property
    def is_input(self) -> bool:
        return self.operation.class_name == "InputLayer"

    @property
    def is_model(self) -> bool:
        """Whether it is a nested model, which can be opened."""
        return self.operation.graph is not None

    @property
    def can_freeze(self) -> bool:
        """Whether freezing means anything: there are weights, or may be, or it is frozen already."""
        return not self.is_input and (self.has_weights or not self.operation.trainable)


def facts_of(session: Session, call_id: str) -> Facts:
    document, results = session.document, session.inference.results
    operation = document.operation_of(call_id)
    graph_id = document.graph_id_of_call(call_id)
    uses = tuple(document.graphs[graph_id].calls_of(operation.id))
    told_results = [told for use in uses if (told := session.inference.weights_told(use)) is not None]
    return Facts(
        call=call_id,
        operation=operation,
        spec=session.catalog.layer(operation.class_name, operation.module),
        uses=uses,
        result=as_drawn(results.get(call_id), session.built_model.numbers.get(call_id)),
        counted=any(result.outputs for result in told_results),
        parameters=sum(result.parameters for result in told_results),
        trainable=sum(result.trainable for result in told_results),
        frozen=sum(result.frozen for result in told_results),
        state=sum(result.state for result in told_results),
        weight_bytes=sum(result.weight_bytes for result in told_results),
        graph=document.graphs[graph_id],
        output_count=Ports(document, session.catalog).output_count(operation),
        layers=layer_count(document, operation),
        has_weights=session.freezing.has_weights.within(document.graphs[graph_id], operation),
    )


def problems_of(session: Session, call_id: str) -> list[Problem]:
    """The problems of one box, those of the wires into it included; errors first."""
    problems = [
        problem
        for problem in session.problems
        if problem.call == call_id or (problem.edge is not None and problem.edge.target == call_id)
    ]
    return sorted(problems, key=lambda problem: not problem.is_error)
