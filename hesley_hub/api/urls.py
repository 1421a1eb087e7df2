"""The addresses of the API (CONTRACT, HTTP). Adding a resource is a line here."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.routers import SimpleRouter

from hesley_hub.api import alerts, children, deciding, homes
from incidents.complaints.api import Complaints
from incidents.hospital.api import Attendances
from incidents.lado.api import Referrals
from incidents.record.api import Incidents
from incidents.reg40.api import Notifications
from oversight.visits.api import Visits

#: Every address answers with and without its last slash: a POST cannot be sent on to the other.
SLASH = "/?"
router = SimpleRouter()
router.trailing_slash = SLASH
router.register("incidents", Incidents, basename="api-incidents")
router.register("reg40-notifications", Notifications, basename="api-reg40-notifications")
router.register("lado-referrals", Referrals, basename="api-lado-referrals")
router.register("complaints", Complaints, basename="api-complaints")
router.register("hospital-referrals", Attendances, basename="api-hospital-referrals")
router.register("visits", Visits, basename="api-visits")

urlpatterns: list[URLPattern | URLResolver] = [
    re_path(rf"^schema{SLASH}$", SpectacularJSONAPIView.as_view(), name="api-schema"),
    re_path(rf"^homes{SLASH}$", homes.HomeList.as_view(), name="api-homes"),
    re_path(rf"^homes/(?P<urn>[^/]+){SLASH}$", homes.HomeDetail.as_view(), name="api-home"),
    re_path(rf"^homes/(?P<urn>[^/]+)/timeline{SLASH}$", homes.Timeline.as_view(), name="api-timeline"),
    re_path(
        rf"^homes/(?P<urn>[^/]+)/assessment{SLASH}$", homes.AssessmentView.as_view(), name="api-assessment"
    ),
    re_path(rf"^children-by-area{SLASH}$", children.ChildrenByArea.as_view(), name="api-children-by-area"),
    re_path(rf"^alerts{SLASH}$", alerts.AlertList.as_view(), name="api-alerts"),
    re_path(rf"^alerts/(?P<id>[^/]+){SLASH}$", alerts.AlertDetail.as_view(), name="api-alert"),
    re_path(
        rf"^alerts/(?P<id>[^/]+)/acknowledge{SLASH}$", alerts.Acknowledge.as_view(), name="api-acknowledge"
    ),
    re_path(rf"^alerts/(?P<id>[^/]+)/decide{SLASH}$", deciding.Decide.as_view(), name="api-decide"),
    re_path(rf"^alerts/(?P<id>[^/]+)/close{SLASH}$", deciding.Close.as_view(), name="api-close"),
    path("", include(router.urls)),
]
