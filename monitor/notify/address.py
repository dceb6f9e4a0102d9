"""A target's URL as recipients, one each: what Apprise makes of it, and what it must not say."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from monitor.errors import NewsmonError
from monitor.model import Form, Recipient
from monitor.notify import feedfile
from monitor.render import MAIL_LIMIT

if TYPE_CHECKING:
    from apprise import AppriseAsset, NotifyBase

CHAT_LIMIT = 8_000  # nobody reads more in a chat
SHORT_LIMIT = 500
JSON_LIMIT = 1 << 31
REPEAT = "possible repeat: "

_MAIL = frozenset({"mailto", "mailtos"})
_WEBHOOK = frozenset({"json", "jsons"})
_FORMS: Mapping[str, Form] = {
    **dict.fromkeys(_MAIL, Form.MAIL),
    **dict.fromkeys(_WEBHOOK, Form.JSON),
    **dict.fromkeys(("tgram", "slack", "wxteams", "webex", "matrix", "matrixs"), Form.HTML),
    **dict.fromkeys(
        ("discord", "mmost", "mmosts", "zulip", "ntfy", "ntfys", "gotify", "gotifys"),
        Form.MARKDOWN,
    ),
}
# what these show as Markdown only when asked to
_ASKED_FOR_MARKDOWN = frozenset({"mmost", "mmosts", "zulip", "ntfy", "ntfys", "gotify", "gotifys"})


class AddressError(NewsmonError):
    """A target's URL cannot be used; the message holds no secret."""

    exit_code = 78


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One recipient, and a fresh Apprise object that reaches it and nobody else."""

    recipient: Recipient
    service: "NotifyBase"
    scheme: str
    host: str = ""  # the operator's own; "" where the service has fixed hosts


def check_url(url: str) -> str | None:
    """Say what is wrong with a target's URL, secrets put in; None when it can be used."""
    if (path := feedfile.path_of(url)) is not None:
        return feedfile.problem(path)
    try:
        list(addresses(url))
    except AddressError as error:
        return str(error)
    return None


def expand(url: str) -> tuple[Recipient, ...]:
    """Give the recipients of a URL; raises AddressError."""
    if (path := feedfile.path_of(url)) is not None:
        if (problem := feedfile.problem(path)) is not None:
            raise AddressError(problem)
        return (feedfile.recipient(path),)
    return tuple(each.recipient for each in addresses(url))


def addresses(url: str, asset: "AppriseAsset | None" = None) -> list[Address]:
    """Split a URL into one address a recipient, each once; raises AddressError."""
    from apprise.plugins import url_to_dict

    asset = asset or branded()
    parsed = cast("dict[str, Any] | None", url_to_dict(url))  # type: ignore[no-untyped-call]
    scheme = str(parsed.get("schema", "")).lower() if parsed else ""
    if not parsed:
        raise AddressError(_unknown(url))
    if (problem := _refused(scheme, parsed)) is not None:
        raise AddressError(problem)
    parsed |= {"retry": 0, "optional": False, "overflow": "upstream"}
    if scheme in _ASKED_FOR_MARKDOWN:
        parsed["format"] = "markdown"
    found = {each.recipient.key: each for each in _split(scheme, parsed, asset)}
    return list(found.values())


def branded(storage: str | None = None) -> "AppriseAsset":
    """Our name instead of Apprise's; no redirects, no templates; `storage` is its own folder."""
    from apprise import AppriseAsset

    return AppriseAsset(
        app_id="newsmon",
        app_desc="newsmon",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        http_redirects=False,
        allow_templates=False,
        service_timeout=60,
        storage_path=storage,
        storage_mode="auto" if storage else "memory",
    )


def _unknown(url: str) -> str:
    scheme, found, _ = url.lower().partition("://")
    if not found and "@" in url:
        return "a mail address alone - write mailtos://user:password@server?to=… with it at the end"
    if not found or not re.fullmatch(r"[a-z0-9]+", scheme):
        return 'no service address - write an Apprise URL such as "mailtos://…" or "json://…"'
    from apprise import Apprise

    known = {
        str(name)
        for service in Apprise().details()["schemas"]
        for key in ("protocols", "secure_protocols")
        for name in service[key] or ()
    }
    if scheme in known:
        return f"the {scheme}:// address is not complete - see the service's page in Apprise's wiki"
    return f'"{scheme}://" is no service that Apprise knows'


def _refused(scheme: str, parsed: Mapping[str, Any]) -> str | None:
    """Say which option of the URL would break a promise."""
    options = parsed.get("qsd") or {}
    if str(options.get("optional", "")).lower() in ("yes", "true", "1"):
        return "optional=yes hides failures - remove it"
    if scheme in _MAIL and any(options.get(key) for key in ("pgp", "wkd", "smime", "pem")):
        return "PGP and S/MIME are not supported for mail - remove these options"
    if scheme in _WEBHOOK:
        if parsed.get("payload"):
            return "a webhook's body is fixed (docs/operating.md) - remove the options with ':'"
        if str(parsed.get("method") or "POST").upper() != "POST":
            return "a webhook is told by POST - remove method"
    return None


def _split(scheme: str, parsed: dict[str, Any], asset: "AppriseAsset") -> Iterator[Address]:
    service = _instantiate(parsed, asset)
    if scheme in _MAIL:
        yield from _mailboxes(scheme, service, parsed, asset)
        return
    host = _public_host(service, parsed)
    port = f":{parsed['port']}" if parsed.get("port") else ""
    base = f"{scheme}://{host}{port}" if host else scheme
    pieces = [
        piece for each in _listed(parsed.get("targets")) for piece in each.split(",") if piece
    ]
    singles = [_single(parsed, piece, asset) for piece in pieces] if len(pieces) > 1 else []
    if len(singles) > 1 and all(each is not None and len(each) == 1 for each in singles):
        for piece, single in zip(pieces, singles, strict=True):
            assert single is not None  # noqa: S101 - just looked
            yield _address(scheme, _joined(base, piece), single, host)
    else:
        yield _address(
            scheme, _joined(base, pieces[0]) if len(pieces) == 1 else base, service, host
        )


def _joined(base: str, piece: str) -> str:
    return f"{base}/{piece}" if "://" in base else f"{base}://{piece}"


def _listed(targets: object) -> list[str]:
    return [str(each) for each in targets] if isinstance(targets, list | tuple | set) else []


def _single(parsed: Mapping[str, Any], piece: str, asset: "AppriseAsset") -> "NotifyBase | None":
    try:
        return _instantiate({**parsed, "targets": [piece]}, asset)
    except AddressError:
        return None


def _mailboxes(
    scheme: str, service: "NotifyBase", parsed: dict[str, Any], asset: "AppriseAsset"
) -> Iterator[Address]:
    mail: Any = service
    copied = {str(each) for each in (*mail.cc, *mail.bcc)}
    for address in [*(str(address) for _, address in mail.targets), *sorted(copied)]:
        single = _instantiate({**parsed, "targets": [address], "cc": "", "bcc": ""}, asset)
        yield _address(scheme, address.lower(), single)


def _instantiate(parsed: Mapping[str, Any], asset: "AppriseAsset") -> "NotifyBase":
    from apprise import Apprise

    service = Apprise.instantiate(dict(parsed), asset=asset)
    if service is None:
        scheme = str(parsed.get("schema"))
        with_sender = {**parsed, "from_addr": "newsmon@example.org"}
        if scheme in _MAIL and Apprise.instantiate(with_sender, asset=asset) is not None:
            raise AddressError('the mail has no sender - add "from=newsmon@example.org"')
        raise AddressError(_unknown(f"{scheme}://"))
    return service


def _public_host(service: "NotifyBase", parsed: Mapping[str, Any]) -> str:
    """Give the host that a URL names, or "": tokens may stand in its place."""
    token = (service.template_tokens or {}).get("host")
    return str(parsed.get("host") or "") if token and not token.get("private") else ""


def _address(scheme: str, key: str, service: "NotifyBase", host: str = "") -> Address:
    form = _FORMS.get(scheme, Form.SHORT)
    own = {Form.MAIL: MAIL_LIMIT, Form.JSON: JSON_LIMIT, Form.SHORT: SHORT_LIMIT}
    limit = own.get(form, CHAT_LIMIT)
    if form not in (Form.MAIL, Form.JSON):
        limit = min(limit, int(service.body_maxlen) - len(REPEAT))
    recipient = Recipient(key=key, form=form, limit=limit)
    return Address(recipient=recipient, service=service, scheme=scheme, host=host)
