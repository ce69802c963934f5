"""The command on models: which there are, whether they are as shipped, and making those that are made here."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.telling import progress_bars, stdout, told

models_app = typer.Typer()


@models_app.command("models")
def models_command(
    *,
    fast: Annotated[bool, typer.Option("--fast", help="Also prepare what `themes run --fast` uses, if that is still to do.")] = False,
) -> None:
    """List the models that are used, check that their bytes are the ones expected, and prepare the label model if that is still to do."""
    from pipeline.embed import FAST, manifest, verified
    from pipeline.labelling import load_models
    from pipeline.settings import Settings

    with told():
        for entry in manifest():
            verified(entry)
            stdout.print(f"{entry['name']}: as expected ({entry['package']}, {entry['licence']})")
        with progress_bars() as progress:
            _, labeller = load_models(Settings(), progress)
            quick = load_models(Settings(encoder=FAST), progress)[1] if fast else None
        learnt = len(labeller.evidence.lessons.texts)
        taxonomy = f"{labeller.taxonomy.name} {labeller.taxonomy.version}"
        stdout.print(f"label model: ready ({learnt} coded texts and examples of {taxonomy})")
        known = sum(labeller.evidence.known)
        stdout.print(f"label encoder: ready ({known} of {len(labeller.taxonomy.themes)} themes of {taxonomy})")
        made = f"ready, with its label model ({quick.encoder.name})" if quick else "made by `themes models --fast`, or when first used"
        stdout.print(f"fast encoder: {made}")
