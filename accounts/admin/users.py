"""Users in the admin, who log in with an e-mail address."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from rest_framework_simplejwt.token_blacklist import admin as token_admin  # noqa: F401 (registers its pages first)
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from accounts.admin.deletion import AsksWherePostsGo
from accounts.models import User

# Their pages show tokens that are still valid.
for model in (BlacklistedToken, OutstandingToken):
    admin.site.unregister(model)


class UserCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email",)
        field_classes = None


@admin.register(User)
class EmailUserAdmin(AsksWherePostsGo, UserAdmin):
    add_form = UserCreationForm
    list_display = ("email", "is_staff", "is_active", "date_joined", "last_login")
    list_filter = ("is_staff", "is_superuser", "is_active", "groups")
    search_fields = ("email",)
    ordering = ("email",)
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        ("Permissions", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),)
