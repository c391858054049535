"""Certificates: issue with gapless numbers, draw, keep unchanged, verify in public, revoke with a reason."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.certificates import tasks, views

    assert tasks
    app.register_blueprint(views.certificates)
