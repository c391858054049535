"""The trainer's desk: drafts, their editor and review, publishing, versions and what differs between them."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.authoring import (
        bank_item_views,
        bank_views,
        draft_views,
        editor_views,
        export_views,
        import_views,
        lesson_views,
        preview_views,
        publishing_views,
        question_views,
        review_views,
        revision_views,
        tasks,
        version_views,
        views,
    )

    assert bank_item_views
    assert bank_views
    assert draft_views
    assert editor_views
    assert export_views
    assert import_views
    assert lesson_views
    assert preview_views
    assert publishing_views
    assert question_views
    assert review_views
    assert revision_views
    assert tasks
    assert version_views
    app.register_blueprint(views.authoring)
