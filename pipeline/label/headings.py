"""The heading a point stood under, as evidence: "letters only ever in English" under "Language" is about more than letters.

A point under a subject, or under another bullet, is read twice: by itself, and with the heading in front. No coded text says how far
a heading is to be trusted, so neither reading wins: the log-odds of the two are averaged, the logarithmic opinion pool
with equal weights (Genest and Zidek 1986, Statistical Science 1, 114-135).
"""

from __future__ import annotations

import numpy as np

from pipeline.label.text_model import Floats

# Probabilities nearer to 0 or 1 than this are as good as certain; their log-odds would drown the other reading.
NEAR = 1e-6


def with_heading(alone: Floats, headed: Floats) -> tuple[Floats, Floats]:
    """Pool two readings of the same texts.

    Parameters
    ----------
    alone, headed : probabilities without and with the heading, 0 to 1, of one shape.

    Returns
    -------
    (probabilities, added) : the pooled probabilities, and what the heading added to the log-odds, both of that shape.

    >>> pooled, added = with_heading(np.array([0.2, 0.5]), np.array([0.8, 0.5]))
    >>> pooled.round(3).tolist(), added.round(3).tolist()
    ([0.5, 0.5], [1.386, 0.0])
    """
    before = _log_odds(alone)
    added: Floats = (_log_odds(headed) - before) / 2
    pooled: Floats = 1.0 / (1.0 + np.exp(-(before + added)))
    return pooled, added


def _log_odds(probabilities: Floats) -> Floats:
    kept = np.clip(probabilities, NEAR, 1.0 - NEAR)
    odds: Floats = np.log(kept / (1.0 - kept))
    return odds
