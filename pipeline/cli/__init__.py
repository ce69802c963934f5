"""The `themes` command: thin functions over the rest of the package."""

from __future__ import annotations

import atexit
import gc
import os

import typer

from pipeline.beside import RARELY
from pipeline.cli.cache import cache_app
from pipeline.cli.models import models_app
from pipeline.cli.results import commands
from pipeline.cli.reviews import review_app
from pipeline.cli.taxonomies import taxonomy_app

app = typer.Typer(
    help="Turn the typed-up notes of partnership workshops into themes. Nothing leaves this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(commands)
app.add_typer(models_app)
app.add_typer(taxonomy_app, name="taxonomy")
app.add_typer(review_app, name="review")
app.add_typer(cache_app, name="cache")
# Set before numpy is imported. Its products of matrices are small here, and threads that wait for the next one keep others from working.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
gc.set_threshold(*RARELY)
# At its end Python would look through all that models hold for what could be freed, which takes half a second.
atexit.register(gc.freeze)
