"use strict";
// The page is whole without this: it only filters the table of points, copies quotes, tells points on a map and opens evidence for print.
(() => {
  const NONE = "(none)";
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/\s+/g, " ").toLowerCase();

  // Copying a quote with its source

  const copied = find("#copied");
  const write = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch { // a page opened from a disk may have no clipboard of its own
      const field = document.createElement("textarea");
      field.value = text;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
  };
  for (const item of all("[data-where]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    const said = find(".said", item).textContent;
    button.setAttribute("aria-label", `Copy with its source: ${said.slice(0, 60)}`);
    button.addEventListener("click", async () => {
      const where = item.dataset.where;
      await write(`“${said}”${where ? ` (${where})` : ""}`);
      button.textContent = "Copied";
      copied.textContent = "Copied with its source.";
      setTimeout(() => { button.textContent = "Copy"; copied.textContent = ""; }, 2000);
    });
    find(".said", item).parentElement.append(button);
  }

  // Evidence is open in print

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details.evidence:not([open])");
    closed.forEach((details) => { details.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((details) => { details.open = false; }));

  // The table of points

  const form = find("#filters");
  if (!form) return;
  const rows = all("#all-points tbody tr").map((row) => ({
    row,
    text: plain(find(".said", row).textContent),
    theme: all(".themes-of li", row).map((theme) => theme.textContent),
    session: [row.dataset.session], table: [row.dataset.table], priority: [row.dataset.priority], aspect: [row.dataset.aspect],
  }));
  const selects = all("select", form);
  const search = find("input", form);
  const count = find("#count");

  const filter = () => {
    const words = plain(search.value).split(" ").filter(Boolean);
    const wanted = selects.filter((select) => select.value).map((select) => [select.name, select.value]);
    let shown = 0;
    for (const point of rows) {
      const fits = words.every((word) => point.text.includes(word)) &&
        wanted.every(([name, value]) => (value === NONE ? point[name].every((own) => !own) : point[name].includes(value)));
      point.row.hidden = !fits;
      shown += fits;
    }
    count.textContent = shown === rows.length ? `All ${rows.length} points` : `${shown} of ${rows.length} points`;
  };
  const keep = () => {
    const state = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    history.replaceState(null, "", `#${state.size ? state : "points"}`);
  };
  const restore = () => {
    if (!location.hash.includes("=")) return;
    const state = new URLSearchParams(location.hash.slice(1));
    for (const field of form.elements) {
      if (field.name) field.value = state.get(field.name) ?? "";
      if (field.selectedIndex === -1) field.value = ""; // no such value in this report
    }
    filter();
    find("#points").scrollIntoView();
  };
  const change = () => { filter(); keep(); };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", change);
  form.addEventListener("reset", () => setTimeout(change));
  addEventListener("hashchange", restore);
  for (const link of all("a.in-points")) {
    link.href = `#${new URLSearchParams({ session: link.closest("[data-session]")?.dataset.session ?? "", theme: link.dataset.theme })}`;
  }
  form.hidden = false;
  filter();
  restore();

  // A map tells the point beneath the pointer, and a click leads to its row

  const told = find("#told");
  const row = (mark) => document.getElementById(`point-${mark.dataset.point}`);
  for (const map of all(".drawing")) {
    map.addEventListener("pointerover", ({ target, pageX, pageY }) => {
      const of = target.dataset?.point && row(target);
      told.hidden = !of;
      if (!of) return;
      const where = document.createElement("span");
      const themes = all(".themes-of li", of).map((theme) => theme.textContent).join("; ");
      where.textContent = [of.dataset.table && `Table ${of.dataset.table}`, themes].filter(Boolean).join(" · ");
      told.replaceChildren(`“${find(".said", of).textContent}”`, where);
      told.style.left = `${Math.max(8, Math.min(pageX + 14, document.documentElement.clientWidth - told.offsetWidth - 8))}px`;
      told.style.top = `${pageY + 14}px`;
    });
    map.addEventListener("pointerleave", () => { told.hidden = true; });
    map.addEventListener("click", ({ target }) => {
      const of = target.dataset?.point && row(target);
      if (!of) return;
      form.reset();
      filter();
      of.tabIndex = -1;
      of.focus();
      of.scrollIntoView({ block: "center" });
    });
  }
})();
