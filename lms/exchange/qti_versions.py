"""The versions of QTI that are written, by their names in files. The names are those of the 1EdTech specifications."""

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

XSI = "http://www.w3.org/2001/XMLSchema-instance"
LOM = "http://ltsc.ieee.org/xsd/LOM"
HTML = {"p", "br", "strong", "em", "code", "img", "dl", "dt", "dd", "span"}
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
WITH_BODY = {"modalFeedback", "rubricBlock"}
"""Elements whose words stand in a `qti-content-body` of their own since 3.0."""


@dataclass(frozen=True)
class Version:
    """Names of a version: of its items, of its packages, and of its templates of response processing."""

    code: str
    namespace: str
    schema_address: str
    package_namespace: str
    package_schema: str
    package_version: str
    item_type: str
    templates: str

    def template(self, name: str) -> str:
        """The address of a standard template of response processing."""
        return f"{self.templates}{name}{'.xml' if self.code == '3.0' else ''}"


VERSIONS = {
    version.code: version
    for version in (
        Version(
            "2.1",
            "http://www.imsglobal.org/xsd/imsqti_v2p1",
            "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
            "http://www.imsglobal.org/xsd/imscp_v1p1",
            "QTIv2.1 Package",
            "1.0.0",
            "imsqti_item_xmlv2p1",
            "http://www.imsglobal.org/question/qti_v2p1/rptemplates/",
        ),
        Version(
            "2.2",
            "http://www.imsglobal.org/xsd/imsqti_v2p2",
            "http://www.imsglobal.org/xsd/qti/qtiv2p2/imsqti_v2p2.xsd",
            "http://www.imsglobal.org/xsd/imscp_v1p1",
            "QTIv2.2 Package",
            "1.0.0",
            "imsqti_item_xmlv2p2",
            "http://www.imsglobal.org/question/qti_v2p2/rptemplates/",
        ),
        Version(
            "3.0",
            "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
            "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
            "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
            "QTI Package",
            "3.0.0",
            "imsqti_item_xmlv3p0",
            "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/",
        ),
    )
}


def plain_name(name: str) -> str:
    """`responseDeclaration` of 2.x and `qti-response-declaration` of 3.0 under one name."""
    return name.removeprefix("qti-").replace("-", "").lower()


def as_version(root: Element, version: Version) -> Element:
    """The item under the names of its version, with the namespace at its root."""
    if version.code == "3.0":
        for element in list(root.iter()):
            if element.tag in WITH_BODY:
                _with_content_body(element)
        for element in root.iter():
            if element.tag not in HTML:
                element.tag = f"qti-{_kebab(element.tag)}"
                for name in list(element.attrib):
                    element.attrib[_kebab(name)] = element.attrib.pop(name)
    root.set("xmlns", version.namespace)
    root.set("xmlns:xsi", XSI)
    root.set("xsi:schemaLocation", f"{version.namespace} {version.schema_address}")
    return root


def _with_content_body(element: Element) -> None:
    inner = list(element)
    for child in inner:
        element.remove(child)
    SubElement(element, "contentBody").extend(inner)


def _kebab(name: str) -> str:
    return CAMEL.sub("-", name).lower()
