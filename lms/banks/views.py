"""Pages of the shared bank: searching it, one item, pools, what a draw can use, taking it out."""

from io import BytesIO

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from lms import text
from lms.access import Permission, allow
from lms.banks import actions, queries, rules, telling
from lms.banks.forms import PoolForm, SharingForm
from lms.banks.models import BankItem, Pool
from lms.banks.queries import Search
from lms.catalogue.check import CHECKS
from lms.catalogue.content import DIFFICULTIES
from lms.exchange import formats
from lms.exchange.carried import Carried
from lms.forms import Form
from lms.language import gettext
from lms.pages import asked_id, page_of

banks = Blueprint("banks", __name__)

Page = str | Response | tuple[str, int]


@banks.get("/teach/bank")
@allow(Permission.TEACH)
def index() -> str:
    """The questions that one may use, found by words, topic, difficulty, type, author, licence and owner."""
    search = asked_search()
    found, more = page_of(queries.found(search, asked_id("before")), queries.PAGE)
    return render_template(
        "banks/index.html",
        search=search,
        found=found,
        more=more and more.BankItem.id,
        units=queries.unit_names({row.BankItem.unit_id for row in found}),
        waiting=queries.waiting(),
        formats=list(formats.writable()),
        **choices_of_search(),
    )


@banks.get("/teach/bank/items/<int:item_id>")
@allow(Permission.TEACH)
def item(item_id: int) -> str:
    """A question: what it says, where it is used, how it came to say that."""
    found = queries.item(item_id)
    return _item_page(found, SharingForm(obj=found))


@banks.get("/teach/bank/items/<int:item_id>/versions/<int:number>")
@allow(Permission.TEACH)
def item_version(item_id: int, number: int) -> str:
    """A version of a question, and what it changed."""
    found, version = queries.item(item_id), queries.version(item_id, number)
    question = rules.question_of(version.question)
    before = queries.version(item_id, number - 1) if number > 1 else None
    changes = telling.changes(rules.question_of(before.question), question) if before else []
    return render_template(
        "banks/item_version.html", item=found, version=version, lines=telling.lines(question), changes=changes
    )


@banks.post("/teach/bank/items/<int:item_id>/share")
@allow(Permission.TEACH)
def share(item_id: int) -> Page:
    """Say who else may use it."""
    found, form = own_item(item_id), SharingForm()
    if not form.validate_on_submit():
        return _item_page(found, form), 422
    actions.share(item=found, sharing=form.sharing.data)
    flash(gettext("banks.saved"), "success")
    return redirect(url_for("banks.item", item_id=item_id))


@banks.post("/teach/bank/items/<int:item_id>/retire")
@allow(Permission.TEACH)
def retire(item_id: int) -> Response:
    """Offer it to nobody any more."""
    actions.retire(item=own_item(item_id))
    return redirect(url_for("banks.item", item_id=item_id))


@banks.post("/teach/bank/items/<int:item_id>/restore")
@allow(Permission.TEACH)
def restore(item_id: int) -> Response:
    """Offer it again."""
    actions.restore(item=own_item(item_id))
    return redirect(url_for("banks.item", item_id=item_id))


@banks.get("/teach/bank/export")
@allow(Permission.TEACH)
def export() -> Page:
    """What a search finds, as a file of a format (`?format=`)."""
    wanted = formats.by_code(request.args.get("format", ""))
    if wanted is None or wanted.write is None:
        abort(400)
    questions = tuple(banked.question for banked in queries.banked(asked_search()))
    topics = tuple((topic, topic) for topic in dict.fromkeys(q.topic for q in questions))
    content, remarks = wanted.write(Carried(questions, title=gettext("banks.title"), topics=topics))
    if remarks and "anyway" not in request.args:
        return render_template("banks/export.html", remarks=remarks, format=wanted, count=len(questions))
    name = f"{text.slug(gettext('banks.title'))}{wanted.ending}"
    return send_file(BytesIO(content), mimetype=wanted.mimetype, as_attachment=True, download_name=name)


@banks.get("/teach/bank/blueprint")
@allow(Permission.TEACH)
def blueprint() -> str:
    """How many questions there are by topic and difficulty."""
    search = asked_search()
    rows = rules.available(queries.counts(search))
    return render_template("banks/blueprint.html", search=search, rows=rows, **choices_of_search())


@banks.route("/teach/bank/pools", methods=["GET", "POST"])
@allow(Permission.TEACH)
def pools() -> Page:
    """The pools that one may use, and a new one."""
    form = PoolForm()
    if form.validate_on_submit():
        made = _save_pool(None, form)
        return redirect(url_for("banks.pool", pool_id=made.id))
    return render_template("banks/pools.html", pools=queries.pools(), form=form), 422 if form.errors else 200


@banks.route("/teach/bank/pools/<int:pool_id>", methods=["GET", "POST"])
@allow(Permission.TEACH)
def pool(pool_id: int) -> Page:
    """A pool: its questions, and what it is called and holds."""
    found = queries.pool(pool_id)
    if request.method == "POST" and not queries.may_write(found.unit_id):
        abort(404)
    form = PoolForm(found)
    if form.validate_on_submit():
        _save_pool(found, form)
        flash(gettext("banks.saved"), "success")
        return redirect(url_for("banks.pool", pool_id=pool_id))
    search = Search(pool_id=pool_id)
    rows, more = page_of(queries.found(search, asked_id("before")), queries.PAGE)
    page = render_template(
        "banks/pool.html",
        pool=found,
        form=form,
        found=rows,
        more=more and more.BankItem.id,
        listed=queries.listed_in(pool_id),
        units=queries.unit_names({found.unit_id, *(row.BankItem.unit_id for row in rows)}),
        rows=rules.available(queries.counts(search)),
        may_write=queries.may_write(found.unit_id),
    )
    return page, 422 if form.errors else 200


@banks.post("/teach/bank/pools/<int:pool_id>/items")
@allow(Permission.TEACH)
def pool_items(pool_id: int) -> Response:
    """Put questions into a pool's list, or take them out (`do=empty`)."""
    found = queries.pool(pool_id)
    if not queries.may_write(found.unit_id):
        abort(404)
    if not Form().validate_on_submit():
        abort(400)
    item_ids = {banked.item_id for banked in queries.items(asked_items(request.form))}
    act = actions.empty_pool if request.form.get("do") == "empty" else actions.fill_pool
    act(pool=found, item_ids=item_ids)
    return redirect(url_for("banks.pool", pool_id=pool_id))


@banks.post("/teach/bank/pool")
@allow(Permission.TEACH)
def put_into_pool() -> Response:
    """Put the questions that were ticked into the pool that was chosen."""
    pool_id = request.form.get("pool", type=int)
    if not Form().validate_on_submit() or not pool_id or not queries.reaches_pool(Permission.TEACH, pool_id):
        abort(400)
    return pool_items(pool_id)


def asked_search() -> Search:
    """What the address looks for."""
    said = {name: text.clean(request.args.get(name, ""))[:200] for name in ("q", "topic", "type", "author", "licence")}
    difficulty, state = request.args.get("difficulty", ""), request.args.get("state", "active")
    pool_id = asked_id("pool")
    return Search(
        **said,
        difficulty=difficulty if difficulty in DIFFICULTIES else "",
        unit_id=asked_id("unit"),
        state=state if state in ("active", "retired") else "active",
        pool_id=pool_id if pool_id and queries.reaches_pool(Permission.TEACH, pool_id) else None,
    )


def asked_items(said: MultiDict[str, str]) -> set[int]:
    """The items that were ticked."""
    return {int(value) for value in said.getlist("item") if value.isdecimal() and len(value) < 10}


def own_item(item_id: int, *, lock: bool = False) -> BankItem:
    """An item that the reader may change; 404 when it is only shared with them."""
    found = queries.item(item_id, lock=lock)
    if not queries.may_write(found.unit_id):
        abort(404)
    return found


def _item_page(found: BankItem, form: SharingForm) -> str:
    history = queries.history(found.id)
    return render_template(
        "banks/item.html",
        item=found,
        version=history[0].BankItemVersion,
        history=history,
        lines=telling.lines(rules.question_of(history[0].BankItemVersion.question)),
        unit=queries.unit_names({found.unit_id})[found.unit_id],
        uses=queries.uses(found.id),
        may_write=queries.may_write(found.unit_id),
        form=form,
    )


def _save_pool(found: Pool | None, form: PoolForm) -> Pool:
    return actions.save_pool(
        pool=found,
        unit_id=found.unit_id if found else form.unit_id.data,
        name=form.name.data or "",
        sharing=form.sharing.data,
        topic=form.topic.data,
        difficulty=form.difficulty.data,
    )


def choices_of_search() -> dict[str, object]:
    """What can be chosen above a list of questions."""
    return {
        "topics": queries.topics(),
        "difficulties": DIFFICULTIES,
        "types": tuple(CHECKS),
        "pools": queries.pools(),
    }
