"""One GET from first look at the address to the whole body, hop by hop."""

from base64 import b64encode
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from http import HTTPStatus
from typing import Any, Literal, NamedTuple, TypeAlias
from urllib.parse import urljoin

import can_ada

from monitor.config import PrivateNetwork
from monitor.fetch import body as bodies
from monitor.fetch import wishes
from monitor.fetch.failure import FetchError
from monitor.fetch.hosts import Host, Hosts
from monitor.fetch.patience import Patience, Wait
from monitor.fetch.robots import Robots
from monitor.model import (
    Fetched,
    FetchProblem,
    FetchResult,
    NotModified,
    Unreachable,
    Validators,
)
from monitor.net import (
    FAILURES,
    PORTS,
    Door,
    Response,
    failure,
    refuse_url,
    same_origin,
)

REDIRECTS = 5
_OK, _NOT_MODIFIED = HTTPStatus.OK, HTTPStatus.NOT_MODIFIED  # to look one up is dear
_PERMANENT = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT})
_REDIRECT = _PERMANENT | {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.TEMPORARY_REDIRECT}
_PAGE_TYPES = ("text/html", "application/xhtml+xml", "text/xml", "application/xml", "text/plain")
_PROBLEMS = {
    "refused": FetchProblem.REFUSED,
    "timeout": FetchProblem.TIMEOUT,
    "unreachable": FetchProblem.UNREACHABLE,
}
_ACCEPT = {
    "feed": "application/atom+xml, application/rss+xml, application/feed+json;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, */*;q=0.5",
    "page": "text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
    "robots": "text/plain, */*;q=0.5",
}

Kind: TypeAlias = Literal["feed", "page", "robots"]
Clock: TypeAlias = Callable[[], datetime]


class _Ask(NamedTuple):
    """What was asked for; the same on every hop."""

    url: str
    kind: Kind
    validators: Validators
    conditions: Mapping[str, str]  # the headers that ask for news alone
    allow: tuple[PrivateNetwork, ...]
    private_headers: Mapping[str, str]  # never shown to another host


class _Hop(NamedTuple):
    """One address on the way, in its WHATWG form: what is judged is what is dialled."""

    url: str
    host: str
    origin: str
    start: str  # the address that was asked for
    home: bool = True  # still the host that was asked for
    permanent: bool = True  # every redirect up to here was


class _Moved(NamedTuple):
    location: str
    permanent: bool


class Fetcher:
    """Fetches feeds and pages; whatever goes wrong outside comes back as a value."""

    def __init__(self, door: Door, *, contact: str, version: str, now: Clock) -> None:
        self._door = door
        self._now = now
        self._agent = f"newsmon/{version}" + (f" (+{contact})" if contact else "")
        self._hosts = Hosts()
        self._patience = Patience()
        self._robots = Robots(lambda url: self._travel(_ask(url, "robots")))

    def get(
        self,
        url: str,
        *,
        kind: Literal["feed", "page"],
        home: str,
        validators: Validators | None = None,
        allow: Sequence[PrivateNetwork] = (),
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
    ) -> Coroutine[Any, Any, FetchResult]:
        """Ask for `url`, the feed's own address or one that it links.

        `home` is the feed's address in the configuration. `allow` (networks opened for it),
        `headers` and `auth` (user, password) hold for its origin only: neither a link nor a
        redirect takes them elsewhere.
        """
        if url != home and not same_origin(home, url):
            return self._travel(_ask(url, kind, validators))
        private = dict(headers or {})
        if auth is not None:
            private["Authorization"] = "Basic " + b64encode(":".join(auth).encode()).decode()
        return self._travel(_ask(url, kind, validators, tuple(allow), private))

    async def _travel(self, ask: _Ask) -> FetchResult:
        """Hop by hop, each once its host has time for us."""
        spent = 0.0  # seconds, without the waiting
        try:
            hop = _first(ask)
            for _ in range(REDIRECTS + 1):
                host = await self._enter(ask, hop)
                wait = self._patience.wait(spent)
                try:
                    with wait:
                        step = await self._exchange(ask, hop, wait)
                    host.failures = 0
                except FetchError:  # it said something
                    host.failures = 0
                    raise
                except FAILURES as error:
                    failed = _failed(error)
                    if failed.problem is not FetchProblem.REFUSED:
                        host.failed()
                    raise failed from error
                finally:
                    self._hosts.leave(host)
                if not isinstance(step, _Moved):
                    return step
                spent += wait.seconds
                hop = _next(ask, hop, step)
        except FetchError as failed:
            return self._unreachable(ask, failed)
        far = FetchError(FetchProblem.UNREACHABLE, f"more than {REDIRECTS} redirects")
        return self._unreachable(ask, far)

    def _enter(self, ask: _Ask, hop: _Hop) -> Awaitable[Host]:
        """Wait for the host's time; raises FetchError where we do not go."""
        if ask.allow and hop.home:
            return self._hosts.enter(hop.host)
        if self._hosts.rests(hop.host):
            reason = f"{hop.host} failed several times in a row and is left alone for a minute"
            raise FetchError(FetchProblem.UNREACHABLE, reason)
        return self._enter_for_page(hop) if ask.kind == "page" else self._hosts.enter(hop.host)

    async def _enter_for_page(self, hop: _Hop) -> Host:
        delay = await self._robots.delay(hop.url, origin=hop.origin, now=self._now())
        return await self._hosts.enter(hop.host, paced=True, delay=delay)

    async def _exchange(self, ask: _Ask, hop: _Hop, wait: Wait) -> FetchResult | _Moved:
        """One request."""
        response = await self._door.request(
            hop.url, headers=self._headers(ask, hop), allow=ask.allow if hop.home else ()
        )
        try:
            if response.status in _REDIRECT and (location := response.headers.get("Location")):
                return _Moved(location, permanent=response.status in _PERMANENT)
            if response.status == _NOT_MODIFIED and ask.conditions:
                return self._not_modified(ask, hop, response)
            self._check(ask, response)
            content = await bodies.read(
                wait.heard(response.content.iter_chunked(64 * bodies.KIB)),
                coding=response.headers.get("Content-Encoding", ""),
                length=response.content_length,
                cap=bodies.CAPS[ask.kind],
            )
        finally:
            if not response.closed:  # a connection with an unread rest is not used again
                response.close()
        return self._arrived(ask, hop, response, content)

    def _headers(self, ask: _Ask, hop: _Hop) -> dict[str, str]:
        ours = {
            "User-Agent": self._agent,
            "Accept": _ACCEPT[ask.kind],
            "Accept-Encoding": bodies.ACCEPT_ENCODING,
        }
        return {**ours, **ask.conditions, **(ask.private_headers if hop.home else {})}

    def _unreachable(self, ask: _Ask, failed: FetchError) -> Unreachable:
        return Unreachable(
            url=ask.url,
            problem=failed.problem,
            reason=failed.reason,
            at=self._now(),
            status=failed.status,
            retry_after=failed.retry_after,
            silent=failed.silent,
        )

    def _check(self, ask: _Ask, response: Response) -> None:
        """Raise FetchError for every answer that holds no feed or page."""
        status = response.status
        if status == _OK:
            kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            if ask.kind == "page" and kind and kind not in _PAGE_TYPES:
                raise FetchError(FetchProblem.REFUSED, f"{kind[:60]} is no page", status=status)
            return
        problem = FetchProblem.GONE if status == HTTPStatus.GONE else FetchProblem.UNREACHABLE
        wish = wishes.retry_after(response.headers.get("Retry-After", ""), now=self._now())
        raise FetchError(
            problem, f"HTTP {status}{_phrase(status)}", status=status, retry_after=wish
        )

    def _not_modified(self, ask: _Ask, hop: _Hop, response: Response) -> NotModified:
        return NotModified(
            ask.url,
            self._now(),
            _validators(response, ask.validators.body_hash, ask.validators),
            wishes.max_age(response.headers.get("Cache-Control", "")),
            _moved_to(hop),
        )

    def _arrived(
        self, ask: _Ask, hop: _Hop, response: Response, content: bytes
    ) -> Fetched | NotModified:
        hashed = ask.kind == "feed"  # of a page nobody keeps the hash
        digest = blake2b(content, digest_size=16).hexdigest() if hashed else ""
        validators = _validators(response, digest)
        age = wishes.max_age(response.headers.get("Cache-Control", ""))
        if digest and digest == ask.validators.body_hash:
            return NotModified(
                url=ask.url,
                at=self._now(),
                validators=validators,
                max_age=age,
                moved_to=_moved_to(hop),
            )
        return Fetched(
            url=ask.url,
            final_url=hop.url,
            status=response.status,
            body=content,
            validators=validators,
            at=self._now(),
            max_age=age,
            moved_to=_moved_to(hop),
        )


def _ask(
    url: str,
    kind: Kind,
    validators: Validators | None = None,
    allow: tuple[PrivateNetwork, ...] = (),
    private: Mapping[str, str] | None = None,
) -> _Ask:
    known = validators or Validators()
    return _Ask(url, kind, known, _conditions(known), allow, private or {})


def _first(ask: _Ask) -> _Hop:
    parsed = _parsed(ask.url)
    ports = None if ask.kind == "feed" else PORTS  # of a feed: the configuration names it
    _refuse(ask.url, ask.allow, ports)
    start = _without_fragment(parsed.href)
    return _Hop(start, parsed.hostname, parsed.origin, start)


def _next(ask: _Ask, hop: _Hop, step: _Moved) -> _Hop:
    """The hop that a redirect leads to; every check is made anew."""
    location = step.location.strip()
    try:
        target = urljoin(hop.url, location)
    except ValueError:
        target = location
    parsed = _parsed(target)
    home = hop.home and _same_house(hop.origin, parsed.origin)
    _refuse(target, ask.allow if home else (), PORTS, redirect=True)
    if ask.url.lower().startswith("https:") and parsed.protocol != "https:":
        raise FetchError(FetchProblem.REFUSED, f"redirect from https to {_short(target)}")
    return _Hop(
        url=_without_fragment(parsed.href),
        host=parsed.hostname,
        origin=parsed.origin,
        home=home,
        start=hop.start,
        permanent=hop.permanent and step.permanent,
    )


def _same_house(one: str, other: str) -> bool:
    """Whether `other` is the same origin, or its own upgrade to https."""
    return one == other or one.replace("http:", "https:", 1) == other


def _refuse(
    url: str,
    allow: Sequence[PrivateNetwork],
    ports: frozenset[int] | None,
    *,
    redirect: bool = False,
) -> None:
    if (reason := refuse_url(url, allow, ports=ports)) is not None:
        if redirect:
            reason = f"redirect to {_short(url)}: {reason}"
        raise FetchError(FetchProblem.REFUSED, reason)


def _parsed(url: str) -> can_ada.URL:
    try:
        return can_ada.parse(url)
    except ValueError:
        raise FetchError(FetchProblem.REFUSED, f"{_short(url)} is no address") from None


def _without_fragment(url: str) -> str:
    return url.partition("#")[0]


def _short(url: str) -> str:
    return repr(url if len(url) <= 120 else url[:119] + "…")  # noqa: PLR2004 - one line of a log


def _conditions(validators: Validators) -> dict[str, str]:
    conditions = {}
    if validators.etag:
        conditions["If-None-Match"] = validators.etag
    if validators.last_modified:
        conditions["If-Modified-Since"] = validators.last_modified
    return conditions


def _validators(response: Response, digest: str, old: Validators | None = None) -> Validators:
    old = old or Validators()
    etag = response.headers.get("ETag", old.etag)
    last_modified = response.headers.get("Last-Modified", old.last_modified)
    if (etag, last_modified, digest) == old:
        return old
    return Validators(_returnable(etag), _returnable(last_modified), digest)


def _returnable(value: str) -> str:
    """A validator, or "" where it holds bytes that are no UTF-8: it could not be sent back."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return ""
    return value


def _moved_to(hop: _Hop) -> str:
    return hop.url if hop.permanent and hop.url != hop.start else ""


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""


def _failed(error: Exception) -> FetchError:
    found = failure(error)
    return FetchError(_PROBLEMS[found.kind], found.reason, silent=found.silent)
