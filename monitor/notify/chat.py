"""Chat services through Apprise, one call a recipient."""

import re
import socket
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from monitor import text
from monitor.model import DeliveryError, Form, Message
from monitor.notify.guard import Forbidden, check_host

if TYPE_CHECKING:
    from apprise import AppriseResult

    from monitor.notify.address import Address

_FORMATS: Mapping[Form, str] = {
    Form.HTML: "html",
    Form.MARKDOWN: "markdown",
    Form.SHORT: "text",
}
_STATUS = re.compile(r"\berror=(\d{3})\b")  # how its plugins end the line about an HTTP answer
_TRY_AGAIN = frozenset({408, 425, 429})
_TOPICS = frozenset({"zulip"})  # the title is a thread's name there; elsewhere it is markup


def tell(address: "Address", message: Message, body: str) -> DeliveryError | None:
    """Send a body; why it failed is read from Apprise's log, and in doubt it is tried again."""
    from apprise import Apprise, AppriseResultStatus

    service = address.service
    try:
        with suppress(socket.gaierror):  # a name that only a proxy knows
            if address.host:
                check_host(address.host, int(getattr(service, "port", None) or 443))
    except Forbidden as error:
        return DeliveryError(kind="permanent", reason=str(error))
    topic = text.one_line(message.topic, int(service.title_maxlen))
    sender = Apprise(asset=service.asset)
    sender.add(service)
    result = sender.notify(
        body=body,
        title=topic if address.scheme in _TOPICS else "",
        body_format=_FORMATS[message.form],
    )
    match result.status:
        case AppriseResultStatus.SUCCESS:
            return None
        case AppriseResultStatus.TIMEOUT:
            return DeliveryError(kind="unknown", reason="the service did not answer in time")
        case _:
            return _refusal(result)


def _refusal(result: "AppriseResult") -> DeliveryError:
    """Judge by the last sentence of Apprise's log: it says why, and names no secret there."""
    words = [entry.message for service in result for attempt in service for entry in attempt]
    if not words:
        return DeliveryError(kind="temporary", reason="the service did not take it")
    status = int(found[1]) if (found := _STATUS.search(words[-1])) else 0
    for_good = 400 <= status < 500 and status not in _TRY_AGAIN  # noqa: PLR2004 - RFC 9110 §15.5
    reason = text.one_line(words[-1], 200)
    return DeliveryError(kind="permanent" if for_good else "temporary", reason=reason)
