"""Long work: rows of the `job` table, done by `flask jobs work`, with true progress, and safe to repeat.

A worker leases a job, runs its task, and renews the lease whenever the task tells its progress: a worker that dies leaves a
lease that runs out, and the next worker takes the job again. Tasks are idempotent by their job's key.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lms import audit, clock
from lms.db import Base, db, insert, writing

LEASE = timedelta(minutes=30)
ATTEMPTS = 3

Progress = Callable[[int, int], None]
Task = Callable[..., dict[str, Any]]

TASKS: dict[str, Task] = {}
DAILY: list[str] = []
EVERY: dict[str, timedelta] = {}
log = logging.getLogger(__name__)


class Job(Base):
    """One piece of long work. `state` is queued, running, done or failed."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True)
    task: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    arguments: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="queued", index=True)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None]
    error: Mapped[str | None]
    account_id: Mapped[int | None] = mapped_column(index=True)
    actor: Mapped[str]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @property
    def is_ended(self) -> bool:
        return self.state in ("done", "failed")


def task(name: str, *, daily: bool = False, every: timedelta | None = None) -> Callable[[Task], Task]:
    """Register a function as the task `name`: it takes `progress` and the job's arguments, returns a JSON result.

    A daily task is queued by the first worker that sees a new day; one of `every` is queued again so long after it ended.
    """

    def register(function: Task) -> Task:
        TASKS[name] = function
        if daily:
            DAILY.append(name)
        if every:
            EVERY[name] = every
        return function

    return register


def enqueue(name: str, *, key: str, account_id: int | None, actor: str, **arguments: Any) -> Job:
    """Queue a task once per key; the same key gives the same job."""
    known = sa.select(Job).where(Job.key == key)
    if job := db.session.scalar(known):
        return job
    new = {"task": name, "key": key, "arguments": arguments, "state": "queued", "done": 0, "total": 0, "attempts": 0}
    new |= {"account_id": account_id, "actor": actor, "created_at": clock.now()}
    db.session.execute(insert(Job).values(new).on_conflict_do_nothing(index_elements=["key"]))
    return db.session.scalars(known).one()


def run_pending() -> int:
    """Do every job that waits; their number."""
    number = 0
    while (job_id := _lease()) is not None:
        _run(job_id)
        number += 1
    return number


def work(pause: float = 0.5) -> None:
    """Do jobs for ever."""
    while True:
        queue_regular()
        db.session.commit()
        run_pending()
        db.session.close()
        time.sleep(pause)


def by_key(key: str) -> Job | None:
    """The job with a key."""
    return db.session.scalar(sa.select(Job).where(Job.key == key))


def latest(prefix: str) -> Job | None:
    """The latest job whose key begins so."""
    begins = sa.select(Job).where(Job.key.startswith(prefix, autoescape=True))
    return db.session.scalar(begins.order_by(Job.id.desc()).limit(1))


def queue_regular() -> None:
    """Queue what comes round. A task of `every` is one row for good, so that it neither piles up nor runs beside itself."""
    for name in DAILY:
        enqueue(name, key=f"{name}:{clock.today()}", account_id=None, actor="system")
    for name, pause in EVERY.items():
        enqueue(name, key=name, account_id=None, actor="system")
        has_ended = Job.state.in_(("done", "failed")), Job.ended_at <= clock.now() - pause
        db.session.execute(sa.update(Job).where(Job.key == name, *has_ended).values(state="queued", attempts=0))


def _lease() -> int | None:
    now = clock.now()
    with writing() as connection:
        waiting = sa.or_(Job.state == "queued", sa.and_(Job.state == "running", Job.lease_until < now))
        chosen = sa.select(Job.id).where(waiting).order_by(Job.id).limit(1).with_for_update(skip_locked=True)
        job_id = connection.scalar(chosen)
        if job_id is not None:
            lease = {"state": "running", "lease_until": now + LEASE, "attempts": Job.attempts + 1}
            connection.execute(sa.update(Job).where(Job.id == job_id).values(lease))
    return job_id


def _run(job_id: int) -> None:
    job = db.session.get_one(Job, job_id)
    # Out of the session, so that reading it never begins a transaction while the task reports its progress.
    db.session.expunge(job)
    db.session.rollback()

    def progress(done: int, total: int) -> None:
        _save(job_id, done=done, total=total, lease_until=clock.now() + LEASE)

    try:
        with audit.acting(job.account_id, job.actor):
            result = TASKS[job.task](progress=progress, **job.arguments)
            db.session.commit()
        _save(job_id, state="done", result=result, ended_at=clock.now())
    except Exception as error:
        db.session.rollback()
        log.exception("job %s (%s) failed", job_id, job.task)
        again = job.attempts < ATTEMPTS
        state = {"state": "queued"} if again else {"state": "failed", "ended_at": clock.now()}
        _save(job_id, error=f"{type(error).__name__}: {error}"[:2000], **state)


def _save(job_id: int, **values: Any) -> None:
    with writing() as connection:
        connection.execute(sa.update(Job).where(Job.id == job_id).values(values))
