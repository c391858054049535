"""Where everything stands on A4: one place for the coordinates of each orientation, with one language and with two.

Points from the bottom left; texts stand on their baseline, columns are given by their middle and width.
"""

from typing import NamedTuple

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm

from lms.certificates.texts import Look

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""

ORIENTATIONS = ("landscape", "portrait")
ACROSS = ("left", "right", "middle", "margin", "sign", "co_sign", "note_middle")
UPRIGHT = (
    "head", "title", "lead", "story_top", "story_bottom", "facts", "basis", "dated", "ranks", "signatory", "symbol_bottom", "note",
    "logo_bottom",
)  # fmt: skip
LOGO_SIZE, SEAL_SIZE, SYMBOL_SIZE = 58, 96, 76


class Layout(NamedTuple):
    """The places of one page. `head_gaps` part the two lines of the left and the right head."""

    size: tuple[float, float]
    left: float
    left_width: float
    right: float
    right_width: float
    middle: float
    measure: float
    margin: float
    head: float
    head_gaps: tuple[float, float]
    title: float
    title_gap: float
    lead: float
    story_top: float
    story_bottom: float
    facts: float
    fact_gap: float
    basis: float
    dated: float
    ranks: float
    signatory: float
    sign: float
    sign_width: float
    co_sign: float
    co_width: float
    symbol_bottom: float
    proof_width: float
    co_proof_width: float
    note: float
    note_middle: float
    note_width: float
    logo_bottom: float

    def moved(self, right: float, up: float) -> "Layout":
        """The same with everything moved, by millimetres."""
        places = {name: getattr(self, name) + right * mm for name in ACROSS}
        return self._replace(**places, **{name: getattr(self, name) + up * mm for name in UPRIGHT})

    @property
    def symbol(self) -> Box:
        """Where the QR symbol is."""
        return (self.margin, self.symbol_bottom, self.margin + SYMBOL_SIZE, self.symbol_bottom + SYMBOL_SIZE)

    @property
    def logo(self) -> Box:
        """Where a logo is."""
        return (
            self.middle - LOGO_SIZE / 2,
            self.logo_bottom,
            self.middle + LOGO_SIZE / 2,
            self.logo_bottom + LOGO_SIZE,
        )

    @property
    def seal(self) -> Box:
        """Where a seal is: over the left third of the signature."""
        left, bottom = self.sign - SEAL_SIZE - 14, self.signatory - 6
        return (left, bottom, left + SEAL_SIZE, bottom + SEAL_SIZE)

    @property
    def signature(self) -> Box:
        """Kept free for a signature."""
        return (self.sign - 110, self.signatory + 16, self.sign + 110, self.signatory + 64)


WIDE, TALL = landscape(A4), A4

LANDSCAPE = Layout(
    size=WIDE,
    left=206,
    left_width=320,
    right=WIDE[0] - 226,
    right_width=320,
    middle=WIDE[0] / 2,
    measure=650,
    margin=66,
    head=534,
    head_gaps=(16, 18),
    title=424,
    title_gap=20,
    lead=394,
    story_top=388,
    story_bottom=240,
    facts=224,
    fact_gap=17,
    basis=186,
    dated=168,
    ranks=166,
    signatory=64,
    sign=WIDE[0] - 226,
    sign_width=320,
    co_sign=390,
    co_width=190,
    symbol_bottom=100,
    proof_width=320,
    co_proof_width=220,
    note=46,
    note_middle=546,
    note_width=460,
    logo_bottom=484,
)

PORTRAIT = Layout(
    size=TALL,
    left=166,
    left_width=206,
    right=409,
    right_width=246,
    middle=TALL[0] / 2,
    measure=456,
    margin=66,
    head=778,
    head_gaps=(16, 18),
    title=622,
    title_gap=22,
    lead=588,
    story_top=578,
    story_bottom=412,
    facts=388,
    fact_gap=17,
    basis=348,
    dated=322,
    ranks=320,
    signatory=200,
    sign=409,
    sign_width=240,
    co_sign=166,
    co_width=200,
    symbol_bottom=104,
    proof_width=330,
    co_proof_width=330,
    note=44,
    note_middle=TALL[0] / 2,
    note_width=460,
    logo_bottom=664,
)

LAYOUTS = {
    ("landscape", False): LANDSCAPE,
    ("landscape", True): LANDSCAPE._replace(
        head=538, head_gaps=(27, 28), title=434, title_gap=22, lead=392, story_top=378,
        story_bottom=244, facts=230, fact_gap=26, basis=184, dated=160, ranks=149, signatory=69,
    ),
    ("portrait", False): PORTRAIT,
    ("portrait", True): PORTRAIT._replace(
        head_gaps=(27, 28), lead=578, story_top=562, story_bottom=408, fact_gap=26, basis=340, dated=314, ranks=303
    ),
}  # fmt: skip


def layout(look: Look, *, is_bilingual: bool) -> Layout:
    """The places of a page that is to look so."""
    return LAYOUTS[look.orientation, is_bilingual].moved(look.right, look.up)
