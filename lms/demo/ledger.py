"""What people learned elsewhere: the class lists of activities.toml as rows of credits.csv."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from lms.demo import chance, data
from lms.demo.data import Row
from lms.demo.learners import Learner


def attended(learner: Learner, today: date) -> list[Row]:
    """The credits of a person before today."""
    return [
        _credit(learner, activity, day)
        for activity in data.document("activities.toml")["activity"]
        for day in _days(activity, today)
        if day < today and _takes_part(learner, activity, day)
    ]


def modules() -> set[str]:
    """The courses in whose place some class was held."""
    return {activity["module"] for activity in data.document("activities.toml")["activity"] if "module" in activity}


def _days(activity: dict[str, Any], today: date) -> Iterator[date]:
    """The days on which an activity was held: one day, or the same day last year and this year."""
    if "days_ago" in activity:
        yield today - timedelta(days=activity["days_ago"])
    elif isinstance(activity["on"], date):
        yield activity["on"]
    else:
        for year in (today.year - 1, today.year):
            yield date.fromisoformat(f"{year}-{activity['on']}")


def _takes_part(learner: Learner, activity: dict[str, Any], day: date) -> bool:
    roles = learner.roles_on(day)
    return (
        learner.habit in activity["habits"]
        and bool(roles.intersection(activity.get("roles", roles)))
        and learner.employment in activity.get("employments", [learner.employment])
        and chance.share(learner.code, activity["title"], day) < activity.get("share", 1)
    )


def _credit(learner: Learner, activity: dict[str, Any], day: date) -> Row:
    return {
        "person_id": learner.code,
        "activity": activity["title"],
        "category": activity["category"],
        "periods": str(activity["periods"]),
        "completed_on": day.isoformat(),
        "source": activity["source"],
        "module": activity.get("module", ""),
        "state": activity.get("state", "approved"),
    }
