from django.urls import path

from accounts.api import login, views

urlpatterns = [
    path("register", views.RegisterView.as_view(), name="register"),
    path("login", login.LoginView.as_view(), name="login"),
    path("refresh", login.RefreshView.as_view(), name="refresh"),
    path("logout", login.LogoutView.as_view(), name="logout"),
    path("logout/everywhere", login.LogoutEverywhereView.as_view(), name="logout-everywhere"),
    path("me", views.MeView.as_view(), name="me"),
]
