"""Saves one patient again and again, saying each version once it is acknowledged: python -m tests.clinic.writer URL ID"""

import sys
from datetime import UTC, datetime

from facetwise.clinic.store.patients import open_store

if __name__ == "__main__":
    opened = open_store(sys.argv[1], lambda: datetime.now(UTC))
    held = opened.get(sys.argv[2])
    while True:
        held = opened.save(held.id, {**held.document, "clinic": {"phone": str(held.version)}}, held.version, "writer")
        sys.stdout.write(f"{held.version}\n")
        sys.stdout.flush()
