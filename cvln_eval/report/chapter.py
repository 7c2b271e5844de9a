"""One notebook as a chapter of the report: prose, folded code, results and exhibits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from cvln_eval.report.align import numbers_to_the_right
from cvln_eval.report.found import FoundExhibit, found_exhibit
from cvln_eval.report.prose import Prose, heading_of, slug
from cvln_eval.results import count

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["Chapter", "chapter_of"]

STYLE = re.compile(r"<style.*?</style>| border=\"\d\"| style=\"text-align: right;\"", re.DOTALL)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
REPEATED = re.compile(r"<p>Digest [0-9a-f]+</p>\s*\Z")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A notebook's title, its HTML and the exhibits it shows."""

    notebook: str
    id: str
    title: str
    html: str
    exhibits: tuple[FoundExhibit, ...]


def chapter_of(notebook: NotebookNode, path: Path) -> Chapter:
    """Return a notebook that has been run as a chapter.

    Parameters
    ----------
    notebook : NotebookNode
        With its outputs.
    path : Path
        Where it was read from.

    Returns
    -------
    Chapter
        A cell without source is left out; an output of an unknown kind is shown as text.
    """
    prefix = slug(path.stem)
    prose = Prose(path.parent, prefix)
    parts: list[str] = []
    exhibits: list[FoundExhibit] = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(prose.html(cell))
        elif cell.cell_type == "code" and cell.source.strip():
            parts.append(_code(cell.source))
            for output in cell.outputs:
                parts.append(_output(output, path.name, exhibits))
    title = heading_of(notebook, path.stem)
    return Chapter(path.name, prefix, title, "\n".join(parts), tuple(exhibits))


def _code(source: str) -> str:
    return (
        '<details class="code"><summary>Code</summary>'
        f"<pre><code>{escape(source)}</code></pre></details>"
    )


def _output(output: NotebookNode, notebook: str, exhibits: list[FoundExhibit]) -> str:
    """Return one output as HTML, and note the exhibit it is."""
    if output.output_type == "stream":
        kind = "warning" if output.name == "stderr" else "printed"
        return f'<pre class="{kind}">{escape(COLOUR.sub("", output.text))}</pre>'
    if output.output_type not in ("display_data", "execute_result"):
        return ""
    exhibit = found_exhibit(output.data, notebook=notebook)
    if exhibit is None:
        return f'<div class="output">{_shown(output.data, "")}</div>'
    again = exhibit in exhibits
    exhibits.append(exhibit)
    return _figure(exhibit, output, again=again)


def _figure(exhibit: FoundExhibit, output: NotebookNode, *, again: bool) -> str:
    anchor = "" if again else f' id="{exhibit.stem}"'
    alternative = f"{exhibit.label}. {exhibit.title} {exhibit.note}"
    body = _shown(output.data, alternative, _width(output))
    if exhibit.picture is not None:
        body = f'<a href="exhibits/{exhibit.stem}.png">{body}</a>'
    caption = (
        f"<b>{escape(exhibit.label)}</b> n = {exhibit.n:,}; data: {count(exhibit.rows, 'row')},"
        f" {count(exhibit.columns, 'column')}, digest <code>{exhibit.digest}</code>"
    )
    return (
        f'<figure class="exhibit {exhibit.kind.lower()}"{anchor}>{body}'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def _width(output: NotebookNode) -> int | None:
    width = output.get("metadata", {}).get("image/png", {}).get("width")
    return int(width) if width else None


def _shown(data: Mapping[str, str], alternative: str, width: int | None = None) -> str:
    """Return the richest form of an output that needs no script."""
    if "image/png" in data:
        size = f' width="{width}"' if width else ""
        content = "".join(data["image/png"].split())
        source = f"data:image/png;base64,{content}"
        return f'<img src="{source}" alt="{escape(alternative)}"{size}>'
    if "text/html" in data:
        plain = REPEATED.sub("", STYLE.sub("", data["text/html"]))
        framed = plain.replace("<table", '<div class="scroll"><table')
        return numbers_to_the_right(framed.replace("</table>", "</table></div>"))
    if "text/markdown" in data:
        import mistune

        return str(mistune.html(data["text/markdown"]))
    return f'<pre class="printed">{escape(str(data.get("text/plain", "")))}</pre>'
