"""A fixed world with a row of every table that row-level security keeps, by name; its people are tests/cast.py's.

Beside the cast: Vic visits Oak. Lou worked at Elm and left; Zed never held a post. Uma is the responsible individual
of a provider whose only home has closed, Val worked there. Gita opened Oak in an emergency. Ben is the subject of a
complaint and of records of other kinds at Elm, Nia of a complaint and a disclosure, Ines of a referral. Eastvale was told of Yew while a child of theirs lived there. Lee shared a hospital's record and Gita a view afterwards.
Efe worked at Elm long before visiting it, Ola at Oak. Lou once visited Elm. Kim's board answers for Sky's health, another for Tam's.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Permission
from django.db import connection, models

from events.identity import new_id
from homes import models as homes
from incidents.complaints.models import ComplaintDetails
from incidents.hospital.models import HospitalDetails
from incidents.lado.models import LadoDetails, LadoOutcome
from incidents.record import models as records
from incidents.record.replies.models import Reply
from incidents.reg40.models import Reg40Details
from incidents.whistleblowing.models import WhistleblowingDetails
from oversight.escalation import models as alerts
from oversight.escalation.by_link.models import LinkAnswer
from oversight.escalation.deciding import models as deciding
from oversight.escalation.ladders import Audience, Clock, Ladder, Rung
from oversight.escalation.plans import BranchPlan, Plan
from oversight.matters.models import Matter, MatterLink
from oversight.risk.models import Assessment, Calibration, HomeMonth
from oversight.visits import models as visits
from tests.cast import NOW, Cast, build
from voice.heard.models import Done, View

BEFORE = NOW - timedelta(days=9)
TODAY = NOW.date()


@dataclass
class Ground:
    """The world; rows is table -> name of the row -> its key."""

    cast: Cast
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)

    def put(self, name: str, row: models.Model) -> Any:
        row.save(force_insert=True)
        self.rows.setdefault(row._meta.db_table, {})[name] = row.pk
        return row

    def key(self, model: type[models.Model], name: str) -> Any:
        return self.rows[model._meta.db_table][name]

    def who(self, name: str) -> UUID:
        return UUID(str(self.cast.people[name].pk))

    def home(self, name: str) -> homes.Home:
        return homes.Home.objects.get(pk=self.rows["homes_home"][name])

    def named(self, model: type[models.Model], **rows: Any) -> None:
        """Rows that the cast already has."""
        self.rows.setdefault(model._meta.db_table, {}).update(
            {name.replace("_", " "): row.pk for name, row in rows.items()}
        )


def lay_out() -> Ground:
    """Build it all, as the owner."""
    ground = Ground(build())
    _more_people(ground)
    _rights(ground)
    _records(ground)
    _voice(ground)
    _visits(ground)
    _alerts(ground)
    _figures(ground)
    _accounts(ground)
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    return ground


def _more_people(ground: Ground) -> None:
    cast = ground.cast
    for name in ("vic", "lou", "zed", "uma", "val"):
        person = homes.Person.objects.create(name=name.title())
        cast.people[name] = homes.User.objects.create(
            id=person.pk, person=person, username=name, joined_at=BEFORE
        )
    cast.organisations["yew"] = homes.Organisation.objects.create(name="Yew Homes", kind="provider")
    yew = homes.Home.objects.create(
        urn="DEMO003", name="Yew House", provider=cast.organisations["yew"], places=2, town="Elsewhere",
        closed_on=date(2026, 9, 1),
    )  # fmt: skip
    ground.named(homes.Home, elm=cast.elm, oak=cast.oak, yew=yew)
    start = NOW - timedelta(days=1200)
    for name, role, organisation, home, ends in (
        ("vic", "visitor", "body", None, None),
        ("lou", "staff", "alder", cast.elm, NOW - timedelta(days=2)),
        ("uma", "responsible_individual", "yew", None, None),
        ("val", "staff", "yew", yew, None),
        ("efe", "staff", "alder", cast.elm, NOW - timedelta(days=800)),
        ("ola", "staff", "larch", cast.oak, NOW - timedelta(days=800)),
    ):
        homes.Post.objects.create(
            user=cast.people[name], role=role, organisation=cast.organisations[organisation], home=home,
            starts_at=start, ends_at=ends,
        )  # fmt: skip
    for post in homes.Post.objects.all():
        name = post.user.username
        before = name in ("efe", "ola") and post.role == "staff"
        ground.named(homes.Post, **{f"{name}_before" if before else name: post})


def _rights(ground: Ground) -> None:
    cast, who = ground.cast, ground.who
    ground.named(homes.Child, rowan=cast.rowan, sky=cast.sky, tam=cast.tam)
    ground.named(
        homes.Placement,
        **{stay.child.name.split()[0].lower(): stay for stay in homes.Placement.objects.all()},
    )
    ground.named(homes.ChildRelation, **{t.user.username: t for t in homes.ChildRelation.objects.all()})
    ground.named(homes.Appointment, efe=homes.Appointment.objects.get())
    ground.named(homes.CaseConsent, **{f"rowan_{c.whose}": c for c in homes.CaseConsent.objects.all()})
    far = homes.Organisation.objects.create(name="Far Integrated Care Board", kind="icb")
    for child, board in (("sky", cast.organisations["icb"]), ("tam", far)):
        ground.put(
            child,
            homes.ResponsibleBoard(
                child=getattr(cast, child), board=board, starts_at=BEFORE, recorded_by_id=who("quin")
            ),
        )
    ground.put(
        "vic",
        homes.Appointment(
            user_id=who("vic"), home=cast.oak, appointed_by=cast.organisations["larch"], starts_at=BEFORE
        ),
    )
    ground.named(homes.Adult, wes=cast.worker)
    ground.named(homes.Employment, wes=homes.Employment.objects.get())
    olga = ground.put("olga", homes.Adult(name="Olga Stone"))
    ground.put("olga", homes.Employment(adult=olga, home=cast.oak, title="Cook", starts_at=BEFORE))
    ground.put("ben", homes.Adult(name="Ben Castle", person_id=who("ben")))
    ground.put("ines", homes.Adult(name="Ines Whitlock", person_id=who("ines")))
    ground.put("nia", homes.Adult(name="Nia Bell", person_id=who("nia")))
    ground.put("stranger", homes.Adult(name="Sam Elsewhere"))
    # Made as the product makes it: guardian's own save asks for a permission of its own.
    [grant] = homes.HomeGrant.objects.bulk_create([
        homes.HomeGrant(
            user_id=who("gita"), content_object=cast.oak, picture="authority", reason="a child may be in danger",
            granted_by_id=who("gita"), starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=9),
            permission=Permission.objects.order_by("pk")[0],
        )
    ])  # fmt: skip
    ground.named(homes.HomeGrant, gita=grant)


#: Name -> home, stream, by whom recorded, its source, children, the adult of concern.
RECORDS: dict[str, tuple[str, str, str, str, tuple[str, ...], str]] = {
    "elm own": ("elm", "reg40", "asha", "home", ("rowan", "sky"), ""),
    "elm lou": ("elm", "reg40", "lou", "home", (), ""),
    "elm lado": ("elm", "lado", "ines", "lado", ("rowan",), "ben"),
    "elm own lado": ("elm", "lado", "asha", "home", ("rowan",), "ben"),
    "elm own found": ("elm", "lado", "asha", "home", (), "ben"),
    "elm complaint": ("elm", "complaint", "asha", "home", ("rowan",), ""),
    "about nia": ("elm", "complaint", "asha", "home", (), ""),
    "elm whistle": ("elm", "whistleblowing", "mo", "whistleblower", (), ""),
    "elm hospital": ("elm", "hospital", "lee", "hospital", ("sky",), ""),
    "elm for hospital": ("elm", "hospital", "zed", "hospital", (), ""),
    "elm reg40 ben": ("elm", "reg40", "asha", "home", (), "ben"),
    "elm hospital ben": ("elm", "hospital", "asha", "home", (), "ben"),
    "whistle nia": ("elm", "whistleblowing", "mo", "whistleblower", (), "nia"),
    "lado ines": ("elm", "lado", "jon", "lado", (), "ines"),
    "yew hospital": ("yew", "hospital", "zed", "hospital", (), ""),
    "oak own": ("oak", "reg40", "cerys", "home", ("tam",), ""),
    "oak hospital": ("oak", "hospital", "lee", "hospital", (), ""),
}


def _records(ground: Ground) -> None:
    for name, (home, stream, by, source, children, adult) in RECORDS.items():
        own = source == "home"
        record = ground.put(
            name,
            records.Incident(
                reference=f"R {name}", home=ground.home(home), stream=stream, occurred_at=BEFORE, known_at=BEFORE,
                recorded_at=BEFORE, source=source, severity=3, narrative=name, recorded_by_id=ground.who(by),
                child_ids=[getattr(ground.cast, child).pk for child in children], concerns_adult=bool(adult), by_provider=own,
                recorded_for=ground.cast.organisations["hospital"] if name == "elm for hospital" else None,
            ),
        )  # fmt: skip
        part = {"incident_id": record.pk, "home_id": record.home_id, "provider_sees": own}
        ground.put(name, records.IncidentTheme(theme="restraint", **part))
        ground.put(name, records.Duty(code="told", who="somebody", legal_basis="x", due_at=NOW, **part))
        ground.put(name, details(ground, stream, name, part))
        for mark, child in zip("AB", children, strict=False):
            whom = getattr(ground.cast, child)
            ground.put(f"{name} {child}", records.Involvement(child=whom, mark=mark, account=name, **part))
        if adult:
            named = ground.key(homes.Adult, adult)
            ground.put(name, records.AdultInvolvement(adult_id=named, **part))
    for name, record, by, organisation in (
        ("to asha", "elm own", "mo", "ofsted"),
        ("to lee", "elm hospital", "asha", "alder"),
        ("to lou", "elm lou", "mo", "ofsted"),
    ):
        to = records.Incident.objects.get(pk=ground.key(records.Incident, record))
        ground.put(
            name,
            Reply(
                incident=to, home_id=to.home_id, organisation=ground.cast.organisations[organisation], post="x",
                by_id=ground.who(by), words="x", released_at=NOW,
            ),
        )  # fmt: skip
    ground.put("elm own found", found_in(ground, "elm own found", ground.who("ines")))
    shared = records.Incident.objects.filter(pk=ground.key(records.Incident, "elm hospital"))
    shared.update(shared_with_provider_at=NOW, shared_with_provider_by_id=ground.who("lee"))


def found_in(ground: Ground, record: str, by: UUID) -> LadoOutcome:
    """What a LADO found, and did not send to the home."""
    return LadoOutcome(
        incident_id=ground.key(records.Incident, record), home=ground.home("elm"), outcome="unfounded",
        decided_at=NOW, decided_by_id=by,
    )  # fmt: skip


def details(ground: Ground, stream: str, name: str, part: dict[str, Any]) -> models.Model:
    """The stream's own row; a complaint that is in ABOUT names its subject."""
    match stream:
        case "reg40":
            return Reg40Details(event="40(4)(e)", **part)
        case "lado":
            return LadoDetails(limbs=["harmed"], **part)
        case "whistleblowing":
            return WhistleblowingDetails(identity="anonymous", relation="staff", category="poor_care", **part)
        case "hospital":
            return HospitalDetails(attendance="ed", **part)
    about = {"elm complaint": "ben", "about nia": "nia"}.get(name)
    return ComplaintDetails(
        complaint_type="parent", about_person_id=ground.who(about) if about else None, **part
    )


def _voice(ground: Ground) -> None:
    for name, home, child, by, own in (
        ("home's", "elm", "rowan", "ben", True),
        ("advocate's", "elm", "rowan", "ola", False),
        ("mother's", "elm", "rowan", "pat", False),
        ("shared", "elm", "sky", "gita", False),
        ("oak's", "oak", "tam", "cerys", True),
        ("yew's", "yew", "tam", "lee", False),
    ):
        view = ground.put(
            name,
            View(
                child=getattr(ground.cast, child), home=ground.home(home), said_at=BEFORE, recorded_at=BEFORE,
                method="speech", words=name, heard_by="somebody", recorded_by_id=ground.who(by), by_provider=own,
            ),
        )  # fmt: skip
        ground.put(
            name,
            Done(view=view, what="listened", it_changed=False, done_at=NOW, done_by_id=ground.who(by)),
        )
    View.objects.filter(words="shared").update(
        shared_with_provider_at=NOW, shared_with_provider_by_id=ground.who("gita")
    )
    for user, home in (("asha", "elm"), ("lou", "elm"), ("cerys", "oak")):
        draft = {"user_id": ground.who(user), "home": ground.home(home), "started_at": NOW, "saved_at": NOW}
        ground.put(user, records.Draft(form="reg40", **draft))
        ground.put(
            user,
            records.Submission(
                user_id=ground.who(user), key=new_id(), body_digest="x", status=201, answer={}, made_at=NOW
            ),
        )


def _visits(ground: Ground) -> None:
    for name, home, day, visitor in (
        ("elm", "elm", 3, "efe"),
        ("elm unreported", "elm", 10, "efe"),
        ("elm former", "elm", 9, "lou"),
        ("oak", "oak", 4, "vic"),
    ):
        by = ground.who(visitor)
        at = {"home": ground.home(home)}
        visit = ground.put(
            name, visits.Visit(visitor_id=by, visited_on=date(2026, 11, day), recorded_at=NOW, **at)
        )
        if name in ("elm unreported", "elm former"):
            continue
        report = ground.put(
            name,
            visits.VisitReport(
                visit=visit, reference=f"V {name}", filed_at=NOW, filed_by_id=by, safeguarded="yes",
                safeguarded_reasons="seen", well_being="yes", well_being_reasons="seen", **at,
            ),
        )  # fmt: skip
        ground.put(name, visits.Recommendation(report=report, text="mend the door", consider_by=TODAY, **at))
        ground.put(
            name,
            visits.SignificantConcern(
                reference=f"S {name}", visit=visit, raised_at=NOW, raised_by_id=by, what="locked", **at
            ),
        )
        ground.put(name, visits.VisitDraft(user_id=by, started_at=NOW, saved_at=NOW, **at))


#: Name -> picture, home (none: the provider's), provider, whether it skips the provider, whose ladders it started.
ALERTS: dict[str, tuple[str, str, str, bool, tuple[str, ...]]] = {
    "elm": ("provider", "elm", "alder", False, ("alder",)),
    "elm skips": ("provider", "elm", "alder", True, ()),
    "elm overseers": ("overseers", "elm", "alder", False, ("calderbrook", "northmoor")),
    "elm told": ("overseers", "elm", "alder", False, ("calderbrook", "icb")),
    "oak": ("provider", "oak", "larch", False, ("larch",)),
    "oak overseers": ("overseers", "oak", "larch", False, ("calderbrook",)),
    "larch": ("provider", "", "larch", False, ("larch",)),
    "alder overseers": ("overseers", "", "alder", False, ()),
    "yew kept": ("overseers", "yew", "yew", False, ("eastvale",)),
}


def _alerts(ground: Ground) -> None:
    organisations = ground.cast.organisations
    reader = homes.Person.objects.create(name="Somebody at the regulator")
    for number, (name, (picture, home, provider, skips, ladders)) in enumerate(ALERTS.items()):
        alert = ground.put(
            name,
            alerts.Alert(
                reference=f"A {number}", picture=picture, scope="home" if home else "provider",
                home=ground.home(home) if home else None, provider=organisations[provider], kind=f"k{number}",
                pattern="x", tier="look", skips_provider=skips, opened_at=BEFORE, raised_on=TODAY,
                told_ids=[organisations[key].pk for key in ladders] if name == "elm told" else [],
                placing_ids=[organisations["eastvale"].pk] if name == "yew kept" else [],
            ),
        )  # fmt: skip
        rung = ground.put(
            name,
            alerts.Escalation(
                alert=alert, tier="look", policy=_plan(ground, ladders), opened_at=NOW, pattern="x", raised_on=TODAY
            ),
        )  # fmt: skip
        for key in (*ladders, "ofsted"):
            ground.put(f"{name} {key}", _branch(alert, rung, organisations[key]))
        branch = alerts.Branch.objects.get(alert=alert, organisation=organisations["ofsted"])
        step = ground.put(
            name, alerts.Step(
                alert=alert, branch=branch, organisation=organisations["ofsted"], number=1, desk="duty", opened_at=NOW,
                due_at=NOW,
            ),
        )  # fmt: skip
        delivery = ground.put(
            name,
            alerts.Delivery(
                alert=alert, step=step, organisation=organisations["ofsted"], address="duty@ofsted.example", subject="x",
                body="x", message_id=f"<{number}@x.example>", owed_since=NOW,
            ),
        )  # fmt: skip
        ground.put(name, alerts.Attempt(delivery=delivery, number=1, as_of=NOW))
        said = {"name_said": "x", "post_said": "x", "at": NOW}
        ground.put(name, LinkAnswer(alert=alert, delivery=delivery, **said))
        by = {"by": reader, "organisation": organisations["ofsted"], "at": NOW}
        ground.put(name, alerts.Seen(alert=alert, **by))
        ground.put(name, alerts.Acknowledgement(alert=alert, branch=branch, post="x", decide_by=NOW, **by))
        _lived(ground, name, alert, branch, by)
    climbed = alerts.Branch.objects.get(pk=ground.key(alerts.Branch, "oak overseers calderbrook"))
    ground.put(
        "oak overseers calderbrook",
        alerts.Step(
            alert=climbed.alert, branch=climbed, organisation=organisations["ofsted"], number=3, desk="regulator",
            opened_at=NOW, due_at=NOW,
        ),
    )  # fmt: skip
    ground.put("stuck", alerts.OperatorAlarm(kind="stuck", about="the relay", opened_at=NOW))


#: The alert of whose decision nobody has said what came.
UNMEASURED = "oak overseers"


def _lived(ground: Ground, name: str, alert: alerts.Alert, branch: alerts.Branch, by: dict[str, Any]) -> None:
    """What was decided, what came of it, how the provider is told, and a signature."""
    row = {"alert": alert, "post": "x", **by}
    acts = {"acts": True, "reason": "x", "action": "x", "owner": "x", "due_on": TODAY}
    decision = ground.put(name, deciding.Decision(branch=branch, number=1, **acts, **row))
    if name != UNMEASURED:
        ground.put(
            name, deciding.Outcome(decision=decision, result="same", what="x", measured_on=TODAY, **row)
        )
    told = {"how": "meeting", "told_on": TODAY, "who": "x", "may_say": "x"}
    ground.put(name, deciding.ProviderTold(number=1, **told, **row))
    ground.put(name, deciding.Closing(tier="look", reason="x", **row))


#: Whose answer counts on the ladder of an organisation.
ANSWERED_BY = {
    "alder": ("registered_manager", "responsible_individual"),
    "larch": ("registered_manager", "responsible_individual"),
    "calderbrook": ("host_authority", "lado"),
    "northmoor": ("placing_authority", "social_worker"),  # whose post answers nothing, whatever a ladder says
    "icb": ("icb_lead",),
    "eastvale": ("placing_authority",),
}


def _plan(ground: Ground, ladders: tuple[str, ...]) -> dict[str, Any]:
    branches = tuple(
        BranchPlan.of(
            Ladder(next(iter(Audience)), (Rung("duty", "x"),), ANSWERED_BY[key]),
            ground.cast.organisations[key].pk,
            None,
        )
        for key in ladders
    )
    return Plan(Clock(hours=4), Clock(working_days=1), branches).as_json()


def _branch(alert: alerts.Alert, rung: alerts.Escalation, organisation: homes.Organisation) -> alerts.Branch:
    return alerts.Branch(alert=alert, escalation=rung, organisation=organisation, desk="duty", due_at=NOW)


def _figures(ground: Ground) -> None:
    for picture, home, stream in (
        ("provider", "elm", "reg40"),
        ("overseers", "elm", "reg40"),
        ("overseers", "elm", "whistleblowing"),
        ("provider", "oak", "reg40"),
        ("overseers", "oak", "reg40"),
    ):
        place = ground.home(home)
        ground.put(
            f"{home} {picture} {stream}",
            HomeMonth(picture=picture, home=place, month_on=date(2026, 10, 1), stream=stream, told=2),
        )
        if stream == "reg40":
            _assessment(ground, f"{home} {picture}", picture, place)
            _assessment(ground, f"provider of {home} {picture}", picture, place, whole=True)
    ground.put(
        "first",
        Calibration(
            version=1, made_at=NOW, made_by="x", source="own history", population="x", engine_version="1",
            parameters="x", bands=[],
        ),
    )  # fmt: skip
    for name, home, first, second in (
        ("elm", "elm", "elm own", "elm lou"),
        ("about nia", "elm", "elm own", "about nia"),
        ("oak", "oak", "oak own", "oak hospital"),
    ):
        matter = ground.put(name, Matter(home=ground.home(home), opened_at=NOW))
        ground.put(
            name,
            MatterLink(
                matter=matter, home=ground.home(home), first_id=ground.key(records.Incident, first), kind="same",
                second_id=ground.key(records.Incident, second), rule_version=1, proposed_at=NOW,
            ),
        )  # fmt: skip


def _assessment(ground: Ground, name: str, picture: str, place: homes.Home, *, whole: bool = False) -> None:
    ground.put(
        name,
        Assessment(
            picture=picture, home=None if whole else place, provider=place.provider, as_of=NOW, assessed_on=TODAY,
            engine_version="1", parameters="x", score=1.0,
        ),
    )  # fmt: skip


def _accounts(ground: Ground) -> None:
    cast, who = ground.cast, ground.who
    for name in ("ben", "cerys"):
        ground.put(
            name,
            homes.Invitation(
                user_id=who(name), made_by_id=who("quin"), made_at=NOW, ends_at=NOW + timedelta(hours=72)
            ),
        )
    for name, by in (("alder", "asha"), ("larch", "cerys")):
        ground.put(
            name,
            homes.MailboxChange(
                organisation=cast.organisations[name], desk="duty", hours="always", email="new@cast.example",
                proposed_by_id=who(by), proposed_at=NOW,
            ),
        )  # fmt: skip
    for name, organisation, home, child, held in (
        ("ben", "alder", "elm", "rowan", False),
        ("mo", "ofsted", "elm", "rowan", True),
        ("jon", "calderbrook", "elm", "sky", False),
        ("cerys", "larch", "oak", "tam", False),
    ):
        ground.put(
            name,
            homes.Look(
                as_of=NOW, viewer=who(name), organisation_id=cast.organisations[organisation].pk, purpose="x",
                route="child", method="view", what="child", subjects=[getattr(cast, child).pk],
                home=ground.home(home).pk, held=held, request=new_id(),
            ),
        )  # fmt: skip
    for model in (homes.AccessHome, homes.AccessChild):
        rows = model._default_manager.values_list("pk", "user__username")
        ground.rows[model._meta.db_table] = {f"{name} {pk}": pk for pk, name in rows}
