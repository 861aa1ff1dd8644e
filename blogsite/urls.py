from django.contrib import admin
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView

import accounts.pages.urls
import accounts.urls
import blogs.urls
import generation.urls
from accounts.admin.login import login
from accounts.admin.password_change import password_change
from blogsite import problem_pages, schema_pages, views
from blogsite.api import problems
from blogsite.middleware.headers import DOCUMENTATION, OWN_FILES, with_policy
from generation.admin import site_pause, spending

admin.site.site_header = "Blogsite"
admin.site.site_title = "Blogsite"
admin.site.index_title = "Dashboard"

API = [*blogs.urls.urlpatterns, *generation.urls.urlpatterns, *accounts.urls.urlpatterns]

urlpatterns = [
    path("api/v1/", include(API)),  # first since it is requested most
    path("", views.index, name="index"),
    path("healthz", views.HealthView.as_view(), name="healthz"),
    path("readyz", views.ReadinessView.as_view(), name="readyz"),
    path("metrics", views.MetricsView.as_view(), name="metrics"),
    path("api/<path:rest>", csrf_exempt(problems.not_found)),
    path("openapi.json", schema_pages.SchemaView.as_view(), name="schema"),
    path("docs", with_policy(DOCUMENTATION, schema_pages.docs), name="docs"),
    path("redoc", with_policy(DOCUMENTATION, schema_pages.redoc), name="redoc"),
    path("account/", include(accounts.pages.urls)),
    path("problems", with_policy(OWN_FILES, problem_pages.index), name="problems"),
    path("problems/<slug:name>", with_policy(OWN_FILES, problem_pages.show), name="problem"),
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/login/", login),  # these two before the admin's own: they count attempts
    path("admin/password_change/", password_change),
    path("admin/pause/", admin.site.admin_view(site_pause.pause), name="pause"),
    path("admin/resume/", admin.site.admin_view(site_pause.resume), name="resume"),
    path("admin/spending/", admin.site.admin_view(spending.page), name="spending"),
    path("admin/", admin.site.urls),
]

handler400 = problems.bad_request
handler403 = problems.forbidden
handler404 = problems.not_found
handler500 = problems.server_error
