"""A course with a kit, a picture, a question and a package inside its lessons."""

import io
import zipfile

from tests.catalogue.packages import COURSE, LESSON, QUIZ, publish

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>a</title></svg>'
KIT_PAGE = '+++\ntitle = "{title}"\nminutes = 5\nsummary = "Một dòng."\n+++\n\n{text}\n'
INSIDE = """
![Sơ đồ](media/so-do.svg)

::: question q1
:::

::: embed media/goi.zip Trò chơi ghép thẻ
Ghép từng thẻ với lời của nó.
:::

::: summary Nhớ hai điều
Dừng lại và hỏi.
:::

[Bài sau](02-bai-hai.md)
"""


def package_zip() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("index.html", "<!doctype html><title>x</title>")
    return target.getvalue()


def publish_with_kit(slug: str = "khoa-thu", **more: str) -> None:
    slides = "## Một\n\n::: tip Lời người dạy\nChào bà con.\n:::\n\n---\n\n## Hai\n\nHết."
    publish(
        slug,
        **{
            "course.toml": COURSE.replace(
                "[[outcome]]", 'next = ["khoa-sau"]\nwants = ["làm được ngay"]\n\n[[outcome]]', 1
            ),
            "01-bai-mot.md": LESSON + INSIDE,
            "02-bai-hai.md": LESSON.replace("Bài một", "Bài hai"),
            "quiz.toml": QUIZ.replace(
                'text = "Câu này", right = true',
                'text = "Câu này", right = true, feedback = "Vì thế. ![Nút](media/nut.svg)"',
            ),
            "kit-leaflet.md": KIT_PAGE.format(title="Tờ rơi", text="## Mang theo\n\n- [ ] Điện thoại"),
            "kit-slides.md": KIT_PAGE.format(title="Trang chiếu", text=slides),
            "kit-role-play.md": KIT_PAGE.format(title="Đóng vai", text="Hai người."),
            "media/so-do.svg": SVG,
            "media/nut.svg": SVG,
            "media/goi.zip": package_zip(),
            **more,
        },
    )
