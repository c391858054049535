"""The page that a person saves to a phone: words, style, script and public keys in one file that asks nobody for anything."""

import json
from base64 import b64encode
from functools import cache
from hashlib import sha256

from flask import current_app, render_template

from lms import assets, clock
from lms.trust import keys, symbol

SHEETS = ("tokens", "base", *(f"components/{name}" for name in ("button", "facts", "form", "notice", "page_head")))
SCRIPT = "offline/check.js"


def page() -> str:
    """The whole file."""
    words = render_template(
        "trust/check_offline.html", known=json.dumps(known()), home=current_app.config["BASE_URL"], day=clock.today()
    )
    guard = f'<meta http-equiv="Content-Security-Policy" content="{policy()}">'
    head = f"{guard}\n<style>{_style()}</style>\n</head>"
    body = f'<script type="module">{_script()}</script>\n</body>'
    return words.replace("</head>", head, 1).replace("</body>", body, 1)


def policy() -> str:
    """What the file may do: run its own script, use its own style, and nothing else."""
    return f"default-src 'none'; script-src '{_hash(_script())}'; style-src '{_hash(_style())}'; base-uri 'none'"


def known() -> dict[str, object]:
    """What the script knows: our keys, the letters of symbols, and where to ask when there is a network."""
    keys.signing_key(symbol.PURPOSE)
    return {
        "keys": [
            {"kid": key.kid, "x": keys.encoded(key.public), "distrusted": key.distrusted_at is not None}
            for key in keys.public_keys(symbol.PURPOSE)
        ],
        "letters": symbol.ALPHABET,
        "context": symbol.CONTEXT.decode(),
        "home": current_app.config["BASE_URL"],
    }


@cache
def _style() -> str:
    folder = assets.present().static
    return "\n".join((folder / f"{name}.css").read_text("utf-8") for name in SHEETS)


@cache
def _script() -> str:
    return (assets.present().static / SCRIPT).read_text("utf-8")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
