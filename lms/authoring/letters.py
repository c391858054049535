"""Letters to trainers. In Vietnamese, the language of the network."""

import sqlalchemy as sa
from flask import current_app

from lms import clock
from lms.accounts.models import Account
from lms.authoring.models import Draft
from lms.catalogue.models import CourseVersion
from lms.db import db
from lms.language import gettext, speaking
from lms.mail.actions import Draft as Letter
from lms.network.models import Person

LANGUAGE = "vi"


def of_day(draft: Draft, version: CourseVersion | None) -> Letter | None:
    """What became of a draft on its day, to who chose it; None when they have no address."""
    whose = sa.select(Person).join(Account).where(Account.id == draft.publish_by_id)
    person = db.session.scalar(whose)
    if person is None or not person.email:
        return None
    with speaking(LANGUAGE):
        if version:
            outcome = gettext("authoring.letter.published", title=draft.title, number=version.number)
        else:
            reason = gettext(f"authoring.obstacle.{draft.obstacle}")
            outcome = gettext("authoring.letter.not-published", title=draft.title, reason=reason)
        address = f"{current_app.config['BASE_URL']}/teach/drafts/{draft.id}/publishing"
        body = gettext("authoring.letter.body", name=person.full_name, outcome=outcome, address=address)
        subject = gettext("authoring.letter.subject", title=draft.title)
    key = f"authoring.day:{draft.id}:{draft.revision}:{clock.today()}"
    return Letter(key, "authoring", person.email, person.id, subject, body)
