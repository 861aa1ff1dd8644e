from django.urls import path

from accounts.api import me, passwords, views

urlpatterns = [
    path("register", views.RegisterView.as_view(), name="register"),
    path("login", views.LoginView.as_view(), name="login"),
    path("refresh", views.RefreshView.as_view(), name="refresh"),
    path("logout", views.LogoutView.as_view(), name="logout"),
    path("me", me.MeView.as_view(), name="me"),
    path("me/email/confirm", me.ConfirmAddressView.as_view(), name="confirm-address"),
    path("password/change", passwords.ChangeView.as_view(), name="change-password"),
    path("password/reset", passwords.ResetView.as_view(), name="reset-password"),
    path("password/reset/confirm", passwords.ConfirmResetView.as_view(), name="confirm-password-reset"),
]
