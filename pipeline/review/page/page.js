"use strict";
// One point at a time. An answer is sent, and only once the ledger has it does the page go on; until then it is sent again and again.
(() => {
  const AGAIN = 2000; // milliseconds between two tries to send an answer
  const KEYED = 9;
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const made = (name, text = "", kind = "") => {
    const element = document.createElement(name);
    element.textContent = text;
    if (kind) element.className = kind;
    return element;
  };
  const blind = document.body.dataset.blind !== "";
  const rows = new Map(all("#themes li").map((row) => [row.dataset.code, row]));
  let reviewer = sessionStorage.getItem("reviewer") || document.body.dataset.reviewer;
  let queue = sessionStorage.getItem("queue") || "all";
  let point = null;
  let state = null;
  let waiting = null; // what is not in the ledger yet
  let busy = 0; // how many points are being fetched: what is pressed meanwhile is not meant for the one that is still shown
  let moves = Promise.resolve();
  let chosen = [];
  let showAll = false;

  // Asking and telling

  const ask = async (path) => {
    const query = new URLSearchParams({ reviewer, queue });
    const reply = await fetch(`${path}?${query}`);
    if (!reply.ok) throw new Error((await reply.text()).trim());
    return reply.json();
  };
  const say = (text) => { find("#status").textContent = text; };
  const trouble = (text, again = false) => {
    find("#trouble").hidden = !text;
    find("#trouble p").textContent = text;
    find("#again").hidden = !again;
  };
  const free = () => !waiting && !busy && point !== null;
  const occupied = async (work) => {
    busy += 1;
    try {
      await work();
    } catch (error) {
      unreachable(error);
    } finally {
      busy -= 1;
    }
  };
  const unreachable = (error) => trouble(error instanceof TypeError
    ? "The program does not answer. Start it again with `themes review serve`, then reload this page." : error.message);

  const send = async () => {
    const sent = waiting;
    if (!sent || sent.busy) return;
    sent.busy = true;
    clearTimeout(sent.timer);
    let reply = null, text = "";
    try {
      const body = JSON.stringify(sent.body);
      reply = await fetch(sent.path, { method: "POST", headers: { "Content-Type": "application/json" }, body });
      text = (await reply.text()).trim();
    } catch {
      reply = null;
    }
    sent.busy = false;
    if (reply && [200, 400, 409].includes(reply.status)) {
      return occupied(() => answered(sent, reply.status, text));
    }
    const why = !reply ? "The program does not answer; start it again with `themes review serve`."
      : reply.status === 403 ? "The program was started anew; open the address that it printed in this browser, in another tab." : text;
    say("Not saved");
    trouble(`Not saved yet: ${sent.told}. ${why} It is sent again until it is saved; leave this page open.`, true);
    sent.timer = setTimeout(send, AGAIN);
  };
  const answered = async (sent, status, text) => {
    waiting = null;
    find("#work").classList.remove("waiting");
    trouble("");
    if (status === 400) {
      say("");
      trouble(text);
    } else if (status === 409) {
      await show(point.place);
      say("");
      const said = (point.decided || []).at(-1);
      const other = !said ? "It was taken back meanwhile." : `${said.who} decided meanwhile: ${said.said}.`;
      trouble(`Your answer (${sent.told}) was not saved. ${other} Look again, and answer anew.`);
    } else {
      find("#comment").value = "";
      say(sent.done);
      const place = sent.go === undefined ? point.open : sent.go;
      await refresh();
      await (place === null ? finished() : show(place));
    }
  };
  const deliver = (path, body, told, done, go) => {
    waiting = { path, body: { once: crypto.randomUUID(), reviewer, ...body }, told, done, go };
    find("#work").classList.add("waiting");
    say("Saving …");
    send();
  };

  // What is shown

  const refresh = async () => {
    state = await ask("/state");
    const done = state.progress;
    const bar = (name, own, of) => {
      find(`#bar-${name}`).max = of || 1;
      find(`#bar-${name}`).value = own;
      find(`#done-${name}`).textContent = `${own} of ${of} by you`;
    };
    bar("all", done.own, done.all);
    bar("sample", done.own_sample, done.sample);
    find("#done-all").textContent += `, ${done.anyone} by anybody`;
    find("#undo").disabled = !state.last;
    find("#undo").title = state.last ? `Take back: ${state.last.said}` : "";
    figures(state.agreement, done.sample);
  };
  const percent = (share) => `${Math.round(share * 100)}%`;
  const figures = (found, sample) => {
    const place = find("#figures");
    place.replaceChildren();
    if (blind) return;
    place.append(made("h3", "How often the program agrees with you"));
    if (!found) {
      place.append(made("p", "This shows once you have answered points of the random sample.", "remark"));
      return;
    }
    const line = made("p", `Exactly your themes: ${percent(found.confirmed)} (${percent(found.low)} to ${percent(found.high)})`);
    place.append(line);
    if (found.f1 !== null) place.append(made("p", `F1 of its themes: ${found.f1.toFixed(2)} (${found.f1_low.toFixed(2)} to ${found.f1_high.toFixed(2)})`));
    if (found.course.length > 1) place.append(course(found.course));
    const rest = found.points < sample ? " It tells about all points only once the whole sample is done, for doubtful points come first." : "";
    place.append(made("p", `From ${found.points} of ${sample} points drawn at random; in brackets, 95% intervals.${rest}`, "remark"));
  };
  const course = (shares) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const put = (name, given) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(given)) element.setAttribute(key, value);
      svg.append(element);
    };
    const x = (place) => (200 * place) / (shares.length - 1);
    svg.setAttribute("viewBox", "-2 -3 204 46");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", `The share after each answer, from ${percent(shares[0])} to ${percent(shares.at(-1))}`);
    put("line", { x1: 0, x2: 200, y1: 40, y2: 40 });
    put("line", { x1: 0, x2: 200, y1: 0, y2: 0 });
    put("polyline", { points: shares.map((share, place) => `${x(place)},${40 - 40 * share}`).join(" ") });
    put("circle", { cx: 200, cy: 40 - 40 * shares.at(-1), r: 2.5 });
    return svg;
  };

  const show = async (place) => {
    point = await ask(`/point/${place}`);
    chosen = [];
    showAll = false;
    find("#find").value = "";
    find("#card").hidden = find("#choice").hidden = false;
    find("#number").textContent = point.number ? `Point ${point.number} of ${point.of}` : "A point outside the random sample";
    find("#text").textContent = point.text;
    find("#drawn").hidden = !point.sampled;
    const facts = [["Session", point.session], ["Table", point.table], ["Heading", point.heading], ["Written as", point.stands], ["From", point.where]];
    find("#facts").replaceChildren(...facts.filter(([, value]) => value).flatMap(([name, value]) => [made("dt", name), made("dd", value)]));
    find("#hints").replaceChildren(...hints());
    for (const [number, { code, chance, suggested }] of point.order.entries()) {
      const row = rows.get(code);
      find("kbd", row).textContent = number < KEYED ? number + 1 : "";
      find(".chance", row).textContent = chance || "";
      find(".chance", row).title = chance ? "Probability, as the program has it" : "";
      find(".suggested", row).hidden = !suggested;
      find("#themes").append(row);
    }
    all("#themes details").forEach((details) => { details.open = false; });
    find("#previous").disabled = point.previous === null;
    find("#next").disabled = point.next === null;
    choose();
    find("#number").focus({ preventScroll: true });
    scrollTo(0, 0);
  };
  const hints = () => {
    const found = [];
    const hint = (name, text, kind = "") => {
      const line = made("p", "", kind);
      line.append(made("strong", `${name}: `), text);
      found.push(line);
    };
    if (point.own) hint("You said", point.own, "own");
    if (blind) return found;
    if (point.conflict) hint("People contradict each other", "what you choose settles it", "conflict");
    for (const said of point.decided) if (said.why || said.who !== reviewer || point.conflict) {
      hint(`${said.who}, ${said.day}`, said.why ? `${said.said} (${said.why})` : said.said);
    }
    hint("The program suggests", point.suggested);
    hint("Why", point.why, "remark");
    if (point.because) hint("Worth a look", point.because, "remark");
    return found;
  };
  const finished = async () => {
    await refresh();
    if (state.next !== null) return show(state.next);
    await show(point ? point.place : 0);
    say(queue === "sample" ? "You have answered the whole random sample." : "Every point has been decided on. The last one is shown.");
  };

  const choose = () => {
    const wanted = plain(find("#find").value).split(/\s+/).filter(Boolean);
    let hidden = 0;
    for (const [number, { code }] of point.order.entries()) {
      const row = rows.get(code), words = plain(row.dataset.words);
      const on = chosen.includes(code);
      find(".theme", row).setAttribute("aria-pressed", on);
      row.hidden = wanted.length ? !wanted.every((word) => words.includes(word)) : number >= KEYED && !showAll && !on;
      hidden += row.hidden;
    }
    const more = find("#more");
    more.hidden = wanted.length > 0 || (!hidden && !showAll) || point.order.length <= KEYED;
    more.textContent = showAll ? "Fewer themes" : `${hidden} more themes`;
    const labels = chosen.map((code) => find(".label", rows.get(code)).textContent);
    const save = find("#save");
    save.replaceChildren(made("kbd", "Enter"));
    save.append(labels.length ? ` Save: ${labels.join(" and ")}` : blind ? " Save: choose a theme first" : ` Right as it is: ${point.right}`);
    save.disabled = blind && !labels.length;
  };

  // What is done

  const toggle = (code) => {
    if (!free()) return;
    chosen = chosen.includes(code) ? chosen.filter((other) => other !== code) : [...chosen, code];
    choose();
  };
  const answer = (said, told) => {
    if (!free()) return;
    const body = { point: point.point, said, codes: said === "codes" ? chosen : [], comment: find("#comment").value, seen: point.seen };
    deliver("/answer", body, told, `Saved: ${told}`);
  };
  const labelled = () => chosen.map((code) => find(".label", rows.get(code)).textContent).join(" and ");
  const saveChosen = () => {
    if (chosen.length) answer("codes", labelled());
    else if (!blind) answer("right", point.right);
  };
  const undo = () => {
    if (!free() || !state.last) return;
    deliver("/undo", { decision: state.last.decision }, `taking back ${state.last.said}`, `Taken back: ${state.last.said}`, state.last.place ?? point.place);
  };
  const go = (way) => { // one after the other, so that two presses are two steps
    if (waiting) return;
    moves = moves.then(() => occupied(async () => {
      if (waiting || point === null || point[way] === null) return;
      say("");
      trouble("");
      find("#comment").value = "";
      await show(point[way]);
    }));
  };
  const back = () => find("#number").focus({ preventScroll: true });
  const actions = {
    Enter: saveChosen, 0: () => answer("none", "none of these"), "?": () => answer("not_sure", "not sure"),
    n: () => go("next"), p: () => go("previous"), u: undo,
    c: () => find("#comment").focus(), "/": () => find("#find").focus(),
    d: () => {
      const first = all("#themes li:not([hidden]) details");
      const open = first.some((details) => !details.open);
      first.forEach((details) => { details.open = open; });
    },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || find("#work").hidden || !point) return;
    const target = event.target;
    if (target.id === "find" || target.id === "comment") {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      if (target.id === "find" && event.key === "Enter" && target.value.trim()) {
        const first = find("#themes li:not([hidden])");
        if (!first) return;
        toggle(first.dataset.code);
      }
      if (target.id === "find") {
        target.value = "";
        choose();
      }
      back();
      return;
    }
    if (target.matches("input, select, textarea") || !find("#keys-on").checked) return;
    if (event.key === "Enter" && target.matches("button, summary, a")) return; // it works what is in focus
    const number = Number(event.key);
    const action = number >= 1 && number <= KEYED && event.key.trim()
      ? () => { if (point.order[number - 1]) toggle(point.order[number - 1].code); } : actions[event.key];
    if (!action || event.repeat) return;
    event.preventDefault();
    action();
  });
  for (const [code, row] of rows) find(".theme", row).addEventListener("click", (event) => {
    toggle(code);
    if (event.detail) back(); // by mouse, so that Enter saves and does not press the theme again
  });
  const onClick = (selector, action) => find(selector).addEventListener("click", action);
  onClick("#save", saveChosen);
  onClick("#none", actions[0]);
  onClick("#unsure", actions["?"]);
  onClick("#previous", actions.p);
  onClick("#next", actions.n);
  onClick("#undo", undo);
  onClick("#again", send);
  onClick("#more", () => { showAll = !showAll; choose(); });
  find("#find").addEventListener("input", choose);
  find("#queue").addEventListener("change", (event) => {
    if (!free()) {
      event.target.value = queue;
      return;
    }
    queue = event.target.value;
    sessionStorage.setItem("queue", queue);
    occupied(finished);
  });
  addEventListener("beforeunload", (event) => { if (waiting) event.preventDefault(); });

  // Who, and where to go on

  const begin = async () => {
    find("#who").hidden = Boolean(reviewer);
    find("#work").hidden = find("#reviewer").hidden = !reviewer;
    if (!reviewer) return find("#name").focus();
    find("#reviewer strong").textContent = reviewer;
    find("#queue").value = queue;
    await refresh();
    await (state.next === null ? finished() : show(state.next));
  };
  find("#who").addEventListener("submit", (event) => {
    event.preventDefault();
    reviewer = find("#name").value.trim().replace(/\s+/g, " ");
    if (reviewer) sessionStorage.setItem("reviewer", reviewer);
    occupied(begin);
  });
  onClick("#change", () => {
    if (waiting || busy) return;
    find("#name").value = reviewer;
    reviewer = "";
    sessionStorage.removeItem("reviewer");
    document.body.dataset.reviewer = "";
    occupied(begin);
  });
  occupied(begin);
})();
