"""What the bundled encoder would gain in time with whole numbers of 8 bits, and what it would cost in vectors and labels.

    OMP_NUM_THREADS=1 python -m benchmarks.int8_encoder            some ten minutes of one core
    OMP_NUM_THREADS=1 python -m benchmarks.int8_encoder vectors    one part of it anew: vectors or labels

Rebuilds the encoder's graph in memory with its dense layers in whole numbers (it needs onnx, one of the project's dev packages), and
writes benchmarks/results/int8_encoder.json. Nothing of it is used by the program. The forms tried:

- ``one scale``: activations by one scale for each product, from the least and greatest figure of CALIBRATION coded texts; weights by
  one scale for each output. ONNX Runtime's static quantisation.
- ``smoothed``: the same, each channel of the activations first divided by what the weights are multiplied by (Xiao et al. 2023,
  SmoothQuant: Accurate and Efficient Post-Training Quantization for Large Language Models, ICML), most of it the channel's range.
- ``smoothed, 7 bits``: with weights from -64 to 64, so that no sum of two products overflows 16 bits on processors without VNNI.
- ``by row``: the scale of each token is the greatest of its own figures.
- ``blocks``: ONNX Runtime's MatMulNBits, 8 bits, blocks of 32 weights.

Cosines are with the encoder as it is, on TESTED other coded texts. The strength of the smoothing was chosen by cosines on coded texts that
are neither (among CHOSEN_ON), the 7 bits of BEST by arithmetic before they were measured.
Labels: as shipped, with the label encoder's vectors in the form BEST, and with both encoders' (then the text model is fitted to the new
vectors of all coded texts; heads and thresholds stay). They chose nothing.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper, numpy_helper
from safetensors.numpy import load_file

from benchmarks.coded import EVENTS, ROOT, dev, event
from benchmarks.cold_start import processor_name
from pipeline.embed import ENCODER, Vectors, embed, load_encoder, verified_bundle
from pipeline.embed.bundle import verified_graph
from pipeline.embed.encoders import OnnxEncoder
from pipeline.label import Labeller
from pipeline.label.head import micro_f1
from pipeline.label.label_encoder import LabelEncoder
from pipeline.label.text_model import DECIMALS, Floats
from pipeline.settings import Settings
from pipeline.taxonomy import bundled_texts, load_taxonomy
from pipeline.tokenise import expand_and_read

RESULT = ROOT / "benchmarks" / "results" / "int8_encoder.json"
CALIBRATION, CHOSEN_ON, TESTED, TIMED, TURNS = 300, 1000, 2000, 600, 3
STRENGTH, BLOCK = 0.9, 32
FORMS = ("one scale", "smoothed", "smoothed, 7 bits", "by row", "blocks")
BEST = "smoothed, 7 bits"
PACKAGES = ("workshop-themes", "numpy", "onnx", "onnxruntime", "tokenizers")
Weights = Mapping[str, Vectors]


def ranges(weights: Weights, folder: Path, texts: list[str]) -> dict[str, Vectors]:
    """What goes into each product of the dense layers: the least and the greatest of each channel, float32 (2, channels)."""
    load_encoder()  # which tells ONNX Runtime to report to nobody, before it is loaded
    from onnxruntime import InferenceSession, SessionOptions

    graph = onnx.load_model_from_string(verified_graph())
    names = sorted({node.input[0] for node in graph.graph.node if node.op_type == "Gemm"})
    for name in names:
        graph.graph.output.append(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    replaced(graph, dict(weights))
    options = SessionOptions()
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(folder))
    session = InferenceSession(graph.SerializeToString(), options, providers=["CPUExecutionProvider"])
    found: dict[str, Vectors] = {}
    for read in load_encoder().tokeniser.encode_batch(texts):  # type: ignore[attr-defined]
        for name, rows in zip(names, session.run(names, {"tokens": np.array([read.ids])}), strict=True):
            seen = np.vstack([rows.reshape(-1, rows.shape[-1]), *found.get(name, ())])
            found[name] = np.stack([seen.min(axis=0), seen.max(axis=0)])
    return found


def replaced(graph: onnx.ModelProto, tensors: Mapping[str, Any]) -> None:
    """Give a graph tensors of its own, in place of those of the same names and of those that no node reads any more."""
    read = {name for node in graph.graph.node for name in node.input} - set(tensors)
    left = [tensor for tensor in graph.graph.initializer if tensor.name in read]
    del graph.graph.initializer[:]
    graph.graph.initializer.extend([*left, *(numpy_helper.from_array(np.asarray(value), name) for name, value in tensors.items())])


def smoothing(seen: Vectors, weights: list[Vectors]) -> Vectors:
    """What each channel is divided by, float32 (channels,), from its range and from the weights of the layers that it goes into."""
    strongest = np.max([np.abs(weight).max(axis=0) for weight in weights], axis=0)
    found: Vectors = np.maximum(np.abs(seen).max(axis=0), 1e-6) ** STRENGTH / strongest ** (1 - STRENGTH)
    return found


def in_blocks(weight: Vectors) -> tuple[npt.NDArray[np.uint8], Vectors, dict[str, int]]:
    """The weights of a layer for MatMulNBits, their scales, and their sizes."""
    out, wide = weight.shape
    blocks = weight.reshape(out, wide // BLOCK, BLOCK)
    scale: Vectors = np.abs(blocks).max(axis=2) / 127
    sizes = {"K": wide, "N": out, "bits": 8, "block_size": BLOCK, "accuracy_level": 4}
    return (np.rint(blocks / scale[:, :, np.newaxis]) + 128).astype(np.uint8), scale, sizes


def int8_graph(weights: Weights, inputs: Mapping[str, Vectors], form: str) -> bytes:
    """The encoder's graph with its dense layers in one of FORMS.

    Parameters
    ----------
    weights : of the dense layers, float32 (out, in), by name.
    inputs : as :func:`ranges` gives them.
    """
    graph = onnx.load_model_from_string(verified_graph())
    tensors: dict[str, Any] = {"last": np.array([-1])} if form == "by row" else {}
    nodes: list[onnx.NodeProto] = []
    layers = {name: [node.input[1] for node in graph.graph.node if node.op_type == "Gemm" and node.input[0] == name] for name in inputs}

    def node(kind: str, *given: str, to: str, **more: Any) -> str:
        nodes.append(helper.make_node(kind, list(given), [to], **more))
        return to

    def tensor(name: str, value: Any) -> str:
        tensors[name] = value
        return name

    for old in list(graph.graph.node):
        if old.op_type != "Gemm":
            nodes.append(old)
            continue
        rows, layer, bias = old.input
        weight = weights[layer]
        if form == "blocks":
            tensors[f"{layer}.whole"], tensors[f"{layer}.scale"], sizes = in_blocks(weight)
            given = (rows, f"{layer}.whole", f"{layer}.scale", "", "", bias)
            node("MatMulNBits", *given, to=old.output[0], domain="com.microsoft", **sizes)
            continue
        low, high = inputs[rows]
        smooth = smoothing(inputs[rows], [weights[name] for name in layers[rows]]) if form.startswith("smoothed") else np.ones_like(low)
        weight = weight * smooth
        scale = np.abs(weight).max(axis=1) / (64 if form.endswith("7 bits") else 127)
        whole = np.ascontiguousarray(np.rint(weight / scale[:, np.newaxis]).astype(np.int8).T)
        least, most = min(0.0, float((low / smooth).min())), max(0.0, float((high / smooth).max()))
        step = 1 / 127 if form == "by row" else (most - least) / 255
        zero = 128 if form == "by row" else round(-least / step)
        if layer == layers[rows][0]:
            tensor(f"{rows}.step", np.float32(step))
            tensor(f"{rows}.zero", np.uint8(zero))
            put = rows
            if form == "by row":
                greatest = node("ReduceMax", node("Abs", rows, to=f"{rows}.abs"), "last", to=f"{rows}.greatest", keepdims=1)
                put = node("Div", rows, greatest, to=f"{rows}.put")
            elif form != "one scale":
                put = node("Mul", rows, tensor(f"{rows}.smooth", (1 / smooth).astype(np.float32)), to=f"{rows}.put")
            node("QuantizeLinear", put, f"{rows}.step", f"{rows}.zero", to=f"{rows}.whole")
        scales = (f"{rows}.step", tensor(f"{layer}.scale", scale.astype(np.float32)), f"{rows}.zero", "")
        given = (f"{rows}.whole", tensor(f"{layer}.whole", whole), *scales)
        if form == "by row":
            product = node("MatMulIntegerToFloat", *given, to=f"{layer}.product", domain="com.microsoft")
            node("Add", node("Mul", product, f"{rows}.greatest", to=f"{layer}.scaled"), bias, to=old.output[0])
        else:
            node("MatMulIntegerToFloat", *given, bias, to=old.output[0], domain="com.microsoft")
    del graph.graph.node[:]
    graph.graph.node.extend(nodes)
    replaced(graph, tensors)
    graph.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    return bytes(graph.SerializeToString())


def same_bytes(graph: bytes, folder: Path, texts: list[str]) -> bool:
    """Whether the vectors of texts have the same bytes alone, in company, in another order, and on two threads."""
    found = []
    before = os.environ.get("OMP_NUM_THREADS")
    for threads in ("1", "2"):
        os.environ["OMP_NUM_THREADS"] = threads
        encoder = OnnxEncoder(graph, folder, ENCODER, "")
        order = np.random.default_rng(1).permutation(len(texts))
        shuffled = np.empty((len(texts), 384), dtype=np.float32)
        shuffled[order] = encoder.encode([texts[row] for row in order])
        found += [encoder.encode(texts), np.vstack([encoder.encode([text]) for text in texts]), shuffled]
    os.environ.pop("OMP_NUM_THREADS") if before is None else os.environ.update(OMP_NUM_THREADS=before)
    return len({vectors.tobytes() for vectors in found}) == 1


def dense_weights(folder: Path) -> Weights:
    """The weights of the dense layers, by name."""
    names = {node.input[1] for node in onnx.load_model_from_string(verified_graph()).graph.node if node.op_type == "Gemm"}
    return {name: weight for name, weight in load_file(folder / "model.safetensors").items() if name in names}


def forms(weights: Weights, folder: Path, texts: tuple[list[str], list[str]]) -> dict[str, Any]:
    """Speed, cosines and steadiness of every form; ``texts`` are to calibrate with and to test on."""
    inputs = ranges(weights, folder, texts[0])
    graphs = {form: int8_graph(weights, inputs, form) for form in FORMS}
    made = {"as it is": load_encoder()} | {form: OnnxEncoder(graph, folder, ENCODER, "") for form, graph in graphs.items()}
    taken: dict[str, list[float]] = {name: [] for name in made}
    for _ in range(TURNS):
        for name, encoder in made.items():
            begun = time.process_time()
            encoder.encode(texts[1][:TIMED])
            taken[name].append(time.process_time() - begun)
    known = made["as it is"].encode(texts[1])
    found: dict[str, Any] = {"as it is": {"texts_a_second": round(TIMED / median(taken["as it is"]))}}
    for form in FORMS:
        cosines = np.einsum("nd,nd->n", made[form].encode(texts[1]), known, dtype=np.float64)
        found[form] = {
            "texts_a_second": round(TIMED / median(taken[form])),
            "times_as_fast": round(median(before / after for before, after in zip(taken["as it is"], taken[form], strict=True)), 2),
            "cosine": {"least": round(float(cosines.min()), 4), "first_percentile": round(float(np.percentile(cosines, 1)), 4)}
            | {"mean": round(float(cosines.mean()), 4)},
            "same_bytes_in_any_company": same_bytes(graphs[form], folder, texts[1][:200]),
        }
    return found


def labels(weights: Weights, folder: Path, calibration: list[str]) -> dict[str, Any]:
    """Micro-F1 with the form BEST in place of the label encoder, and of both, and how many texts keep their codes."""
    settings = Settings()
    taxonomy = load_taxonomy(settings.taxonomy_path)
    groups = {name: event(name, taxonomy) for name in EVENTS}
    real = dev(taxonomy)
    groups |= {} if real is None else {"dev": real}
    read = expand_and_read([text for coded in groups.values() for text in coded.texts], settings)
    truth = np.vstack([coded.truth for coded in groups.values()])
    ignored = np.vstack([coded.ignored for coded in groups.values()])
    of_dev = np.repeat([name == "dev" for name in groups], [len(coded.texts) for coded in groups.values()])
    expanded = list(read["expanded"])

    def int8(changed: Weights) -> OnnxEncoder:  # without a sha256, so that no text model of it is kept
        return OnnxEncoder(int8_graph(changed, ranges(changed, folder, calibration), BEST), folder, ENCODER, "")

    def given(labeller: Labeller, log_odds: Floats) -> Any:
        vectors = embed(expanded, labeller.encoder)
        features = labeller.evidence.features(vectors, list(read["lemmas"]), log_odds=log_odds)
        shown = labeller.head.probabilities(features, labeller.kinds)
        shown[read["procedural"].to_numpy()] = 0.0
        best = np.argsort(np.argsort(-shown, axis=1, kind="stable"), axis=1) < settings.max_codes
        return (shown >= labeller.thresholds) & best & ~ignored

    before = Labeller(taxonomy, load_encoder(), settings)
    learnt: LabelEncoder = before.evidence.label_encoder
    own = [learnt.codes.index(code) for code in taxonomy.codes]
    updated = {name: weight + up @ down for name, weight in weights.items() for up, down in [learnt.updates[name.removesuffix(".weight")]]}
    vectors = int8(updated).encode(expanded).astype(np.float64)
    log_odds: Floats = np.round(vectors @ learnt.weights[:, own] + learnt.intercepts[own], DECIMALS)
    codes = {"as it is": given(before, learnt.log_odds(expanded, taxonomy.codes)), "label encoder": given(before, log_odds)}
    codes["both"] = given(Labeller(taxonomy, int8(weights), settings), log_odds)
    found: dict[str, Any] = {"form": BEST}
    for split, rows in {"events unseen": ~of_dev, "dev": of_dev}.items():
        if rows.any():
            found[split] = {"points": int(rows.sum())}
            for name, said in codes.items():
                kept = (said[rows] == codes["as it is"][rows]).all(axis=1)
                found[split][name] = {"micro_f1": round(micro_f1(said[rows], truth[rows]), 4), "same_codes": round(float(kept.mean()), 3)}
    return found


def main() -> None:
    texts = sorted(set(bundled_texts()))
    texts = [texts[row] for row in np.random.default_rng(0).permutation(len(texts))]
    calibration, tested = texts[:CALIBRATION], texts[CALIBRATION + CHOSEN_ON :][:TESTED]
    folder, sha256 = verified_bundle()
    weights = dense_weights(folder)
    found: dict[str, Any] = json.loads(RESULT.read_text("utf-8")) if RESULT.is_file() else {}
    found |= {"calibration_texts": len(calibration), "tested_texts": len(tested)}
    for part in sys.argv[1:] or ("vectors", "labels"):
        found[part] = forms(weights, folder, (calibration, tested)) if part == "vectors" else labels(weights, folder, calibration)
        found[part] |= {"threads": os.environ.get("OMP_NUM_THREADS", "all"), "load_of_the_machine": round(os.getloadavg()[0], 1)}
        print(part, json.dumps(found[part]), flush=True)
    found["encoder_sha256"] = sha256
    found["versions"] = {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}}
    found["machine"] = {"kind": platform.machine(), "processor": processor_name(), "cores": os.cpu_count()}
    RESULT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
