"""Themes from the notes of community workshops.

The public names are those of ``__all__``; everything else may change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.explain import why
    from pipeline.labelling import label_file
    from pipeline.loaded import load
    from pipeline.run import check, run_events
    from pipeline.settings import Settings, load_settings
    from pipeline.taxonomy import load_taxonomy

__all__ = ["Settings", "check", "label_file", "load", "load_settings", "load_taxonomy", "run_events", "why"]

_HOME = {
    "Settings": "pipeline.settings",
    "check": "pipeline.run",
    "label_file": "pipeline.labelling",
    "load": "pipeline.loaded",
    "load_settings": "pipeline.settings",
    "load_taxonomy": "pipeline.taxonomy",
    "run_events": "pipeline.run",
    "why": "pipeline.explain",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `import pipeline` stays quick."""
    if name not in _HOME:
        raise AttributeError(f"module 'pipeline' has no attribute {name!r}")
    from importlib import import_module

    module = import_module(_HOME[name])
    # Importing pipeline.run puts that module under the name of the function run; the function is what is public.
    globals().update({public: getattr(module, public) for public, home in _HOME.items() if home == _HOME[name]})
    return globals()[name]


def __dir__() -> list[str]:
    """The public names and no others, for those who complete names by the tab key."""
    return __all__
