from django.urls import path

from accounts.api import exports, login, me, passwords, registration, verification

urlpatterns = [
    path("register", registration.RegisterView.as_view(), name="register"),
    path("verify", verification.VerifyView.as_view(), name="verify"),
    path("verify/resend", verification.ResendView.as_view(), name="resend_verification"),
    path("login", login.LoginView.as_view(), name="login"),
    path("refresh", login.RefreshView.as_view(), name="refresh"),
    path("logout", login.LogoutView.as_view(), name="logout"),
    path("logout/everywhere", login.LogoutEverywhereView.as_view(), name="logout-everywhere"),
    path("me", me.MeView.as_view(), name="me"),
    path("me/export", exports.ExportView.as_view(), name="export"),
    path("me/email/confirm", me.ConfirmAddressView.as_view(), name="confirm-address"),
    path("password/change", passwords.ChangeView.as_view(), name="change-password"),
    path("password/reset", passwords.ResetView.as_view(), name="reset-password"),
    path("password/reset/confirm", passwords.ConfirmResetView.as_view(), name="confirm-password-reset"),
]
