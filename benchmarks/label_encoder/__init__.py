"""Fitting the label encoder: the bundled encoder, taught by low-rank updates to tell the bundled themes apart.

Three steps, since the second wants a GPU (minutes there, an hour or so a network on two cores) and needs no more than numpy, torch,
transformers and safetensors on its machine:

    python -m benchmarks.label_encoder.prepare           token numbers of all coded texts and the encoder's weights: build/label_encoder
    python -m benchmarks.label_encoder.train             the networks, each without the texts that it is then asked about
    python -m benchmarks.label_encoder.collect           models/label_encoder.safetensors, benchmarks/results/label_encoder_scores.npz

Coded texts that come later:

    python -m benchmarks.label_encoder.further           what is there learns them too: twenty minutes on two cores
"""
