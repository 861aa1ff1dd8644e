from django.urls import path

from accounts.pages.addresses import NewAddressPage
from accounts.pages.invitation import InvitationPage
from accounts.pages.passwords import ForgottenPasswordPage, NewPasswordPage
from accounts.pages.verification import VerificationPage

urlpatterns = [
    # Django's name for it: the admin's login page links to it.
    path("password/forgotten", ForgottenPasswordPage.as_view(), name="admin_password_reset"),
    path("password/reset/<str:token>", NewPasswordPage.as_view(), name="new-password-page"),
    path("address/<str:token>", NewAddressPage.as_view(), name="new-address-page"),
    path("invitation/<str:token>", InvitationPage.as_view(), name="accept_invitation"),
    path("verify/<str:token>", VerificationPage.as_view(), name="verify_address"),
]
