"""The policy desk: drafts as form and text, the dry run that names everybody concerned, publishing and taking back."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.policies import draft_views, dry_run_views, tasks, views

    assert tasks and draft_views and dry_run_views
    app.register_blueprint(views.policies)
