"""Addresses of the second factor, of proving it again, of the password and of invitations."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.urls import path

from hesley_hub.sign_in import views

urlpatterns = [
    path("sign-in/invited/<str:token>/", views.invited, name="invited"),
    path("sign-in/code/", mfa.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey/", keys.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/closed/", account.account_inactive, name="account_inactive"),
    path("account/", mfa.index, name="mfa_index"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/password/first/", views.first_password, name="account_set_password"),
    path("account/again/", account.reauthenticate, name="account_reauthenticate"),
    path("account/again/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/again/key/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/keys/", keys.list_webauthn, name="mfa_list_webauthn"),
    path("account/keys/add/", keys.add_webauthn, name="mfa_add_webauthn"),
    path("account/keys/<int:pk>/remove/", keys.remove_webauthn, name="mfa_remove_webauthn"),
    path("account/keys/<int:pk>/name/", keys.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]
