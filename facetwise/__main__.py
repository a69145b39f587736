"""`python -m facetwise`."""

from facetwise.serve.start import main

main()
