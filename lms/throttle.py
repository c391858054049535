"""Limits on tries, counted in the database so that they hold over all processes."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lms import clock
from lms.db import Base, db, writing


class Try(Base):
    """One counted try; rows older than a day are swept away."""

    __tablename__ = "throttle_try"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(index=True)


def is_exceeded(*keys: str, limit: int, window: timedelta) -> bool:
    """Count one more try under each key; whether one of them has now been tried more than `limit` times in `window`.

    Writes in a transaction of its own, so that a refused request counts too. The session's transaction ends first (SQLite
    has one writer), so nothing may have been written in it.
    """
    db.session.rollback()
    now = clock.now()
    with writing() as connection:
        connection.execute(sa.delete(Try).where(Try.at < now - timedelta(days=1)))
        connection.execute(sa.insert(Try), [{"key": key, "at": now} for key in keys])
        counts = connection.scalars(
            sa.select(sa.func.count()).where(Try.key.in_(keys), Try.at > now - window).group_by(Try.key)
        )
        return any(count > limit for count in counts)


def take_back(*keys: str) -> None:
    """The latest try under each key was right and does not count: a whole office signs in from one address."""
    latest = sa.select(sa.func.max(Try.id)).where(Try.key.in_(keys)).group_by(Try.key)
    db.session.execute(sa.delete(Try).where(Try.id.in_(latest)))
