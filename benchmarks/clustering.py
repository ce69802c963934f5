"""How well clusters fit human categories on small and large samples, beside other tools, all with the same vectors.

    pip install -c benchmarks/peers.txt -e '.[peers]'     in an environment of its own
    python -m benchmarks.clustering                       writes benchmarks/results/clustering.json, .md and .svg

Samples of 30 to 2,000 texts, five seeds each, of those halves of three labelled sets that had no part in choosing the method (the halves
that did are ``half(..., chosen_on=True)``). Polis statements have no categories: of them only how many are themed and how many
themes there are is said. A tool that leaves texts out keeps them together as one more cluster for AMI and ARI; k-means is told
the true number.
"""

from __future__ import annotations

import csv
import json
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.coded import ROOT, prepare
from pipeline.cluster import partition
from pipeline.embed import Encoder, Vectors, load_encoder
from pipeline.settings import Settings

DATA = ROOT.parent / "shared" / "data" / "open"
RESULTS = ROOT / "benchmarks" / "results"
SETS = ("vision_zero_dc", "vision_zero_boston", "banking77", "polis_bowling_green_2018")
SIZES = (30, 60, 150, 400, 2000)
SEEDS = range(5)
# So many texts of a half are drawn from, at most.
POOL = 4000
Labels = npt.NDArray[np.int64]
Method = Callable[[list[str], Vectors, npt.NDArray[Any] | None, int], Labels]


@dataclass(frozen=True)
class Pool:
    """Texts to draw samples from, with vectors and, where there are any, human categories."""

    texts: npt.NDArray[np.object_]
    vectors: Vectors
    categories: npt.NDArray[np.str_] | None


def half(name: str, *, chosen_on: bool = False, encoder: Encoder | None = None) -> Pool:
    """One half of a set, its rows split at random; vectors of the bundled encoder unless another is given."""
    with (DATA / name / "data.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["text"].strip()]
    order = np.random.default_rng(99).permutation(len(rows))
    chosen = order[: len(rows) // 2] if chosen_on else order[len(rows) // 2 :]
    kept = [rows[at] for at in chosen[:POOL]]
    texts = [row["text"] for row in kept]
    _, vectors = prepare(texts, encoder or load_encoder(), Settings())
    categories = np.array([row["label"] for row in kept]) if "label" in rows[0] else None
    return Pool(np.array(texts, dtype=object), vectors, categories)


def ours(texts: list[str], vectors: Vectors, truth: npt.NDArray[Any] | None, seed: int) -> Labels:
    return partition(vectors, seed)


def k_means(texts: list[str], vectors: Vectors, truth: npt.NDArray[Any] | None, seed: int) -> Labels:
    from sklearn.cluster import KMeans

    if truth is None:
        raise ValueError("the true number is not known")
    found: Labels = KMeans(len(set(truth)), n_init=10, random_state=seed).fit_predict(vectors).astype(np.int64)
    return found


def bertopic(least: int) -> Method:
    """BERTopic as it comes, but for the smallest topic and a seed."""

    def method(texts: list[str], vectors: Vectors, truth: npt.NDArray[Any] | None, seed: int) -> Labels:
        from bertopic import BERTopic
        from umap import UMAP

        reduce = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed)
        topics, _ = BERTopic(embedding_model=None, umap_model=reduce, min_topic_size=least).fit_transform(texts, vectors)
        return np.array(topics, dtype=np.int64)

    return method


def turftopic(texts: list[str], vectors: Vectors, truth: npt.NDArray[Any] | None, seed: int) -> Labels:
    from turftopic import ClusteringTopicModel

    class Known:
        """An encoder that is asked for nothing: the vectors of the texts are given; words get none."""

        def encode(self, texts: list[str], **_: Any) -> Vectors:
            return np.zeros((len(texts), vectors.shape[1]), dtype=np.float32)

    model = ClusteringTopicModel(encoder=Known(), feature_importance="c-tf-idf", random_state=seed)
    model.fit(texts, embeddings=vectors)
    return np.array(model.labels_, dtype=np.int64)


def evoc(texts: list[str], vectors: Vectors, truth: npt.NDArray[Any] | None, seed: int) -> Labels:
    from evoc import EVoC

    return np.array(EVoC(random_state=seed).fit_predict(np.ascontiguousarray(vectors)), dtype=np.int64)


METHODS: dict[str, Method] = {
    "ours": ours,
    "BERTopic": bertopic(10),
    "BERTopic, smallest topic 3": bertopic(3),
    "Turftopic": turftopic,
    "EVoC": evoc,
    "k-means, true number": k_means,
}


def measured(name: str, method: Method, pool: Pool, size: int, seed: int) -> dict[str, Any]:
    """Figures of one method on one sample; only ``failed`` where it raises."""
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

    rows = np.random.default_rng(seed * 10_000 + size).choice(len(pool.texts), size, replace=False)
    truth = None if pool.categories is None else pool.categories[rows]
    begun = time.perf_counter()
    try:
        found = method(pool.texts[rows].tolist(), pool.vectors[rows], truth, seed)
    except Exception as error:  # whatever a tool raises, it has failed
        return {"failed": f"{type(error).__name__}: {str(error)[:80]}"}
    figures: dict[str, Any] = {"seconds": time.perf_counter() - begun, "themed": float((found >= 0).mean())}
    figures["themes"] = len(set(found[found >= 0].tolist()))
    if truth is not None:
        figures |= {
            "true_themes": len(set(truth)),
            "ami": adjusted_mutual_info_score(truth, found),
            "ari": adjusted_rand_score(truth, found),
        }
    return figures


def main() -> None:
    warnings.filterwarnings("ignore")
    rows = []
    for name in SETS:
        pool = half(name)
        for method, function in METHODS.items():
            if function is not k_means or pool.categories is not None:
                measured(method, function, pool, min(60, len(pool.texts)), 0)  # compiles what is compiled at first use
            for size in SIZES:
                if size > len(pool.texts) or (function is k_means and pool.categories is None):
                    continue
                for seed in SEEDS:
                    rows.append({"set": name, "method": method, "size": size, "seed": seed, **measured(method, function, pool, size, seed)})
                print(name, method, size, {key: value for key, value in rows[-1].items() if key in {"ami", "themed", "failed"}}, flush=True)
    table = pd.DataFrame(rows)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "clustering.json").write_text(json.dumps(rows, indent=0) + "\n", "utf-8")
    written_up(table)


def written_up(table: pd.DataFrame) -> None:
    """The table and the plot of results."""
    labelled = table[table["set"].isin(SETS[:3])]
    lines = ["| texts | method | AMI | ARI | themed | themes (truth) | seconds | failed |", "|---|---|---|---|---|---|---|---|"]
    for size in SIZES:
        for method in METHODS:
            own = labelled[(labelled["size"] == size) & (labelled["method"] == method)]
            failed = int(own["failed"].notna().sum()) if "failed" in own else 0
            mean = own[["ami", "ari", "themed", "themes", "true_themes", "seconds"]].mean()
            shown = (
                "| | | | |"
                if failed == len(own)
                else f"{mean['ami']:.3f} | {mean['ari']:.3f} | {mean['themed']:.0%} | "
                f"{mean['themes']:.0f} ({mean['true_themes']:.0f}) | {mean['seconds']:.2f}"
            )
            lines.append(f"| {size:,} | {method} | {shown} | {failed or ''} |")
    lines += [
        "",
        "Polis statements, which have no categories:",
        "",
        "| texts | method | themed | themes | failed |",
        "|---|---|---|---|---|",
    ]
    plain = table[table["set"] == SETS[3]].sort_values("size", kind="stable")
    for (size, method), own in plain.groupby(["size", "method"], sort=False):
        failed = int(own["failed"].notna().sum()) if "failed" in own else 0
        shown = " | |" if failed == len(own) else f" {own['themed'].mean():.0%} | {own['themes'].mean():.0f} |"
        lines.append(f"| {size:,} | {method} |{shown} {failed or ''} |")
    (RESULTS / "clustering.md").write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))
    means = labelled.groupby(["method", "size"], sort=False)["ami"].mean().dropna().reset_index()
    chart = (
        alt.Chart(means)
        .mark_line(point=True)
        .encode(
            x=alt.X("size:Q", scale=alt.Scale(type="log"), axis=alt.Axis(values=list(SIZES)), title="texts in the sample"),
            y=alt.Y("ami:Q", title="adjusted mutual information, mean"),
            color=alt.Color("method:N", sort=list(METHODS), title=None),
        )
        .properties(width=560, height=320)
    )
    chart.save(RESULTS / "clustering.svg")


if __name__ == "__main__":
    main()
