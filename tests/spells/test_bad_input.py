"""Bad input: a clear refusal, or rows set aside by reason; nothing lost, no traceback. All through the whole command."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.command import counted, refused, run
from tests.spells.activity_files import HEAD, counted_rows, write


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.touch()
    assert f"{path} is empty. It needs at least a header." in refused(3, "count", path)


def test_no_such_file_is_refused(tmp_path: Path) -> None:
    assert "There is no file" in refused(3, "count", tmp_path / "none.csv")


def test_a_header_without_rows_counts_nothing(tmp_path: Path) -> None:
    answer = counted(write(tmp_path / "header.csv", []))
    assert (answer["counted"], answer["input"]["rows"], answer["flow"][0]["not_met"]) == (0, 0, 0)
    bare = tmp_path / "bare.csv"
    bare.write_text(HEAD, encoding="utf-8")
    assert counted(bare)["input"]["rows"] == 0


def test_missing_columns_are_named_with_the_nearest_there_is(tmp_path: Path) -> None:
    path = write(tmp_path / "short.csv", counted_rows(1), HEAD.replace("Spell_Primary_Diagnosis", "Spell_Primary_Diag"))
    assert refused(3, "count", path) == (
        f"InputError: {path} has no column for the primary diagnosis. Looked for Spell_Primary_Diagnosis; "
        "did you mean 'Spell_Primary_Diag'?\n"
    )


def test_columns_of_no_layout_are_shown(tmp_path: Path) -> None:
    message = refused(3, "count", write(tmp_path / "other.csv", ["1,2"], "a,b"))
    assert "its columns (a, b) are of no layout that Facetwise knows: sus-apcs, hes-apc." in message


def test_a_key_that_repeats_is_an_error_in_any_order(tmp_path: Path) -> None:
    """Ascending, far apart, across files, and as text."""
    twice = counted_rows(3) + counted_rows(1)
    message = (
        "APCS_Ident is not unique: 1 value occurs more than once (1). One row a spell is needed: remove the repeats."
    )
    assert message in refused(3, "count", write(tmp_path / "twice.csv", twice))
    one, other = write(tmp_path / "one.csv", counted_rows(3)), write(tmp_path / "other.csv", counted_rows(3, start=3))
    assert "(3). One row a spell" in refused(3, "count", one, other)
    texts = [row.replace("1,9001", "k1,9001", 1) for row in counted_rows(1)] * 2
    assert "(k1). One row a spell" in refused(3, "count", write(tmp_path / "text.csv", texts))
    backwards = write(tmp_path / "backwards.csv", counted_rows(5)[::-1])
    assert counted(backwards)["counted"] == 5


def test_rows_without_a_key_are_set_aside(tmp_path: Path) -> None:
    rows = [*counted_rows(2), counted_rows(1)[0].replace("1,9001", ",9001", 1)]
    assert counted(write(tmp_path / "a.csv", rows))["input"]["set_aside"] == [
        {"reason": "APCS_Ident is missing", "rows": 1}
    ]


def test_ragged_rows_are_set_aside_and_written_out(tmp_path: Path) -> None:
    rows = [*counted_rows(2), "3,too,few", *counted_rows(1, start=4), counted_rows(1, start=5)[0] + ",extra"]
    rejects = tmp_path / "rejects.csv"
    answer = counted(write(tmp_path / "ragged.csv", rows), "--rejects", rejects)
    assert answer["counted"] == 3
    assert answer["input"]["set_aside"] == [{"reason": "the wrong number of fields", "rows": 2}]
    written = rejects.read_text(encoding="utf-8")
    assert '4,"the wrong number of fields","3,too,few"' in written and written.count("\n") == 3


def test_values_not_of_their_type_are_set_aside_by_column(tmp_path: Path) -> None:
    good = counted_rows(1)[0]
    rows = [
        good,
        counted_rows(1, start=2)[0].replace(",50,50,", ",fifty,50,"),
        counted_rows(1, start=3)[0].replace("2018-05-01,50", "2018-02-30,50"),
        counted_rows(1, start=4)[0].replace("2018-05-01,2018", "soon,2018"),
        counted_rows(1, start=5)[0].replace("||M545 ,E119", "||M545\x01,E119"),
    ]
    rejects = tmp_path / "rejects.parquet"
    answer = counted(write(tmp_path / "types.csv", rows), "--rejects", rejects)
    assert answer["counted"] == 1
    assert {item["reason"]: item["rows"] for item in answer["input"]["set_aside"]} == {
        "Age_At_Start_of_Spell_SUS is not a whole number": 1,
        "Discharge_Date is not a date": 1,
        "Admission_Date is not a date": 1,
        "Der_Diagnosis_All holds a control character": 1,
    }
    assert pq.read_table(rejects)["line"].to_pylist() == [3, 4, 5, 6]


def test_a_number_out_of_range_is_unknown_and_not_set_aside(tmp_path: Path) -> None:
    rows = [
        counted_rows(1)[0].replace(",50,50,", ",-5,50,"),
        counted_rows(1, start=2)[0].replace(",50,50,", ",99999999999999,50,"),
    ]
    answer = counted(write(tmp_path / "range.csv", rows))
    assert (answer["unknown"], answer["input"]["set_aside"]) == (2, [])


def test_bytes_that_are_not_utf8_set_their_rows_aside(tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    rows = [*counted_rows(1), counted_rows(1, start=2)[0].replace("R0A", "Caf\u00e9")]
    path.write_bytes("\n".join([HEAD, *rows, "3,Caf\u00e9"]).encode("latin-1"))
    answer = counted(path)
    assert answer["counted"] == 1
    assert {item["reason"] for item in answer["input"]["set_aside"]} == {
        "Der_Provider_Code is not UTF-8 text",
        "the wrong number of fields",
    }


def test_utf16_and_binary_are_refused(tmp_path: Path) -> None:
    wide = tmp_path / "wide.csv"
    wide.write_text(HEAD + "\n", encoding="utf-16")
    assert "is not UTF-8 text: it looks like UTF-16 or a binary file" in refused(3, "count", wide)
    binary = tmp_path / "binary.csv"
    binary.write_bytes(bytes(range(256)) * 100)
    refused(3, "count", binary)


def test_a_cut_gzip_is_refused_and_a_whole_one_read(tmp_path: Path) -> None:
    whole = gzip.compress(("\n".join([HEAD, *counted_rows(5_000)]) + "\n").encode())
    path = tmp_path / "activity.csv.gz"
    path.write_bytes(whole)
    assert counted(path)["counted"] == 5_000
    path.write_bytes(whole[: len(whole) // 2])
    assert "cannot be unpacked: Truncated compressed stream. Copy it again." in refused(3, "count", path)
    large = gzip.compress(("\n".join([HEAD, *counted_rows(100_000)]) + "\n").encode(), 1)
    path.write_bytes(large[: len(large) - 20])
    assert "Truncated compressed stream" in refused(3, "count", path)


def test_what_is_named_parquet_but_is_none_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "activity.parquet", counted_rows(1))
    assert "is named .parquet but is not a Parquet file" in refused(3, "count", path)
    path.write_bytes(b"PAR1" + b"\x00" * 100)
    assert "cannot be read as Parquet" in refused(3, "count", path)


def test_a_damaged_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "activity.parquet"
    table = pa.table({name: [str(row) for row in range(5_000)] for name in HEAD.split(",")})
    pq.write_table(table, path)
    held = bytearray(path.read_bytes())
    held[200:3000] = b"\xff" * 2800
    path.write_bytes(bytes(held))
    refused(3, "count", path)


def test_a_quotation_mark_never_closed_loses_no_row_in_silence(tmp_path: Path) -> None:
    """Every line that the mark swallows is a row set aside."""
    rows = [
        *counted_rows(1),
        counted_rows(1, start=2)[0].replace(",V485,M545", ',"V485,M545'),
        *counted_rows(2, start=3),
    ]
    answer = counted(write(tmp_path / "quote.csv", rows))
    assert (answer["input"]["rows"], answer["input"]["used"]) == (4, 2)
    last = [*counted_rows(1), counted_rows(1, start=2)[0].replace(",M545", ',"M545'), "3,4", "5,6"]
    answer = counted(write(tmp_path / "last.csv", last))
    assert (answer["input"]["rows"], answer["input"]["used"]) == (4, 1)


def test_an_unknown_layout_column_format_and_id_are_wrong_use(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", counted_rows(1))
    assert "There is no layout 'sus-apc'. Did you mean 'sus-apcs'?" in refused(2, "count", path, "--layout", "sus-apc")
    assert "Did you mean 'provider'?" in refused(2, "count", path, "--by", "providers")
    assert "There is no format 'xml'" in refused(2, "count", path, "--format", "xml")
    assert "There is no definition 'ebi2k'. Did you mean 'ebi-2k'?" in refused(
        2, "count", path, "--definition", "ebi2k"
    )
    assert "There is no dialect 'postgresql'. Did you mean 'postgres'?" in refused(2, "sql", "--dialect", "postgresql")
    assert "There is no engine 'sparc'" in refused(2, "count", path, "--engine", "sparc")


def test_a_dimension_that_the_data_lacks_says_which_column_was_looked_for(tmp_path: Path) -> None:
    head = HEAD.replace("Der_Provider_Code", "Somewhere")
    message = refused(3, "count", write(tmp_path / "a.csv", counted_rows(1), head), "--by", "provider")
    assert "has no column for provider, so counts cannot be given by it. Looked for Der_Provider_Code." in message


@pytest.mark.parametrize("arguments", [("count",), ("count", "x.csv", "--by"), ("nothing",), ("diff", "x.csv")])
def test_wrong_use_exits_with_2(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 2 and "Traceback" not in done.stderr


def test_a_column_of_lists_is_refused_by_its_type(tmp_path: Path) -> None:
    path = tmp_path / "lists.parquet"
    table = pa.table({name: ["1"] for name in HEAD.split(",")})
    place = table.column_names.index("Der_Procedure_All")
    pq.write_table(table.set_column(place, "Der_Procedure_All", pa.array([["V485"]])), path)
    message = refused(3, "count", path)
    assert "in Der_Procedure_All; sus-apcs needs one value a row there. Write it as text." in message


def test_a_reasons_file_of_an_unknown_ending_is_wrong_use(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", counted_rows(1))
    assert "ends in neither .csv nor .parquet" in refused(2, "count", path, "--reasons", tmp_path / "r.txt")


@pytest.mark.parametrize("log", ["_delta_log/0000.json", ".hoodie/hoodie.properties", "metadata/v1.metadata.json"])
def test_a_folder_whose_log_says_which_files_stand_is_refused(log: str, tmp_path: Path) -> None:
    """Its files hold deleted rows too, which would be counted. Folders of other names are looked into as before."""
    rows = counted_rows(2)
    (tmp_path / "spells" / log).parent.mkdir(parents=True)
    write(tmp_path / "spells" / "part.csv", rows)
    assert counted(tmp_path)["input"]["rows"] == 2
    (tmp_path / "spells" / log).touch()
    assert f"keeps a log ({Path(log).parent})" in refused(3, "count", tmp_path)
