"""A trainer's own Word file: sent, seen side by side, mended by leaving out what has a mistake, and there in the draft."""

from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, SignedIn
from tests.browser.test_accessibility import faults
from tests.exchange.documents import word

WORDS = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FILE = (
    "# Bài 1. Nhận diện tin nhắn lừa đảo", "Tin nhắn lừa đảo thường giục người nhận làm gấp.", "Lưu ý: không bấm vào liên kết lạ.",
    [["Dấu hiệu", "Nên làm"], ["Giục gấp", "Dừng lại, gọi hỏi"]], "Câu 1. Nhận tin nhắn giục chuyển tiền, anh chị làm gì trước?",
    "A. Chuyển ngay\tB. Gọi lại số quen để hỏi", "Đáp án: B", "Câu 2. Câu này chưa có đáp án?", "A. Một", "B. Hai",
)  # fmt: skip


def test_a_word_file_becomes_a_draft(signed_in: SignedIn) -> None:
    page = signed_in("chi", size=DESK)
    page.goto("/teach/drafts")
    page.click("text=Nhập từ Word, Excel")
    page.set_input_files("#upload", {"name": "lua-dao.docx", "mimeType": WORDS, "buffer": word(*FILE)})
    page.click("text=Đọc tệp")
    expect(page.locator("h1")).to_have_text("Đọc tệp lua-dao.docx")
    expect(page.locator(".read-line .error")).to_contain_text("Câu 2 chưa có đáp án đúng")
    assert not faults(page, page.url)
    page.fill("#title", "Nhận diện lừa đảo")
    page.click("button:has-text('Đưa vào bản nháp')")
    expect(page.locator("#skips_errors")).to_be_visible()
    page.check("#skips_errors")
    page.click("button:has-text('Đưa vào bản nháp')")
    expect(page.locator("body")).to_contain_text("Đã đưa vào bản nháp 1 câu hỏi và 1 bài học")
    expect(page.locator("h1")).to_contain_text("Nhận diện lừa đảo")


def test_the_two_sides_stand_one_below_the_other_on_a_phone(signed_in: SignedIn) -> None:
    page = signed_in("chi", size=PHONE)
    page.goto("/teach/imports")
    page.set_input_files("#upload", {"name": "lua-dao.docx", "mimeType": WORDS, "buffer": word(*FILE)})
    page.click("text=Đọc tệp")
    assert not faults(page, page.url)
