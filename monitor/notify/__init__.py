"""The way out: a message to one recipient, and what became of it.

Apprise reads every target's URL and speaks to chat services; mail and webhooks are ours. A fresh
Apprise object serves each send (one that is kept waits 5.5 s between two), and only warnings of its
logger are heard: at DEBUG it prints tokens.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from monitor.config import Target
from monitor.errors import ConfigError
from monitor.model import DeliveryError, Form, Message, Outcome, Receipt, Recipient
from monitor.notify import feedfile, mail, webhook
from monitor.notify.address import (
    REPEAT,
    Address,
    AddressError,
    addresses,
    branded,
    check_url,
    expand,
)
from monitor.notify.chat import tell

if TYPE_CHECKING:
    from apprise.plugins.custom_json import NotifyJSON
    from apprise.plugins.email import NotifyEmail

__all__ = ["AddressError", "Notifier", "check_url", "expand"]

for _name in ("apprise", "urllib3", "requests"):
    logging.getLogger(_name).setLevel(logging.INFO)  # whatever -v says: DEBUG shows secrets


def _proven(address: Address) -> DeliveryError | None:
    match address.recipient.form:
        case Form.MAIL:
            return mail.prove(cast("NotifyEmail", address.service), address.recipient.key)
        case Form.JSON:
            return webhook.prove(cast("NotifyJSON", address.service))
        case Form.HTML | Form.MARKDOWN | Form.SHORT:
            return None


class Notifier:
    """Sends synchronously: call it in a thread, one per target at a time."""

    def __init__(
        self,
        *,
        environ: Mapping[str, str],
        instance: str,
        contact: str,
        storage: Path | None,
        agent: str,
        clock: Callable[[], datetime],
    ) -> None:
        """`storage`: a folder for what services want remembered; `instance` marks mail threads."""
        self._environ = environ
        self._instance = instance
        self._contact = contact
        self._storage = str(storage) if storage else None
        if storage is not None:
            storage.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._agent = agent
        self._clock = clock

    def recipients(self, target: Target) -> tuple[Recipient, ...]:
        """Who a target's URL reaches, one each; raises ConfigError or AddressError."""
        return expand(target.url.reveal(self._environ, encoded=True))

    def send(self, message: Message, target: Target) -> Outcome:
        """Deliver to the message's recipient; every failure outside comes back as a value."""
        try:
            url = target.url.reveal(self._environ, encoded=True)
            if (path := feedfile.path_of(url)) is not None:
                return self._written(path, message)
            known = addresses(url, branded(self._storage))
            secret = target.secret.reveal(self._environ) if target.secret else None
        except (AddressError, ConfigError) as error:
            return DeliveryError(kind="permanent", reason=str(error))
        found = next((each for each in known if each.recipient.key == message.recipient), None)
        if found is None:
            reason = f"{message.recipient} is no longer in the target's url"
            return DeliveryError(kind="permanent", reason=reason)
        failure = self._deliver(found, message, secret)
        return failure or Receipt(at=self._clock())

    def prove(self, target: Target) -> Iterator[str]:
        """Go as far as one can without a message, and say what is in the way.

        Mail: up to the recipient's name; a webhook: the connection; a feed file: its folder; chat
        services: only the address is looked at (`newsmon target test` sends).
        """
        url = target.url.reveal(self._environ, encoded=True)
        if (path := feedfile.path_of(url)) is not None:
            failures = [feedfile.prove(path)]
        else:
            failures = [_proven(each) for each in addresses(url, branded(self._storage))]
        yield from (each.reason for each in failures if each is not None)

    def _written(self, path: Path, message: Message) -> Outcome:
        now = self._clock()
        return feedfile.deliver(path, message, at=now) or Receipt(at=now)

    def _deliver(
        self, address: Address, message: Message, secret: str | None
    ) -> DeliveryError | None:
        match message.form:
            case Form.MAIL:
                service = cast("NotifyEmail", address.service)
                mark = mail.Postmark(
                    instance=self._instance, contact=self._contact, at=self._clock()
                )
                to = address.recipient.key
                return mail.deliver(service, to, mail.letter(service, message, to, mark))
            case Form.JSON:
                hook = cast("NotifyJSON", address.service)
                return webhook.deliver(hook, message, secret=secret, agent=self._agent)
            case Form.HTML | Form.MARKDOWN | Form.SHORT:
                repeat = REPEAT if message.possible_repeat else ""
                return tell(address, message, repeat + message.text)
