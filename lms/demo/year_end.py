"""The year-end report of Đà Nẵng: what is set and what the officer wrote, so that one press produces it."""

from datetime import date

from lms.demo import data
from lms.network import queries as network
from lms.yearend import actions


def prepare(today: date) -> None:
    """Everything but the files is there, for this year and the last."""
    told = data.document("year_end.toml")
    setting = dict(told["setting"])
    unit_id, policy = network.unit_id_by_code(setting.pop("unit"), today), setting.pop("policy")
    if unit_id is None:
        return
    actions.set_terms(unit_id=unit_id, values={name: text.strip() for name, text in setting.items()})
    for year in (today.year - 1, today.year):
        report = actions.begin(unit_id=unit_id, policy=policy, year=year)
        written = {name: text.strip() for name, text in told["report"].items()}
        actions.write(report=report, values={"dispatch_number": "", "signed_on": None, **written})
