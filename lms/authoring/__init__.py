"""The trainer's desk: drafts, their editor and review, publishing, versions and what differs between them."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.authoring import (
        draft_views,
        publishing_views,
        review_views,
        revision_views,
        tasks,
        version_views,
        views,
    )

    assert draft_views
    assert publishing_views
    assert review_views
    assert revision_views
    assert tasks
    assert version_views
    app.register_blueprint(views.authoring)
