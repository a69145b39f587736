"""Security headers for every response; rejects oversized bodies and unknown hosts."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 1 << 20
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}
_TOO_LARGE = b"What was sent is too large. Send less at once.\n"
_WRONG_HOST = b"This address is not one of the clinic's. Use the one you were given.\n"


class Guard:
    """Wraps the application. hosts: the names that it answers to."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str], https: bool) -> None:
        self._app = app
        self._hosts = hosts
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        send_with_headers = self._adding_headers(scope["path"], send)
        if _host(headers.get(b"host", b"")) not in self._hosts:
            await _refuse(send_with_headers, 421, _WRONG_HOST)
            return
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > LARGEST:
            await _refuse(send_with_headers, 413, _TOO_LARGE)
            return
        await self._app(scope, _counted(receive), send_with_headers)

    def _adding_headers(self, path: str, send: Send) -> Send:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if not path.startswith("/assets/"):
                    headers.setdefault("Cache-Control", "no-store")
                if self._https:
                    headers["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        return send_with_headers


def _counted(receive: Receive) -> Receive:
    """The same, as long as no more comes than is allowed; a body sent in pieces names no length."""
    received_n = 0

    async def counted() -> Message:
        nonlocal received_n
        message = await receive()
        received_n += len(message.get("body", b""))
        if received_n > LARGEST:
            raise HTTPException(413)
        return message

    return counted


def _host(header: bytes) -> str:
    """The name in a Host header, without its port."""
    host = header.decode("latin-1").lower()
    if host.startswith("["):
        return host.partition("]")[0].removeprefix("[")
    return host.partition(":")[0]


async def _refuse(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
