"""The map of 30/06/2025 in small: two provinces, their districts and wards, and who served there."""

from lms.network.reorganisation_files import SAMPLE_FILES
from tests.network.files import assignments, people, units

OPEN = "2020-01-01,"
UNITS = units(
    f"00,Việt Nam,quốc gia,trung ương,,{OPEN}",
    f"48,Thành phố Đà Nẵng,thành phố,tỉnh,00,{OPEN}",
    f"48.SNV,Sở Nội vụ,sở,tỉnh,48,{OPEN}",
    f"48.QHC,Quận Hải Châu,quận,huyện,48,{OPEN}",
    f"48.QHC.THANHBINH,Phường Thanh Bình,phường,xã,48.QHC,{OPEN}",
    f"48.QHC.THANHBINH.01,Tổ công nghệ số cộng đồng Thanh Bình 1,tổ,tổ,48.QHC.THANHBINH,{OPEN}",
    f"48.QHC.THUANPHUOC,Phường Thuận Phước,phường,xã,48.QHC,{OPEN}",
    f"48.QHC.THACHTHANG,Phường Thạch Thang,phường,xã,48.QHC,{OPEN}",
    f"48.QHC.HAICHAU,Phường Hải Châu,phường,xã,48.QHC,{OPEN}",
    f"48.QHC.PHUOCNINH,Phường Phước Ninh,phường,xã,48.QHC,{OPEN}",
    f"49,Tỉnh Quảng Nam,tỉnh,tỉnh,00,{OPEN}",
    f"49.SNV,Sở Nội vụ Quảng Nam,sở,tỉnh,49,{OPEN}",
    f"49.SYT,Sở Y tế Quảng Nam,sở,tỉnh,49,{OPEN}",
    f"49.DB,Thị xã Điện Bàn,thị xã,huyện,49,{OPEN}",
    f"49.DB.VHTT,Phòng Văn hóa và Thông tin Điện Bàn,phòng,huyện,49.DB,{OPEN}",
    f"49.DB.DIENPHUONG,Xã Điện Phương,xã,xã,49.DB,{OPEN}",
    f"49.DB.DIENMINH,Phường Điện Minh,phường,xã,49.DB,{OPEN}",
    f"49.DB.VINHDIEN,Phường Vĩnh Điện,phường,xã,49.DB,{OPEN}",
    f"49.TB,Huyện Thăng Bình,huyện,huyện,49,{OPEN}",
    f"49.TB.BINHQUE,Xã Bình Quế,xã,xã,49.TB,{OPEN}",
    f"49.TB.BINHPHU,Xã Bình Phú,xã,xã,49.TB,{OPEN}",
)
SERVING = {
    "QN-DB-01": ("49.DB.VHTT", "dedicated"),
    "QN-DB-02": ("49.DB.VHTT", "dedicated"),
    "QN-DB-03": ("49.DB.VHTT", "dedicated"),
    "QN-DB-04": ("49.DB", "leader"),
    "QN-DB-05": ("49.DB.VINHDIEN", "focal-point"),
    "QN-SNV-01": ("49.SNV", "focal-point"),
    "QN-SYT-01": ("49.SYT", "focal-point"),
    "QN-TB-01": ("49.TB.BINHQUE", "focal-point"),
    "QN-TB-02": ("49.TB.BINHPHU", "focal-point"),
    "HC-01": ("48.QHC.THANHBINH", "focal-point"),
    "HC-02": ("48.QHC.THUANPHUOC", "focal-point"),
    "HC-03": ("48.QHC.HAICHAU", "focal-point"),
    "HC-04": ("48.QHC.THANHBINH.01", "community-member"),
    "DN-01": ("48.SNV", "dedicated"),
}
PEOPLE = people(*(f"{code},Nguyễn Thị Em,công chức,," for code in SERVING))
POSTS = [f"{code},{unit},{role},Chuyên viên,,,x,2022-01-01,," for code, (unit, role) in SERVING.items()]
TWICE = ["HC-02,48.QHC.PHUOCNINH,focal-point,,,,,2023-01-01,,", "DN-01,49.SNV,trainer,,,,,2023-01-01,,"]
OLD_MAP = {"units.csv": UNITS, "people.csv": PEOPLE, "assignments.csv": assignments(*POSTS, *TWICE)}

ACT = {name: path.read_bytes() for name, path in SAMPLE_FILES.items()}
"""The shipped samples: the act of 01/07/2025 in small."""
