"""What everybody may read to check what we have signed."""

from typing import Any

from flask import Blueprint, Response, jsonify

from lms.access import Permission, allow
from lms.trust import offline, published

trust = Blueprint("trust", __name__)


@trust.get("/.well-known/thao-so-keys.json")
@allow(Permission.PUBLIC)
def key_set() -> Response:
    """Our public keys, those of the past among them."""
    return _public(published.key_set())


@trust.get("/.well-known/did.json")
@allow(Permission.PUBLIC)
def did_document() -> Response:
    """The keys of badges, for whoever resolves our did:web."""
    return _public(published.did_document())


@trust.get("/verify/offline")
@allow(Permission.PUBLIC)
def check_offline() -> Response:
    """A page to be saved: it checks QR symbols without any network."""
    response = Response(offline.page(), mimetype="text/html")
    response.headers["Content-Security-Policy"] = offline.policy()
    return response


def _public(content: dict[str, Any]) -> Response:
    """An answer that programs of other sites may read."""
    response = jsonify(content)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response
