"""Policies checked: citations, dates, examples that hold, and the empty patient; those of a user's own file among them."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Sequence
from pathlib import Path

from facetwise.decide.decision import Outcome, decide
from facetwise.errors import FacetwiseError, InputError, PolicyError
from facetwise.guidance.example_patient import AS_OF, example_patient
from facetwise.language.policy import Policy
from facetwise.record.parse import record_of
from facetwise.record.what_if import what_if

_UNDATED = ("undated", "as seen", "read in")


def policy_in(path: Path) -> Policy:
    """The POLICY that a Python file defines. Errors: InputError for no such file, PolicyError for no policy in it."""
    if not path.is_file():
        raise InputError(f"There is no file {path}. Check the path.")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise PolicyError(f"{path} is no Python file. A policy is one: see docs/how-to/write-a-policy.md.")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except PolicyError as error:
        raise PolicyError(f"{path}: {error}") from error
    except (Exception, SystemExit) as error:
        first = (str(error).splitlines() or [""])[0]
        raise PolicyError(f"{path} cannot be run: {type(error).__name__}: {first}. Mend the file.") from error
    found = getattr(module, "POLICY", None)
    if not isinstance(found, Policy):
        raise PolicyError(f"{path} defines no POLICY. Name it so: POLICY = Policy(...).")
    return found


def check_policies(policies: Sequence[Policy]) -> tuple[list[str], list[str]]:
    """What is wrong with policies, and what was looked at."""
    faults = [fault for policy in policies for fault in _faults(policy)]
    ids = [policy.id for policy in policies]
    faults += [f"Two policies are called '{name}'. Rename one." for name in dict.fromkeys(ids) if ids.count(name) > 1]
    criteria = sum(len(policy.criteria) for policy in policies)
    examples = sum(len(policy.examples) for policy in policies)
    summary = [
        f"{len(policies)} policies, {criteria} criteria, {examples} examples",
        "dates: every policy has one or says that it has none, and a next review",
        "examples: every policy has one that meets it and one that does not, and all hold",
        "the empty patient: meets no policy",
    ]
    return faults, summary


def _faults(policy: Policy) -> Iterable[str]:
    dated = policy.valid_from is not None or any(
        word in text.lower() for word in _UNDATED for text in (policy.version, policy.source.version)
    )
    if policy.valid_from is not None and policy.next_review <= policy.valid_from:
        yield f"'{policy.id}' is to be reviewed before it is valid. Check next_review."
    if not dated:
        yield f"'{policy.id}' has no date. Give valid_from, or say 'undated' in its source's version."
    said = {example.outcome for example in policy.examples}
    for outcome, words in ((Outcome.MEETS, "meets it"), (Outcome.DOES_NOT_MEET, "does not meet it")):
        if outcome.value not in said:
            yield f"'{policy.id}' has no example of a patient who {words}. Add an Example to its file."
    for number, example in enumerate(policy.examples, 1):
        yield from (f"'{policy.id}', example {number} ({example.says}): {fault}" for fault in _example(policy, number))
    if decide(record_of({}, "nobody"), policy, AS_OF).outcome is Outcome.MEETS:
        yield f"'{policy.id}' is met by a patient of whom nothing is known. Look at its criteria."


def _example(policy: Policy, number: int) -> Iterable[str]:
    example = policy.examples[number - 1]
    try:
        record = record_of(what_if(example_patient(), example.changes, AS_OF), "the example")
    except FacetwiseError as error:
        yield str(error)
        return
    decision = decide(record, policy, AS_OF)
    if decision.outcome.value != example.outcome:
        yield f"the outcome is {decision.outcome.value}, not {example.outcome}"
    if example.criterion:
        policy.criterion(example.criterion)
        truths = {finding.criterion.id: finding.says for finding in decision.findings}
        if truths[example.criterion] != example.truth:
            yield f"'{example.criterion}' is {truths[example.criterion]}, not {example.truth}"
