"""Mails of our own. A mail server that is away keeps nobody from their work, and operators read of it in the log."""

from collections.abc import Mapping, Sequence
from smtplib import SMTPException
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

log = structlog.get_logger(__name__)


def send(template: str, subject: str, context: Mapping[str, Any], addresses: Sequence[str]) -> bool:
    """Send the text of a template, such as ``reviews/query_link``; whether it went out.

    It does not where no mail is set up, or nobody has an address.
    """
    to = [address for address in addresses if address]
    if not (settings.EMAIL_IS_SET_UP and to):
        return False
    text = render_to_string(f"{template}.txt", dict(context))
    try:
        send_mail(subject, text, None, to)
    except (OSError, SMTPException) as error:
        log.error("mail_not_sent", mail=template, problem=type(error).__name__)
        return False
    return True
