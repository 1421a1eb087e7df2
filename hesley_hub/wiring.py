"""Which handlers listen to which facts: the only place that knows both ends."""

from collections.abc import Mapping, Sequence

from events.registry import Fact, Handler
from events.relay import HandlingParked
from hesley_hub.demo.facts import HistoryLoaded
from hesley_hub.looking.handlers import alarm_on_look_not_kept, alarm_on_too_much_read
from hesley_hub.sign_in import telling
from homes.consents.facts import CaseConsentGiven, CaseConsentWithdrawn, ResponsibleBoardNamed
from homes.facts import TokenMade
from homes.imports.facts import HomesImported
from homes.looking.facts import LookNotKept, TooMuchRead
from homes.people.facts import (
    AccountClosed,
    GlassBroken,
    InvitationTakenUp,
    MailboxChangeDecided,
    MailboxChangeProposed,
    PersonInvited,
    PostEnded,
    PostGiven,
    PostReviewed,
)
from incidents.lado.facts import IncidentCleared
from incidents.record.facts import (
    DutyTold,
    IncidentRecorded,
    IncidentShared,
    IncidentWithdrawn,
    ReplyReleased,
)
from oversight.escalation import handlers as escalation
from oversight.escalation.deciding.facts import (
    AlertClosed,
    AlertDecided,
    OutcomeMeasured,
    ProviderToldRecorded,
)
from oversight.escalation.facts import (
    AlertAcknowledged,
    AlertEnded,
    AlertOpened,
    AlertSeen,
    AlertStrengthened,
    BranchClimbed,
    BranchLapsed,
    DeliveryGivenUp,
    NotTheRightPerson,
    OperatorAlarmCleared,
    OperatorAlarmed,
)
from oversight.heartbeat.facts import HeartbeatBegan
from oversight.heartbeat.handlers import owe_heartbeat
from oversight.matters import handlers as matters
from oversight.matters.facts import MatterDecided
from oversight.risk import handlers as risk
from oversight.risk.facts import CalibrationStored, HomeAssessed
from oversight.visits.facts import (
    RecommendationClosed,
    SignificantConcernRaised,
    VisitRecorded,
    VisitReportFiled,
)
from voice.heard.facts import ViewAnswered, ViewRecorded, ViewShared

#: An empty list is a decision: known, and deliberately nobody's.
HANDLERS: Mapping[type[Fact], Sequence[Handler]] = {
    IncidentRecorded: [escalation.judge_incident, risk.assess_home_on_incident],
    IncidentShared: [escalation.judge_shared, risk.assess_home_on_sharing],
    IncidentWithdrawn: [risk.assess_home_on_withdrawal],
    IncidentCleared: [risk.assess_home_on_clearing],
    DutyTold: [],
    ReplyReleased: [],
    VisitRecorded: [],
    VisitReportFiled: [escalation.judge_visit_report, risk.assess_home_on_report],
    SignificantConcernRaised: [escalation.judge_concern],
    RecommendationClosed: [],
    MatterDecided: [matters.propose_on_decision],
    ViewRecorded: [],
    ViewAnswered: [],
    ViewShared: [],
    CalibrationStored: [],
    HomeAssessed: [risk.assess_provider_on_home, matters.propose_on_assessment],
    AlertOpened: [],
    AlertStrengthened: [],
    AlertEnded: [],
    AlertSeen: [],
    AlertAcknowledged: [],
    AlertDecided: [],
    OutcomeMeasured: [],
    ProviderToldRecorded: [],
    AlertClosed: [],
    BranchLapsed: [],
    NotTheRightPerson: [escalation.climb_past_the_wrong_person],
    OperatorAlarmed: [],
    OperatorAlarmCleared: [],
    BranchClimbed: [],
    DeliveryGivenUp: [escalation.alarm_on_delivery_given_up],
    HeartbeatBegan: [owe_heartbeat],
    HandlingParked: [escalation.alarm_on_parked],
    TokenMade: [],
    LookNotKept: [alarm_on_look_not_kept],
    TooMuchRead: [alarm_on_too_much_read],
    HomesImported: [],
    PersonInvited: [telling.mail_invitation],
    InvitationTakenUp: [],
    PostGiven: [],
    PostEnded: [],
    PostReviewed: [],
    AccountClosed: [],
    MailboxChangeProposed: [telling.tell_of_mailbox_change],
    MailboxChangeDecided: [telling.tell_of_mailbox_decision],
    GlassBroken: [telling.tell_of_broken_glass],
    CaseConsentGiven: [],
    CaseConsentWithdrawn: [],
    ResponsibleBoardNamed: [],
    HistoryLoaded: [],
}
