"""The national yearly counts that the report carries are those of the published files."""

from __future__ import annotations

import csv
import gzip

from facetwise.lookups.national_episodes import EPISODES, PROGRAMME, PROGRAMME_CITE, PROGRAMME_YEAR
from tests.shared import shared


def test_episodes_are_those_of_the_published_counts() -> None:
    """NHS England, Hospital Admitted Patient Care Activity, 2012/13 to 2021/22, as compiled by opencodecounts (OGL v3)."""
    path = shared("data", "hes_aggregates", "opcs4_usage_2012-13_to_2021-22.csv.gz")
    published: dict[tuple[str, str], int] = {}
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["opcs4_code"] in ("V485", "V487"):
                year = f"{row['start_date'][:4]}/{row['end_date'][2:4]}"
                published[year, row["opcs4_code"]] = int(row["usage"])
    assert {(held.year, "V485"): held.v485 for held in EPISODES.values()} | {
        (held.year, "V487"): held.v487 for held in EPISODES.values()
    } == published


def test_the_programmes_count_stands_in_its_summary() -> None:
    """'Number of interventions in 18/19', before the changes of coding of August 2022 and December 2023."""
    texts = [path.read_text(encoding="utf-8") for path in shared("sources").glob("*.txt")]
    (text,) = [text for text in texts if PROGRAMME_CITE.quote in text]
    assert f"{PROGRAMME:,}" == PROGRAMME_CITE.quote
    lines = text.splitlines()
    assert "18/19" in lines[7]
    assert PROGRAMME_CITE.quote in lines[9]
    assert PROGRAMME_YEAR in EPISODES
