"""The catalogue: published courses by version, their parsing, checking, rendering and search."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.catalogue import cli, views

    app.register_blueprint(views.catalogue)
    app.cli.add_command(cli.courses)
