"""Why is this point here: one call on a run's folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from test_run import ROWS, csv_of, written

from pipeline import why
from pipeline.embed import embed
from pipeline.errors import ReadError
from pipeline.label import Labeller
from pipeline.label.evidence import SOURCES
from pipeline.settings import Settings
from pipeline.tokenise import expand_and_read


def test_why_says_what_speaks_for_the_codes_of_a_point(tmp_path: Path, labeller: Labeller) -> None:
    result, folder = written(csv_of(tmp_path / "evening.csv", ROWS), tmp_path / "out", labeller)
    point = result.points[result.points["outcome"] == "labelled"].iloc[0]
    found = why(folder, point["point_id"])
    assert found.point["text"] == point["text"]
    assert found.remarks == ()
    assert found.sources["code"][0] == point["codes"].split("|")[0]
    assert f"{found.sources['probability'][0]:.3f}" == point["scores"].split("|")[0]
    lines = str(found).splitlines()
    assert lines[0] == f"'{point['text']}'"
    assert point["source_file"] in lines[1]
    assert lines[2].startswith(f"labelled ({point['outcome_score']:.2f})")
    assert [f"  {reason}" for reason in point["evidence"].split("; ")] == lines[3 : 3 + len(point["codes"].split("|"))]
    assert len([line for line in lines if "given from" in line]) == 3


def test_why_tells_that_the_taxonomy_is_another(tmp_path: Path, labeller: Labeller) -> None:
    result, folder = written(csv_of(tmp_path / "evening.csv", ROWS[:2]), tmp_path / "out", labeller)
    (tmp_path / "t.yaml").write_text("name: t\nversion: 1\nthemes:\n- {code: theft, label: Burglary and theft}\n")
    found = why(folder, result.points["point_id"].iloc[0], Settings(taxonomy=tmp_path / "t.yaml"))
    assert found.sources["code"].tolist() == ["theft"]
    assert found.remarks == (f"the taxonomy is no longer the one of the run ({labeller.taxonomy.version})",)
    assert str(found).splitlines()[-1] == f"Note: {found.remarks[0]}"


def test_why_names_a_point_or_a_run_that_is_not_there(tmp_path: Path, labeller: Labeller) -> None:
    _, folder = written(csv_of(tmp_path / "evening.csv", ROWS[:2]), tmp_path / "out", labeller)
    with pytest.raises(ReadError, match="there is no point 'nobody'"):
        why(folder, "nobody")
    with pytest.raises(ReadError):
        why(tmp_path / "nowhere", "nobody")


def test_the_sources_of_a_theme_add_up_to_its_log_odds(labeller: Labeller) -> None:
    read = expand_and_read(["drug dealing by the bus station, nobody reports it"], Settings())
    weighed = labeller.weigh(read, embed(list(read["expanded"]), labeller.encoder))
    log_odds = np.log(weighed["probability"] / (1 - weighed["probability"]))
    rest = log_odds - weighed[list(SOURCES)].sum(axis=1)
    kinds = dict(zip(labeller.taxonomy.codes, labeller.kinds, strict=True))
    expected = [labeller.head.heads[kinds[code]].intercept for code in weighed["code"]]
    assert rest.to_numpy() == pytest.approx(expected, abs=1e-6)
    assert weighed["probability"].is_monotonic_decreasing
