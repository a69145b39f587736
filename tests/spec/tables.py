"""The meaning, in tables: every row is judged by every evaluator, and the tables are printed in docs/reference/spec.md.

A blank cell is not recorded. Codes of several episodes stand as in the sus-apcs layout: ||V485,Z675||Y532. A dash alone
says that there was no procedure.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Spec:
    """Rows of facts with the truth of one criterion of one definition."""

    definition: str
    criterion: str
    says: str
    table: str


SPECS = (
    Spec(
        "ebi-2k",
        "denervation",
        "V48.5 or V48.7 as the dominant procedure; unknown only where it is missing beside one of them",
        """
  dominant_procedure | procedures       || denervation
  V485               | ||V485,Z675      || met
  V487               | ||V487           || met
  v48.5              | ||v48.5          || met
  V4851              |                  || met
  V486               | ||V486,V485      || not-met
  E851               | ||E851,V485      || not-met
  -                  | ||V485           || not-met
                     | ||E851||V485     || unknown
                     | ||E851           || not-met
                     | -                || not-met
                     |                  || not-met
""",
    ),
    Spec(
        "ebi-2k",
        "site",
        "a lumbar site in any position of any episode; unknown where no procedures are recorded",
        """
  procedures           || site
  ||V485,Z675          || met
  ||V485||Y534,Z993    || met
  || V485 , z67.6      || met
  ||V485,Z674          || not-met
  ||V485||             || not-met
  ||V485,XZ675         || not-met
  -                    || not-met
  ||-                  || not-met
                       || unknown
  &                    || unknown
  ||                   || unknown
""",
    ),
    Spec(
        "ebi-2k",
        "diagnosis",
        "the primary diagnosis on the list of five; the fillers are missing values, R69X alone is a code",
        """
  primary_diagnosis || diagnosis
  M545              || met
  M54.56            || met
  m512              || met
  M478              || not-met
  M513              || not-met
  R69X              || not-met
  R69X3             || unknown
  R69X6             || unknown
  R69X8             || unknown
                    || unknown
""",
    ),
    Spec(
        "ebi-2k",
        "adult",
        "19 to 120; the activity age is used only where the start age is absent, and an invalid age is unknown",
        """
  age_at_start | age_at_activity || adult
  18           |                 || not-met
  19           |                 || met
  120          |                 || met
  121          |                 || unknown
  0            | 40              || not-met
  7001         | 40              || not-met
  7007         |                 || not-met
  7008         | 40              || unknown
  999          | 40              || unknown
  -1           | 40              || unknown
               | 19              || met
               | 18              || not-met
               | 121             || unknown
               |                 || unknown
""",
    ),
    Spec(
        "ebi-2k",
        "not-emergency",
        "any admission method that does not begin with 2, and so not only elective ones",
        """
  admission_method || not-emergency
  11               || met
  31               || met
  81               || met
  99               || met
  21               || not-met
  2A               || not-met
                   || unknown
  &                || unknown
""",
    ),
    Spec(
        "ebi-2k",
        "no-malignancy",
        "no code of C00 to C99, D00 to D09, D37 to D48 in any position; unknown where no diagnoses are recorded",
        """
  diagnoses            || no-malignancy
  ||M545,E119          || met
  ||M545||C509         || not-met
  ||M545,c50.9         || not-met
  ||M545,D099          || not-met
  ||M545,D10           || met
  ||M545,D36           || met
  ||M545,D37           || not-met
  ||M545,D48           || not-met
  ||M545,D50           || met
  ||M545,Z853          || met
                       || unknown
""",
    ),
    Spec(
        "ebi-2k",
        "not-private",
        "any category but 02; a dropped leading zero is put back, and the .0 that pandas writes taken off",
        """
  administrative_category || not-private
  01                      || met
  03                      || met
  99                      || met
  02                      || not-met
  2                       || not-met
  2.0                     || not-met
                          || unknown
""",
    ),
    Spec(
        "ebi-2k-null-diagnoses",
        "no-malignancy",
        "diagnoses that are not recorded meet it",
        """
  diagnoses    || no-malignancy
  ||M545       || met
  ||M545,C509  || not-met
               || met
""",
    ),
    Spec(
        "ebi-2k-listed",
        "denervation",
        "also A57.2 or A57.3 as the dominant procedure, and V48.6 with Y11.4 among the procedures",
        """
  dominant_procedure | procedures    || denervation
  V485               | ||V485        || met
  A572               | ||A572        || met
  A573               |               || met
  V486               | ||V486,Y114   || met
  V486               | ||V486        || not-met
  V486               |               || unknown
  E851               | ||V486,Y114   || not-met
                     | ||V486,Y114   || unknown
                     | ||V486        || not-met
                     | ||A573        || unknown
""",
    ),
    Spec(
        "nhp-sql-2024",
        "denervation",
        "the first procedure of the last episode alone; an episode without codes is not met",
        """
  procedures        || denervation
  ||V485,Z675       || met
  ||E851||V487      || met
  ||V485||E851      || not-met
  ||Z675,V485       || not-met
  ||V485||          || not-met
                    || not-met
""",
    ),
    Spec(
        "nhp-sql-2024",
        "no-malignancy",
        "cancer is looked for in the last episode alone",
        """
  diagnoses      || no-malignancy
  ||M545,C509    || not-met
  ||C509||M545   || met
                 || met
""",
    ),
    Spec(
        "nhp-data-2026",
        "site",
        "looked for among the diagnoses, where only Z99.3 exists: dependence on a wheelchair",
        """
  procedures   | diagnoses      || site
  ||V485,Z675  | ||M545         || not-met
  ||V485,Z993  | ||M545         || not-met
  ||V485       | ||M545,Z993    || met
  ||V485       | ||Z993||M545   || not-met
  ||V485       |                || not-met
""",
    ),
    Spec(
        "any-v48",
        "denervation",
        "V48.5 or V48.7 in any position, the dominant procedure being one; never unknown",
        """
  dominant_procedure | procedures    || denervation
  V485               | ||V485        || met
  E851               | ||E851||V487  || met
  V485               |               || met
                     | ||V485        || met
  E851               | ||E851        || not-met
  V486               | ||V486        || not-met
                     |               || not-met
""",
    ),
)
