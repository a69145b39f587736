"""One patient's facts, collected while FHIR resources are read, and the record built from them at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from facetwise.errors import InputError
from facetwise.record.fhir.fact_table import Pain

Entry = dict[str, object]
_SHOWN = 6


@dataclass(frozen=True)
class ReadPatient:
    """One patient as read from FHIR.

    record: facetwise.record/1, without `complete`: FHIR never says that a list is complete. Numbers are int or Decimal.
    origins: path in the record ('scores[0]') to the element behind it ('Observation/abc.valueQuantity'); several
    elements behind one fact are separated by '; '.
    not_understood: what was sent and not used, in words with counts.
    notes: what matters for the patient and has no field in the record, or is uncertain and needs a person to look.
    """

    record: dict[str, object]
    origins: dict[str, str]
    not_understood: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class CodedPain:
    """Pain of a region that is present now, and since when where that is a whole date."""

    pain: Pain
    since: str | None
    since_path: str
    code_path: str


@dataclass(frozen=True)
class CodedCare:
    """A course of care with the references that may say what it was for. `tied`: a coded reason already does."""

    course: Entry
    path: str
    reasons: tuple[str, ...]
    tied: bool


@dataclass(frozen=True)
class ReferencedMedicine:
    """A medicine known by reference only, to be looked up when all is read."""

    reference: str
    path: str
    kind: str
    status: str


@dataclass
class Case:
    """All facts about one patient. Cases merge when two references turn out to be one person."""

    id: str = ""
    has_patient: bool = False
    taken: int = 0
    fault: str = ""
    facts: dict[str, tuple[str, str]] = field(default_factory=dict)
    scores: list[tuple[Entry, str]] = field(default_factory=list)
    moments: dict[str, str] = field(default_factory=dict)
    flags: dict[str, list[str]] = field(default_factory=dict)
    pains: list[CodedPain] = field(default_factory=list)
    blocks: list[tuple[Entry, str]] = field(default_factory=list)
    denervations: list[tuple[Entry, str]] = field(default_factory=list)
    care: list[CodedCare] = field(default_factory=list)
    requests: list[tuple[Entry, str]] = field(default_factory=list)
    medicines: list[ReferencedMedicine] = field(default_factory=list)
    unknown_codes: dict[str, Counter[str]] = field(default_factory=dict)
    unread: Counter[tuple[str, str]] = field(default_factory=Counter)
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fact(self, name: str, value: str, path: str) -> None:
        """Sets born or sex. InputError where two resources of one patient differ."""
        if self.facts.setdefault(name, (value, path))[0] != value:
            raise InputError(
                f"{path} and {self.facts[name][1]} are of one patient and differ. Send the right one only."
            )

    def flag(self, condition: str, path: str) -> None:
        self.flags.setdefault(condition, []).append(path)

    def unknown(self, kind: str, described: str) -> None:
        self.unknown_codes.setdefault(kind, Counter())[described] += 1

    def merge(self, other: Case) -> None:
        """Adds what was found under another reference to the same person."""
        self.id = self.id or other.id
        self.has_patient = self.has_patient or other.has_patient
        self.taken += other.taken
        self.fault = self.fault or other.fault
        for name, fact in other.facts.items():
            self.fact(name, *fact)
        for mine, theirs in zip(self._lists(), other._lists(), strict=True):
            mine.extend(theirs)
        for condition, paths in other.flags.items():
            self.flags.setdefault(condition, []).extend(paths)
        for kind, counts in other.unknown_codes.items():
            self.unknown_codes.setdefault(kind, Counter()).update(counts)
        self.unread.update(other.unread)
        self.moments.update(other.moments)

    def _lists(self) -> tuple[list[object], ...]:
        lists = (self.scores, self.pains, self.blocks, self.denervations, self.care, self.requests, self.medicines)
        return (*lists, self.left_out, self.notes)  # type: ignore[return-value]

    def unused(self, also: Iterable[str]) -> tuple[str, ...]:
        """The lines about what was sent and not used, with counts."""
        lines = [*self.left_out, *also]
        for kind, counts in sorted(self.unknown_codes.items()):
            codes = [f"{code} ({n})" if n > 1 else code for code, n in counts.most_common(_SHOWN)]
            rest = len(counts) - _SHOWN
            more = f" and {rest} other code{'' if rest == 1 else 's'}" if rest > 0 else ""
            lines.append(f"{_many(counts.total(), kind)} with codes not known here: {', '.join(codes)}{more}")
        lines.extend(f"{_many(n, kind)} {why}" for (kind, why), n in sorted(self.unread.items()))
        return tuple(lines)


def _many(n: int, kind: str) -> str:
    return f"{n} {kind} resource" + ("" if n == 1 else "s")


def build_record(case: Case, is_spinal: Callable[[str], bool], also: Iterable[str]) -> ReadPatient:
    """The record of a case, after every resource was read. `is_spinal`: whether a referenced Condition is spinal pain."""
    record: dict[str, object] = {"schema": "facetwise.record/1"}
    origins: dict[str, str] = {}
    if case.id:
        record["id"] = case.id
    for name, (value, path) in case.facts.items():
        record[name], origins[name] = value, path
    request = _request(case, record, origins)
    _pain(case, request.get("region"), record, origins)
    _events("scores", case.scores, record, origins, case.moments)
    _care(case, is_spinal, record, origins)
    _events("blocks", case.blocks, record, origins)
    _events("denervations", case.denervations, record, origins)
    if case.flags:
        record["conditions"] = dict.fromkeys(sorted(case.flags), True)
        origins |= {f"conditions.{name}": "; ".join(dict.fromkeys(case.flags[name])) for name in sorted(case.flags)}
    if not case.scores:
        case.notes.append("No pain score is here: none of the resources is a dated 0 to 10 score (LOINC 72514-3).")
    return ReadPatient(record, origins, case.unused(also), tuple(dict.fromkeys(case.notes)))


def _by_date(item: tuple[Entry, str]) -> tuple[str, str]:
    return str(item[0].get("date", "")), item[1]


def _events(
    name: str,
    entries: list[tuple[Entry, str]],
    record: dict[str, object],
    origins: dict[str, str],
    moments: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """moments: when on its day each was, as written, so that the later of one day stands later."""
    once: dict[str, Entry] = {}
    for entry, path in entries:
        if once.setdefault(path, entry) != entry:
            raise InputError(f"{path} is there twice with different content. Send one version of each resource.")
    if once:
        ordered = sorted(
            ((entry, path) for path, entry in once.items()),
            key=lambda item: (str(item[0].get("date", "")), moments.get(item[1], ""), item[1]),
        )
        record[name] = [entry for entry, _ in ordered]
        origins |= {f"{name}[{index}]": path for index, (_, path) in enumerate(ordered)}


def _request(case: Case, record: dict[str, object], origins: dict[str, str]) -> Entry:
    if not case.requests:
        return {}
    request, path = max(case.requests, key=_by_date)
    for _, other in case.requests:
        if other != path:
            case.notes.append(
                f"{other} is a denervation request too: the latest, {path}, is the request of the record."
            )
    record["request"], origins["request"] = request, path
    return request


def _pain(case: Case, region: object, record: dict[str, object], origins: dict[str, str]) -> None:
    """Pain of the requested region; without a request, since-dates and radicular pain are those of the only region."""
    regions = {coded.pain.region for coded in case.pains}
    relevant = [coded for coded in case.pains if region is None or coded.pain.region == region]
    pain: Entry = {}
    dated = [coded for coded in relevant if coded.pain.since and coded.since]
    first_of: dict[str, str] = {}
    for coded in dated:
        since = str(coded.since)
        first_of[coded.pain.region] = min(since, first_of.get(coded.pain.region, since))
    firsts = set(first_of.values())
    if len(firsts) == 1:
        pain["since"] = firsts.pop()
        first = [coded for coded in dated if coded.since == pain["since"]]
        origins["pain.since"] = "; ".join(dict.fromkeys(coded.since_path for coded in first))
        places = ", ".join(sorted({coded.pain.region for coded in first}))
        case.notes.append(f"pain.since is the onset of pain coded as {places} ({origins['pain.since']}).")
    elif firsts:
        case.left_out.append(
            "pain.since is left out: pain of several regions is coded with different onsets and no request names one ("
            + "; ".join(coded.since_path for coded in dated) + ")"
        )  # fmt: skip
    radicular = [coded for coded in relevant if coded.pain.radicular]
    if radicular and (region is not None or len(regions) == 1):
        pain["radicular"] = True
        origins["pain.radicular"] = "; ".join(coded.code_path for coded in radicular)
    elif radicular:
        case.notes.append(f"{radicular[0].code_path} says radicular pain; no request names the region, so it is asked.")
    if pain:
        record["pain"] = pain


def _care(case: Case, is_spinal: Callable[[str], bool], record: dict[str, object], origins: dict[str, str]) -> None:
    tied = [(coded.course, coded.path) for coded in case.care if coded.tied or any(map(is_spinal, coded.reasons))]
    if tied:
        ordered = sorted(tied, key=lambda item: (str(item[0].get("from", "")), item[1]))
        record["care"] = [course for course, _ in ordered]
        origins |= {f"care[{index}]": path for index, (_, path) in enumerate(ordered)}
    if loose := len(case.care) - len(tied):
        case.left_out.append(
            f"{loose} course{'' if loose == 1 else 's'} of physiotherapy or exercise with no reason that ties it to pain "
            "of the spine: not read as conservative care"
        )
