"""What browsers fetch beside pages: one style sheet, fonts, scripts; each under its hash, so that it is kept."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flask import Flask, current_app, url_for

FACE = (
    '@font-face{{font-family:"Be Vietnam Pro";font-weight:{weight};font-display:swap;'
    'src:url("{address}") format("woff2")}}'
)


@dataclass(frozen=True)
class Assets:
    """The files of one application, read once; addresses are those of the first request's mount point."""

    static: Path
    fonts_folder: Path

    @cached_property
    def stylesheet(self) -> str:
        """All our CSS as one text, the font faces first."""
        faces = [FACE.format(weight=weight, address=address) for weight, address in self.fonts.items()]
        return "\n".join([*faces, self.sheets])

    @cached_property
    def sheets(self) -> str:
        """All our CSS but the font faces: tokens, base, then a sheet for each component."""
        sheets = [
            self.static / "tokens.css",
            self.static / "base.css",
            *sorted((self.static / "components").glob("*.css")),
        ]
        return "\n".join(sheet.read_text("utf-8") for sheet in sheets)

    @cached_property
    def digest(self) -> str:
        return _digest(self.stylesheet.encode())

    @cached_property
    def stylesheet_url(self) -> str:
        return url_for("pages.stylesheet", digest=self.digest)

    @cached_property
    def fonts(self) -> dict[str, str]:
        """Weight → address of the subset fonts; empty until `flask assets build` has run."""
        names = sorted(path.name for path in self.fonts_folder.glob("*.woff2"))
        return {name.rsplit("-", 1)[1].split(".")[0]: url_for("pages.font", filename=name) for name in names}

    @cached_property
    def has_share_card(self) -> bool:
        return (self.fonts_folder.parent / "share.png").exists()

    @cached_property
    def _packed(self) -> dict[str, bytes]:
        return {}

    def packed(self, address: str, content: bytes) -> bytes:
        """What is kept for good under an address, as gzip; packed once."""
        if address not in self._packed:
            self._packed[address] = gzip.compress(content, mtime=0)
        return self._packed[address]

    @cached_property
    def files(self) -> dict[str, str]:
        """Address of every file in static/ by its path."""
        paths = [path for path in self.static.rglob("*") if path.is_file()]
        names = {path.relative_to(self.static).as_posix(): _digest(path.read_bytes()) for path in paths}
        return {name: url_for("static", filename=name, v=digest) for name, digest in names.items()}


def init_app(app: Flask) -> None:
    app.extensions["assets"] = Assets(Path(app.static_folder or ""), fonts_folder(app))


def present() -> Assets:
    """The assets of the present application."""
    found: Assets = current_app.extensions["assets"]
    return found


def fonts_folder(app: Flask) -> Path:
    return Path(app.config["INSTANCE_PATH"]) / "assets" / "fonts"


def share_card(app: Flask) -> Path:
    """The picture that a shared link shows; it is there once `flask assets build` has run."""
    return fonts_folder(app).parent / "share.png"


def asset(path: str) -> str:
    """The address of a file in static/, with its content hash."""
    return present().files[path]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
