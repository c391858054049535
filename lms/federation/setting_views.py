"""Settings of federation: one's own key and terms, who sends, and with which keys."""

from flask import abort, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms import clock
from lms.access import Permission, allow
from lms.federation import actions, packing, queries, rules, words
from lms.federation.forms import ChangeForm, KeyForm, SenderForm, TermsForm
from lms.federation.models import FederationSender
from lms.federation.rules import Refused
from lms.federation.views import Page, federation
from lms.language import gettext
from lms.network import queries as network
from lms.trust import keys


@federation.route("/settings/federation", methods=["GET", "POST"])
@allow(Permission.CHANGE_SETTINGS)
def settings() -> Page:
    """One's own key, whether names leave, when packages are awaited, and who sends."""
    form = TermsForm(obj=queries.setting())
    if form.validate_on_submit():
        actions.set_terms(sends_names=form.sends_names.data, due_days=form.due_days.data or 0)
        flash(gettext("federation.saved"), "success")
        return redirect(url_for("federation.settings"))
    public = packing.own_public()
    page = render_template(
        "federation/settings.html",
        form=form,
        public=keys.encoded(public),
        fingerprint=rules.fingerprint(public),
        senders=queries.senders(),
    )
    return page, 422 if form.errors else 200


@federation.route("/settings/federation/new", methods=["GET", "POST"])
@allow(Permission.CHANGE_SETTINGS)
def new_sender() -> Page:
    """Register who sends, with the first key."""
    form = SenderForm(data={"first_year": clock.today().year - 1, "from_on": clock.today()})
    if form.validate_on_submit() and (sender := _register(form)):
        flash(gettext("federation.registered"), "success")
        return redirect(url_for("federation.sender", sender_id=sender.id))
    return render_template("federation/new_sender.html", form=form), 422 if form.errors else 200


@federation.route("/settings/federation/<int:sender_id>", methods=["GET", "POST"])
@allow(Permission.CHANGE_SETTINGS)
def sender(sender_id: int) -> Page:
    """A sender: what is awaited, and its keys."""
    found = queries.sender(sender_id)
    form = ChangeForm(found)
    if form.validate_on_submit():
        actions.change(
            sender=found, takes_names=form.takes_names.data, first_year=form.first_year.data or 0,
            last_year=form.last_year.data,
        )  # fmt: skip
        flash(gettext("federation.saved"), "success")
        return redirect(url_for("federation.sender", sender_id=sender_id))
    return _sender_page(found, form, KeyForm(formdata=None)), 422 if form.errors else 200


@federation.post("/settings/federation/<int:sender_id>/keys")
@allow(Permission.CHANGE_SETTINGS)
def add_key(sender_id: int) -> Page:
    """Believe one more key of a sender."""
    found, form = queries.sender(sender_id), KeyForm()
    if not form.validate_on_submit() or not _add_key(found, form):
        return _sender_page(found, ChangeForm(found, formdata=None), form), 422
    flash(gettext("federation.key-added"), "success")
    return redirect(url_for("federation.sender", sender_id=sender_id))


@federation.post("/settings/federation/<int:sender_id>/keys/<int:number>/end")
@allow(Permission.CHANGE_SETTINGS)
def end_key(sender_id: int, number: int) -> Response:
    """Believe a key no more; `number` counts the keys of a sender from 1."""
    held = queries.sender(sender_id).keys
    actions.end_key(key=held[number - 1] if number <= len(held) else abort(404))
    flash(gettext("federation.key-ended"), "success")
    return redirect(url_for("federation.sender", sender_id=sender_id))


def _register(form: SenderForm) -> FederationSender | None:
    try:
        return actions.register(
            unit_id=form.unit_id, takes_names=form.takes_names.data, first_year=form.first_year.data or 0,
            public=form.public.public, from_on=form.from_on.data,
        )  # fmt: skip
    except Refused as refused:
        form.form_errors.append(words.of_refusal(refused))
        return None


def _add_key(found: FederationSender, form: KeyForm) -> bool:
    try:
        actions.add_key(sender=found, public=form.public.public, from_on=form.from_on.data)
    except Refused as refused:
        form.form_errors.append(words.of_refusal(refused))
        return False
    return True


def _sender_page(found: FederationSender, form: ChangeForm, key_form: KeyForm) -> str:
    return render_template(
        "federation/sender.html",
        sender=found,
        unit=network.unit(found.unit_id, clock.today()),
        may_open=current_user.reaches_unit(Permission.READ_FIGURES, found.unit_id),
        form=form,
        key_form=key_form,
        keys=[(key, rules.fingerprint(keys.decoded(key.public))) for key in found.keys],
        today=clock.today(),
    )
