"""Who signs in to the demo: the cast of six, and those who coordinate a province or the nation and who check."""

from dataclasses import dataclass

from lms.access import Role

PASSWORD = "thao-so-2026"

DA_NANG = "48"
EVERYWHERE = ""
THIS_WEEK = "{this_week}"
THIS_YEAR = "{year}-01-01"
NEW_MAP = "2025-07-01"


@dataclass(frozen=True, slots=True)
class Player:
    """A person with an account: `unit` is where they serve, `reach` the unit over which they hold `access`."""

    code: str
    full_name: str
    employment: str
    unit: str
    role: str
    since: str = NEW_MAP
    access: Role = Role.LEARNER
    reach: str = DA_NANG
    habit: str = "keen"


AN = Player("an", "Trần Văn An", "volunteer", "48.HAICHAU.01", "community-member", since=THIS_YEAR)
BINH = Player("binh", "Lê Thị Bình", "civil-servant", "48.SNV", "focal-point", access=Role.UNIT_HR, habit="steady")
CHI = Player("chi", "Phạm Thị Chi", "public-employee", "48.TTCDS", "trainer", access=Role.TRAINER)
DUNG = Player("dung", "Hoàng Văn Dũng", "civil-servant", "46.THUANHOA", "focal-point", habit="behind")
EM = Player("em", "Đặng Thị Em", "civil-servant", "48.THANHKHE", "focal-point", since=THIS_WEEK)
GIANG = Player(
    "giang", "Võ Hương Giang", "public-employee", "48.CDS", "dedicated", access=Role.ADMINISTRATOR, reach=EVERYWHERE
)
DIEU_PHOI = Player("dieuphoi", "Phan Quang Điều", "civil-servant", "48.SKHCN", "leader", access=Role.COORDINATOR)
KIEM_TRA = Player("kiemtra", "Bùi Thị Kiểm", "cadre", "48.SNV", "focal-point", access=Role.AUDITOR, reach=EVERYWHERE)
QUOC_GIA = Player(
    "quocgia", "Lương Thị Quyên", "civil-servant", "48.SKHCN", "leader", access=Role.COORDINATOR, reach=EVERYWHERE
)

CAST = (AN, BINH, CHI, DUNG, EM, GIANG)
PLAYERS = (*CAST, DIEU_PHOI, KIEM_TRA, QUOC_GIA)
