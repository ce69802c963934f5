"""Fuzz the readers: bytes that reach new code are kept and changed further, until the time is up.

    python -m tests.fuzz                 every kind of file, two minutes each
    python -m tests.fuzz csv md --seconds 600

Needs atheris (``pip install -e '.[dev,fuzz]'``, Linux). It begins with the files of data/raw, tests/layouts and tests/fuzz/found. What
makes a reader fail, hang for a minute or take three gigabytes is written to tests/fuzz/found, where tests/test_fuzz.py reads it from
then on: mend the reader and keep the file.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOUND = Path(__file__).parent / "found"
KINDS = ("txt", "csv", "tsv", "md", "pdf", "docx", "xlsx", "yaml")
SEEDS = (ROOT / "data" / "raw", ROOT / "tests" / "layouts", ROOT / "pipeline" / "resources")
HANGS, MEGABYTES, LONGEST = 60, 3_000, 10_000  # seconds of one input; memory of the whole process; bytes of an input


def main() -> int:
    """Fuzz the kinds asked for, one after the other, each in a process of its own; 1 if anything was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("kinds", nargs="*", choices=[*KINDS, []], help="kinds of file; all if none is given")
    parser.add_argument("--seconds", type=int, default=120, help="for each kind")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        _fuzz(*asked.kinds, asked.seconds)
    before = {path.name for path in FOUND.iterdir()}
    for kind in asked.kinds or KINDS:
        print(f"--- {kind}", flush=True)
        subprocess.run([sys.executable, "-m", "tests.fuzz", kind, "--seconds", str(asked.seconds), "--inside"], check=False)
    new = sorted({path.name for path in FOUND.iterdir()} - before)
    print("\n".join(["found:", *new]) if new else "nothing found")
    return bool(new)


def _fuzz(kind: str, seconds: int) -> None:
    import atheris

    with atheris.instrument_imports(include=["pipeline"]):
        from tests.fuzz.reading import read_bytes, small, unpacked

    with tempfile.TemporaryDirectory() as made:
        corpus, folder = Path(made, "corpus"), Path(made, "folder")
        corpus.mkdir()
        folder.mkdir()
        files = [path for seeds in SEEDS for path in sorted(seeds.rglob(f"*.{kind}"))]
        parts = [part for path in files for part in unpacked(kind, path.read_bytes())]
        found = [path.read_bytes() for path in sorted(FOUND.glob(f"{kind}-*"))]
        for number, seed in enumerate([*parts, *found, *small(kind)]):
            if len(seed) <= LONGEST:
                (corpus / str(number)).write_bytes(seed)

        def one(data: bytes) -> None:
            read_bytes(kind, data, folder)

        options = [
            f"-max_total_time={seconds}",
            f"-timeout={HANGS}",
            f"-report_slow_units={HANGS}",
            f"-rss_limit_mb={MEGABYTES}",
            f"-max_len={LONGEST}",
            f"-artifact_prefix={FOUND}/{kind}-",
            "-print_final_stats=1",
            "-verbosity=0",
            "-seed=1",
        ]
        atheris.Setup([sys.argv[0], *options, str(corpus)], one)
        atheris.Fuzz()  # ends the process


if __name__ == "__main__":
    sys.exit(main())
