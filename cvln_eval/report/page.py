"""The page of the report: one file that needs no network and runs no script."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined

from cvln_eval.report.account import account_of

if TYPE_CHECKING:
    from cvln_eval.report.chapter import Chapter
    from cvln_eval.study import Study

__all__ = ["page_of"]


def page_of(study: Study, chapters: Sequence[Chapter], manifest: dict[str, Any]) -> str:
    """Return the report as HTML.

    Parameters
    ----------
    study : Study
        A study that has been cleaned.
    chapters : sequence of Chapter
        Its notebooks, run; without one the page shows the ledger and the tables.
    manifest : dict
        See `manifest_of`.

    Returns
    -------
    str
        The whole page. Its security policy lets a browser load nothing but what is inside.
    """
    here = files("cvln_eval.report")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(here.joinpath("page.html.j2").read_text(encoding="utf-8"))
    return template.render(
        study=study,
        waves=[wave.label for wave in study.waves],
        chapters=chapters,
        account=account_of(study),
        manifest=manifest,
        style=here.joinpath("page.css").read_text(encoding="utf-8"),
    )
