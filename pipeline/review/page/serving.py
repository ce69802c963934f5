"""The page served on this machine alone: its addresses, its socket, its start."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from pipeline.errors import OutputError, ThemesError
from pipeline.report.style import DARK, LIGHT, PAGE_FONT
from pipeline.review.page import showing
from pipeline.review.page.answering import LONGEST_COMMENT, LONGEST_NAME, Answer, Stale, TakeBack, Unusable, person_of, save, take_back
from pipeline.review.page.desk import Desk
from pipeline.review.page.guard import Guard

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

HOST = "127.0.0.1"
FIRST_PORT, PORTS = 8766, 20  # the same port each time, so that a page left open finds the program again after it was started anew
LARGEST = 64 * 1024  # bytes of a request
_HERE = Path(__file__).parent


def bound(port: int | None = None) -> socket.socket:
    """A socket that listens on this machine alone, on the port given, or else on the first free one of a few.

    Raises
    ------
    OutputError : the port, or every one of the few, is taken.
    """
    for number in range(FIRST_PORT, FIRST_PORT + PORTS) if port is None else (port,):
        made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        # Elsewhere than on Windows this only ends the wait after a program that was killed; there it would share the port.
        exclusive = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)
        made.setsockopt(socket.SOL_SOCKET, exclusive if os.name == "nt" and exclusive else socket.SO_REUSEADDR, 1)
        try:
            made.bind((HOST, number))
            made.listen()
        except OSError:
            made.close()
            continue
        return made
    raise OutputError(
        f"port {port} cannot be used" if port else f"the ports {FIRST_PORT} to {FIRST_PORT + PORTS - 1} are all taken",
        where="--port",
        expected="a port that no other program listens on",
        do="name another one with --port",
    )


def serve(desk: Desk, listening: socket.socket, *, token: str = "", reviewer: str = "", ready: Callable[[str], None]) -> None:
    """Serve the page until the program is ended.

    Parameters
    ----------
    listening : of :func:`bound`.
    token : in the address; '' makes one.
    reviewer : the name that the page begins with.
    ready : told the address.
    """
    import uvicorn

    token = token or secrets.token_urlsafe(24)
    port = listening.getsockname()[1]
    config = uvicorn.Config(
        application(desk, port, token, reviewer),
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    ready(f"http://{HOST}:{port}/?token={token}")
    with suppress(KeyboardInterrupt):  # uvicorn gives it back once the replies in progress are sent
        uvicorn.Server(config).run(sockets=[listening])


def application(desk: Desk, port: int, token: str, reviewer: str = "") -> ASGIApp:
    """The page behind its guard."""
    from starlette.applications import Starlette
    from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
    from starlette.routing import Route

    pages = {
        "/": HTMLResponse(_page(desk, reviewer)),
        "/page.css": Response(_stylesheet(), media_type="text/css"),
        "/page.js": Response((_HERE / "page.js").read_text("utf-8"), media_type="text/javascript"),
    }

    def fixed(request: Request) -> Response:
        return pages[request.url.path]

    def state(request: Request) -> Response:
        return JSONResponse(showing.state(desk, desk.views(), *_asked(request)))

    def point(request: Request) -> Response:
        place = request.path_params["place"]
        if place >= len(desk.items):
            return PlainTextResponse("There is no such point.\n", 404)
        person, queue = _asked(request)
        return JSONResponse(showing.point(desk, desk.views(), person, place, queue))

    async def answer(request: Request) -> Response:
        return await _written(desk, request, Answer, save)

    async def undo(request: Request) -> Response:
        return await _written(desk, request, TakeBack, take_back)

    def told(request: Request, error: Exception) -> Response:
        return PlainTextResponse(f"{error}\n", 503)

    routes = [
        *(Route(path, fixed) for path in pages),
        Route("/state", state),
        Route("/point/{place:int}", point),
        Route("/answer", answer, methods=["POST"]),
        Route("/undo", undo, methods=["POST"]),
    ]
    app = Starlette(routes=routes, exception_handlers={ThemesError: told}, max_body_size=LARGEST)
    return Guard(app, port, token)


def _asked(request: Request) -> tuple[str, str]:
    """The person that asks, and what they work through."""
    queue = request.query_params.get("queue", showing.ALL)
    return person_of(request.query_params.get("reviewer", "")), queue if queue in {showing.ALL, showing.SAMPLE} else showing.ALL


async def _written(desk: Desk, request: Request, kind: type[Any], keep: Callable[[Desk, Any], Any]) -> Response:
    """Keep what was sent, and say what became of it: 200, 400 where it cannot be used, 409 where somebody was quicker."""
    from starlette.concurrency import run_in_threadpool
    from starlette.responses import JSONResponse, PlainTextResponse

    try:
        sent = kind.model_validate_json(await request.body())
    except ValidationError as error:
        fields = sorted({str(fault["loc"][0]) for fault in error.errors() if fault["loc"]})
        return PlainTextResponse(f"It was not saved: it cannot be used ({', '.join(fields) or 'no JSON'}).\n", 400)
    try:
        line = await run_in_threadpool(keep, desk, sent)
    except Unusable as error:
        return PlainTextResponse(f"It was not saved: {error}.\n", 400)
    except Stale:
        return JSONResponse({"stale": True}, 409)
    return JSONResponse({"saved": line.id})


def _page(desk: Desk, reviewer: str) -> str:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    taxonomy = desk.taxonomy
    return environment.get_template("page.html.j2").render(
        title=desk.title,
        blind=desk.blind,
        reviewer=reviewer,
        themes=taxonomy.themes,
        examples={theme.code: taxonomy.examples_of(theme.code)[:3] for theme in taxonomy.themes},
        longest_name=LONGEST_NAME,
        longest_comment=LONGEST_COMMENT,
    )


def _stylesheet() -> str:
    return (
        f":root{{{LIGHT.variables()};--font:{PAGE_FONT}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{{DARK.variables()}}}}}\n"
        f"{(_HERE / 'page.css').read_text('utf-8')}"
    )
