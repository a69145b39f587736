"""Fifty people who use a clinic at once: they read, search, write, and note what was acknowledged."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from random import Random

import httpx2

_HIDDEN = re.compile(r'name="(csrf|version)" value="([^"]*)"')
PAUSE_S = 1.0
"""How long a person looks at a page before the next, on average."""


@dataclass
class Seen:
    """What one run saw: how long each answer took (s), what went wrong, and the writes that were acknowledged."""

    took: list[tuple[str, float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    details: list[tuple[str, str]] = field(default_factory=list)
    entries: list[tuple[str, str]] = field(default_factory=list)

    def p95_ms(self) -> float:
        times = sorted(seconds for _, seconds in self.took)
        return times[int(len(times) * 0.95)] * 1000


@dataclass
class User:
    """One person with a browser. patients: those that this person alone writes to; link: a patient's own pages."""

    number: int
    client: httpx2.AsyncClient
    patient: str
    link: str
    seen: Seen
    forgiving: bool
    rng: Random

    async def use(self, until: float) -> None:
        """Do one thing after another until then."""
        await asyncio.sleep(self.rng.random() * PAUSE_S)
        while time.monotonic() < until:
            what = self.rng.choices(
                (self._list, self._patient, self._policies, self._change, self._diary), (30, 25, 5, 20, 20)
            )[0]
            try:
                await what()
            except (httpx2.TransportError, httpx2.TimeoutException) as error:
                if not self.forgiving:
                    self.seen.wrong.append(f"{what.__name__}: {type(error).__name__}")
            await asyncio.sleep(self.rng.expovariate(1 / PAUSE_S))

    async def _ask(self, what: str, method: str, path: str, **more: object) -> httpx2.Response:
        began = time.monotonic()
        answer = await self.client.request(method, path, **more)  # type: ignore[arg-type]
        self.seen.took.append((what, time.monotonic() - began))
        if answer.status_code not in (200, 303):
            self.seen.wrong.append(f"{what}: {answer.status_code}")
        elif answer.headers.get("location", "").startswith("/sign-in"):
            self.seen.wrong.append(f"{what}: signed out")
        return answer

    async def _list(self) -> None:
        stage = self.rng.choice(("", "block", "work-up", "follow-up"))
        await self._ask("list", "GET", "/", params={"stage": stage, "text": self.rng.choice(("", "an", "made"))})

    async def _patient(self) -> None:
        await self._ask("patient", "GET", f"/patients/{self.patient}")

    async def _policies(self) -> None:
        await self._ask("policies", "GET", f"/patients/{self.patient}/policies")

    async def _change(self) -> None:
        path = f"/patients/{self.patient}/details"
        form = await self._ask("form", "GET", path)
        if form.status_code != 200:
            return
        told = f"{self.number}-{self.rng.randrange(10**9)}"
        hidden = dict(_HIDDEN.findall(form.text))
        answer = await self._ask("save", "POST", path, data={**hidden, "name": f"User {self.number}", "phone": told})
        if answer.status_code == 303:
            self.seen.details.append((self.patient, told))

    async def _diary(self) -> None:
        form = await self._ask("diary", "GET", f"{self.link}/diary")
        fields = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*type="hidden"[^>]*value="([^"]*)"', form.text))
        fields |= dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form.text))
        note = f"{self.number}-{self.rng.randrange(10**9)}"
        answer = await self._ask(
            "entry", "POST", f"{self.link}/diary", data={**fields, "score": str(self.rng.randrange(11)), "notes": note}
        )
        if answer.status_code == 303:
            self.seen.entries.append((self.patient, note))
