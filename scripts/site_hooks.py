"""What MkDocs is told beyond mkdocs.yml: pages of the first folder, and no page that loads anything from outside."""

import re
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

PAGES = {
    "reference/glossary.md": "GLOSSARY.md",
    "reference/changes.md": "CHANGELOG.md",
    "why/contributing.md": "CONTRIBUTING.md",
}
_OUTSIDE = re.compile(
    r"<(?:script|img|iframe|source)[^>]*\ssrc=\"?(?:https?:)?//|<link[^>]*rel=\"?(?:stylesheet|preconnect|preload)[^>]*//|@import"
)


def on_files(files, config):
    """Adds the pages that stand in the first folder, where readers of the code look for them."""
    for at, source in PAGES.items():
        text = Path(config.config_file_path).with_name(source).read_text(encoding="utf-8")
        files.append(File.generated(config, at, content=_from_docs(text)))
    return files


def _from_docs(text):
    """Links as they are from docs/*/: those into docs, and those to the other pages of the first folder."""
    text = re.sub(r"\]\(docs/", "](../", text)
    for at, source in PAGES.items():
        text = text.replace(f"]({source}", f"](../{at}")
    return text


def on_post_page(output, page, config):
    if found := _OUTSIDE.search(output):
        raise PluginError(
            f"{page.file.src_uri} loads something from outside: {output[found.start() : found.end() + 80]}"
        )
    return output
