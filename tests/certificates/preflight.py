"""Apache PDFBox Preflight, a validator of PDF/A-1b that Debian has, asked about files of PDF/A-2b.

A file is given to it as one of part 1. Then it finds what part 2 (ISO 19005-2) allows beyond part 1, and nothing else.
"""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

JARS = [
    Path("/usr/share/java") / f"{name}.jar"
    for name in ("preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "javax.activation", "jaxb-api")
]
SECOND, FIRST = b"<pdfaid:part>2", b"<pdfaid:part>1"
ALLOWED = (
    "Invalid version of the ICCProfile",  # 6.2.4.2: profiles of version 4.
    "Soft Mask must be null or None",  # 6.2.10: transparency.
    "The CIDSet entry is missing for the Composite Subset",  # 6.2.11.4.2: it may be absent.
)
INVISIBLE, OF_NO_SIZE = "widget annotation lacks an appearance dictionary", b"/Rect [0 0 0 0]"
"""6.3.3: a signature that is not shown needs no picture."""


def is_there() -> bool:
    """Whether it is installed (libpdfbox2-java, libactivation-java, libjaxb-api-java, a Java)."""
    return all(jar.is_file() for jar in JARS)


def faults(files: Mapping[str, bytes], folder: Path) -> dict[str, list[str]]:
    """What it finds in some files by their names. `folder` is empty and takes the files."""
    for name, content in files.items():
        assert content.count(SECOND) == 1, name
        (folder / f"{name}.pdf").write_bytes(content.replace(SECOND, FIRST))
    classes = ":".join(map(str, JARS))
    command = ["java", "-cp", classes, "org.apache.pdfbox.preflight.Validator_A1b", "xml", "batch", str(folder)]
    subprocess.run(command, check=False, capture_output=True, timeout=120)
    return {name: _faults(content, folder / f"{name}.pdf.preflight.xml") for name, content in files.items()}


def _faults(content: bytes, report: Path) -> list[str]:
    tree = ElementTree.parse(report)
    assert tree.find("isValid") is not None, report.read_text()
    allowed = (*ALLOWED, INVISIBLE) if OF_NO_SIZE in content else ALLOWED
    found = (error.findtext("details", "") for error in tree.iter("error"))
    return [fault for fault in found if not any(words in fault for words in allowed)]
