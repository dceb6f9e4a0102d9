"""The tables of the file as frozen values."""

from collections.abc import Iterator
from datetime import time, timedelta
from decimal import Decimal
from typing import Annotated, Literal, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetPydanticSchema,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import core_schema

from monitor.config.values import (
    PrivateNetwork,
    Secret,
    duration,
    listening_place,
    percent,
    private_network,
    quiet,
    size,
    web_address,
    when,
)

MOST_WORDS = 1_000  # alternatives in one list: 5,000 cost 29 ms an article


def _text(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": [example]})


Duration: TypeAlias = Annotated[
    timedelta, BeforeValidator(duration), _text(r"^(\d+[smhdw])+$", "15m")
]
Size: TypeAlias = Annotated[int, BeforeValidator(size), _text(r"^\d+(\.\d+)? ?[KMGT]B$", "5GB")]
Percent: TypeAlias = Annotated[Decimal, BeforeValidator(percent), _text(r"^\d+(\.\d+)? ?%$", "5%")]
When: TypeAlias = Annotated[
    tuple[time, ...],
    BeforeValidator(when),
    WithJsonSchema(
        {
            "anyOf": [
                {"const": "now"},
                {"type": "array", "items": {"type": "string", "pattern": r"^\d?\d:\d\d$"}},
            ]
        }
    ),
]
Quiet: TypeAlias = Annotated[
    tuple[time, time], BeforeValidator(quiet), _text(r"^\d?\d:\d\d ?- ?\d?\d:\d\d$", "23:00-06:30")
]
Allowed: TypeAlias = Annotated[
    PrivateNetwork,
    BeforeValidator(private_network),
    _text(r"^[0-9a-fA-F.:\[\]]+/\d+:\d+$", "127.0.0.1/32:8080"),
]
SecretText: TypeAlias = Annotated[
    Secret,
    GetPydanticSchema(
        lambda _source, _handler: core_schema.no_info_after_validator_function(
            Secret, core_schema.str_schema(strict=True)
        )
    ),
    WithJsonSchema({"type": "string"}),
]
Term: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]
Terms: TypeAlias = Annotated[tuple[Term, ...], Field(max_length=MOST_WORDS)]
Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f/]+$")]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


class Monitor(_Table):
    """`[monitor]`: what holds for the whole program."""

    timezone: str = "UTC"
    contact: str = ""
    state: str = ""
    keep: Duration | None = None
    max_size: Size | None = None
    backup: Literal["daily", "never"] = "daily"
    metrics: str | None = None
    log: Literal["plain", "json"] = "plain"
    proxy: str | None = None

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(
                f'"{name}" is no time zone - write an IANA name such as "Europe/Warsaw"'
            ) from None
        return name

    @field_validator("metrics")
    @classmethod
    def _place_to_listen(cls, place: str | None) -> str | None:
        if place is not None and not listening_place(place):
            raise ValueError(
                f'"{place}" is no place to listen - write "unix:state/metrics.sock" or a port of'
                ' this machine alone, "127.0.0.1:9464"'
            )
        return place

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class Feed(_Table):
    """`[[feed]]`: an address that is polled."""

    url: str
    outlet: str = ""
    folder: Annotated[str, Field(pattern=r"^[^\x00-\x1f]*$")] = ""
    allow_private: tuple[Allowed, ...] = ()
    every: Duration = timedelta(minutes=15)  # judged by the line above
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] | None = None
    full_text: Literal["auto", "page", "feed"] = "auto"
    headers: dict[str, SecretText] = Field(default_factory=dict)  # a default would be copied
    user: str | None = None
    password: SecretText | None = None

    @field_validator("url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        return web_address(url)

    @field_validator("every")
    @classmethod
    def _not_too_often(cls, every: timedelta, info: ValidationInfo) -> timedelta:
        internal = info.data.get("allow_private", True)  # not there: wrong, and told as such
        least = timedelta(seconds=1 if internal else 60)
        if every < least:
            raise ValueError(f"at least {int(least.total_seconds())}s is asked for here")
        return every


class Near(_Table):
    """Words that stand close together."""

    words: Annotated[tuple[Term, ...], Field(min_length=2)]
    within: Annotated[int, Field(ge=1, le=1_000)] = 10


class Watch(_Table):
    """`[[watch]]`: a rule of words and who is told."""

    name: Name
    all: Terms = ()
    any: Terms = ()
    none: Terms = ()
    title: Terms = ()
    near: Near | None = None
    search: Annotated[str, Field(max_length=4_000)] = ""
    figures: tuple[Term, ...] = ()
    change: Percent = Decimal(0)
    send_to: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _looks_for_something(self) -> "Watch":
        if not (self.all or self.any or self.title or self.near or self.search.strip()):
            raise ValueError("has no words - give at least one of all, any, title, near or search")
        return self

    def terms(self) -> Iterator[tuple[str, str]]:
        """Every listed term with the key it stands under."""
        near = self.near.words if self.near else ()
        lists = {"all": self.all, "any": self.any, "none": self.none, "title": self.title}
        for key, listed in (*lists.items(), ("near", near)):
            yield from ((key, term) for term in listed)


class Target(_Table):
    """`[[target]]`: where digests go, and when."""

    name: Name
    url: SecretText
    when: When = ()
    quiet: Quiet | None = None
    group_wait: Duration = timedelta(minutes=5)
    least_gap: Duration = timedelta(minutes=10)
    max_per_hour: Annotated[int, Field(ge=1)] = 12
    repeat_unknown_after: Duration = timedelta(minutes=15)
    min_sources: Annotated[int, Field(ge=1)] = 1
    at_most: Annotated[int, Field(ge=1, le=200)] = 20
    subject: Literal["fact", "stable"] = "fact"
    language: Literal["en"] = "en"
    fallback: str | None = None
    heartbeat: Literal["weekly"] | None = None
    templates: str | None = None
    secret: SecretText | None = None


class Config(_Table):
    """The whole file."""

    monitor: Monitor = Monitor()
    words: dict[Annotated[str, Field(pattern=r"^\w+$")], Terms] = {}
    feeds: Annotated[tuple[Feed, ...], Field(alias="feed")] = ()
    watches: Annotated[tuple[Watch, ...], Field(alias="watch")] = ()
    targets: Annotated[tuple[Target, ...], Field(alias="target")] = ()

    def target(self, name: str) -> Target | None:
        return next((each for each in self.targets if each.name == name), None)

    def secrets(self) -> Iterator[tuple[str, Secret]]:
        """Every value that may hold a secret, with its place for a person."""
        for feed in self.feeds:
            yield from ((f'[[feed]] {feed.url}: header "{k}"', v) for k, v in feed.headers.items())
            if feed.password is not None:
                yield f"[[feed]] {feed.url}: password", feed.password
        for target in self.targets:
            yield f'[[target]] "{target.name}": url', target.url
            if target.secret is not None:
                yield f'[[target]] "{target.name}": secret', target.secret
