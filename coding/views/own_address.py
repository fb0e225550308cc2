"""The page of one's own e-mail address, on a copy that has mail."""

from typing import Any

from allauth.account.views import EmailView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from coding.forms.own_address import OwnAddressForm
from coding.views.access import allowed


class OwnAddressView(EmailView):
    """allauth's page without its further verbs: an address is changed by answering a mail, and in no other way."""

    form_class = OwnAddressForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take an address that is asked for."""
        if "action_add" not in request.POST:
            return redirect("account_email")
        return super().post(request, *args, **kwargs)


own_address = allowed(send=())(OwnAddressView.as_view())
