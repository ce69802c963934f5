"""What every test may share: the real encoder and labeller, loaded once for each process, and the default settings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# Each test process is one of several on this machine; more threads would only make them wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from pipeline.embed import Encoder, load_encoder
from pipeline.label import Labeller
from pipeline.settings import Settings
from pipeline.taxonomy import load_taxonomy

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = Path(__file__).resolve().parent / "golden"


@pytest.fixture(scope="session", autouse=True)
def _no_cache_of_the_user(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is made outside a single test, in a fixture of a module say, is kept in a folder of this process."""
    os.environ["WORKSHOP_THEMES_CACHE"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(autouse=True)
def _cache_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test begins with an empty cache, so that none finds what another made."""
    monkeypatch.setenv("WORKSHOP_THEMES_CACHE", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture(scope="session")
def settings() -> Settings:
    return Settings()


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return load_encoder()


@pytest.fixture(scope="session")
def labeller(encoder: Encoder, settings: Settings) -> Labeller:
    return Labeller(load_taxonomy(settings.taxonomy_path), encoder, settings)


@pytest.fixture(scope="session")
def golden() -> Path:
    """The folder that holds the golden event (``input``) and what a run must write for it (``expected``)."""
    return GOLDEN


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the checkout."""
    return ROOT
