"""The page on which people check points: who is let in, what is kept, and what happens where two are at work or the program dies.

A real server answers on 127.0.0.1, in a process of its own, so this file may open sockets to that address, and to no other. Everybody
and every place is made up.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from decisions import WHEN, undone
from desks import ANALYST, READER, TOKEN, Client, Prepared, Served
from office import ROWS, SPEEDING

import pipeline.run
from pipeline.corrections import Decision, Verdict, append, decide, read_ledger
from pipeline.embed import Encoder
from pipeline.errors import OutputError, ReadError
from pipeline.label import Labeller
from pipeline.review.page import bound, lay_out
from pipeline.review.page.desk import Desk, desk_of
from pipeline.review.page.figures import agreement, progress
from pipeline.run import run_events
from pipeline.settings import Settings

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, labeller: Labeller) -> Iterator[Prepared]:
    with pytest.MonkeyPatch.context() as patch:  # they are loaded once for all tests
        patch.setattr(pipeline.run, "load_models", lambda settings, progress=None: (encoder, labeller))
        yield Prepared(tmp_path_factory.mktemp("prepared"), encoder, labeller)


@pytest.fixture
def desk(prepared: Prepared, tmp_path: Path) -> Desk:
    return prepared.desk(tmp_path / "corrections.jsonl")


@pytest.fixture
def serving() -> Iterator[Callable[..., Served]]:
    """Serves desks, and ends all of them."""
    started: list[Served] = []

    def serve(desk: Desk, **options: Any) -> Served:
        started.append(Served(desk, **options))
        return started[-1]

    yield serve
    for served in started:
        served.kill()


@pytest.fixture
def served(desk: Desk, serving: Callable[..., Served]) -> Served:
    return serving(desk)


def place_of(desk: Desk, text: str) -> int:
    return next(place for place, item in enumerate(desk.items) if item.said.text == text)


# Who is let in


def test_without_the_token_nothing_is_answered(served: Served) -> None:
    client = Client(served)
    for path in ("/", "/page.js", "/page.css", "/state", "/point/0", "/nothing", "/?token=", "/?token=wrong", f"/state?token={TOKEN}"):
        for cookie in (None, f"themes_review_{served.port}=wrong", f"themes_review_1={TOKEN}"):
            status, text, headers = client.ask("GET", path, Cookie=cookie)
            assert (status, "mill" in text) == (403, False), (path, cookie)
            assert "set-cookie" not in headers
    for path in ("/answer", "/undo"):
        assert client.ask("POST", path, {}, Cookie=None)[0] == 403
    # A wrong token in the address is not made good by the cookie of a page that is open.
    assert client.ask("GET", "/?token=wrong")[0] == 403


def test_the_address_lets_a_browser_in_and_then_the_token_is_in_no_address(served: Served) -> None:
    client = Client(served)
    status, _, headers = client.ask("GET", f"/?token={TOKEN}", Cookie=None)
    assert (status, headers["location"]) == (303, "/")
    cookie = headers["set-cookie"]
    assert cookie.startswith(f"themes_review_{served.port}={TOKEN};")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert client.ask("GET", "/", Cookie=cookie.split(";")[0])[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.2:{port}", "", None])
def test_a_request_for_another_host_is_refused(served: Served, host: str | None) -> None:
    assert Client(served).ask("GET", "/state", Host=host and host.format(port=served.port))[0] in {400, 403}


def test_localhost_is_this_machine_too(served: Served) -> None:
    host = f"localhost:{served.port}"
    client = Client(served)
    assert client.ask("GET", "/state?reviewer=a", Host=host)[0] == 200
    body = {"once": "0" * 32, "reviewer": ANALYST, "point": "none", "said": "none"}
    assert client.ask("POST", "/answer", body, Host=host)[0] == 403  # its origin is the other name
    assert client.ask("POST", "/answer", body, Host=host, Origin=f"http://{host}")[0] == 400


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1", "https://127.0.0.1:{port}", None])
def test_what_writes_must_come_from_the_page(served: Served, origin: str | None) -> None:
    client = Client(served)
    point = client.point(0)
    client.headers["Origin"] = origin and origin.format(port=served.port)
    assert client.answer(point, "asb")[0] == 403
    assert served.decisions == ()


def test_a_form_of_another_page_cannot_write(served: Served) -> None:
    client = Client(served)
    point = client.point(0)
    client.headers["Content-Type"] = "text/plain"
    assert client.answer(point, "asb")[0] == 403
    assert client.ask("GET", "/answer")[0] == 405
    assert served.decisions == ()


def test_every_reply_forbids_what_the_page_does_not_need(served: Served) -> None:
    client = Client(served)
    for path, cookie in (("/", True), ("/state", True), ("/nothing", True), ("/", False)):
        headers = client.ask("GET", path, **({} if cookie else {"Cookie": None}))[2]
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert (headers["cache-control"], headers["x-frame-options"]) == ("no-store", "DENY")
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
        assert "server" not in headers


def test_it_listens_on_this_machine_alone_and_a_port_that_is_taken_is_told() -> None:
    taken = bound(0)
    try:
        assert taken.getsockname()[0] == "127.0.0.1"
        with pytest.raises(OutputError, match=f"port {taken.getsockname()[1]} cannot be used"):
            bound(taken.getsockname()[1])
    finally:
        taken.close()


# What is shown


def test_points_come_in_the_order_of_the_workbook_and_those_of_a_conflict_first(prepared: Prepared, desk: Desk) -> None:
    assert [item.said.point_id for item in desk.items] == [row.point["point_id"] for row in prepared.rows]
    last = desk.items[-1]
    for who, code in ((ANALYST, "asb"), (READER, "dv")):
        append(desk.ledger, [by_hand(desk, last.said.text, who, code)])
    again = desk_of(prepared.result, prepared.rows, desk.taxonomy, desk.settings, desk.ledger, sampled=4, blind=False)
    assert [item.said.point_id for item in again.items] == [last.said.point_id, *(item.said.point_id for item in desk.items[:-1])]


def by_hand(desk: Desk, text: str, who: str, *codes: str, **more: Any) -> Decision:
    """A decision that came from elsewhere, such as a workbook."""
    item = desk.items[place_of(desk, text)]
    new = Verdict(codes, "labelled" if codes else "no_match")
    return decide(**{"what": "codes", "event": desk.event, "who": who, "source": "excel", "origin": "w1", "point": item.said,
                     "old": item.machine, "new": new, "taxonomy": desk.used, "when": WHEN, **more})  # fmt: skip


def test_a_point_is_told_with_what_stood_around_it_and_the_likeliest_themes_first(desk: Desk, served: Served) -> None:
    place = place_of(desk, SPEEDING)
    told = Client(served).point(place)
    assert (told["text"], told["session"], told["table"]) == (SPEEDING, "1", "1")
    assert told["stands"] == "Challenges; Urgent but not Essential; Division / county"
    assert told["where"] == "notes.csv, cell F3"
    assert told["suggested"] == told["right"] == "Road safety and traffic"
    assert told["why"] == desk.items[place].evidence
    assert (told["order"][0]["code"], told["order"][0]["suggested"]) == ("road_safety", True)
    chances = [float(theme["chance"] or 0) for theme in told["order"]]
    assert chances == sorted(chances, reverse=True)
    assert {theme["code"] for theme in told["order"]} == set(desk.taxonomy.codes)
    assert Client(served).ask("GET", f"/point/{len(desk.items)}")[0] == 404


def test_blind_nothing_of_what_the_program_or_others_say_is_sent(
    prepared: Prepared, tmp_path: Path, serving: Callable[..., Served]
) -> None:
    desk = prepared.desk(tmp_path / "blind.jsonl", blind=True)
    append(desk.ledger, [by_hand(desk, SPEEDING, READER, "asb")])
    client = Client(serving(desk))
    assert [item.sampled for item in desk.items] == [True] * 4 + [False] * 4
    told = client.point(place_of(desk, SPEEDING))
    assert not {"suggested", "right", "why", "because", "decided", "conflict"} & told.keys()
    assert told["order"] == [{"code": code} for code in desk.taxonomy.codes]
    assert (told["own"], told["seen"], client.state()["agreement"]) == (None, "", None)
    assert client.answer(told, said="right")[0] == 400
    assert client.answer(told, "road_safety")[0] == 200  # what another decided meanwhile is no reason to ask again
    (_, own) = read_ledger(desk.ledger).decisions
    assert (own.blind, own.settles, own.old) == (True, (), desk.items[place_of(desk, SPEEDING)].machine)
    assert client.point(place_of(desk, SPEEDING))["own"] == "Road safety and traffic"


def test_notes_and_names_that_look_like_code_are_text(prepared: Prepared, tmp_path: Path, serving: Callable[..., Served]) -> None:
    nasty = '"><script>alert(1)</script>'
    desk = desk_of(prepared.result, prepared.rows, prepared.labeller.taxonomy, Settings(), tmp_path / "c.jsonl", sampled=0, blind=False)
    page = Client(serving(desk, reviewer=nasty)).ask("GET", "/")[1]
    assert nasty not in page
    assert "&lt;script&gt;alert(1)" in page


# What is kept


def test_each_answer_is_a_line_of_the_ledger_and_a_later_run_carries_it_out(prepared: Prepared, tmp_path: Path, served: Served) -> None:
    client, desk = Client(served), served.desk
    texts = [row[-1] for row in ROWS]
    said = [("codes", ("asb", "place_security")), ("right", ()), ("none", ()), ("not_sure", ())]
    for text, (what, codes) in zip((SPEEDING, texts[0], texts[2], texts[3]), said, strict=True):
        status, reply = client.answer(client.point(place_of(desk, text)), *codes, said=what, comment=" ask  Mrs Fenwick ")
        assert status == 200
        assert json.loads(reply)["saved"] == served.decisions[-1].id
    told = [(d.point.text, d.new.codes, d.new.outcome) for d in served.decisions if d.point]
    machine = desk.items[place_of(desk, texts[0])].machine
    assert told == [
        (SPEEDING, ("asb", "place_security"), "labelled"),
        (texts[0], machine.codes, machine.outcome),
        (texts[2], (), "no_match"),
        (texts[3], (), "not_sure"),
    ]
    assert {(d.who, d.source, d.blind, d.event) for d in served.decisions} == {(ANALYST, "page", False, "evening")}
    assert "Fenwick" not in desk.ledger.read_text("utf-8")
    assert served.decisions[0].why.startswith("ask ")
    (finished,) = run_events([prepared.folder.parents[1] / "evening"], tmp_path / "out", Settings(), ledger=desk.ledger)
    assert finished.corrections == ("3 decisions of people are in this result.",)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("no json", "no JSON"),
        ({"said": "codes", "codes": []}, "or none at all"),
        ({"said": "codes", "codes": ["no such theme"]}, "the taxonomy lacks"),
        ({"said": "none", "codes": ["asb"]}, "beside another answer"),
        ({"said": "maybe"}, "said"),
        ({"point": "n0-1"}, "no such point"),
        ({"reviewer": "  "}, "reviewer"),
        ({"reviewer": "a\nb"}, "reviewer"),
        ({"once": "x"}, "once"),
        ({"more": 1}, "more"),
        ({"comment": "x" * 501}, "comment"),
    ],
)
def test_an_answer_that_cannot_be_used_is_told_and_not_kept(served: Served, body: Any, said: str) -> None:
    client = Client(served)
    point = client.point(0)
    whole = {"once": "0" * 32, "reviewer": ANALYST, "point": point["point"], "said": "codes", "codes": ["asb"], "seen": ""}
    status, text, _ = client.ask("POST", "/answer", body if isinstance(body, str) else whole | body)
    assert (status, text.startswith("It was not saved: ")) == (400, True)
    assert said in text
    assert served.decisions == ()


def test_an_answer_that_is_sent_again_is_kept_once(served: Served) -> None:
    client = Client(served)
    point = client.point(0)
    replies = [client.answer(point, "asb", once="1" * 32) for _ in range(3)]
    assert replies == [replies[0]] * 3
    assert len(served.decisions) == 1


def test_undo_takes_the_last_answer_back_and_then_the_one_before(served: Served) -> None:
    client, other = Client(served), Client(served, READER)
    for place, code in ((0, "asb"), (1, "dv")):
        client.answer(client.point(place), code)
    other.answer(other.point(2), "asb")
    first, second, third = served.decisions
    last = client.state()["last"]
    assert (last["decision"], last["place"], last["said"]) == (second.id, 1, "Domestic violence and abuse")
    assert client.undo(last["decision"])[0] == 200
    assert client.undo(last["decision"])[0] == 409
    assert client.undo(third.id)[0] == 400  # another's
    assert client.state()["last"]["decision"] == first.id
    point = client.point(1)
    assert (point["own"], point["decided"]) == (None, [])
    assert client.answer(point, "dv")[0] == 200  # the same again is a new decision
    assert [d.what for d in served.decisions] == ["codes", "codes", "codes", "undo", "codes"]
    assert {d.id for d in read_ledger(served.desk.ledger).live} == {first.id, third.id, served.decisions[-1].id}


# Several at once


def test_an_answer_to_what_has_changed_meanwhile_is_refused_with_what_the_other_decided(served: Served) -> None:
    one, two = Client(served), Client(served, READER)
    seen_by_both = one.point(0)
    assert two.answer(seen_by_both, "asb", comment="twice a week")[0] == 200
    assert one.answer(seen_by_both, "dv")[0] == 409
    assert [d.who for d in served.decisions] == [READER]
    again = one.point(0)
    assert [(d["who"], d["said"], d["why"]) for d in again["decided"]] == [(READER, "Anti-social behaviour", "twice a week")]
    assert again["right"] == "Anti-social behaviour"
    assert one.answer(again, "dv")[0] == 200
    conflict = one.point(0)
    assert (conflict["conflict"], conflict["right"]) == (True, conflict["suggested"])
    chair = Client(served, "C. Chair")
    assert chair.answer(chair.point(0), said="not_sure")[0] == 200
    assert chair.point(0)["conflict"]
    assert chair.answer(chair.point(0), "asb")[0] == 200  # who sees a conflict and decides, ends it
    settled = served.decisions[-1]
    assert settled.settles == (served.decisions[0].id, served.decisions[1].id)
    assert served.desk.views().standing(again["point"]).decision == settled
    assert not one.point(0)["conflict"]


def test_what_was_applied_from_a_workbook_or_taken_back_meanwhile_counts_too(served: Served) -> None:
    client, desk = Client(served), served.desk
    place = place_of(desk, SPEEDING)
    before = client.point(place)
    elsewhere = by_hand(desk, SPEEDING, READER, "asb")
    append(desk.ledger, [elsewhere])
    assert client.answer(before, "dv")[0] == 409
    decided = client.point(place)
    append(desk.ledger, [undone(elsewhere, READER)])
    assert client.answer(decided, said="right")[0] == 409
    assert client.point(place)["right"] == "Road safety and traffic"
    other = by_hand(desk, ROWS[0][-1], READER, "asb")
    now = client.point(place)
    append(desk.ledger, [other])  # on another point
    assert client.answer(now, said="right")[0] == 200


def test_two_who_race_lose_nothing_and_the_ledger_stays_whole(served: Served) -> None:
    places = range(len(served.desk.items))
    saved: dict[str, list[str]] = {ANALYST: [], READER: []}
    refused: list[int] = []
    start = threading.Barrier(2)

    def work(who: str, code: str) -> None:
        client = Client(served, who)
        points = [client.point(place) for place in places]
        start.wait()
        for point in points:
            status, reply = client.answer(point, code)
            if status == 200:
                saved[who].append(json.loads(reply)["saved"])
            else:
                refused.append(status)

    threads = [threading.Thread(target=work, args=pair) for pair in ((ANALYST, "asb"), (READER, "dv"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    decisions = served.decisions  # read_ledger raises where the chain of lines is broken
    assert set(refused) <= {409}
    assert len(refused) == len(places)  # on each point one was first
    for who, ids in saved.items():
        assert [d.id for d in decisions if d.who == who] == ids
    assert len({d.point.point_id for d in decisions if d.point}) == len(places) == len(decisions)


def test_what_was_said_to_be_saved_is_in_the_ledger_of_a_killed_program(served: Served) -> None:
    client = Client(served)
    for place in range(3):
        assert client.answer(client.point(place), "asb")[0] == 200
        assert len(served.decisions) == place + 1
    served.kill()
    assert [d.new.codes for d in served.decisions] == [("asb",)] * 3
    served.again()
    after = Client(served)
    assert after.state()["progress"]["own"] == 3
    assert after.state()["next"] == 3


def test_a_ledger_that_cannot_be_used_is_told_and_the_program_goes_on(served: Served) -> None:
    client = Client(served)
    point = client.point(0)
    served.desk.ledger.write_text("no ledger\n")
    status, text = client.answer(point, "asb")
    assert (status, "line 1 cannot be read as JSON" in text) == (503, True)
    served.desk.ledger.unlink()
    assert client.answer(point, "asb")[0] == 200


# How far, how well


def test_progress_and_agreement_are_those_counted_by_hand(desk: Desk) -> None:
    sample = [item for item in desk.items if item.sampled]
    assert len(sample) == 4
    said = [sample[0].machine.codes, ("dv", *sample[1].machine.codes), sample[2].machine.codes]
    append(desk.ledger, [by_hand(desk, item.said.text, ANALYST, *codes) for item, codes in zip(sample, said, strict=False)])
    append(desk.ledger, [by_hand(desk, sample[3].said.text, READER, "dv")])
    views, person = desk.views(), "a. analyst"
    assert progress(desk, views, person) == {"all": 8, "own": 3, "anyone": 4, "sample": 4, "own_sample": 3}
    found = agreement(desk, views, person)
    assert found is not None
    assert (found["points"], found["confirmed"], found["course"]) == (3, 0.6667, [1.0, 0.5, 0.6667])
    assert (found["low"], found["high"]) == (0.2077, 0.9385)  # Wilson's interval of 2 of 3
    given, truth = (sum(len(codes) for codes in sets) for sets in ([item.machine.codes for item in sample[:3]], said))
    assert found["f1"] == round(2 * given / (given + truth), 4)  # all that the program gave is right, and one is missed
    assert agreement(desk, views, "c. chair") is None


def test_the_next_point_is_one_that_nobody_decided_on_and_in_the_sample_one_that_the_reviewer_did_not(desk: Desk, served: Served) -> None:
    one, two = Client(served), Client(served, READER)
    sampled = [place for place, item in enumerate(desk.items) if item.sampled]
    for place in {0, sampled[0]}:
        one.answer(one.point(place), "asb")
    assert two.state()["next"] == min(set(range(8)) - {0, sampled[0]})
    assert two.state(queue="sample")["next"] == sampled[0]
    assert one.state(queue="sample")["next"] == sampled[1]
    assert one.point(sampled[-1], queue="sample")["next"] is None


# By command


def test_an_event_that_cannot_be_reviewed_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"it has no points\.parquet"):
        lay_out(tmp_path, ledger=None, sampled=20, blind=False)


def test_by_command_it_prints_its_address_keeps_answers_and_says_nothing_of_the_notes(prepared: Prepared, tmp_path: Path) -> None:
    free = bound(0)
    port = free.getsockname()[1]
    free.close()
    ledger = tmp_path / "c.jsonl"
    words = ["review", "serve", prepared.folder, "--no-browser", "--port", port, "--ledger", ledger, "--reviewer", ANALYST, "--sample", 2]
    command = [sys.executable, "-c", "from pipeline.cli import app; app()", *map(str, words)]
    program = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"}
    )
    try:
        assert program.stdout is not None
        address = program.stdout.readline().strip()
        found = re.fullmatch(rf"http://127\.0\.0\.1:{port}/\?token=([\w-]{{32}})", address)
        assert found, (address, program.poll())
        client = Client.of(port, found[1])
        assert f'data-reviewer="{ANALYST}"' in client.ask("GET", "/")[1]
        assert client.answer(client.point(0), "asb", comment="by the gates")[0] == 200
        client.ask("POST", "/answer", "{" * 100)
        program.send_signal(signal.SIGINT)
        out, err = program.communicate(timeout=30)
    finally:
        program.kill()
    assert (program.returncode, err) == (0, "")
    assert out.splitlines()[-1] == "Ended. Run `themes run` again to see what was decided in the results."
    assert not any(row[-1] in out for row in ROWS)
    assert [d.why for d in read_ledger(ledger).decisions] == ["by the gates"]
