"""The words that synthetic spells are made of: codes with their weights, and tables to draw from.

Codes beyond the common ones have the shape of OPCS-4 or ICD-10 and nothing more. Weights are whole numbers and draws
are look-ups in a table of 65,536 entries, so that no machine's floating point can change a file.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Integers = NDArray[np.signedinteger[Any]]
Flags = NDArray[np.bool_]

TABLE_SIZE = 65_536
PROCEDURE_CODES = 1_200
DIAGNOSIS_CODES = 2_500

# No background spell has these: what decides a definition is planted, never met by chance.
MATTERS = ("V48", "A57", "V54", "A52", "A73", "V37", "V38", "V39", "V40", "V41", "Z67", "Z993", "Y114")


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_COMMON_PROCEDURES = _words(
    "X403 C751 C712 H221 G459 G451 U212 Y981 Z286 Z943 Z942 H229 R241 M459 Y766 X352 X722 E851 W903 Y534 S571 "
    "T124 X375 W371 W401 Q181 R249 L911 K634 U051 Y532 Y801 H251 T202 J183 F091 C796 X701 X702 X721 Z941 Z921"
)
_COMMON_DIAGNOSES = _words(
    "I10X E119 E780 Z921 J459 I489 F329 I251 Z867 K219 J449 N179 Z880 N390 E039 Z966 Z864 J189 F171 M199 H269 "
    "K573 R074 Z380 O700 E669 D649 N183 G473 I501 Z501 M545 C509 C61X C800 D126 R55X K529 A419 Z993 J840 K801 "
    "B962 T814 M5456 E1142 S7200 M171 G560 J849 I801 Z511 D539 M4806 M478 R69X6 W190 U071 K589 Z538 L031 G551* "
    "M0730A E103+"
)
OTHER_DIAGNOSES = _words(
    "I10X E119 E780 J459 F329 Z921 K219 E669 M199 Z880 I251 N183 Z966 F171 M171 G473 E039 Z864 K573 H269 M797 M5456"
)
ACCOMPANYING_PROCEDURES = _words("Y534 V551 V552 V559 Y531 Z941 Z942 Z943 Y813")
UNRELATED_PROCEDURES = _words("X403 W903 X375 E851 U212 G451 H221")
LUMBAR_SITES = ("Z675", "Z675", "Z675", "Z676", "Z676", "Z677")
LISTED_DIAGNOSES = ("M545",) * 14 + ("M549",) * 3 + ("M518",) * 2 + ("M519",)
DENERVATION_CODES = ("V485",) * 9 + ("V487",)


def drawing_table(weights: Sequence[int]) -> Integers:
    """65,536 indices into `weights`, each as often as its weight asks (to within one)."""
    edges = [0]
    for weight in weights:
        edges.append(edges[-1] + weight)
    bounds = [edge * TABLE_SIZE // edges[-1] for edge in edges]
    return np.repeat(np.arange(len(weights), dtype=np.int32), np.diff(bounds))


def zipf(ranks_n: int) -> list[int]:
    """Weights that fall as one over the rank, flattened a little at the head."""
    return [10**9 // (rank + 6) for rank in range(ranks_n)]


def _coded(common: Iterable[str], shaped: Iterable[str], size: int) -> tuple[str, ...]:
    codes = dict.fromkeys(common)
    for code in shaped:
        if len(codes) == size:
            break
        if not code.startswith(MATTERS):
            codes.setdefault(code)
    return tuple(codes)


def _shaped(letters: str, places: int, endings: Sequence[str]) -> Iterable[str]:
    """Codes of a letter, two digits and an ending, scattered over the chapters; the strides are prime to the counts."""
    for i in range(places):
        letter, number, ending = letters[i % len(letters)], (i * 37 + i // 100) % 100, endings[i * 7 % len(endings)]
        yield f"{letter}{number:02d}{ending}"


# ICD-10's V chapter is left out: V48.5 is a code there too, and background holds that text nowhere.
PROCEDURES = _coded(_COMMON_PROCEDURES, _shaped("ABCDEFGHJKLMNPQRSTUVWXYZ", 9_000, "123456789"), PROCEDURE_CODES)
DIAGNOSES = _coded(
    _COMMON_DIAGNOSES,
    _shaped("ABCDEFGHIJKLMNOPQRSTYZ", 9_000, (*"0123456789", "X", "81", "21", "8A", "4D")),
    DIAGNOSIS_CODES,
)

STYLES = ("plain", "padded", "lower", "dotted")
STYLE_PADDED = STYLES.index("padded")


def _styled(code: str) -> tuple[str, str, str, str]:
    dotted = f"{code[:3]}.{code[3:]}"
    return code, f"{code} ", code.lower(), dotted


def forms(codes: Iterable[str]) -> Any:
    """Each code in each style, as it stands alone: entry code x 4 + style."""
    return pa.array([form for code in codes for form in _styled(code)], pa.string())


def tokens(codes: Iterable[str]) -> Any:
    """Each code after a comma and opening an episode, in each style: entry code x 8 + opens x 4 + style.

    Two more at the end: no procedure, as `-` and as `||-`.
    """
    parts = [f"{lead}{form}" for code in codes for lead in (",", "||") for form in _styled(code)]
    return pa.array([*parts, "-", "||-"], pa.string())
