"""allauth in our house: accounts by invitation, tries slowed by our own measure, no e-mail of its own."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.utils import decrypt
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils.safestring import SafeString

from events import clock
from hesley_hub.sign_in import factors, known_browser, throttling
from hesley_hub.sign_in.throttling import Tries
from homes.interface.step_up import fresh
from homes.models import User

log = logging.getLogger("hesley_hub.sign_in")


def display_name(user: User) -> str:
    return user.name


def tried(credentials: dict[str, Any]) -> tuple[str, User | None]:
    """One name for an account, however it was called, and the account if there is one."""
    said = str(credentials.get("username") or credentials.get("email") or "").strip().lower()
    user = User.objects.filter(Q(username__iexact=said) | Q(email__iexact=said)).first() if said else None
    return (str(user.pk) if user else said), user


def _has_the_code(user: User | None, code: str) -> bool:
    """Whether the code is one of the person's authenticator; it stays usable for the step that asks for it."""
    if user is None or not code:
        return False
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return found is not None and bool(
        validate_totp_code(decrypt(found.data["secret"]), code.replace(" ", ""))
    )


class WaitError(ValidationError):
    """Too many tries: seconds says how long the next one waits."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        unit = "second" if seconds == 1 else "seconds"
        super().__init__(f"Too many tries. Wait {seconds} {unit}, then try again", code="wait")


class HubAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """A user name is given with the invitation and stays."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        now = clock.now()
        account, user = tried(credentials)
        known = known_browser.mark_of(request, user) if user else ""
        self._tries = Tries(account, self.get_client_ip(request), known)
        wait = throttling.seconds_to_wait(self._tries, now=now)
        if wait and not _has_the_code(user, request.POST.get("code", "")):
            raise WaitError(wait)
        throttling.count(self._tries, now=now)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """By key, never by what was typed: a password is easily typed into the wrong box."""
        _, user = tried(credentials)
        log.warning("sign-in failed for %s", user.pk if user else "no account")

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        log.info("sign-in of %s", user.pk)

    def _rollback_login_failed_rl_usage(self) -> None:
        throttling.succeeded(self._tries)

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """A sign-in of the last five minutes is proof enough; with the second factor, where there is one."""
        request = context.request
        return not fresh(request, factor=factors.has_one(request.user.pk))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The password alone is no proof for somebody who has a second factor."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [method for method in methods if method["id"] != "reauthenticate"] or methods

    def set_password(self, user: Any, password: str) -> None:
        """The website may write this column and the latest sign-in, and nothing else of an account."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def send_notification_mail(self, *args: Any, **options: Any) -> None:
        """E-mails leave by the hub's own deliveries only."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """As above."""


class HubFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticators are kept under the hub's key, so that a copy of the database does not hold them."""

    def get_totp_issuer(self) -> str:
        return "Hesley Hub"

    def build_totp_svg(self, url: str) -> str:
        """Drawn into the page itself: the policy of every page lets no picture in from a data address."""
        drawn = str(super().build_totp_svg(url))
        return SafeString(drawn[drawn.index("<svg") :])

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        held = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"Passkey {held + 1}"

    def encrypt(self, text: str) -> str:
        return factors.sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        return factors.opened(encrypted_text)
