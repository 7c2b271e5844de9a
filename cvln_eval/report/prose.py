"""Markdown of a notebook to HTML: headings one level down, pictures embedded."""

from __future__ import annotations

import base64
import mimetypes
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mistune

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["Prose", "heading_of", "slug"]

HEADING = re.compile(r"^#\s+(.+?)\s*#*\s*$", re.MULTILINE)
EMBEDDED = ("data:",)
REMOTE = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def slug(text: str) -> str:
    """Return a text as it stands in an address.

    Examples
    --------
    >>> slug("Who takes part, 2009?")
    'who-takes-part-2009'
    """
    return re.sub(r"[^\w]+", "-", text.casefold()).strip("-")


def heading_of(notebook: NotebookNode, otherwise: str) -> str:
    """Return the first heading of a notebook as plain text, or another name where it has none."""
    for cell in notebook.cells:
        found = HEADING.search(cell.source) if cell.cell_type == "markdown" else None
        if found:
            return re.sub(r"[*_`]", "", found.group(1))
    return otherwise


class Prose:
    """Renders the markdown cells of one notebook.

    Parameters
    ----------
    folder : Path
        Folder of the notebook, from which pictures are taken.
    prefix : str
        Put before the id of each heading, as notebooks share their headings.
    """

    def __init__(self, folder: Path, prefix: str) -> None:
        self._renderer = _Renderer(folder, prefix)
        self._markdown = mistune.create_markdown(
            renderer=self._renderer, plugins=["table", "strikethrough", "footnotes"]
        )

    def html(self, cell: NotebookNode) -> str:
        """Return one cell as HTML."""
        self._renderer.attachments = cell.get("attachments", {})
        return str(self._markdown(cell.source))


class _Renderer(mistune.HTMLRenderer):
    def __init__(self, folder: Path, prefix: str) -> None:
        super().__init__(escape=False)
        self.folder, self.prefix = folder, prefix
        self.attachments: dict[str, dict[str, str]] = {}

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        plain = slug(re.sub(r"<[^>]+>", "", text))
        below = min(level + 1, 6)
        return f'<h{below} id="{self.prefix}-{plain}">{text}</h{below}>\n'

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return str(super().image(text, self._embedded(url), title))

    def safe_url(self, url: str) -> str:
        return url if url.startswith("data:image/") else str(super().safe_url(url))

    def _embedded(self, url: str) -> str:
        """Return a picture's bytes as an address; one from the network is left out of the page."""
        if url.startswith("attachment:"):
            mime, content = next(iter(self.attachments.get(url[11:], {}).items()), ("", ""))
            return f"data:{mime};base64,{content}"
        path = self.folder / url
        if REMOTE.match(url) or not path.is_file():
            return url
        mime = mimetypes.guess_type(path.name)[0] or "image/png"
        return f"data:{mime};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"

    def table(self, text: str) -> str:
        return f'<div class="scroll"><table>\n{text}</table></div>\n'
