"""Where the command begins: `facetwise` and `python -m facetwise`."""

from facetwise.cli.app import run


def main() -> None:
    """Runs the command line."""
    run()
