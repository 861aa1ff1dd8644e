"""The page that confirms a new address: by a button, since mail scanners follow links too."""

from typing import Any

from django.http import HttpResponse
from django.utils.functional import cached_property

from accounts.links import read_new_address_token
from accounts.models import User
from accounts.new_addresses import set_new_address
from accounts.pages.form_page import Page

ADDRESS_SET = "Your address was changed"
INTRO = "The address of your account changes from {old} to {new}."
LOG_IN_WITH = "Log in as {address} from now on."


class NewAddressPage(Page):
    title = "Confirm your new address"
    button = "Use this address"

    @cached_property
    def change(self) -> tuple[User, str]:
        return read_new_address_token(self.kwargs["token"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, address = self.change
        return super().get_context_data(intro=INTRO.format(old=user.email, new=address), **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        user, address = self.change
        set_new_address(user, address)
        return self.notice(ADDRESS_SET, LOG_IN_WITH.format(address=address), may_log_in_to_admin=user.is_staff)
