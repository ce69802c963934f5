"""Write the golden comparison anew, from the made-up events of tests/divisions.py.

    PYTHONPATH=tests python -m tests.golden.renew_comparison

As with ``renew``: read the difference it makes, and commit it only if every line of that is what the change was for. The version of the
program and the hashes of the events are left out.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from divisions import made_up

from pipeline.compare import compare_folders
from pipeline.settings import Settings
from pipeline.store import write_event

EXPECTED = Path(__file__).resolve().parent / "comparison"


def main() -> None:
    """Compare the made-up events and keep what is compared in tests."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        for result in made_up():
            write_event(here / "processed", result)
        compare_folders([here / "processed"], here / "out", Settings())
        document = json.loads((here / "out" / "comparison.json").read_text("utf-8"))
        del document["made_by"]
        for event in document["events"]:
            del event["themes_sha256"]
        EXPECTED.mkdir(exist_ok=True)
        (EXPECTED / "comparison.json").write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
        for name in ("comparison.csv", "comparison.md"):
            (EXPECTED / name).write_bytes((here / "out" / name).read_bytes())


if __name__ == "__main__":
    main()
