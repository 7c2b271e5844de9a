"""Exhibits as files: pictures, data and a description, the same bytes at each run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cvln_eval.exhibits.exhibit import Exhibit

__all__ = ["save_exhibit"]


def save_exhibit(
    exhibit: Exhibit, folder: Path, *, forms: tuple[str, ...], caption: bool
) -> list[Path]:
    """Write an exhibit's files into a folder and return their paths.

    Parameters
    ----------
    exhibit : Exhibit
    folder : Path
        Made if it is not there.
    forms : tuple of str
        Of a figure: png, pdf, svg. A table is written as HTML.
    caption : bool
        Whether the picture carries number, title and note.

    Returns
    -------
    list of Path
        Pictures (or HTML), then `.csv` with the data and `.json` with what they are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = exhibit.label.lower().replace(" ", "_").replace(".", "_")
    files: dict[str, bytes] = {}
    if exhibit.drawing is None:
        files["html"] = (exhibit.html() + "\n").encode("utf-8")
    else:
        files |= {form: exhibit.image(form, caption=caption) for form in forms}
    files["csv"] = exhibit.data.to_csv(index=False, lineterminator="\n").encode("utf-8")
    files["json"] = _description(exhibit).encode("utf-8")
    for form, content in files.items():
        (folder / f"{stem}.{form}").write_bytes(content)
    return [folder / f"{stem}.{form}" for form in files]


def _description(exhibit: Exhibit) -> str:
    facts = {
        "number": exhibit.number,
        "kind": exhibit.kind,
        "title": exhibit.title,
        "note": exhibit.note,
        "n": exhibit.n,
        "study": exhibit.study,
        "simulated": exhibit.simulated,
        "sources": list(exhibit.sources),
        "rows": len(exhibit.data),
        "columns": [str(name) for name in exhibit.data.columns],
        "digest": exhibit.digest,
    }
    return json.dumps(facts, indent=2, ensure_ascii=False) + "\n"
