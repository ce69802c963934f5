"""The guard in front of the page: who is let in, and what every reply carries.

The page is served to this machine alone, but any web page that its browser has open may try to reach it. So a request needs a random
token, which stands in the address that is printed and then in a cookie that no script can read and no other site's page can send; the
host it names must be this one, or a name that was turned to this machine would do (DNS rebinding); and what writes must come from this
page (the *Origin* of the Fetch standard) and be JSON, which no form of another site can send.
"""

from __future__ import annotations

import sys
from secrets import compare_digest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": _POLICY,
    "cache-control": "no-store",
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
NO_TOKEN = "This page opens only with the address that `themes review serve` printed when it was started."


class Guard:
    """Lets in what may come in, and refuses the rest with 403.

    Parameters
    ----------
    app : what is guarded.
    port : the one it is served on.
    token : without which nothing is answered.
    """

    def __init__(self, app: ASGIApp, port: int, token: str) -> None:
        self.app, self.token = app, token
        self.hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
        self.cookie = f"themes_review_{port}"  # cookies know no ports

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        from starlette.requests import Request
        from starlette.responses import PlainTextResponse, RedirectResponse

        if scope["type"] != "http":
            return
        started = False

        async def safe(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                own = [(name, value) for name, value in message["headers"] if name.decode() not in HEADERS]
                message = {**message, "headers": [*own, *((name.encode(), value.encode()) for name, value in HEADERS.items())]}
            await send(message)

        request = Request(scope)
        if refused := self._refused(request):
            await PlainTextResponse(f"{refused}\n", 403)(scope, receive, safe)
        elif request.method == "GET" and request.url.path == "/" and request.query_params.get("token") is not None:
            letting_in = RedirectResponse("/", 303)
            letting_in.set_cookie(self.cookie, self.token, httponly=True, samesite="strict")
            await letting_in(scope, receive, safe)
        else:
            try:
                await self.app(scope, receive, safe)
            except Exception as error:  # its words, or those of a traceback, may be those of a note
                sys.stderr.write(f"A fault of the program: {_where(error)}\n")
                if not started:
                    await PlainTextResponse("A fault of the program; nothing was saved.\n", 500)(scope, receive, safe)

    def _refused(self, request: object) -> str:
        """Why a request is refused, '' if it is not."""
        from starlette.requests import Request

        assert isinstance(request, Request)
        host = request.headers.getlist("host")
        if len(host) != 1 or host[0].lower() not in self.hosts:
            return "Refused: another host was asked for."
        token = request.query_params.get("token") if request.url.path == "/" else None
        if token is None:
            token = request.cookies.get(self.cookie, "")
        if not compare_digest(token.encode(), self.token.encode()):
            return NO_TOKEN
        if request.method not in {"GET", "HEAD"}:
            if request.headers.getlist("origin") != [f"http://{host[0].lower()}"]:
                return "Refused: it does not come from this page."
            if request.headers.get("content-type", "").split(";")[0] != "application/json":
                return "Refused: it is not JSON."
        return ""


def _where(error: BaseException) -> str:
    """The kind of an error and the line of the program that it arose in."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{type(error).__name__} in {trace.tb_frame.f_code.co_qualname}, line {trace.tb_lineno}" if trace else type(error).__name__
