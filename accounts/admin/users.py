"""Users in the admin, who log in with an e-mail address."""

from datetime import date, datetime
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.admin.approval import approve_selected
from accounts.admin.deletion import AsksWherePostsGo
from accounts.leaving import LastSuperuser, check_superusers
from accounts.mail.outbox import post_mail
from accounts.models import OutgoingMail, User

LIMITS = ("budget_day", "budget_month", "posts_day")


class UserCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email",)
        field_classes = None


class UserForm(UserChangeForm):
    def clean(self) -> dict[str, Any] | None:
        """Make sure that a superuser who can log in remains."""
        values = super().clean()
        if not (self.cleaned_data.get("is_superuser") and self.cleaned_data.get("is_active")):
            try:
                check_superusers([self.instance.pk])
            except LastSuperuser as refusal:
                raise ValidationError(str(refusal)) from refusal
        return values


class OthersPasswordForm(AdminPasswordChangeForm):
    def save(self, commit: bool = True) -> Any:
        post_mail(OutgoingMail.Kind.PASSWORD_CHANGED, self.user.email, self.user)
        return super().save(commit)


class AddressVerified(admin.SimpleListFilter):
    title, parameter_name = "address verified", "verified"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", "Yes"), ("0", "No")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(verified_at__isnull=self.value() == "0") if self.value() in ("0", "1") else queryset


def may_touch(request: HttpRequest, account: User | None) -> bool:
    """Whether somebody may change or delete an account, if they may any: those of superusers only superusers."""
    return bool(request.user.is_superuser or account is None or not account.is_superuser)


@admin.register(User)
class EmailUserAdmin(AsksWherePostsGo, UserAdmin):
    add_form, form, change_password_form = UserCreationForm, UserForm, OthersPasswordForm
    list_display = ("email", "is_approved", "is_verified", "is_staff", "is_active", "joined")
    list_filter = (
        "is_approved",
        AddressVerified,
        "is_staff",
        "is_superuser",
        "is_active",
        "groups",
    )
    search_fields = ("email",)
    actions = (approve_selected, *AsksWherePostsGo.actions)
    ordering = ("email",)
    readonly_fields = ("admin_login", "date_joined", "verified_at")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (
            "Permissions",
            {"fields": ("is_approved", "is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        ("Limits", {"fields": LIMITS}),
        ("Dates", {"fields": ("admin_login", "date_joined", "verified_at")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and may_touch(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Nobody but a superuser changes their own limits, or makes a superuser of anybody, who could."""
        fields = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fields
        return (*fields, "is_superuser", *(LIMITS if obj == request.user else ()))

    @admin.display(description="verified", boolean=True, ordering="verified_at")
    def is_verified(self, user: User) -> bool:
        return user.verified_at is not None

    @admin.display(ordering="date_joined")
    def joined(self, user: User) -> date:
        return user.date_joined.date()

    @admin.display(description="last login to the admin")
    def admin_login(self, user: User) -> datetime | None:
        return user.last_login  # logins to the API do not set it

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Vouch for the address of a new account; write to those whose approval was waited for."""
        if not change:
            obj.verified_at = timezone.now()
            super().save_model(request, obj, form, change)
            return
        # Nothing else: the user may have changed the password meanwhile, or logged out everywhere.
        columns = {field.name for field in User._meta.concrete_fields}
        obj.save(update_fields=columns & set(form.changed_data))
        if obj.is_approved and "is_approved" in form.changed_data:
            post_mail(OutgoingMail.Kind.APPROVED, obj.email, obj)
