"""What people try to add or take over in the world laid out, and who may: everybody else must be refused.

Each act is tried by everybody in turn, straight in the database and without reading anything back.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import models

from events.identity import new_id
from homes import models as homes
from incidents.record import models as records
from incidents.record.replies.models import Reply
from oversight.visits import models as visits
from tests.access.acts_on_alerts import alarms, answers
from tests.access.acts_on_people import people
from tests.access.attempts import Act, Made, adds, other
from tests.access.laid_out import RECORDS, TODAY, Ground, details, found_in
from tests.access.readers import ELM, OAK, RECORD, VIEW, VIEWER
from tests.access.readers import NOW as MOMENT
from tests.cast import NOW
from voice.heard.models import Done, View

#: The details that no record of these streams has: so that nothing but a policy is in the way.
STREAMS = ("reg40", "lado", "whistleblowing", "complaint", "hospital")


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


def _view(child: str, home: str, *by: str) -> Made:
    def made(ground: Ground, me: UUID) -> models.Model:
        return View(
            child=getattr(ground.cast, child), home=ground.home(home), said_at=NOW, recorded_at=NOW, method="speech",
            words="x", heard_by="x", recorded_by_id=other(ground, me, *by) if by else me,
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
        lambda g, me: reply(g, "elm own", other(g, me, "mo", "asha"), "ofsted"),
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
            lambda g, me, c, w: consent(g, c, w, other(g, me, "hal", "asha")), c=child, w=whose,
        )  # fmt: skip
    yield adds(
        "consent withdrawn at once", "",
        lambda g, me: consent(g, "sky", "child", me, withdrawn_at=NOW, withdrawn_by_id=me),
    )  # fmt: skip
    yield adds("Rowan's board", "hal fran", lambda g, me: board(g, "rowan", me))
    yield adds(
        "Rowan's board in another's name", "", lambda g, me: board(g, "rowan", other(g, me, "hal", "fran"))
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
    yield adds("another's draft", "", lambda g, me: draft(g, other(g, me, "asha", "ben"), "elm"))
    yield adds("an answer kept", "all", lambda g, me: sent(me))
    yield adds("another's answer", "", lambda g, me: sent(other(g, me, "asha", "ben")))
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
            lambda g, me, name: _done(g, name, other(g, me, "asha", "ben")), name=name,
        )  # fmt: skip


def _done(ground: Ground, view: str, by: UUID) -> models.Model:
    return Done(view_id=ground.key(View, view), what="x", it_changed=False, done_at=NOW, done_by_id=by)


def _visited() -> Iterator[Act]:
    for home, visitor, another in (("elm", "efe", "vic"), ("oak", "vic", "efe")):

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
                lambda g, me, made, names: made(g, other(g, me, *names)), made=made, names=(another, visitor),
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
    yield adds("a report in another's name", "", lambda g, me: report(g, other(g, me, "efe", "vic"), "elm"))
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
        *answers(),
        *alarms(),
        *people(),
    ):
        table = act.table or (act.row(ground, some)._meta.db_table if act.row else "")
        found.append(Act(table, act.what, act.by, act.row, act.statement))
    return found
