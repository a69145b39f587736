"""What the documents show is what happens; every command, option, definition and kind of error is in them."""

import re
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from facetwise import errors
from facetwise.cli.app import app
from facetwise.language.activity import SPELL_FACTS
from facetwise.library import DEFINITIONS
from tests.habits.documents import documents, documents_with_commands, rendered

README = Path("README.md").read_text(encoding="utf-8")
COMMANDS = Path("docs/reference/commands.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", documents_with_commands(), ids=str)
def test_every_command_prints_what_the_document_shows(document: Path) -> None:
    """Run python -m tests.habits.documents after a change, and read what changed."""
    assert rendered(document) == document.read_text(encoding="utf-8")


def test_every_command_and_option_is_documented() -> None:
    group: Any = get_command(app)
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        assert f"facetwise {name}" in README, name
        assert f"$ facetwise {name} --help" in COMMANDS, name
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--"):
                    assert option in COMMANDS, f"{name} {option}"


def test_every_definition_is_named_in_the_readme() -> None:
    assert [name for name in DEFINITIONS if f"`{name}`" not in README] == []


def test_every_kind_of_error_is_documented() -> None:
    kinds = [kind.__name__ for kind in errors.FacetwiseError.__subclasses__()]
    assert [kind for kind in kinds if kind not in COMMANDS] == []


def test_the_glossary_holds_every_fact_and_every_term_of_an_answer() -> None:
    glossary = Path("GLOSSARY.md").read_text(encoding="utf-8")
    terms = [fact.name for fact in SPELL_FACTS]
    terms += ["counted", "not-counted", "unknown", "candidate", "near miss", "spell", "episode", "criterion", "extract"]
    assert [term for term in terms if not re.search(rf"\*\*`?{term}`?\*\*", glossary)] == []


def test_public_text_names_no_machine_and_no_index() -> None:
    for path in [*documents(), *Path().glob("*.lock")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"/(work|root|home|tmp)/|pythonhosted|pypi\.org|index-url", text), path
