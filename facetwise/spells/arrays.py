"""NumPy arrays as Arrow arrays, straight from their memory.

pa.array() on a NumPy array looks for masked arrays and for pandas first, which imports both; a scan should pay for neither.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa


def booleans(mask: npt.NDArray[np.bool_]) -> pa.BooleanArray:
    """A mask as an Arrow boolean array without nulls."""
    packed = np.packbits(mask, bitorder="little")
    return pa.Array.from_buffers(pa.bool_(), len(mask), [None, pa.py_buffer(packed)])


def numbers(
    values: npt.NDArray[np.generic], kind: pa.DataType, missing: npt.NDArray[np.bool_] | None = None
) -> pa.Array:
    """Fixed-width values as an Arrow array of that type, null where `missing`."""
    validity = None if missing is None else pa.py_buffer(np.packbits(~missing, bitorder="little"))
    return pa.Array.from_buffers(kind, len(values), [validity, pa.py_buffer(np.ascontiguousarray(values))])


def missing(array: pa.Array) -> npt.NDArray[np.bool_]:
    """Where an Arrow array is null."""
    mask: npt.NDArray[np.bool_] = array.is_null().to_numpy(zero_copy_only=False)
    return mask
