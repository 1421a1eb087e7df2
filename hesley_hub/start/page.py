"""What stands on the start page of each post: the work that waits, then where to go."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from homes.models import Home, Post
from homes.roles import ROLES, Picture
from incidents.record import overview
from oversight.dashboards import queries
from oversight.dashboards.clocks import duty_clock, owed_clocks

MOST_HOMES = 30


@dataclass(frozen=True)
class Do:
    """Something the person comes to do. The first of a page is its one main button."""

    text: str
    href: str
    hint: str = ""


@dataclass
class StartPage:
    """heading says where the person stands; do, what they come for; clocks, what is owed; homes, where to look."""

    heading: str
    lede: str
    do: list[Do] = field(default_factory=list)
    clocks: list[dict[str, Any]] = field(default_factory=list)
    shows_clocks: bool = False
    homes: list[Home] = field(default_factory=list)
    homes_heading: str = "Your homes"


RECORD = Do("Record something", "/record/", "In under two minutes. A draft is kept as you type.")
BROKEN_GLASS = Do(
    "Homes opened in an emergency", "/hub/break-glass/", "By whom, until when, with what reason."
)
#: Role -> (heading, lede, what to do). {organisation} and {home} are filled in.
PAGES: dict[str, tuple[str, str, tuple[Do, ...]]] = {
    "registered_manager": ("{home}", "What you owe today, and what happened.", (RECORD,)),
    "deputy_manager": ("{home}", "What is owed today, and what happened.", (RECORD,)),
    "staff": ("{home}", "Something happened on your shift? Record it while you remember it.", (RECORD,)),
    "responsible_individual": (
        "{organisation}",
        "Every home of the group, and what it owes an answer to.",
        (Do("See every home", "/provider/", "Most worrying first."), RECORD,
         Do("People and their posts", "/hub/people/", "Who joins, who leaves.")),
    ),
    "records_holder": ("{home}", "Records of a home that has closed. Nothing new is added.", ()),
    "visitor": (
        "Your visits",
        "Prepare from everything since the last visit; report; raise a concern straight to the regulator.",
        (Do("Go to your visits", "/visits/", "What to ask, and the report to file."),),
    ),
    "visitor_commissioner": (
        "Visits and visitors",
        "Who visits which home, and which visit has not come.",
        (Do("See visits", "/visits/"),),
    ),
    "placing_authority": (
        "{organisation}",
        "What you owe an answer to, what your children say, and where they live.",
        (Do("See where our children live", "/authority/", "Most worrying first."),
         Do("Record a complaint or a disclosure", "/record/")),
    ),
    "social_worker": (
        "Your children",
        "See where they live and what they say; record what you were told.",
        (Do("Record something", "/record/"),),
    ),
    "lado": (
        "{organisation}: LADO",
        "Referrals and decisions against the clock, and adults across homes.",
        (Do("Record a referral", "/record/", "One working day from when the home came to know."),
         Do("See the area", "/area/", "Adults in more than one record, and every home.")),
    ),
    "host_authority": (
        "{organisation}: homes in our area",
        "Every home in the area, and what you owe an answer to.",
        (Do("See the area", "/area/", "Most worrying first."), Do("Record a disclosure", "/record/")),
    ),
    "icb_lead": (
        "{organisation}",
        "Hospital referrals of the area, in counts.",
        (Do("See the area", "/area/", "Counts by home and month."),),
    ),
    "hospital_staff": (
        "{organisation}",
        "Add a referral that you made about a child who lives in a home.",
        (Do("Add a referral", "/record/hospital/", "You will see only what you or your hospital recorded."),),
    ),
    "inspector": (
        "The regulator",
        "What waits for your acknowledgement, and the homes to look at.",
        (Do("See the national list", "/nation/", "Strongest evidence first."),
         Do("Record a disclosure that you received", "/record/whistleblowing/"), BROKEN_GLASS),
    ),
    "cqc_inspector": (
        "The regulator, for joint inspection",
        "You read what Ofsted reads, and record nothing.",
        (Do("See the national list", "/nation/", "Strongest evidence first."), BROKEN_GLASS),
    ),
    "advocate": ("The children you stand beside", "Help them to be heard in their own way.", ()),
    "family": ("Your family", "Give a view about the home, and see what was done about it.", ()),
    "administrator": (
        "Keeping the hub",
        "The list of homes, and what the hub itself needs. You see no child.",
        (Do("Bring in a list of homes", "/homes/import/"), Do("See the hub’s own alarms", "/hub/alarms/"),
         Do("People and their posts", "/hub/people/"), BROKEN_GLASS),
    ),
}  # fmt: skip
NO_POST = StartPage(
    "You hold no post today",
    "Your account is in order, but no post of yours is in force. Ask the person who answers for the hub in your"
    " organisation.",
)
#: Roles whose start page lists their homes; the others have a page of their own for it.
LISTS_HOMES = {
    "visitor": (Picture.VISITOR,),
    "social_worker": (Picture.AUTHORITY,),
    "advocate": (Picture.CHILD,),
    "family": (Picture.CHILD,),
    "registered_manager": (Picture.PROVIDER,),
    "deputy_manager": (Picture.PROVIDER,),
    "staff": (Picture.PROVIDER,),
    "records_holder": (Picture.PROVIDER,),
}


def start_page(posts: Sequence[Post], viewer: UUID, now: datetime) -> StartPage:
    """The start page of the newest post, with what is owed by all of them. At most three queries."""
    if not posts:
        return NO_POST
    first = posts[0]
    heading, lede, do = PAGES[first.role]
    place = first.home.name if first.home else first.organisation.name
    page = StartPage(heading.format(organisation=first.organisation.name, home=place), lede, list(do))
    owing = [post for post in posts if ROLES[post.role].acknowledges]
    if owing:
        page.shows_clocks = True
        page.clocks = owed_clocks(queries.owed_by([post.organisation_id for post in owing]), now)
    homes = _homes(first.role, viewer, now)
    page.homes = homes
    own = [post.home_id for post in posts if post.home_id and ROLES[post.role].picture is Picture.PROVIDER]
    if own:
        page.shows_clocks = True
        page.clocks += [
            duty_clock(duty, now)
            for duty in overview.open_duties(own, viewer=viewer, now=now, provider_only=True)
        ]
        page.clocks.sort(key=lambda clock: clock["due_at"])
    if first.role in ("advocate", "family", "social_worker"):
        page.homes_heading = "Where they live"
        if first.role != "social_worker":
            page.do = [
                Do(f"Hear a child at {home.name}", f"/homes/{home.urn}/children/") for home in homes[:1]
            ]
    return page


def _homes(role: str, viewer: UUID, now: datetime) -> list[Home]:
    pictures = LISTS_HOMES.get(role)
    if pictures is None:
        return []
    homes = Home.objects.visible_to(viewer, now, pictures).select_related("provider").order_by("name")
    return list(homes[:MOST_HOMES])
