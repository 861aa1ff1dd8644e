from django.urls import path

from accounts.api import login, registration, verification, views
from accounts.pages import invitation
from accounts.pages import verification as verification_page

urlpatterns = [
    path("register", registration.RegisterView.as_view(), name="register"),
    path("verify", verification.VerifyView.as_view(), name="verify"),
    path("verify/resend", verification.ResendView.as_view(), name="resend_verification"),
    path("login", login.LoginView.as_view(), name="login"),
    path("refresh", login.RefreshView.as_view(), name="refresh"),
    path("logout", login.LogoutView.as_view(), name="logout"),
    path("logout/everywhere", login.LogoutEverywhereView.as_view(), name="logout-everywhere"),
    path("me", views.MeView.as_view(), name="me"),
]

# Pages that links lead to, below /account.
pages = [
    path("invitation/<str:token>", invitation.InvitationView.as_view(), name="accept_invitation"),
    path("verify/<str:token>", verification_page.VerificationView.as_view(), name="verify_address"),
]
