"""Starts the demonstration clinic of the command named on the command line, and looks at its pages from outside."""

import re
import subprocess
import sys
import urllib.request

PAGES = ("/health", "/sign-in")


def main() -> None:
    """Exits with a message where the clinic does not start, or a page, its stylesheet or its script is not there."""
    clinic = subprocess.Popen([sys.argv[1], "serve", "--demo", "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        assert clinic.stdout is not None
        first = clinic.stdout.readline()
        found = re.search(r"http://\S+", first)
        if found is None:
            sys.exit(f"The clinic did not start: {first}")
        fetched = {page: fetch(found[0] + page) for page in PAGES}
        assets = re.findall(r'(?:href|src)="(/assets/[^"]+)"', fetched["/sign-in"])
        if not any("nhsuk" in asset for asset in assets):
            sys.exit("The sign-in page names no stylesheet.")
        for asset in assets:
            fetch(found[0] + asset)
    finally:
        clinic.terminate()
        clinic.wait(timeout=30)


def fetch(address: str) -> str:
    """The text at an address. Errors: HTTPError where it is not there."""
    with urllib.request.urlopen(address, timeout=30) as answer:
        text: str = answer.read().decode()
    return text


if __name__ == "__main__":
    main()
