"""A real Chromium against the demo, served in this process."""

import contextlib
import fcntl
import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from lms import create_app
from lms.access import Role
from lms.clock import today
from lms.config import Settings
from lms.db import db
from lms.network import queries as network
from tests.people import PASSWORD, account, person

CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE, DESK = {"width": 360, "height": 780}, {"width": 1280, "height": 900}

SignedIn = Callable[..., Page]
T = TypeVar("T")


def chromium() -> str | None:
    """The Chromium of this machine."""
    return next((path for name in CHROMIUMS if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            if chromium() is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine: the browser tests did not run"))


def inside(app: Flask, act: Callable[[], T]) -> T:
    """What `act` gives inside the application: in a thread of its own, since Playwright's runs an event loop."""

    def run() -> T:
        with app.app_context():
            return act()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application with the demo, on a SQLite of its own: a copy of the one that the first worker built."""
    here = tmp_path_factory.getbasetemp()
    first = (here.parent if "PYTEST_XDIST_WORKER" in os.environ else here) / "demo"
    with first.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not first.exists():
            _build(first.with_suffix(".begun")).rename(first)
    return _application(shutil.copytree(first, here / "demo-of-browsers"))


def _build(folder: Path) -> Path:
    app = _application(folder)
    runner = app.test_cli_runner(catch_exceptions=False)
    for command in (["migrate"], ["assets", "build"], ["demo"]):
        runner.invoke(args=command)
    with app.app_context():
        db.engine.dispose()
    return folder


def _application(folder: Path) -> Flask:
    return create_app(Settings(_env_file=None, instance_path=folder, secret_key="browser"))


@pytest.fixture(scope="session")
def another_trainer(demo: Flask) -> None:
    """Lan teaches in Đà Nẵng beside Chi, and may approve what Chi wrote."""

    def arrive() -> None:
        account(person("Đỗ Thị Lan", "lan"), Role.TRAINER, network.unit_id_by_code("48", today()))
        db.session.commit()

    inside(demo, arrive)


@pytest.fixture(scope="session")
def address(demo: Flask) -> Iterator[str]:
    """Where the demo is served."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, demo, threaded=True)
    demo.config["BASE_URL"] = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield demo.config["BASE_URL"]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
        yield opened
        opened.close()


@pytest.fixture
def signed_in(browser: Browser, address: str) -> Iterator[SignedIn]:
    """`signed_in("an")` is a page of a new window in which An has signed in."""
    windows: list[BrowserContext] = []

    def open_window(code: str | None = None, *, size: dict[str, int] = PHONE, **options: str) -> Page:
        window = browser.new_context(base_url=address, viewport=size, locale="vi-VN", **options)
        windows.append(window)
        page = window.new_page()
        if code:
            page.goto("/sign-in")
            page.fill("#login", code)
            page.fill("#secret", PASSWORD)
            page.click("main button[type=submit]")
            page.wait_for_url("**/")
        return page

    yield open_window
    for window in windows:
        with contextlib.suppress(Exception):
            window.close()
