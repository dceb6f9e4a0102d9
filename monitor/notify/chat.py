"""Chat services through Apprise, one call a recipient."""

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
_TOPICS = frozenset({"zulip"})  # the title is a thread's name there; elsewhere it is markup


def tell(address: "Address", message: Message, body: str) -> DeliveryError | None:
    """Send a body; Apprise says whether it failed, not why for certain: so try again later."""
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
            return DeliveryError(kind="temporary", reason=_last_words(result))


def _last_words(result: "AppriseResult") -> str:
    """Give the last sentence of Apprise's log: it says why, and names no secret at this level."""
    words = [entry.message for service in result for attempt in service for entry in attempt]
    return text.one_line(words[-1], 200) if words else "the service did not take it"
