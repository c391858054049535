"""The private link of an export: signed, for one account, until a day."""

from typing import Any

from flask import current_app, url_for
from itsdangerous import BadData, URLSafeSerializer

from lms.exports.models import Export


def link(export: Export) -> str:
    """Where the account that asked takes the file out."""
    return url_for("exports.file", export_id=export.id, code=_signer().dumps(_said(export)))


def is_good(export: Export, code: str) -> bool:
    """Whether a link was made for this file and this account. How long it is good, the export says."""
    try:
        return bool(_signer().loads(code) == _said(export))
    except BadData:
        return False


def _said(export: Export) -> list[Any]:
    return [export.id, export.account_id, export.sha256]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="exports.link")
