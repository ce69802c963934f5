"""Write the bundled encoder as an ONNX graph, without its weights: models/all-MiniLM-L6-v2.onnx.

    python -m benchmarks.encoder_graph

The graph is BERT (Devlin et al. 2019), from the numbers of tokens to a vector for each in its context. Its weights stay where they are:
each tensor of the graph names its bytes in model.safetensors. All texts of a batch have the same number of tokens, so there is no
padding and no mask. The graph is written only if the vectors that come of it are those of sentence-transformers.
"""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from benchmarks.coded import EVENTS, event, training
from benchmarks.fit_label_head import FILES
from pipeline.embed.bundle import ENCODER, manifest, verified_bundle
from pipeline.embed.encoders import OnnxEncoder, SentenceEncoder, Vectors
from pipeline.settings import MODELS, Settings
from pipeline.taxonomy import load_taxonomy

GRAPH = f"{ENCODER}.onnx"
# The least cosine between the two vectors of a text.
ALIKE = 0.99999
# What flip charts do not hold, or seldom: nothing, blanks, other scripts, signs, a word too long for a piece, a text too long.
ODD = [
    "",
    " ",
    "\t\n",
    "naïve café £5 – “quoted” … 🙂",
    "街道照明",
    "a" * 150,
    "[MASK] [SEP]",
    "youth club shut " * 120,
    "ASB!!!",
    "1/2 \x00 x",
]


@dataclass
class Graph:
    """Nodes and tensors of a graph in the making."""

    weights: Path
    nodes: list[NodeProto] = field(default_factory=list)
    tensors: dict[str, TensorProto] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self.weights.open("rb") as file:
            (size,) = struct.unpack("<Q", file.read(8))  # the layout of safetensors: size of the header, header, bytes
            self.header: dict[str, Any] = json.loads(file.read(size))
        self.start = 8 + size

    def weight(self, name: str) -> str:
        """A tensor of the weights, by where its bytes are."""
        entry = self.header[name]
        first, last = entry["data_offsets"]
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=entry["shape"], data_location=TensorProto.EXTERNAL)
        for key, value in (("location", self.weights.name), ("offset", self.start + first), ("length", last - first)):
            tensor.external_data.add(key=key, value=str(value))
        self.tensors[name] = tensor
        return name

    def number(self, name: str, value: Any, kind: Any = np.int64) -> str:
        """A small tensor of the graph's own."""
        self.tensors[name] = numpy_helper.from_array(np.array(value, dtype=kind), name)
        return name

    def node(self, kind: str, *inputs: str, name: str = "", **attributes: Any) -> str:
        """One operation; its output has its name."""
        name = name or f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def dense(self, rows: str, part: str) -> str:
        return self.node("Gemm", rows, self.weight(f"{part}.weight"), self.weight(f"{part}.bias"), transB=1)

    def norm(self, rows: str, part: str, epsilon: float) -> str:
        return self.node("LayerNormalization", rows, self.weight(f"{part}.weight"), self.weight(f"{part}.bias"), epsilon=epsilon)


def encoder_graph(folder: Path) -> bytes:
    """The graph of a BERT encoder whose texts are the means of their tokens, for the weights in a folder."""
    config = json.loads((folder / "config.json").read_text("utf-8"))
    pooling = json.loads((folder / "1_Pooling" / "config.json").read_text("utf-8"))
    steps = [module["type"].rsplit(".", 1)[1] for module in json.loads((folder / "modules.json").read_text("utf-8"))]
    modes = [mode for mode, on in pooling.items() if mode.startswith("pooling_mode") and on]
    if steps != ["Transformer", "Pooling", "Normalize"] or modes != ["pooling_mode_mean_tokens"] or config["hidden_act"] != "gelu":
        raise SystemExit("this is not BERT with the mean of the token vectors, scaled to length 1")
    width, heads, epsilon = config["hidden_size"], config["num_attention_heads"], config["layer_norm_eps"]
    graph = Graph(folder / "model.safetensors")
    number, node = graph.number, graph.node
    zero, one = number("zero", 0), number("one", 1)
    shape = node("Shape", "tokens")
    places = node("Range", zero, node("Gather", shape, one), one)
    words = node("Gather", graph.weight("embeddings.word_embeddings.weight"), "tokens")
    kind = node("Gather", graph.weight("embeddings.token_type_embeddings.weight"), zero)
    place = node("Gather", graph.weight("embeddings.position_embeddings.weight"), places)
    flat = number("flat", [-1, width])
    by_text = node("Concat", shape, number("width", [width]), axis=0)
    by_head = node("Concat", shape, number("heads", [heads, width // heads]), axis=0)
    scale = number("scale", (width // heads) ** -0.5, np.float32)
    rows = graph.norm(node("Add", node("Add", words, kind), place), "embeddings.LayerNorm", epsilon)
    rows = node("Reshape", rows, flat)
    for layer in range(config["num_hidden_layers"]):
        part = f"encoder.layer.{layer}"
        query, key, value = (graph.dense(rows, f"{part}.attention.self.{name}") for name in ("query", "key", "value"))
        query = node("Transpose", node("Reshape", query, by_head), perm=[0, 2, 1, 3])
        key = node("Transpose", node("Reshape", key, by_head), perm=[0, 2, 3, 1])
        value = node("Transpose", node("Reshape", value, by_head), perm=[0, 2, 1, 3])
        weighed = node("Softmax", node("MatMul", node("Mul", query, scale), key), axis=-1)
        mixed = node("Reshape", node("Transpose", node("MatMul", weighed, value), perm=[0, 2, 1, 3]), flat)
        mixed = node("Add", graph.dense(mixed, f"{part}.attention.output.dense"), rows)
        rows = graph.norm(mixed, f"{part}.attention.output.LayerNorm", epsilon)
        more = graph.dense(node("Gelu", graph.dense(rows, f"{part}.intermediate.dense")), f"{part}.output.dense")
        rows = graph.norm(node("Add", more, rows), f"{part}.output.LayerNorm", epsilon)
    node("Reshape", rows, by_text, name="contexts")
    made = helper.make_graph(
        graph.nodes,
        ENCODER,
        [helper.make_tensor_value_info("tokens", TensorProto.INT64, ["texts", "length"])],
        [helper.make_tensor_value_info("contexts", TensorProto.FLOAT, ["texts", "length", width])],
        list(graph.tensors.values()),
    )
    model: ModelProto = helper.make_model(made, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    return bytes(model.SerializeToString(deterministic=True))


def least_cosine(ours: Vectors, theirs: Vectors) -> float:
    """The least cosine between two vectors of one text; float32 (n, dimension) each, unit rows."""
    return float(np.einsum("nd,nd->n", ours, theirs, dtype=np.float64).min())


def main() -> None:
    folder, sha256 = verified_bundle()
    graph = encoder_graph(folder)
    taxonomy = load_taxonomy(Settings().taxonomy_path)
    coded = [text for name in FILES for text in training(name, taxonomy).texts[::20]]
    texts = sorted({*ODD, *coded, *(text for name in EVENTS for text in event(name, taxonomy).texts)})
    ours, theirs = (encoder.encode(texts) for encoder in (OnnxEncoder(graph, folder, "", ""), SentenceEncoder(folder, "", "", "cpu")))
    least = least_cosine(ours, theirs)
    print(f"{len(texts)} texts: least cosine {least:.8f}, greatest difference of a figure {np.abs(ours - theirs).max():.1e}")
    if not least > ALIKE:
        raise SystemExit(f"not written: the cosine must be above {ALIKE} for every text")
    models = manifest()
    entry = next(model for model in models if model["name"] == ENCODER)
    if entry["sha256"] != sha256:
        raise SystemExit("not written: these are other weights than the manifest's")
    entry |= {"graph": GRAPH, "graph_sha256": hashlib.sha256(graph).hexdigest()}
    (MODELS / GRAPH).write_bytes(graph)
    (MODELS / "manifest.json").write_text(json.dumps({"models": models}, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
