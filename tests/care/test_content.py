"""The texts' TOML files: each fault names the file, the table and the key, so that an author can mend it without Python."""

from pathlib import Path

import pytest

from facetwise.errors import PolicyError
from facetwise.information import content
from facetwise.information.model.sentence import Topic
from facetwise.toml_table import TomlTable, read_toml


def table(tmp_path: Path, text: str) -> TomlTable:
    file = tmp_path / "words.toml"
    file.write_text(text, encoding="utf-8")
    return read_toml(file)


def test_a_file_that_is_not_toml_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"^words\.toml is not TOML: .*line 2"):
        table(tmp_path, 'id = "a"\nsays = \n')


@pytest.mark.parametrize(
    "text, message",
    [
        ("[[term]]\nid = 'a'", r"^words\.toml, term a: 'pattern' is missing\.$"),
        ("[[term]]\nid = 'a'\npattern = ' '", r"^words\.toml, term a: 'pattern' is not a text\. Write words in quotat"),
        ("[[term]]\npattern = 3", r"^words\.toml, term 1: 'pattern' is not a text\."),
        ("term = 3", r"^words\.toml: 'term' is not a list of tables\. Head each with \[\[term\]\]\.$"),
        ("term = [3]", r"^words\.toml: 'term' is not a list of tables\. Head each with \[\[term\]\]\.$"),
    ],
)
def test_a_missing_or_empty_text_is_refused_by_its_key(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(PolicyError, match=message):
        [each.text("pattern") for each in table(tmp_path, text).tables("term")]


SENTENCE = "[[part]]\nid = 'x'\nsays = 'It is so.'\nstatements = ['B2']\n"


@pytest.mark.parametrize(
    "line, message",
    [
        ("onyl = ['neck']", r"^words\.toml, part x: 'onyl' is not a key of this table\. Did you mean 'only'\?$"),
        ("only = ['nek']", r"^words\.toml, part x: 'only' names 'nek', which is not known\. Did you mean 'neck'\?$"),
        ("only = 'neck'", r"^words\.toml, part x: 'only' is not a list of texts\. Write \[\"one\", \"two\"\]\.$"),
        ("stages = ['the-dya']", r"'stages' names 'the-dya', which is not known\. Did you mean 'the-day'\?$"),
        ("also = [{safety = 'pace'}]", r"part x, also 1: 'safety' names 'pace', .* Did you mean 'pacemaker'\?$"),
        ("also = [{source = 'ebi-2k'}]", r"^words\.toml, part x, also 1: 'place' is missing\.$"),
        ("also = [{cautious = 'D1', page = '2'}]", r"part x, also 1: 'page' is not a key of this table\."),
    ],
)
def test_a_sentence_with_an_unknown_key_or_name_is_refused(tmp_path: Path, line: str, message: str) -> None:
    (part,) = table(tmp_path, SENTENCE + line).tables("part")
    with pytest.raises(PolicyError, match=message):
        content.sentence(part, Topic.WHO)


def test_an_unknown_statement_is_refused_with_the_nearest(tmp_path: Path) -> None:
    (part,) = table(tmp_path, SENTENCE.replace("B2", "B61")).tables("part")
    with pytest.raises(PolicyError, match=r"^words\.toml, part x: 'statements' names 'B61', .* Did you mean 'B"):
        content.sentence(part, Topic.WHO)


def test_what_the_model_refuses_names_the_table_as_well(tmp_path: Path) -> None:
    (part,) = table(tmp_path, SENTENCE.replace("so.", "so")).tables("part")
    with pytest.raises(PolicyError, match=r"^words\.toml, part x: The sentence 'x' does not end\."):
        content.sentence(part, Topic.WHO)


def test_each_file_of_the_package_is_read() -> None:
    """A file that no list names would be a text that no patient reads."""
    named = {
        *(f"statements/{name}.toml" for name in content.SOURCE_FILES),
        *(f"chapters/{name}.toml" for name in (*content.CHAPTER_FILES, "words", "red_flags")),
        *(f"disagreements/{name}.toml" for name in content.DISAGREEMENT_FILES),
    }
    root = Path("facetwise/information")
    assert named == {path.relative_to(root).as_posix() for path in root.rglob("*.toml")}
