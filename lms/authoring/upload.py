"""A course package that comes as a ZIP: one folder inside, or the files at the top, named after the ZIP."""

from pathlib import PurePosixPath

from lms import archives, text
from lms.catalogue.package import Package, read_files

IGNORED = ("__MACOSX/", ".")


def read_zip(name: str, content: bytes) -> Package:
    """The package in a ZIP. Raises `UnsafeArchive`."""
    files = {
        text.normal(path): data
        for path, data in archives.unzip(content).items()
        if not path.startswith(IGNORED) and not PurePosixPath(path).name.startswith(".")
    }
    tops = {path.split("/", 1)[0] for path in files if "/" in path}
    if len(tops) == 1 and all("/" in path for path in files):
        slug = tops.pop()
        return read_files(slug, {path.removeprefix(f"{slug}/"): data for path, data in files.items()})
    return read_files(text.slug(PurePosixPath(name).stem), files)
