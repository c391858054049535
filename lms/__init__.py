"""Thạo Số: the application is put together here, and only here."""

import logging
import secrets
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from lms import access, cli, db, forms, pages
from lms.access import Permission
from lms.config import ROOT, Settings
from lms.mail import rules as mail_rules
from lms.pages import NavEntry

MENU = (
    NavEntry("nav.home", "study.home", Permission.OWN),
    NavEntry("nav.courses", "discovery.index", Permission.OWN),
    NavEntry("nav.my-goal", "goals.mine", Permission.OWN),
    NavEntry("nav.my-certificates", "certificates.mine", Permission.OWN),
    NavEntry("nav.units", "network.units", Permission.READ_PEOPLE),
    NavEntry("nav.people", "network.people", Permission.READ_PEOPLE),
    NavEntry("nav.imports", "network.imports", Permission.IMPORT_PEOPLE),
    NavEntry("nav.claims", "recognition.claims", Permission.REVIEW_EVIDENCE),
    NavEntry("nav.decisions", "recognition.decisions", Permission.DECIDE),
    NavEntry("nav.teach", "teaching.home", Permission.TEACH),
    NavEntry("nav.marking", "marking.queue", Permission.TEACH, in_account_menu=True),
    NavEntry("nav.my-competencies", "competencies.my_profile", Permission.OWN, in_account_menu=True),
    NavEntry("nav.my-account", "accounts.mine", Permission.OWN, in_account_menu=True),
    NavEntry("nav.exports", "exports.mine", Permission.EXPORT, in_account_menu=True),
    NavEntry("nav.policies", "policies.index", Permission.WRITE_POLICIES, in_account_menu=True),
    NavEntry("nav.grants", "accounts.grants", Permission.GRANT_ROLES, in_account_menu=True),
    NavEntry("nav.audit", "reports.audit", Permission.READ_AUDIT, in_account_menu=True),
    NavEntry("nav.reminders", "reminders.log", Permission.CHANGE_SETTINGS, in_account_menu=True),
    NavEntry("nav.federation", "federation.settings", Permission.CHANGE_SETTINGS, in_account_menu=True),
    NavEntry("nav.issuer", "certificates.issuers", Permission.CHANGE_SETTINGS, in_account_menu=True),
)


def create_app(settings: Settings | None = None, **flask_config: Any) -> Flask:
    """The WSGI application for these settings. Raises `UndeclaredView` when a view does not say who may open it."""
    settings = settings or Settings()
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    app = Flask(
        __name__,
        instance_path=str(settings.instance_path.resolve()),
        static_folder=str(ROOT / "static"),
        template_folder=str(ROOT / "templates"),
    )
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("alembic", "fontTools", "pikepdf"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    app.config.update(_flask_config(settings))
    app.config.update(flask_config)
    app.url_map.converters["int"] = pages.Number
    db.init_app(app)
    pages.init_app(app, MENU)
    forms.csrf.init_app(app)
    _register_packages(app)
    cli.init_app(app)
    access.guard(app)
    access.require_declarations(app)
    if settings.behind_tls:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    return app


def _register_packages(app: Flask) -> None:
    from lms import (
        accounts,
        analysis,
        authoring,
        awarding,
        banks,
        catalogue,
        certificates,
        coach,
        competencies,
        demo,
        discovery,
        exchange,
        exports,
        federation,
        goals,
        marking,
        network,
        plans,
        policies,
        quizzes,
        recognition,
        regrading,
        reminders,
        reports,
        study,
        surveys,
        teaching,
        trust,
        yearbooks,
        yearend,
    )

    standing_on_people = (
        network,
        accounts,
        catalogue,
        goals,
        trust,
        certificates,
        authoring,
        recognition,
        policies,
        competencies,
    )
    writing = (exchange, coach, banks, marking, regrading, analysis, surveys, teaching)
    reporting = (reports, exports, federation, reminders, plans, yearend)
    for package in (*standing_on_people, yearbooks, awarding, quizzes, study, discovery, *writing, *reporting, demo):
        package.init_app(app)


def _flask_config(settings: Settings) -> dict[str, Any]:
    secure = settings.behind_tls
    return {
        "SECRET_KEY": settings.secret_key.get_secret_value() or _kept_secret(settings.instance_path),
        "SQLALCHEMY_ENGINES": {"default": db.engine_options(settings.database)},
        "ALEMBIC": {"script_location": str(ROOT / "migrations"), "file_template": "%%(rev)s_%%(slug)s"},
        "INSTANCE_PATH": str(settings.instance_path.resolve()),
        "COURSES_PATH": str(settings.courses_path.resolve()),
        "MAIL_URL": settings.mail_url,
        "MAIL_FROM": settings.mail_from,
        "MAIL_HOURS": mail_rules.hours(settings.mail_quiet_hours, settings.mail_quiet_days),
        "REMINDER_WEEKDAY": settings.reminder_weekday,
        "SIGNING_FILE": settings.signing_file,
        "SIGNING_PASSWORD": settings.signing_password,
        "SIGNING_MODULE": settings.signing_module,
        "SIGNING_TOKEN": settings.signing_token,
        "SIGNING_LABEL": settings.signing_label,
        "SIGNING_LONG_TERM": settings.signing_long_term,
        "TIMESTAMP_URL": settings.timestamp_url,
        "PUBLIC_COURSES": settings.public_courses,
        "BASE_URL": settings.base_url.rstrip("/"),
        "BEHIND_TLS": secure,
        "DEFAULT_LOCALE": settings.default_locale,
        "SESSION_DAYS": settings.session_days,
        "TRUSTED_HOSTS": settings.trusted_hosts or None,
        "MAX_CONTENT_LENGTH": settings.upload_megabytes * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "SESSION_COOKIE_NAME": "__Host-thaoso" if secure else "thaoso",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _kept_secret(folder: Path) -> str:
    """A random key kept in the instance folder, so that a set-up without SECRET_KEY survives a restart."""
    path = folder / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()
