"""What every page shares: language and text size, the menu, filters, the style sheet, headers, and error pages."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from http import HTTPStatus
from typing import TypeVar

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from flask_login import current_user
from sqlalchemy.exc import NoResultFound, OperationalError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.routing import IntegerConverter
from werkzeug.wrappers import Response as BaseResponse

from lms import assets, clock, language, text
from lms.access import Permission, allow
from lms.assets import asset, present

pages = Blueprint("pages", __name__)

ERRORS_WITH_WORDS = {400, 403, 404, 405, 409, 410, 413, 429, 500, 503}
TEXT_SIZES = ("1", "2", "3")
DAY_SECONDS, YEAR_SECONDS = 86_400, 31_536_000
TEXTS, FEWEST_TO_PACK = {"text/css", "text/javascript", "image/svg+xml"}, 1000

T = TypeVar("T")


class Number(IntegerConverter):
    """A number in a URL, written in one way only: no zero in front, no digits of other scripts, nothing huge."""

    regex = "[1-9][0-9]{0,8}"


@dataclass(frozen=True)
class NavEntry:
    """A line of a menu: shown to whoever holds the permission. `key` is a message key."""

    key: str
    endpoint: str
    permission: Permission
    in_account_menu: bool = False

    @property
    def text(self) -> str:
        return language.gettext(self.key)

    @cached_property
    def href(self) -> str:
        return url_for(self.endpoint)

    @property
    def is_current(self) -> bool:
        return request.endpoint == self.endpoint or request.path.startswith(f"{self.href}/")


def init_app(app: Flask, menu: tuple[NavEntry, ...]) -> None:
    """Attach the shared parts of pages to `app`; `menu` lists the entries of both menus."""
    app.register_blueprint(pages)
    assets.init_app(app)
    app.before_request(_start_page)
    app.after_request(_add_headers)
    app.register_error_handler(HTTPException, _show_error)
    app.register_error_handler(NoResultFound, lambda _error: _show_error(_abortable(404)))
    app.register_error_handler(OperationalError, _storage_unavailable)
    app.register_error_handler(Exception, _show_failure)
    env = app.jinja_env
    env.add_extension("jinja2.ext.do")
    env.trim_blocks = env.lstrip_blocks = True
    env.globals.update(_=language.gettext, asset=asset, csp_nonce=csp_nonce, given_name=text.given_name)
    env.filters.update(
        date=language.format_date,
        isodate=language.format_iso_date,
        last_day=lambda day: language.format_date(day - timedelta(days=1)),
        instant=language.format_instant,
        number=language.format_number,
        percent=language.format_percent,
        role_words=language.role_words,
    )

    @app.context_processor
    def shared() -> dict[str, object]:
        user = current_user._get_current_object()
        entries = [entry for entry in menu if user.holds(entry.permission)]
        return {
            "user": user,
            "nav": [entry for entry in entries if not entry.in_account_menu],
            "account_nav": [entry for entry in entries if entry.in_account_menu],
            "locale": language.locale(),
            "text_size": _choice("text_size", TEXT_SIZES, "1"),
            "stylesheet_url": present().stylesheet_url,
            "web_fonts": present().fonts,
            "share_card": present().has_share_card,
        }


def page_of(found: Sequence[T], size: int) -> tuple[Sequence[T], T | None]:
    """Of rows that were asked for with one more than a page holds: the page, and its last row when there are more."""
    shown = found[:size]
    return shown, shown[-1] if len(found) > size else None


@pages.post("/display")
@allow(Permission.PUBLIC)
def display() -> BaseResponse:
    """Remember the reader's text size and language in cookies."""
    response = redirect(local_target(request.form.get("next")))
    for name, allowed in (("text_size", TEXT_SIZES), ("lang", language.LOCALES)):
        if (value := request.form.get(name)) in allowed:
            response.set_cookie(name, str(value), max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure)
    return response


@pages.get("/display")
@allow(Permission.PUBLIC)
def display_choice() -> str:
    """Text size and language on a page of its own, for pages that set no cookie."""
    return render_template("pages/display_choice.html", next=local_target(request.args.get("next")))


@pages.get("/assets/style-<digest>.css")
@allow(Permission.PUBLIC)
def stylesheet(digest: str) -> Response:
    """All our CSS as one file, cached for good under its hash."""
    if digest != present().digest:
        abort(404)
    return _kept_for_good(Response(present().stylesheet, mimetype="text/css"))


@pages.get("/assets/fonts/<path:filename>")
@allow(Permission.PUBLIC)
def font(filename: str) -> BaseResponse:
    """A web font made by `flask assets build`."""
    return send_from_directory(present().fonts_folder, filename, mimetype="font/woff2", max_age=YEAR_SECONDS)


@pages.get("/assets/share.png")
@allow(Permission.PUBLIC)
def share_card() -> BaseResponse:
    """The picture that a shared link shows."""
    card = assets.share_card(current_app)
    return send_from_directory(card.parent.absolute(), card.name, max_age=DAY_SECONDS)


@pages.get("/health")
@allow(Permission.PUBLIC)
def health() -> str:
    """For the proxy: the process answers."""
    return "ok"


def local_target(target: str | None) -> str:
    """A path on this site to which a redirect may go, else the start page."""
    path = (target or "").replace("\\", "/")
    is_local = path.startswith("/") and not path.startswith("//") and path.isprintable()
    return path if is_local else url_for("study.home")


def after_key() -> tuple[str, int] | None:
    """Where a list goes on: the (sort key, id) of the last line of the page before, from `?after=key~id`."""
    key, _, last_id = request.args.get("after", "").rpartition("~")
    return (key, int(last_id)) if re.fullmatch(Number.regex, last_id) else None


def asked_year() -> int:
    """The year in `?year=` or the form, else the present one; 404 for years that nobody keeps."""
    year = request.values.get("year", default=clock.today().year, type=int)
    if not 1990 <= year <= 2200:
        abort(404)
    return year


def asked_id(name: str) -> int | None:
    """The id in a query parameter, or None when it is no number of ours."""
    value = request.args.get(name, "")
    return int(value) if re.fullmatch(Number.regex, value) else None


def csp_nonce() -> str:
    """The nonce of this answer's scripts, made when first asked for."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(12)
    nonce: str = g.csp_nonce
    return nonce


def allow_framing() -> None:
    """This answer may stand in a frame of our own pages: for what is shown inside another page, such as a preview."""
    g.is_framed = True


def _choice(cookie: str, allowed: tuple[str, ...], default: str) -> str:
    value = request.cookies.get(cookie, default)
    return value if value in allowed else default


def _start_page() -> None:
    g.request_id = secrets.token_hex(8)
    language.speak(_choice("lang", language.LOCALES, current_app.config["DEFAULT_LOCALE"]))
    if "\0" in request.path or b"%00" in request.query_string:
        abort(400)  # PostgreSQL knows no such character, and nobody types it.


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _content_security_policy())
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("X-Frame-Options", "SAMEORIGIN" if "is_framed" in g else "DENY")
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers["X-Request-Id"] = g.get("request_id", "-")
    if current_app.config["BEHIND_TLS"]:
        headers["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"
    if request.endpoint == "static" and "v" in request.args:
        return _kept_for_good(response)
    if "Cache-Control" not in headers or response.cache_control.no_cache:
        headers["Cache-Control"] = "no-store"
    return response


def _kept_for_good(response: Response) -> Response:
    """An answer whose address names its content."""
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    return _packed(response)


def _packed(response: Response) -> Response:
    """A public text as gzip where the browser takes it. Pages are left to the proxy: they hold what is somebody's own."""
    if response.mimetype in TEXTS:
        response.vary.add("Accept-Encoding")
    is_taken = request.accept_encodings["gzip"] > 0 and response.status_code == HTTPStatus.OK
    if response.mimetype not in TEXTS or not is_taken:
        return response
    response.direct_passthrough = False
    content = response.get_data()
    if request.method == "GET" and len(content) >= FEWEST_TO_PACK:
        response.set_data(present().packed(request.full_path, content))
        response.headers["Content-Encoding"] = "gzip"
        del response.headers["ETag"]
    return response


def _content_security_policy() -> str:
    script = f"'self' 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else "'self'"
    framed_by = "'self'" if "is_framed" in g else "'none'"
    return (
        f"default-src 'none'; script-src {script}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "media-src 'self'; frame-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {framed_by}"
    )


def _show_error(error: HTTPException) -> tuple[str, int] | BaseResponse:
    # For an unknown host we have no addresses, hence no page.
    if error.response is not None or error.code is None or error.code < 400 or isinstance(error, SecurityError):
        return error.get_response()
    code = error.code if error.code in ERRORS_WITH_WORDS else (400 if error.code < 500 else 500)
    return _error_page(code, error.code)


def _show_failure(error: Exception) -> tuple[str, int]:
    if current_app.testing:
        raise error
    current_app.logger.exception("request %s failed", g.get("request_id"))
    return _error_page(500, 500)


def _storage_unavailable(error: OperationalError) -> tuple[str, int]:
    current_app.logger.exception("storage: request %s", g.get("request_id"))
    return _error_page(503, 503)


def _error_page(words: int, status: int) -> tuple[str, int]:
    if status >= 500:  # The page must not ask the database who is reading it.
        g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]
    title, advice = language.gettext(f"error.{words}.title"), language.gettext(f"error.{words}.advice")
    page = render_template("errors/error.html", code=status, title=title, advice=advice, request_id=g.get("request_id"))
    return page, status


def _abortable(code: int) -> HTTPException:
    error = HTTPException(HTTPStatus(code).phrase)
    error.code = code
    return error
