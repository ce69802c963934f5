"""Shown: how tables look in a notebook."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd


def table_html(table: pd.DataFrame, forms: Mapping[str, str] | None = None) -> str:
    """A table as HTML, without its index, all cells to the left.

    Parameters
    ----------
    forms : how the values of a column are written, as :meth:`str.format` has it.

    >>> table = pd.DataFrame({"theme": ["Tea & cake"], "share": [0.25]})
    >>> print(table_html(table, {"share": "{:.0%}"}))
    <table class="dataframe">
      <thead>
        <tr>
          <th style="text-align: left">theme</th>
          <th style="text-align: left">share</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <td style="text-align: left">Tea &amp; cake</td>
          <td style="text-align: left">25%</td>
        </tr>
      </tbody>
    </table>
    """
    written = {name: form.format for name, form in (forms or {}).items()}
    html = str(table.to_html(index=False, border=0, formatters=written))
    html = html.replace('<tr style="text-align: right;">', "<tr>")
    for cell in ("th", "td"):  # a notebook has a rule for each cell, which only the cell's own overrules
        html = html.replace(f"<{cell}>", f'<{cell} style="text-align: left">')
    return html
