"""Write the golden files anew, from a real run of the golden event.

    python -m tests.golden.renew

Run it after a change that is meant to alter results, read the difference it makes (``git diff tests/golden``), and
commit the files only if every line of that difference is what the change was for. The tests in
``tests/test_golden.py`` compare a run with these files byte for byte.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from pipeline.run import run_events
from pipeline.settings import Settings

HERE = Path(__file__).resolve().parent
FILES = ("themes.json", "points.csv", "report.md")


def main() -> None:
    """Run every event under ``input`` and keep the files that are compared under ``expected``."""
    with tempfile.TemporaryDirectory() as folder:
        for event in run_events([HERE / "input"], Path(folder), Settings(), use_cache=False):
            expected = HERE / "expected" / event.folder.name
            expected.mkdir(parents=True, exist_ok=True)
            for name in FILES:
                (expected / name).write_bytes((event.folder / name).read_bytes())
                print(f"written: {expected / name}")


if __name__ == "__main__":
    main()
