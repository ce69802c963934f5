"""What the benchmark of throughput counts and tells."""

from __future__ import annotations

from math import prod

import onnx
import pytest

from benchmarks.throughput import LAYERS, WIDTH, operations, told
from pipeline.settings import MODELS


def test_the_operations_counted_are_those_of_the_encoders_own_graph() -> None:
    graph = onnx.load(str(MODELS / "all-MiniLM-L6-v2.onnx"), load_external_data=False).graph
    sizes = {weights.name: weights.dims for weights in graph.initializer}
    multiplied = sum(prod(sizes[node.input[1]]) for node in graph.node if node.op_type == "Gemm")
    among_tokens = sum(node.op_type == "MatMul" for node in graph.node)
    assert among_tokens == 2 * LAYERS  # queries by keys, and weights by values
    for length in (1, 7, 256):
        assert operations([length]) == 2 * (length * multiplied + among_tokens * length * length * WIDTH)
    assert operations([7, 256]) == operations([7]) + operations([256])


def test_shares_are_of_the_whole_and_the_floor_is_the_operations_at_full_speed() -> None:
    stages = {"tokenise": 1.0, "embed": 4.0, "cluster": 0.0, "label": 5.0}
    run = {"points": 100, "different_texts": 90, "themes": 3, "stages": stages, "operations": 2e9, "encoding": 5.0}
    found = told({**run, "texts_encoded": 180, "tokens_encoded": 1500}, speed=1e9)
    assert [stage["share"] for stage in found["stages"].values()] == [0.1, 0.4, 0.0, 0.5]
    assert [stage["points_a_second"] for stage in found["stages"].values()] == [100, 25, None, 20]
    assert (found["floor"]["seconds"], found["whole_over_floor"], found["encoder_over_floor"]) == (2.0, 5.0, 2.5)
    assert (found["whole_over_encoder"], found["tokenise_over_embed"]) == pytest.approx((2.0, 0.25))
    assert found["encoder"]["tokens_a_second"] == 300
