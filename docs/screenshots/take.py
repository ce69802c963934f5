"""Pictures of report.html and comparison.html for the documentation.

``make screenshots``, or ``python docs/screenshots/take.py data/processed/saltby-coast build/comparison``. Needs Chromium on the machine
and the development extras. Each picture is a PNG of at most 300 kB beside this file.
"""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).resolve().parent
MOST = 300_000  # bytes
DESK, PHONE = {"width": 1280, "height": 860}, {"width": 400, "height": 860}


def main(folder: Path, comparison: Path) -> None:
    """Take every picture anew of the event in ``folder``, as ``themes run`` wrote it, and of what ``themes compare`` wrote."""
    browser_path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser_path is None:
        sys.exit("No Chromium found; install it (on Debian: apt-get install chromium) and run this again.")
    for page_file, command in ((folder / "report.html", "run"), (comparison / "comparison.html", "compare")):
        if not page_file.is_file():
            sys.exit(f"There is no {page_file}; make it with `themes {command}`.")
    url, compared = (folder / "report.html").resolve().as_uri(), (comparison / "comparison.html").resolve().as_uri()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        take(browser, url, "themes", where=".themes")
        take(browser, url, "charts-dark", dark=True, where="figure + figure")
        take(browser, url, "points", state="#q=young&session=1")
        take(browser, url, "phone", phone=True, where="figure")
        take(browser, compared, "comparison")
        take(browser, compared, "comparison-heatmap", where="#s2")
        page = browser.new_page()
        page.goto(url)
        paper = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
        sheets = [paper[n].render(scale=1).to_pil() for n in (1, 2)]
        table = Image.new("RGB", (sum(sheet.width + 10 for sheet in sheets) + 10, sheets[0].height + 20), "#8b949e")
        for n, sheet in enumerate(sheets):
            table.paste(sheet, (10 + n * (sheet.width + 10), 10))
        save(table, "print")
        browser.close()


def take(browser: Browser, url: str, name: str, *, state: str = "", where: str = "", dark: bool = False, phone: bool = False) -> None:
    """Open the page, go to what ``where`` selects, and take what then can be seen."""
    page = browser.new_page(viewport=PHONE if phone else DESK, color_scheme="dark" if dark else "light", device_scale_factor=1)
    page.goto(url + state)
    if where:
        page.evaluate("document.querySelectorAll('details.evidence').forEach((details, n) => { details.open = n === 0; })")
        page.locator(where).first.evaluate("(element) => element.scrollIntoView()")
    save(Image.open(io.BytesIO(page.screenshot())), name)
    page.close()


def save(picture: Image.Image, name: str) -> None:
    """Write a picture as small as it can be without losing a colour."""
    data = io.BytesIO()
    picture.convert("RGB").save(data, "PNG", optimize=True)
    if len(data.getvalue()) > MOST:
        sys.exit(f"{name}.png is {len(data.getvalue())} bytes, more than {MOST}.")
    (HERE / f"{name}.png").write_bytes(data.getvalue())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
