"""What people try to add or take over in the world laid out, and who may: everybody else must be refused.

Each act is tried by everybody in turn, straight in the database and without reading anything back.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Permission
from django.db import connection, models

from events.identity import new_id
from homes import models as homes
from incidents.record import models as records
from incidents.record.replies.models import Reply
from oversight.escalation.deciding import models as deciding
from oversight.escalation.models import Acknowledgement, Alert, Branch, Seen
from oversight.visits import models as visits
from tests.access.laid_out import RECORDS, TODAY, Ground, details, found_in
from tests.access.readers import ALERT, ELM, OAK, RECORD, VIEW, VIEWER
from tests.access.readers import NOW as MOMENT
from tests.cast import NOW
from voice.heard.models import Done, View

Made = Callable[[Ground, UUID], models.Model]
#: The details that no record of these streams has: so that nothing but a policy is in the way.
STREAMS = ("reg40", "lado", "whistleblowing", "complaint", "hospital")


@dataclass(frozen=True)
class Act:
    """what: in words. by: who may. row: what they try to add; or statement: what they try to change."""

    table: str
    what: str
    by: str
    row: Made | None = None
    statement: str = ""

    def may(self, who: str) -> bool:
        return self.by == "all" or who in self.by.split()

    def attempt(self, ground: Ground, who: str, me: UUID) -> int:
        """How many rows it added or changed. Raises DatabaseError where the database refuses."""
        with connection.cursor() as cursor:
            if self.row is not None:
                cursor.execute(*added(self.row(ground, me)))
            else:
                rows = ground.rows[self.table]
                people = {name: user.pk for name, user in ground.cast.people.items()}
                homes_by_name = ground.rows["homes_home"]
                cursor.execute(self.statement, people | rows | homes_by_name)
            return int(cursor.rowcount)


def added(row: models.Model) -> tuple[str, list[Any]]:
    """The insert that asks nothing back, so that no policy for reading stands in for one for adding."""
    values = {}
    for one in row._meta.concrete_fields:
        value = None if one.generated else getattr(row, one.attname)
        if one.generated or hasattr(value, "resolve_expression") or (one.primary_key and value is None):
            continue
        values[str(one.column)] = one.get_db_prep_save(value, connection)
    columns = ", ".join(f'"{column}"' for column in values)
    places = ", ".join(["%s"] * len(values))
    return f'insert into "{row._meta.db_table}" ({columns}) values ({places})', list(values.values())


def adds(what: str, by: str, row: Callable[..., models.Model], **given: Any) -> Act:
    """given: what the row is made from beside the world and the one who tries."""

    def made(ground: Ground, me: UUID) -> models.Model:
        return row(ground, me, **given)

    return Act("", what, by, made)


def _part(ground: Ground, record: str) -> dict[str, Any]:
    found = records.Incident
    key = ground.key(found, record)
    home, _, _, source, _, _ = RECORDS[record]
    sees = source == "home" or record == "elm hospital"
    return {"incident_id": key, "home_id": ground.home(home).pk, "provider_sees": sees}


def _provider(ground: Ground, me: UUID, home: str) -> bool:
    at = {"elm": ("asha", "ben", "dan"), "oak": ("cerys",)}[home]
    return me in {ground.who(name) for name in at}


def _record(home: str, by: str = "") -> Made:
    def made(ground: Ground, me: UUID) -> models.Model:
        return records.Incident(
            reference=f"F{new_id().hex[-12:]}", home=ground.home(home), stream="reg40", occurred_at=NOW, known_at=NOW,
            recorded_at=NOW, source="home", recorded_by_id=ground.who(by) if by else me,
            by_provider=_provider(ground, me, home),
        )  # fmt: skip

    return made


def _other(ground: Ground, me: UUID, *names: str) -> UUID:
    """The first of these people who is not the one who tries."""
    return next(key for key in map(ground.who, names) if key != me)


def _view(child: str, home: str, *by: str) -> Made:
    def made(ground: Ground, me: UUID) -> models.Model:
        return View(
            child=getattr(ground.cast, child), home=ground.home(home), said_at=NOW, recorded_at=NOW, method="speech",
            words="x", heard_by="x", recorded_by_id=_other(ground, me, *by) if by else me,
            by_provider=_provider(ground, me, home),
        )  # fmt: skip

    return made


def _records() -> Iterator[Act]:
    yield adds("a record at Elm", ELM, _record("elm"))
    yield adds("a record at Oak", OAK, _record("oak"))
    for name in ("asha", "mo"):
        yield adds(f"a record in the name of {name}", name, _record("elm", name))
    for record, readers in RECORD.items():
        # Whoever recorded it hangs parts on it, though they may not read it back; who left adds nothing more.
        author = RECORDS[record][2]
        by = f"{readers} {author if author not in ('lou', 'zed') else ''}"
        yield from _parts(record, by)


def _parts(record: str, by: str) -> Iterator[Act]:
    yield adds(
        f"a theme to {record}", by, lambda g, _: records.IncidentTheme(theme="forged", **_part(g, record))
    )
    yield adds(
        f"a duty to {record}", by,
        lambda g, _: records.Duty(code="forged", who="x", legal_basis="x", due_at=NOW, **_part(g, record)),
    )  # fmt: skip
    yield adds(
        f"an adult to {record}", by,
        lambda g, _: records.AdultInvolvement(adult_id=g.key(homes.Adult, "olga"), **_part(g, record)),
    )  # fmt: skip
    for stream in STREAMS:
        if stream != RECORDS[record][1]:
            yield adds(
                f"{stream} to {record}", by, lambda g, _, s: details(g, s, "", _part(g, record)), s=stream)  # fmt: skip


def _replied() -> Iterator[Act]:
    """Words to whoever recorded something, by whoever may open it, for an organisation of theirs."""

    def reply(ground: Ground, record: str, by: UUID, organisation: str, home: str = "elm") -> models.Model:
        return Reply(
            incident_id=ground.key(records.Incident, record), home=ground.home(home), by_id=by, post="x", words="x",
            organisation=ground.cast.organisations[organisation], released_at=NOW,
        )  # fmt: skip

    for record, organisation, by in (
        ("elm own", "ofsted", "mo"),
        ("elm lado", "calderbrook", "ines"),
        ("elm own", "alder", "asha ben dan"),
        ("elm whistle", "ofsted", ""),
    ):
        yield adds(
            f"a reply to {record} for {organisation}", by,
            lambda g, me, r, o: reply(g, r, me, o), r=record, o=organisation,
        )  # fmt: skip
    yield adds(
        "a reply in another's name",
        "",
        lambda g, me: reply(g, "elm own", _other(g, me, "mo", "asha"), "ofsted"),
    )
    yield adds("a reply at another home", "", lambda g, me: reply(g, "elm own", me, "ofsted", "oak"))


def _found() -> Iterator[Act]:
    """What a LADO found is a LADO's of the area to say, in their own name."""
    for record, by in (("elm lado", "ines"), ("elm own lado", "ines"), ("elm reg40 ben", "ines")):
        yield adds(f"an outcome of {record}", by, lambda g, me, one: found_in(g, one, me), one=record)
    yield adds("an outcome in another's name", "", lambda g, _: found_in(g, "elm lado", g.who("jon")))


def _children() -> Iterator[Act]:
    for record, child, by in (
        ("elm lou", "rowan", "asha ben dan mo nia efe"),
        ("elm lou", "sky", "asha ben dan mo nia efe"),
        ("elm complaint", "sky", "asha dan mo nia efe"),
        ("elm lado", "sky", "mo nia efe ines"),
        ("elm whistle", "rowan", "mo nia"),
        ("elm hospital", "rowan", "asha ben dan mo nia efe lee"),
        ("elm for hospital", "rowan", "mo nia efe lee"),
        ("oak hospital", "tam", "mo nia vic lee"),
    ):
        yield adds(
            f"{child} to {record}", by,
            lambda g, _, record, child: records.Involvement(
                child=getattr(g.cast, child), mark="C", **_part(g, record)
            ), record=record, child=child,
        )  # fmt: skip


def _asked() -> Iterator[Act]:
    """Consents to the visitor's reading a case record, and the boards that answer for children."""

    def consent(ground: Ground, child: str, whose: str, by: UUID, **more: Any) -> models.Model:
        return homes.CaseConsent(
            placement_id=ground.key(homes.Placement, child), whose=whose, spoken_by="x", given_at=NOW, recorded_by_id=by,
            **more,
        )  # fmt: skip

    def board(ground: Ground, child: str, by: UUID) -> models.Model:
        return homes.ResponsibleBoard(
            child=getattr(ground.cast, child), board=ground.cast.organisations["icb"], starts_at=NOW, recorded_by_id=by,
        )  # fmt: skip

    for child, whose, by in (
        ("sky", "authority", "gita"),
        ("sky", "child", "asha ben dan"),
        ("tam", "authority", "fran"),
        ("tam", "child", "cerys"),
    ):
        yield adds(
            f"consent of {child}'s {whose}", by, lambda g, me, c, w: consent(g, c, w, me), c=child, w=whose
        )
        yield adds(
            f"consent of {child}'s {whose} in another's name", "",
            lambda g, me, c, w: consent(g, c, w, _other(g, me, "hal", "asha")), c=child, w=whose,
        )  # fmt: skip
    yield adds(
        "consent withdrawn at once", "",
        lambda g, me: consent(g, "sky", "child", me, withdrawn_at=NOW, withdrawn_by_id=me),
    )  # fmt: skip
    yield adds("Rowan's board", "hal fran", lambda g, me: board(g, "rowan", me))
    yield adds(
        "Rowan's board in another's name", "", lambda g, me: board(g, "rowan", _other(g, me, "hal", "fran"))
    )
    for table, change in (
        ("homes_caseconsent", f"withdrawn_at = {MOMENT}, withdrawn_by_id = %(zed)s"),
        ("homes_caseconsent", f"withdrawn_at = {MOMENT} + interval '1 hour', withdrawn_by_id = {VIEWER}"),
        ("homes_responsibleboard", f"ends_at = {MOMENT} + interval '1 hour'"),
    ):
        yield Act(table, change, "", statement=f"update {table} set {change}")


def _typed() -> Iterator[Act]:
    def draft(ground: Ground, user: UUID, home: str) -> models.Model:
        return records.Draft(user_id=user, form="reg40", home=ground.home(home), started_at=NOW, saved_at=NOW)

    def sent(user: UUID) -> models.Model:
        return records.Submission(
            user_id=user, key=new_id(), body_digest="x", status=201, answer={}, made_at=NOW
        )

    yield adds("a draft at Elm", ELM, lambda g, me: draft(g, me, "elm"))
    yield adds("a draft at Oak", OAK, lambda g, me: draft(g, me, "oak"))
    yield adds("another's draft", "", lambda g, me: draft(g, _other(g, me, "asha", "ben"), "elm"))
    yield adds("an answer kept", "all", lambda g, me: sent(me))
    yield adds("another's answer", "", lambda g, me: sent(_other(g, me, "asha", "ben")))
    draft_table = records.Draft._meta.db_table
    for statement in ("user_id = %(zed)s", "home_id = %(yew)s"):
        yield Act(
            draft_table, f"a draft moved: {statement}", "", statement=f"update {draft_table} set {statement}"
        )
    for child, home, by in (
        ("rowan", "elm", ELM),
        ("tam", "oak", OAK),
        ("rowan", "oak", f"{OAK} hal ola pat"),
    ):
        yield adds(f"a view of {child} at {home}", by, _view(child, home))
    yield adds("a view in another's name", "", _view("rowan", "elm", "asha", "ben"))
    for name, readers in VIEW.items():
        yield adds(
            f"what was done about {name}", readers, lambda g, me, name: _done(g, name, me), name=name)  # fmt: skip
        yield adds(
            f"done in another's name about {name}", "",
            lambda g, me, name: _done(g, name, _other(g, me, "asha", "ben")), name=name,
        )  # fmt: skip


def _done(ground: Ground, view: str, by: UUID) -> models.Model:
    return Done(view_id=ground.key(View, view), what="x", it_changed=False, done_at=NOW, done_by_id=by)


def _visited() -> Iterator[Act]:
    for home, visitor, other in (("elm", "efe", "vic"), ("oak", "vic", "efe")):

        def visit(ground: Ground, by: UUID, home: str = home) -> models.Model:
            return visits.Visit(home=ground.home(home), visitor_id=by, visited_on=TODAY, recorded_at=NOW)

        def concern(ground: Ground, by: UUID, home: str = home) -> models.Model:
            return visits.SignificantConcern(
                reference=f"F{new_id().hex[-12:]}", home=ground.home(home), raised_at=NOW, raised_by_id=by, what="x"
            )  # fmt: skip

        def draft(ground: Ground, by: UUID, home: str = home) -> models.Model:
            visit = ground.key(visits.Visit, "elm unreported")
            return visits.VisitDraft(
                user_id=by, home=ground.home(home), visit_id=visit, started_at=NOW, saved_at=NOW
            )

        for what, made in (("a visit", visit), ("a concern", concern), ("a visitor's draft", draft)):
            yield adds(f"{what} at {home}", visitor, made)
            yield adds(
                f"{what} at {home} in another's name", "",
                lambda g, me, made, names: made(g, _other(g, me, *names)), made=made, names=(other, visitor),
            )  # fmt: skip
    table = visits.VisitDraft._meta.db_table
    for change in ("user_id = %(zed)s", "home_id = %(yew)s"):
        yield Act(table, f"a visitor's draft moved: {change}", "", statement=f"update {table} set {change}")
    yield from _filed()


def _filed() -> Iterator[Act]:
    def report(ground: Ground, by: UUID, home: str) -> models.Model:
        return visits.VisitReport(
            visit_id=ground.key(visits.Visit, "elm unreported"), home=ground.home(home), filed_at=NOW, filed_by_id=by,
            reference=f"F{new_id().hex[-12:]}", safeguarded="yes", safeguarded_reasons="x", well_being="yes",
            well_being_reasons="x",
        )  # fmt: skip

    def recommendation(ground: Ground, report: str, home: str) -> models.Model:
        visit = ground.key(visits.VisitReport, report)
        return visits.Recommendation(report_id=visit, home=ground.home(home), text="x", consider_by=TODAY)

    yield adds("a report", "efe", lambda g, me: report(g, me, "elm"))
    yield adds("a report in another's name", "", lambda g, me: report(g, _other(g, me, "efe", "vic"), "elm"))
    yield adds("a report of another home's visit", "", lambda g, me: report(g, me, "oak"))
    yield adds(
        "a concern from another home's visit", "",
        lambda g, me: visits.SignificantConcern(
            reference=f"F{new_id().hex[-12:]}", home=g.cast.oak, raised_at=NOW, raised_by_id=me, what="x",
            visit_id=g.key(visits.Visit, "elm unreported"),
        ),
    )  # fmt: skip
    yield adds("a recommendation at Elm", "efe", lambda g, _: recommendation(g, "elm", "elm"))
    yield adds("a recommendation at Oak", "vic", lambda g, _: recommendation(g, "oak", "oak"))
    yield adds("a recommendation to another home's report", "", lambda g, _: recommendation(g, "elm", "oak"))


def _answers() -> Iterator[Act]:
    def seen(ground: Ground, alert: str, by: UUID) -> models.Model:
        return Seen(alert_id=ground.key(Alert, alert), by_id=by, at=NOW)

    def answer(ground: Ground, alert: str, branch: str, by: UUID, organisation: str = "") -> models.Model:
        of = organisation or branch.split()[-1]
        return Acknowledgement(
            alert_id=ground.key(Alert, alert), branch_id=ground.key(Branch, branch), by_id=by, post="x", at=NOW, decide_by=NOW,
            organisation=ground.cast.organisations[of],
        )  # fmt: skip

    yield from _decided(answer)
    for alert, readers in ALERT.items():
        yield adds(f"{alert} seen", readers, lambda g, me, alert: seen(g, alert, me), alert=alert)
        yield adds(
            f"{alert} seen by another", "",
            lambda g, me, alert: seen(g, alert, _other(g, me, "asha", "ben")), alert=alert,
        )  # fmt: skip
    for alert, of, by in (
        ("elm", "alder", "asha ben dan"),
        ("elm overseers", "calderbrook", "jon"),
        ("elm overseers", "northmoor", "fran hal"),
        ("elm told", "calderbrook", "jon ines"),
        ("elm told", "icb", "kim"),
        ("oak", "larch", "cerys"),
        ("yew kept", "eastvale", "gita"),
    ):
        yield adds(
            f"{alert} answered for {of}", by, lambda g, me, a, of: answer(g, a, f"{a} {of}", me), a=alert, of=of)  # fmt: skip
        yield adds(
            f"{alert} answered for {of} in another's name", "",
            lambda g, me, a, of: answer(g, a, f"{a} {of}", _other(g, me, "asha", "jon")), a=alert, of=of,
        )  # fmt: skip
    yield adds(
        "an answer by the regulator at the end of another's ladder", "mo",
        lambda g, me: answer(g, "oak overseers", "oak overseers calderbrook", me, "ofsted"),
    )  # fmt: skip
    yield adds(
        "an answer on the ladder of an alert not seen", "",
        lambda g, me: answer(g, "elm", "elm overseers calderbrook", me, "alder"),
    )  # fmt: skip
    yield adds(
        "an answer on another organisation's ladder", "",
        lambda g, me: answer(g, "elm overseers", "elm overseers northmoor", me, "calderbrook"),
    )  # fmt: skip


def _alarms() -> Iterator[Act]:
    for name, by in (("me", "quin"), ("another", "")):
        who = "nullif(current_setting('app.viewer', true), '')::uuid" if name == "me" else "%(asha)s"
        yield Act(
            "oversight_operatoralarm", f"an alarm put right by {name}", by,
            statement=f"update oversight_operatoralarm set cleared_at = now(), cleared_by_id = {who} where id = %(stuck)s",
        )  # fmt: skip


def _decided(answer: Callable[..., models.Model]) -> Iterator[Act]:
    """What people add to an alert after its answer, each as the organisation whose ladder it is."""

    def row(ground: Ground, alert: str, of: str, by: UUID) -> dict[str, Any]:
        return {
            "alert_id": ground.key(Alert, alert), "by_id": by, "post": "x", "at": NOW,
            "organisation": ground.cast.organisations[of],
        }  # fmt: skip

    def decision(ground: Ground, alert: str, branch: str, of: str, by: UUID) -> models.Model:
        return deciding.Decision(
            branch_id=ground.key(Branch, branch),
            number=9,
            acts=False,
            reason="x",
            **row(ground, alert, of, by),
        )

    def outcome(ground: Ground, alert: str, of: str, by: UUID) -> models.Model:
        return deciding.Outcome(
            decision_id=ground.key(deciding.Decision, alert), result="same", what="x", measured_on=TODAY,
            **row(ground, alert, of, by),
        )  # fmt: skip

    def told(ground: Ground, alert: str, of: str, by: UUID) -> models.Model:
        return deciding.ProviderTold(
            number=9, how="meeting", told_on=TODAY, who="x", may_say="x", **row(ground, alert, of, by)
        )

    def signed(ground: Ground, alert: str, of: str, by: UUID) -> models.Model:
        return deciding.Closing(tier="escalate", reason="x", **row(ground, alert, of, by))

    for alert, of, by in (
        ("elm", "alder", "asha ben dan"),
        ("elm overseers", "calderbrook", "jon"),
        ("elm told", "icb", "kim"),
        ("yew kept", "eastvale", "gita"),
    ):
        overseers = "" if alert == "elm" else by
        branch = f"{alert} {of}"
        given = {"a": alert, "of": of}
        yield adds(
            f"{branch} decided", by, lambda g, me, a, of, b: decision(g, a, b, of, me), b=branch, **given)  # fmt: skip
        yield adds(
            f"{branch} decided in another's name", "",
            lambda g, me, a, of, b: decision(g, a, b, of, _other(g, me, "asha", "jon")), b=branch, **given,
        )  # fmt: skip
        yield adds(f"{branch} told the provider", overseers, lambda g, me, a, of: told(g, a, of, me), **given)
        yield adds(f"{branch} signed", by, lambda g, me, a, of: signed(g, a, of, me), **given)
        yield adds(
            f"{branch} signed in another's name", "",
            lambda g, me, a, of: signed(g, a, of, _other(g, me, "asha", "jon")), **given,
        )  # fmt: skip
    yield adds("an outcome of Ofsted's", "mo", lambda g, me: outcome(g, "oak overseers", "ofsted", me))
    yield adds("another's outcome", "", lambda g, me: outcome(g, "elm overseers", "calderbrook", me))
    yield adds(
        "a decision on another organisation's ladder", "",
        lambda g, me: decision(g, "elm overseers", "elm overseers northmoor", "calderbrook", me),
    )  # fmt: skip
    yield adds(
        "a signature for an organisation that was not told", "",
        lambda g, me: signed(g, "oak overseers", "northmoor", me),
    )  # fmt: skip


def _people() -> Iterator[Act]:
    def post(ground: Ground, user: UUID, role: str, organisation: str, home: str = "") -> models.Model:
        return homes.Post(
            user_id=user, role=role, organisation=ground.cast.organisations[organisation], starts_at=NOW,
            home_id=ground.rows["homes_home"][home] if home else None,
        )  # fmt: skip

    zed = ("zed", "val")
    yield adds(
        "a post in Elm", "dan quin", lambda g, me: post(g, _other(g, me, *zed), "staff", "alder", "elm")
    )
    yield adds("a post in Oak", "quin", lambda g, me: post(g, _other(g, me, *zed), "staff", "larch", "oak"))
    yield adds("a post in Yew", "uma quin", lambda g, me: post(g, _other(g, me, *zed), "staff", "yew", "yew"))
    yield adds("another's home", "quin", lambda g, me: post(g, _other(g, me, *zed), "staff", "alder", "oak"))
    yield adds(
        "a post as inspector", "quin", lambda g, me: post(g, _other(g, me, *zed), "inspector", "ofsted")
    )
    yield adds("a post of one's own", "", lambda g, me: post(g, me, "staff", "alder", "elm"))
    yield adds("rights of one's own", "", lambda g, me: post(g, me, "administrator", "hub"))
    yield adds(
        "an organisation", "quin", lambda g, _: homes.Organisation(name=f"New {new_id()}", kind="provider")
    )
    yield adds(
        "a home", "quin",
        lambda g, _: homes.Home(urn=new_id().hex[-12:], name="N", provider=g.cast.organisations["yew"], places=1),
    )  # fmt: skip
    yield from _invited()
    yield from _workers()
    yield from _looked()


def _invited() -> Iterator[Act]:
    def invitation(user: UUID, by: UUID, hours: int = 72, **more: Any) -> models.Model:
        end = NOW + timedelta(hours=hours)
        return homes.Invitation(user_id=user, made_by_id=by, made_at=NOW, ends_at=end, **more)

    def change(ground: Ground, organisation: str, by: UUID, **more: Any) -> models.Model:
        return homes.MailboxChange(
            organisation=ground.cast.organisations[organisation], desk="lado", hours="always", email="x@cast.example",
            proposed_by_id=by, proposed_at=NOW, **more,
        )  # fmt: skip

    yield adds("an invitation of Ben", "dan quin", lambda g, me: invitation(g.who("ben"), me))
    yield adds("an invitation of Cerys", "quin", lambda g, me: invitation(g.who("cerys"), me))
    yield adds(
        "another's invitation", "", lambda g, me: invitation(g.who("ben"), _other(g, me, "dan", "quin"))
    )
    yield adds("a long invitation", "", lambda g, me: invitation(g.who("ben"), me, 99))
    yield adds("a used invitation", "", lambda g, me: invitation(g.who("ben"), me, used_at=NOW))
    yield adds("a mailbox of Alder's", "asha dan quin", lambda g, me: change(g, "alder", me))
    yield adds("a mailbox of Larch's", "cerys quin", lambda g, me: change(g, "larch", me))
    yield adds(
        "a mailbox in another's name", "", lambda g, me: change(g, "alder", _other(g, me, "asha", "dan"))
    )
    yield adds(
        "a mailbox already decided", "",
        lambda g, me: change(
            g, "alder", me, decided_at=NOW, decided_by_id=_other(g, me, "asha", "dan"), confirmed=True
        ),
    )  # fmt: skip


def _workers() -> Iterator[Act]:
    def works(ground: Ground, adult: str, home: str) -> models.Model:
        return homes.Employment(
            adult_id=ground.key(homes.Adult, adult), home=ground.home(home), title="x", starts_at=NOW
        )

    anywhere = " ".join(sorted({*ELM.split(), *OAK.split()}))
    yield adds("somebody who works", anywhere, lambda g, _: homes.Adult(name="New"))
    yield adds(
        "somebody with an account", "",
        lambda g, me: homes.Adult(name="New", person_id=_other(g, me, "zed", "val")),
    )  # fmt: skip
    yield adds("the new worker at Elm", "asha ben dan mo nia ines", lambda g, _: works(g, "stranger", "elm"))
    yield adds("the new worker at Oak", "cerys mo nia ines", lambda g, _: works(g, "stranger", "oak"))
    yield adds("another home's worker", "", lambda g, _: works(g, "olga", "elm"))
    yield adds("somebody named in a record only", "", lambda g, _: works(g, "ben", "elm"))


def _looked() -> Iterator[Act]:
    def look(by: UUID) -> models.Model:
        return homes.Look(
            as_of=NOW, viewer=by, purpose="x", route="x", method="view", what="child", request=new_id()
        )

    def grant(ground: Ground, me: UUID, picture: str, **more: Any) -> models.Model:
        given: dict[str, Any] = {
            "user_id": me, "granted_by_id": me, "starts_at": NOW, "ends_at": NOW + timedelta(hours=24),
            "reason": "a child may be in danger tonight",
        }  # fmt: skip
        return homes.HomeGrant(
            content_object=ground.cast.oak, picture=picture, permission=Permission.objects.order_by("pk")[0],
            **(given | more),
        )  # fmt: skip

    yield adds("a look", "all", lambda _, me: look(me))
    yield adds("another's look", "", lambda g, me: look(_other(g, me, "asha", "ben")))
    yield adds("broken glass", "fran gita hal jon", lambda g, me: grant(g, me, "authority"))
    yield adds("broken glass of a LADO", "ines", lambda g, me: grant(g, me, "lado"))
    yield adds("broken glass of a board", "kim", lambda g, me: grant(g, me, "icb"))
    for picture in ("provider", "regulator", "visitor", "author", "child", "visits"):
        yield adds(f"broken glass: {picture}", "", lambda g, me, p: grant(g, me, p), p=picture)
    wrong: dict[str, Callable[[Ground, UUID], dict[str, Any]]] = {
        "for another": lambda g, me: {"user_id": _other(g, me, "jon", "fran")},
        "given by another": lambda g, me: {"granted_by_id": _other(g, me, "jon", "fran")},
        "too long": lambda g, me: {"ends_at": NOW + timedelta(hours=24, seconds=1)},
        "later": lambda g, me: {"starts_at": NOW + timedelta(minutes=2)},
        "earlier": lambda g, me: {"starts_at": NOW - timedelta(minutes=2)},
        "without a reason": lambda g, me: {"reason": "because"},
    }
    for how, more in wrong.items():
        yield adds(
            f"broken glass {how}", "", lambda g, me, m: grant(g, me, "authority", **m(g, me)), m=more)  # fmt: skip


def acts(ground: Ground) -> list[Act]:
    """Every act, with its table."""
    some = ground.who("zed")
    found = []
    for act in (
        *_records(),
        *_found(),
        *_replied(),
        *_children(),
        *_asked(),
        *_typed(),
        *_visited(),
        *_answers(),
        *_alarms(),
        *_people(),
    ):
        table = act.table or (act.row(ground, some)._meta.db_table if act.row else "")
        found.append(Act(table, act.what, act.by, act.row, act.statement))
    return found
