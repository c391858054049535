"""Trust: the keys of this installation, signed PDFs, and signed words that others check without asking us."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.trust import cli, views

    app.register_blueprint(views.trust)
    app.cli.add_command(cli.keys_group)
