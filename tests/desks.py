"""A desk of a small, made-up event, its page served by a process that can be killed, and a client that is no browser."""

from __future__ import annotations

import http.client
import json
import multiprocessing
import socket
import threading
import uuid
from pathlib import Path
from typing import Any

from office import Office

from pipeline.corrections import Decision, read_ledger
from pipeline.embed import Encoder
from pipeline.label import Labeller
from pipeline.review.page import Desk, bound, serve
from pipeline.review.page.desk import desk_of
from pipeline.review.ranking import Ranked, ranked
from pipeline.store import read_event

TOKEN = "the-token-of-this-test"
ANALYST, READER = "A. Analyst", "B. Reader"


class Prepared:
    """The run of an event and its ranked points, to make desks of."""

    def __init__(self, place: Path, encoder: Encoder, labeller: Labeller) -> None:
        Office(place).run()
        self.folder, self.labeller = place / "out" / "evening", labeller
        self.result = read_event(self.folder)
        self.rows: list[Ranked] = ranked(self.result, (encoder, labeller), lambda stage, done, total: None)

    def desk(self, ledger: Path, *, blind: bool = False, sampled: int = 4) -> Desk:
        return desk_of(self.result, self.rows, self.labeller.taxonomy, self.labeller.settings, ledger, sampled=sampled, blind=blind)


class Served:
    """A page in a process of its own; ``again`` starts it anew at the same port."""

    def __init__(self, desk: Desk, token: str = TOKEN, reviewer: str = "") -> None:
        self.desk, self.token, self.reviewer, self.port = desk, token, reviewer, 0
        self.start()

    def start(self) -> None:
        listening = bound(self.port)
        self.port = listening.getsockname()[1]
        # The models are in memory already, so the process is a copy of this one. It is made in a thread of its own, because the thread
        # of a browser's test has an event loop, which would be copied too.
        context = multiprocessing.get_context("fork")
        self.process = context.Process(target=_serve, args=(self.desk, listening, self.token, self.reviewer), daemon=True)
        thread = threading.Thread(target=self.process.start)
        thread.start()
        thread.join()
        listening.close()

    def kill(self) -> None:
        self.process.kill()
        self.process.join(10)

    def again(self, token: str = "another-token") -> None:
        self.token = token
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def decisions(self) -> tuple[Decision, ...]:
        return read_ledger(self.desk.ledger).decisions


def _serve(desk: Desk, listening: socket.socket, token: str, reviewer: str) -> None:
    serve(desk, listening, token=token, reviewer=reviewer, ready=lambda address: None)


class Client:
    """One who speaks to the page without a browser, as a program of another's might."""

    def __init__(self, served: Served, reviewer: str = ANALYST) -> None:
        self._begin(served.port, served.token, reviewer)

    @classmethod
    def of(cls, port: int, token: str, reviewer: str = ANALYST) -> Client:
        """A client of a program that was started by command."""
        made = cls.__new__(cls)
        made._begin(port, token, reviewer)
        return made

    def _begin(self, port: int, token: str, reviewer: str) -> None:
        self.port, self.reviewer = port, reviewer
        self.headers: dict[str, str | None] = {
            "Host": f"127.0.0.1:{port}",
            "Cookie": f"themes_review_{port}={token}",
            "Origin": f"http://127.0.0.1:{port}",
            "Content-Type": "application/json",
        }

    def ask(self, method: str, path: str, body: Any = None, **changed: str | None) -> tuple[int, str, dict[str, str]]:
        """Status, text and headers of a reply; a header given as None is left out."""
        headers = {**self.headers, **{name.replace("_", "-"): value for name, value in changed.items()}}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.putrequest(method, path, skip_host=True)
            sent = (body if isinstance(body, str) else json.dumps(body)).encode() if body is not None else b""
            for name, value in {**headers, "Content-Length": str(len(sent))}.items():
                if value is not None:
                    connection.putheader(name, value)
            connection.endheaders(sent)
            reply = connection.getresponse()
            return reply.status, reply.read().decode(), {name.lower(): value for name, value in reply.getheaders()}
        finally:
            connection.close()

    def get(self, path: str, **query: str) -> Any:
        words = "&".join(f"{key}={value.replace(' ', '%20')}" for key, value in {"reviewer": self.reviewer, **query}.items())
        status, text, _ = self.ask("GET", f"{path}?{words}")
        assert status == 200, (status, text)
        return json.loads(text)

    def state(self, **query: str) -> Any:
        return self.get("/state", **query)

    def point(self, place: int, **query: str) -> Any:
        return self.get(f"/point/{place}", **query)

    def answer(self, point: dict[str, Any], *codes: str, said: str = "codes", **more: Any) -> tuple[int, str]:
        body = {"once": str(uuid.uuid4()), "reviewer": self.reviewer, "point": point["point"], "said": said, "codes": codes,
                "seen": point["seen"], **more}  # fmt: skip
        return self.ask("POST", "/answer", body)[:2]

    def undo(self, decision: str, **more: Any) -> tuple[int, str]:
        return self.ask("POST", "/undo", {"once": str(uuid.uuid4()), "reviewer": self.reviewer, "decision": decision, **more})[:2]
