"""HR explains a number to a member: from the unit's rate down to one credit, and the member reads the same words."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, SignedIn

NARROW = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def reasons(page: Page) -> list[str]:
    """The sentences behind the answer."""
    return page.locator("section[aria-labelledby=answer] li").all_inner_texts()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_hr_follows_a_number_down_to_its_reasons_and_the_member_reads_the_same(
    signed_in: SignedIn, size: dict[str, int]
) -> None:
    page = signed_in("binh", size=size)
    page.goto("/people?q=tran van an")
    page.get_by_role("row", name="Trần Văn An").get_by_role("link", name="Trần Văn An").first.click()
    person = page.url
    page.goto(f"{person}/goal/dx")
    expect(page.locator("h1")).to_contain_text("Vì sao: Trần Văn An")
    assert any("× 8/365" in reason for reason in reasons(page))
    expect(page.locator(".timeline-dot").first).to_be_visible()
    expect(page.get_by_role("table", name="Từng kết quả của năm, và phần được tính")).to_contain_text("Được tính")
    assert page.evaluate(NARROW)
    told = reasons(page)

    member = signed_in("an", size=PHONE)
    member.goto("/my/goal")
    member.get_by_text("Vì sao?").first.click()
    member.get_by_role("link", name="Xem từng ngày, từng kết quả").first.click()
    assert reasons(member) == told
    assert member.evaluate(NARROW)


def test_hr_asks_the_same_of_a_past_day_and_of_a_whole_unit(signed_in: SignedIn) -> None:
    page = signed_in("binh", size=DESK)
    page.goto("/units")
    page.locator("main .rows a").first.click()
    page.goto(f"{page.url}/goal")
    rate = page.locator("h2#rate").inner_text()
    assert "%" in rate
    page.locator("table.legend a").first.click()
    expect(page.locator("h1")).to_contain_text("Từng người")
    page.locator("tbody a").first.click()
    expect(page.locator("h1")).to_contain_text("Vì sao")
    page.get_by_text("Hỏi tại một ngày đã qua").click()
    page.get_by_label("Tính đến ngày").fill("30/06/2026")
    page.get_by_role("button", name="Xem").click()
    expect(page.locator(".lead")).to_contain_text("30/06/2026")
