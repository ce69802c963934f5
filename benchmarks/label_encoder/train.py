"""Train the networks that the label encoder comes from, and those that say how good it is.

    python -m benchmarks.label_encoder.train [FOLDER]

FOLDER is what ``prepare`` laid out (build/label_encoder). Needs numpy, torch, transformers and safetensors; four minutes on one H200 GPU,
an hour or so for each network without.

Each network (``networks``) is trained without some texts and asked about them: ``all`` (nothing left out: the one that is kept),
``part 0`` to ``part 4`` (some files each), an event, a register. All are trained side by side, once for each seed; what is kept is the
mean of the weights over the seeds. Only updates and regressions learn: AdamW (Loshchilov and Hutter 2019), binary cross-entropy, target
0.5 where coders disagree. Some texts are mistyped, some run together with another, some tokens hidden. The result is the moving average
of the steps. Chosen by the micro-F1 of parts 0 and 1, never by an event or real points.
"""

from __future__ import annotations

import os
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.numpy import save_file
from torch.nn import functional

from benchmarks.label_encoder.course import Feed, Texts, course, padded
from benchmarks.label_encoder.networks import Networks, mean_of_weights

SEEDS = (0, 2)
PASSES = 8
UPDATE_RATE, HEAD_RATE, DECAY, WARM_UP = 1.2e-3, 5e-3, 0.01, 0.06
AVERAGE = 0.997
MOMENTA = (0.9, 0.999)
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
WORKERS = 12 if torch.cuda.is_available() else 0


def train(model: Networks, texts: Texts, learn: list[npt.NDArray[np.int64]], seed: int, passes: int = PASSES, part: float = 1.0) -> None:
    """Train networks side by side, each from the rows that it learns from; ``part`` of the rates of learning."""
    order = np.random.default_rng(seed).random(passes * len(texts.group))
    courses = [course(texts, rows, passes, order, np.random.default_rng([seed, at])) for at, rows in enumerate(learn)]
    steps = torch.tensor([len(batches) for batches in courses], dtype=torch.float32, device=DEVICE)[:, None]
    torch.manual_seed(seed)
    learning = [values for values in model.parameters() if values.requires_grad]
    ends = np.cumsum([0, *(values.numel() // len(learn) for values in learning)]).tolist()
    # One row a network, of which the parameters are parts, so that one step of the optimiser serves all.
    table = torch.cat([values.detach().reshape(len(learn), -1) for values in learning], 1)
    grad, first, second = (torch.zeros_like(table) for _ in range(3))
    average, top_rate = table.clone(), torch.full((1, table.shape[1]), part * UPDATE_RATE, device=DEVICE)
    for values, (begin, end) in zip(learning, pairwise(ends), strict=True):
        values.data, values.grad = table[:, begin:end].view(values.shape), grad[:, begin:end].view(values.shape)
        if values is model.weight or values is model.bias:
            top_rate[:, begin:end] = part * HEAD_RATE
    feed = torch.utils.data.DataLoader(Feed(texts, courses, seed), batch_size=None, num_workers=WORKERS, pin_memory=DEVICE == "cuda")
    model.train()
    start, shown = time.time(), torch.zeros((), device=DEVICE)
    for step, batch in enumerate(feed):
        tokens, targets, used = (values.to(DEVICE, non_blocking=True) for values in batch)
        with torch.autocast(DEVICE, dtype=torch.bfloat16, enabled=DEVICE == "cuda"):
            logits = model(tokens).float()
        each = functional.binary_cross_entropy_with_logits(logits, targets, reduction="none").sum(2)
        loss = ((each * used).sum(1) / used.sum(1)).sum()
        grad.zero_()
        loss.backward()
        with torch.no_grad():
            grad /= grad.norm(dim=1, keepdim=True).clamp(min=1.0)
            learns = (step < steps).float()
            rate = top_rate * learns * ((step + 1) / (WARM_UP * steps)).clamp(max=1.0) * (1 - step / steps).clamp(min=0.01)
            first.lerp_(grad, 1 - MOMENTA[0])
            second.mul_(MOMENTA[1]).addcmul_(grad, grad, value=1 - MOMENTA[1])
            scaled = (second / (1 - MOMENTA[1] ** (step + 1))).sqrt() + 1e-8
            table.mul_(1 - rate * DECAY).sub_(rate * first / (1 - MOMENTA[0] ** (step + 1)) / scaled)
            average.add_((table - average) * learns * (1 - min(AVERAGE, (step + 1) / (step + 10))))
            shown.lerp_(loss.detach() / len(learn), 0.02)
        if step % 50 == 0:
            print(f"step {step} of {len(feed.dataset)}: loss {float(shown):.3f}, {time.time() - start:.0f} s", flush=True)  # type: ignore[arg-type]
    table.copy_(average)


@torch.no_grad()
def answers(model: Networks, texts: Texts, asked: list[npt.NDArray[np.int64]]) -> list[npt.NDArray[np.float16]]:
    """The log-odds of the rows that each network is asked about, (rows, themes)."""
    model.eval()
    lengths = texts.lengths[0]
    rows = np.unique(np.concatenate(asked))
    rows = rows[np.argsort(lengths[rows], kind="stable")]
    found = np.zeros((len(asked), len(lengths), texts.target.shape[1]), dtype=np.float16)
    for begin in range(0, len(rows), 256):
        some = rows[begin : begin + 256]
        tokens = torch.from_numpy(padded([texts.versions[0][row] for row in some])).to(DEVICE)
        found[:, some] = model(tokens.unsqueeze(0).expand(len(asked), -1, -1)).float().cpu().numpy()
    return [found[number][own] for number, own in enumerate(asked)]


def weights(model: Networks, number: int) -> dict[str, npt.NDArray[np.float32]]:
    """Updates and regressions of one network, by name."""
    learnt = {name: values for name, values in model.named_parameters() if values.requires_grad}
    return {name: values.detach()[number].float().cpu().numpy() for name, values in learnt.items()}


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/label_encoder")
    out = Path(os.environ.get("OUT", folder))
    texts = Texts.read(folder)
    splits = texts.splits()
    learn, asked = ([pair[at] for pair in splits.values()] for at in (0, 1))
    groups = []
    for seed in SEEDS:
        torch.manual_seed(seed)
        model = Networks(folder, len(splits), texts.target.shape[1]).to(DEVICE)
        train(model, texts, learn, seed)
        groups.append(model)
    kept = mean_of_weights(folder, groups)
    np.savez(out / "logits.npz", **dict(zip(splits, answers(kept, texts, asked), strict=True)))  # type: ignore[arg-type]
    save_file(weights(kept, list(splits).index("all")), out / "updates.safetensors")


if __name__ == "__main__":
    main()
