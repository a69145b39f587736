"""How often somebody may try: sign-ins that failed, links that do not stand, and forms sent by patients."""

from __future__ import annotations

from dataclasses import dataclass, field

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from facetwise.errors import FacetwiseError

SIGN_IN_HERE = parse("5 per 15 minutes")
"""Of one name from one address."""
SIGN_IN_NAME = parse("30 per 15 minutes")
SIGN_IN_ADDRESS = parse("30 per 15 minutes")
LINK_ADDRESS = parse("20 per 10 minutes")
"""Links that do not stand, from one address."""
PATIENT_FORMS = parse("60 per minute")
"""Forms sent under one link; an offline diary that comes back sends several at once."""


class TooManyError(FacetwiseError):
    """Tried too often."""

    exit_code = 5
    http_status = 429


@dataclass(frozen=True)
class Limits:
    """The counts of one running clinic, in memory: who could restart it needs no password."""

    _limiter: MovingWindowRateLimiter = field(default_factory=lambda: MovingWindowRateLimiter(MemoryStorage()))

    def check(self, item: RateLimitItem, *key: str) -> None:
        """Errors: TooManyError where the limit is reached already. Counts nothing."""
        if not self._limiter.test(item, *key):
            raise TooManyError("That was tried too often. Wait a quarter of an hour, or ask the clinic.")

    def count(self, item: RateLimitItem, *key: str) -> None:
        """Count one."""
        self._limiter.hit(item, *key)

    def take(self, item: RateLimitItem, *key: str) -> None:
        """Count one. Errors: TooManyError where the limit is reached already."""
        if not self._limiter.hit(item, *key):
            raise TooManyError("That was too often. Wait a minute, and try again.")
