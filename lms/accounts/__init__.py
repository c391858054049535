"""Accounts: sign-in, server-side sessions, first-sign-in codes, and roles granted by scope and period."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.accounts import cli, user, views

    user.init_app(app)
    app.register_blueprint(views.accounts)
    app.cli.add_command(cli.accounts)
