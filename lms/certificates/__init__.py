"""Certificates: a register without gaps, papers that never change, what is done with them later, and verifying in public."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.certificates import design_views, issuer_views, register_views, tasks, views

    assert tasks and design_views and issuer_views and register_views
    app.register_blueprint(views.certificates)
