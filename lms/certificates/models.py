"""Certificates: the issuer, its gapless register, and the papers as they were printed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class Issuer(Base):
    """Who issues: the wording of its papers is data."""

    __tablename__ = "issuer"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    superior: Mapped[str]
    place: Mapped[str]
    signatory_title: Mapped[str]
    signatory_name: Mapped[str]


class RegisterCounter(Base):
    """The last number of an issuer's year. Locked in the issuing transaction, so numbers have no gap."""

    __tablename__ = "register_counter"
    __table_args__ = (UniqueConstraint("issuer_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    year: Mapped[int]
    last_number: Mapped[int]


class Certificate(Base):
    """A paper that was issued once for a completion. `printed` holds the very words on it; its bytes never change.

    `sha256` names its file, once it is printed; `signature` tells who signed it, when, and how (`trust.pades.Seal`).
    """

    __tablename__ = "certificate"
    __table_args__ = (UniqueConstraint("issuer_id", "year", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    completion_id: Mapped[int] = mapped_column(ForeignKey("completion.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    year: Mapped[int]
    number: Mapped[int]
    label: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(unique=True)
    issued_on: Mapped[date] = mapped_column(index=True)
    printed: Mapped[dict[str, Any]]
    sha256: Mapped[str | None]
    signature: Mapped[dict[str, Any] | None]
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
