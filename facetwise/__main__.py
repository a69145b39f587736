"""`python -m facetwise`."""

from facetwise.cli.main import main

main()
