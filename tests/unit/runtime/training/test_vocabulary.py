from runtime.worker.data.vocabulary import vocabulary_sizes


def test_the_rows_of_an_embedding_belong_to_the_input_that_feeds_it() -> None:
    def embedding(name: str, rows: int, *, source: str) -> dict[str, object]:
        tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": [source, 0, 0]}}
        nodes = [{"args": [tensor], "kwargs": {}}]
        return {"class_name": "Embedding", "name": name, "config": {"input_dim": rows}, "inbound_nodes": nodes}

    layers = [
        {"class_name": "InputLayer", "name": "review", "config": {}, "inbound_nodes": []},
        {"class_name": "InputLayer", "name": "image", "config": {}, "inbound_nodes": []},
        embedding("a", 100, source="review"),
        embedding("b", 50, source="review"),
        embedding("c", 10, source="hashed"),
    ]
    assert vocabulary_sizes({"config": {"layers": layers}}) == {"review": 50}


def test_in_a_stack_the_input_feeds_the_layer_behind_it() -> None:
    layers = [
        {"class_name": "InputLayer", "config": {"name": "review"}},
        {"class_name": "Embedding", "config": {"name": "a", "input_dim": 7}},
        {"class_name": "Embedding", "config": {"name": "b", "input_dim": 3}},
    ]
    assert vocabulary_sizes({"config": {"layers": layers}}) == {"review": 7}
