"""The records' API as the hub mounts it."""

from django.urls import include, path
from rest_framework.routers import DefaultRouter

from incidents.complaints.api import Complaints
from incidents.hospital.api import Attendances
from incidents.lado.api import Referrals
from incidents.record.api import Incidents
from incidents.reg40.api import Notifications

router = DefaultRouter()
router.include_root_view = False
router.register("incidents", Incidents, basename="incidents")
router.register("reg40-notifications", Notifications, basename="reg40-notifications")
router.register("lado-referrals", Referrals, basename="lado-referrals")
router.register("complaints", Complaints, basename="complaints")
router.register("hospital-referrals", Attendances, basename="hospital-referrals")
urlpatterns = [path("api/v1/", include(router.urls))]
