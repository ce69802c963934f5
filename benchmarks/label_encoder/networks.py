"""Networks that share the frozen encoder, each with low-rank updates and a head of its own, so that they are trained side by side.

A network is BERT (Devlin et al. 2019) with the encoder's weights, to whose dense layers low-rank updates are added (Hu et al. 2021, LoRA),
and one logistic regression a theme on the mean of the token vectors, scaled to length 1. The mean of the weights of several that were
trained from different random numbers errs less than any of them, and costs no more to ask (Wortsman et al. 2022, Model soups).
"""

from __future__ import annotations

import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional
from transformers import BertConfig, BertModel

RANK, SCALE = 32, 2.0
DROPOUT = 0.1
# Vectors of length 1 are stretched before the regressions, whose rate of learning then suits.
STRETCH = 10.0


class Updated(nn.Module):
    """A dense layer with a low-rank update for each network."""

    def __init__(self, dense: nn.Linear, networks: int, rank: int) -> None:
        super().__init__()
        self.dense, self.networks = dense, networks
        self.down = nn.Parameter(torch.randn(networks, rank, dense.in_features) / math.sqrt(dense.in_features))
        self.up = nn.Parameter(torch.zeros(networks, dense.out_features, rank))

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        own = rows.reshape(self.networks, -1, rows.shape[-1])
        added = torch.matmul(torch.matmul(own, self.down.transpose(1, 2)), self.up.transpose(1, 2))
        return torch.as_tensor(self.dense(rows) + SCALE * added.reshape(*rows.shape[:-1], -1))


class Networks(nn.Module):
    """``networks`` networks with updates that change nothing yet; ``folder`` holds the encoder as ``prepare`` laid it out."""

    def __init__(self, folder: Path, networks: int, themes: int, rank: int = RANK) -> None:
        super().__init__()
        config = BertConfig.from_json_file(str(folder / "config.json"))
        config.hidden_dropout_prob = config.attention_probs_dropout_prob = DROPOUT
        self.encoder = BertModel(config, add_pooling_layer=False)
        weights = {name: values.float() for name, values in load_file(str(folder / "model.safetensors")).items()}
        if missing := self.encoder.load_state_dict(weights, strict=False).missing_keys:
            raise SystemExit(f"weights that are missing: {missing}")
        self.encoder.requires_grad_(requires_grad=False)
        for layer in self.encoder.encoder.layer:
            for module in list(layer.modules()):
                for name, child in list(module.named_children()):
                    if type(child) is nn.Linear:
                        setattr(module, name, Updated(child, networks, rank))
        self.weight = nn.Parameter(torch.zeros(networks, themes, config.hidden_size))
        self.bias = nn.Parameter(torch.full((networks, themes), -2.5))

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Log-odds (networks, texts, themes) from token numbers (networks, texts, longest), 0 behind a text's end."""
        networks, texts, longest = tokens.shape
        tokens = tokens.reshape(-1, longest)
        mask = (tokens > 0).long()
        contexts = self.encoder(input_ids=tokens, attention_mask=mask).last_hidden_state
        counted = mask.unsqueeze(-1).to(contexts.dtype)
        vectors = functional.normalize(((contexts * counted).sum(1) / counted.sum(1)).float(), dim=1) * STRETCH
        vectors = functional.dropout(vectors, DROPOUT, self.training).reshape(networks, texts, -1)
        return torch.matmul(vectors, self.weight.transpose(1, 2)) + self.bias.unsqueeze(1)

    def updated(self) -> list[Updated]:
        return [module for module in self.modules() if isinstance(module, Updated)]


@torch.no_grad()
def mean_of_weights(folder: Path, groups: list[Networks]) -> Networks:
    """Networks whose weights are the means of those of several groups, one by one; their updates have the ranks of all together."""
    networks, themes, _ = groups[0].weight.shape
    mixed = Networks(folder, networks, themes, RANK * len(groups)).to(groups[0].weight.device)
    for own, *parts in zip(mixed.updated(), *(group.updated() for group in groups), strict=True):
        own.down.copy_(torch.cat([part.down for part in parts], 1))
        own.up.copy_(torch.cat([part.up / len(groups) for part in parts], 2))
    mixed.weight.copy_(torch.stack([group.weight for group in groups]).mean(0))
    mixed.bias.copy_(torch.stack([group.bias for group in groups]).mean(0))
    return mixed
