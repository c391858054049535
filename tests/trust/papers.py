"""Small papers to sign, and installations with keys of their own."""

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from flask import Flask


def fresh(app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch, **settings: object) -> None:
    """The application with no keys yet, and these settings."""
    monkeypatch.setitem(app.config, "INSTANCE_PATH", str(folder))
    for name, value in settings.items():
        monkeypatch.setitem(app.config, name, value)


def paper(words: str = "Giay", *, plain: bool = True) -> bytes:
    """A PDF of one page; without `plain` its objects lie in compressed streams, as no press of ours writes them."""
    file = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.pages[0].Contents = pdf.make_stream(f"BT ({words}) Tj ET".encode())
        mode = pikepdf.ObjectStreamMode.disable if plain else pikepdf.ObjectStreamMode.generate
        pdf.save(file, static_id=True, object_stream_mode=mode)
    return file.getvalue()
