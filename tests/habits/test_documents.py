"""What the documents show is what happens; every command, option, policy, definition and kind of error is in them."""

import ast
import re
import textwrap
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from facetwise import errors
from facetwise.cli.app import app
from facetwise.language.activity import SPELL_FACTS
from facetwise.library import DEFINITIONS, POLICIES
from tests.habits.documents import documents, documents_with_commands, rendered

README = Path("README.md").read_text(encoding="utf-8")
COMMANDS = Path("docs/reference/commands.md").read_text(encoding="utf-8")
LIBRARY = Path("docs/reference/library.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", documents_with_commands(), ids=str)
def test_every_command_prints_what_the_document_shows(document: Path) -> None:
    """Run python -m tests.habits.documents after a change, and read what changed."""
    assert rendered(document) == document.read_text(encoding="utf-8")


def test_every_command_and_option_is_documented() -> None:
    """Its help in the reference, and a use of it on some other page."""
    others = "\n".join(path.read_text(encoding="utf-8") for path in documents() if path.name != "commands.md")
    group: Any = get_command(app)
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        assert re.search(rf"facetwise {name}\b", others), name
        assert f"$ facetwise {name} --help" in COMMANDS, name
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--"):
                    assert option in COMMANDS, f"{name} {option}"


def test_every_policy_and_definition_is_in_the_reference() -> None:
    assert [name for name in (*POLICIES, *DEFINITIONS) if not re.search(rf"(^|`){name}[ `]", LIBRARY, re.M)] == []


def test_every_kind_of_error_is_documented() -> None:
    codes = Path("docs/reference/exit-codes.md").read_text(encoding="utf-8")
    kinds = [kind.__name__ for kind in errors.FacetwiseError.__subclasses__()]
    assert [kind for kind in kinds if kind not in codes] == []


def test_the_glossary_holds_every_fact_and_every_term_of_an_answer() -> None:
    glossary = Path("GLOSSARY.md").read_text(encoding="utf-8")
    terms = [fact.name for fact in SPELL_FACTS]
    terms += ["counted", "not-counted", "unknown", "candidate", "near miss", "spell", "episode", "criterion", "extract"]
    assert [term for term in terms if not re.search(rf"\*\*`?{term}`?\*\*", glossary)] == []


def test_public_text_names_no_machine_and_no_index() -> None:
    for path in [*documents(), *Path().glob("*.lock")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"/(work|root|home|tmp)/|pythonhosted|pypi\.org|index-url", text), path


_DIALECT = r"\b(told|held|comes to|come to|stands? in|taken for|is to be|are to be|of which|so many)\b"


def test_documents_are_written_in_plain_words() -> None:
    """Of the prose: outputs, tables and code have words of their own, and the changelog its history."""
    for path in documents():
        if path.name != "CHANGELOG.md":
            text = re.sub(r"```.*?```|`[^`]*`", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
            prose = re.sub(r"^\|.*$", "", text, flags=re.MULTILINE)
            assert re.findall(_DIALECT, prose) == [], path


def test_nothing_rests_on_a_document_that_its_readers_cannot_open() -> None:
    for path in [*documents(), *Path("facetwise").rglob("*.py"), *Path("facetwise").rglob("*.html")]:
        assert "dossier" not in path.read_text(encoding="utf-8").lower(), path


def test_the_readme_has_at_most_150_lines_and_the_pictures_that_the_commands_made() -> None:
    assert len(README.splitlines()) <= 150
    assert {"report", "decision", "clinic"} <= set(re.findall(r"\(docs/pictures/(\w+)\.png\)", README))


def test_every_file_and_page_that_a_document_links_to_is_there() -> None:
    """`make site` looks at the site's own links, anchors among them; these are the links of a checkout."""
    for path in documents():
        for link in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", path.read_text(encoding="utf-8")):
            generated = {
                "glossary.md": "GLOSSARY.md",
                "changes.md": "CHANGELOG.md",
                "contributing.md": "CONTRIBUTING.md",
            }
            target = path.parent / link
            assert target.exists() or Path(generated.get(target.name, "missing")).exists(), f"{path}: {link}"


_FILE = re.compile(r"`((?:facetwise/|tests/|bench/|scripts/)?[a-z_]+(?:/[a-z_0-9]+)+(?:\.py|\.txt|/))`")


def test_every_file_of_the_code_that_a_document_names_is_there() -> None:
    for path in documents():
        if path.name != "CHANGELOG.md":
            named = _FILE.findall(path.read_text(encoding="utf-8"))
            assert [name for name in named if not (Path(name).exists() or Path("facetwise", name).exists())] == [], path


def test_every_import_that_a_document_shows_works() -> None:
    for path in documents():
        for block in re.findall(r" *```python\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
            for node in ast.walk(ast.parse(textwrap.dedent(block))):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    exec(ast.unparse(node), {})
