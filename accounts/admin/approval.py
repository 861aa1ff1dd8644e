"""Approval of accounts in the admin."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User
from accounts.registration import approve

APPROVED = "Accounts approved: {number:,}. Each gets a mail."


@admin.action(description="Approve selected users", permissions=["change"])
def approve_selected(user_admin: admin.ModelAdmin, request: HttpRequest, users: QuerySet[User]) -> None:
    user_admin.message_user(request, APPROVED.format(number=approve(users)), messages.SUCCESS)
