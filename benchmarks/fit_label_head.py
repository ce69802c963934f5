"""Fit the label heads and write models/label_head.json.

Themes with many coded texts: what the text model says of each coded text when its whole register is left out, since the notes of an
office are rarely in a register that was learnt from; for themes that the label encoder knows, also what one that had not seen the
register says (``benchmarks.label_encoder``). Themes with some examples, and with a name alone: the bundled taxonomy cut down to a few
examples a theme, or to none, against coded texts.

A threshold is the one with the highest micro-F1 on these predictions. Neither an example event nor any real coded point is seen.

    python -m benchmarks.fit_label_head
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from benchmarks.coded import REGISTERS, ROOT, Coded, prepare, training
from pipeline.embed import Encoder, Vectors, load_encoder
from pipeline.label.evidence import FEATURES, Evidence
from pipeline.label.head import LabelHead, Logistic, best_threshold, fit_logistic, none_figures, save_head
from pipeline.label.lessons import lessons_of
from pipeline.label.text_model import Floats, left_out_scores
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy, load_taxonomy
from pipeline.tokenise import expand_and_read

SCORES = ROOT / "benchmarks" / "results" / "label_encoder_scores.npz"
FILES = tuple(name for names in REGISTERS.values() for name in names)
EXAMPLES_A_THEME = (2, 4, 8, 16)
DRAWS = 3
SAMPLE = 1500
# Only some themes of the bundled taxonomy are known to the label encoder, and a theme known by its name alone has no text model.
NOT_BUNDLED = tuple("label_encoder" not in name for name in FEATURES)
BY_NAME = tuple("label_encoder" not in name and "text_model" not in name for name in FEATURES)


def left_out(
    taxonomy: Taxonomy, encoder: Encoder, settings: Settings, coded: list[Coded], registers: list[int]
) -> tuple[list[str], Vectors, list[str], Floats]:
    """Texts (the taxonomy's own, then each group's), vectors, lemmas, and scores with their register left out."""
    own = lessons_of(replace(taxonomy, coded_texts=()))
    texts = [*own.texts, *(text for group in coded for text in group.texts)]
    truth = np.vstack([own.truth, *(group.truth + 0.5 * group.ignored for group in coded)])
    lengths = [len(own.texts), *(len(group.texts) for group in coded)]
    numbers = np.repeat([-1, *registers], lengths)
    read, vectors = prepare(texts, encoder, settings)
    lemmas = list(read["lemmas"])
    return texts, vectors, lemmas, left_out_scores(vectors, lemmas, truth, numbers)


def unseen_log_odds() -> Floats:
    """What label encoders that had not seen their registers said of the taxonomy's own texts and of all coded ones, in order."""
    with np.load(SCORES) as kept:
        found: Floats = kept["registers"].astype(np.float64)
    return found


def cut_down(taxonomy: Taxonomy, examples: int, rng: np.random.Generator) -> Taxonomy:
    """The taxonomy with so many examples a theme, drawn at random, and as many of no theme as it then has in proportion."""
    themes = []
    for theme in taxonomy.themes:
        chosen = rng.permutation(len(theme.examples))[:examples]
        themes.append(replace(theme, examples=tuple(theme.examples[at] for at in sorted(chosen))))
    none = tuple(taxonomy.none_examples[at] for at in sorted(rng.permutation(len(taxonomy.none_examples))[: examples * 3]))
    return replace(taxonomy, themes=tuple(themes), none_examples=none, coded_texts=())


def by_name(taxonomy: Taxonomy, *, defined: bool) -> Taxonomy:
    """The taxonomy with labels, and definitions or not, and nothing else."""
    themes = (replace(theme, examples=(), terms=(), definition=theme.definition if defined else "") for theme in taxonomy.themes)
    return replace(taxonomy, themes=tuple(themes), none_examples=(), coded_texts=())


def fit_kind(
    features: Floats, coded: Coded, settings: Settings, used: tuple[bool, ...] | None = None
) -> tuple[Logistic, float, Logistic, float]:
    """The head of one kind, its threshold, its head of no theme, and the micro-F1 at the threshold."""
    known = ~coded.ignored.reshape(-1)
    head = fit_logistic(features.reshape(-1, features.shape[2])[known], coded.truth.reshape(-1)[known], settings.seed, used)
    probabilities = head.probabilities(features)
    threshold, f1 = best_threshold(probabilities, coded.truth, coded.ignored)
    certain = coded.truth.any(axis=1) | ~coded.ignored.any(axis=1)
    none = fit_logistic(none_figures(probabilities)[certain], np.logical_not(coded.truth[certain].any(axis=1)), settings.seed)
    return head, threshold, none, f1


def sampled(coded: Coded, vectors: Vectors, lemmas: list[str], rng: np.random.Generator) -> tuple[Coded, Vectors, list[str]]:
    at: npt.NDArray[np.intp] = np.sort(rng.permutation(len(coded.texts))[:SAMPLE])
    return Coded([coded.texts[n] for n in at], coded.truth[at], coded.ignored[at]), vectors[at], [lemmas[n] for n in at]


def main() -> None:
    settings = Settings()
    rng = np.random.default_rng(settings.seed)
    taxonomy = load_taxonomy(settings.taxonomy_path)
    encoder = load_encoder()
    groups = [training(name, taxonomy) for name in FILES]
    every = sum(groups[1:], groups[0])
    registers = [number for number, names in enumerate(REGISTERS.values()) for _ in names]
    texts, vectors, lemmas, scores = left_out(taxonomy, encoder, settings, groups, registers)
    own = len(texts) - len(every.texts)
    vectors, lemmas, scores, log_odds = vectors[own:], lemmas[own:], scores[own:], unseen_log_odds()[own:]
    definitions = replace(taxonomy, coded_texts=())
    evidence = Evidence(definitions, encoder, settings)
    features = evidence.features(vectors, lemmas, scores, log_odds)
    found = {
        "bundled": fit_kind(features, every, settings),
        "coded": fit_kind(features, every, settings, NOT_BUNDLED),
    }
    some: list[tuple[Floats, Coded]] = []
    for examples in EXAMPLES_A_THEME:
        for _ in range(DRAWS):
            small = Evidence(cut_down(taxonomy, examples, rng), encoder, settings)
            coded, near, words = sampled(every, vectors, lemmas, rng)
            some.append((small.features(near, words), coded))
    found["examples"] = fit_kind(np.concatenate([f for f, _ in some]), sum((c for _, c in some[1:]), some[0][1]), settings, NOT_BUNDLED)
    named: list[tuple[Floats, Coded]] = []
    for defined in (True, False):
        coded, near, words = sampled(every, vectors, lemmas, rng)
        named.append((Evidence(by_name(taxonomy, defined=defined), encoder, settings).features(near, words), coded))
    found["names"] = fit_kind(np.concatenate([f for f, _ in named]), named[0][1] + named[1][1], settings, BY_NAME)
    procedural = expand_and_read(every.texts, settings)["procedural"].to_numpy()
    fitted = {
        "command": "python -m benchmarks.fit_label_head",
        "coded": f"{len(every.texts)} coded texts in {len(FILES)} files, each register left out in turn",
        "bundled": "the same, with the label encoder trained without the register",
        "examples": f"{', '.join(map(str, EXAMPLES_A_THEME))} examples a theme, {DRAWS} draws each, against {SAMPLE} coded texts a draw",
        "names": f"definitions, or labels alone, against {SAMPLE} coded texts each",
        "threshold_rule": "highest micro-F1 there, on a grid of 0.01",
        "micro_f1_there": {kind: round(f1, 4) for kind, (_, _, _, f1) in found.items()},
        "taxonomy_sha256": taxonomy.sha256,
        "encoder_sha256": encoder.sha256,
    }
    head = LabelHead(
        FEATURES,
        {kind: fit for kind, (fit, _, _, _) in found.items()},
        {kind: threshold for kind, (_, threshold, _, _) in found.items()},
        {kind: none for kind, (_, _, none, _) in found.items()},
        float(1.0 - every.truth[procedural].any(axis=1).mean()),
        fitted,
    )
    save_head(head)
    for kind, (fit, threshold, _, f1) in found.items():
        print(f"{kind}: threshold {threshold}, micro-F1 {f1:.3f} there")
        for name, weight in zip(FEATURES, fit.weights, strict=True):
            print(f"  {name:24} {weight:+.2f}")
    print(f"procedural: {head.procedural:.3f} of {int(procedural.sum())} have no code")


if __name__ == "__main__":
    main()
