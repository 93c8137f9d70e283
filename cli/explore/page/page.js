// The page as a whole: what is chosen, keys, and drawing anew what depends on it. What is chosen
// stands in the address, after `#`, so that a look at something can be linked to.

const page = {
  views: [], // one a variant: { variant, steps, way, … }
  active: 0, // which of them takes the keys
  bytecode: null,
  order: "opcode",
  filter: "",
  hidden: new Set(), // kinds of panes
  fusedOpen: false,
};

const byId = (id) => document.getElementById(id);

// ---- Variants --------------------------------------------------------------------------

// First what the last pass left is shown, which machine code comes from; who goes to a pass wants to
// see what it changed, unless they have said otherwise.
function newView(variant, index) {
  const view = { variant, steps: lastStep(variant), way: "after", isWayChosen: false, helpersOpen: false };
  const redraw = () => {
    page.active = index;
    drawColumn(index);
    writeAddress();
  };
  view.go = (steps) => {
    view.steps = steps;
    if (!view.isWayChosen) view.way = "changes";
    redraw();
  };
  view.show = (way) => {
    view.way = way;
    view.isWayChosen = true;
    redraw();
  };
  return view;
}

// The first that dispatches, if what was chosen isn't there.
function chooseFirst() {
  const rows = orderBytecodes(listBytecodes(page.views.map((view) => view.variant)), page.order);
  if (rows.some((row) => row.name === page.bytecode)) return;
  const first = rows.find((row) => row.dispatch.some((length) => length != null)) ?? rows[0];
  page.bytecode = first ? first.name : null;
}

// What machine code was made of.
function restSteps(view) {
  view.steps = lastStep(view.variant);
}

// ---- The address -----------------------------------------------------------------------

function writeAddress() {
  const parameters = new URLSearchParams({ bytecode: page.bytecode });
  page.views.forEach((view, index) => parameters.set(index ? "b" : "a", `${view.steps},${view.way}`));
  history.replaceState(null, "", `#${parameters}`);
}

function readAddress() {
  const parameters = new URLSearchParams(location.hash.slice(1));
  page.bytecode = parameters.get("bytecode") ?? page.bytecode;
  chooseFirst();
  page.views.forEach((view, index) => {
    restSteps(view);
    const [steps, way] = (parameters.get(index ? "b" : "a") || "").split(",");
    if (/^\d+$/.test(steps)) view.steps = Math.min(Number(steps), lastStep(view.variant));
    if (["changes", "before", "after"].includes(way)) view.way = way;
    view.isWayChosen = view.way !== "after";
  });
}

// ---- The list --------------------------------------------------------------------------

const filtered = (row) => row.name.toLowerCase().includes(page.filter.toLowerCase());

function listItem(row, longest) {
  const counts = page.views.map((view, index) => row.dispatch[index] ?? "–").join(" · ");
  const item = element("div", { className: "bytecode", role: "option", data: { name: row.name },
                                "aria-selected": String(row.name === page.bytecode),
                                title: row.name + (row.executed === null ? "" : `, executed ${row.executed.toLocaleString("en")} times`) },
                       cell("name", row.name), cell("count", counts));
  const share = page.order === "executed" && row.executed !== null ? row.executed / longest.executed
    : (row.dispatch[0] ?? 0) / longest.dispatch;
  item.style.setProperty("--length", `${Math.round(100 * share)}%`);
  return item;
}

// Fused bytecodes are many; they are drawn when somebody asks for them, or looks for a name.
function drawList() {
  const rows = orderBytecodes(listBytecodes(page.views.map((view) => view.variant)), page.order).filter(filtered);
  const longest = { dispatch: Math.max(1, ...rows.map((row) => row.dispatch[0] ?? 0)),
                    executed: Math.max(1, ...rows.map((row) => row.executed || 0)) };
  const isFused = (row) => row.origin === "fused";
  const plain = rows.filter((row) => !isFused(row));
  const fused = rows.filter(isFused);
  const list = byId("list");
  const scroll = list.scrollTop;
  list.replaceChildren(...plain.map((row) => listItem(row, longest)));
  const isOpen = page.fusedOpen || page.filter !== "" || fused.some((row) => row.name === page.bytecode);
  if (fused.length) {
    const more = element("button", { type: "button", className: "fused", "aria-expanded": String(isOpen) },
                         `${isOpen ? "▾" : "▸"} ${plural(fused.length, "fused bytecode")}`);
    more.addEventListener("click", () => {
      page.fusedOpen = !isOpen;
      drawList();
    });
    list.append(more);
  }
  if (isOpen) list.append(...fused.map((row) => listItem(row, longest)));
  list.scrollTop = scroll;
}

function showChosen() {
  for (const item of byId("list").querySelectorAll(".bytecode")) {
    const isChosen = item.dataset.name === page.bytecode;
    item.setAttribute("aria-selected", String(isChosen));
    if (isChosen) item.scrollIntoView({ block: "nearest" });
  }
}

function choose(name) {
  page.bytecode = name;
  page.views.forEach(restSteps);
  if (![...byId("list").querySelectorAll(".bytecode")].some((item) => item.dataset.name === name)) drawList();
  showChosen();
  drawPanes();
  writeAddress();
}

function stepBytecode(by) {
  const names = [...byId("list").querySelectorAll(".bytecode")].map((item) => item.dataset.name);
  const at = names.indexOf(page.bytecode);
  const next = names[Math.max(0, Math.min(names.length - 1, at + by))];
  if (next && next !== page.bytecode) choose(next);
}

// ---- Panes -----------------------------------------------------------------------------

let hues = new Map();

function drawColumn(index) {
  const old = document.querySelectorAll("#panes .variant")[index];
  const scrolls = [...old.querySelectorAll(".lines")].map((pane) => pane.scrollTop);
  const focused = old.contains(document.activeElement);
  const column = variantColumn(page.views[index], page.bytecode, hues, choose);
  letGo();
  old.replaceWith(column);
  column.querySelectorAll(".lines").forEach((pane, at) => { pane.scrollTop = scrolls[at] ?? 0; });
  if (focused) column.querySelector(".ir .lines")?.focus({ preventScroll: true });
  showChange(column);
  markActive();
}

// Where a pass changed lines of which none is in sight, the first of them is brought there.
function showChange(column) {
  const pane = column.querySelector(".ir .lines");
  const frame = pane?.getBoundingClientRect();
  const changed = pane ? [...pane.querySelectorAll(".added, .removed")] : [];
  const isSeen = (line) => {
    const box = line.getBoundingClientRect();
    return box.top >= frame.top && box.bottom <= frame.bottom;
  };
  if (changed.length && !changed.some(isSeen))
    pane.scrollTop += changed[0].getBoundingClientRect().top - frame.top - frame.height / 4;
}

function markActive() {
  document.querySelectorAll("#panes .variant").forEach((column, index) =>
    column.classList.toggle("active", page.views.length > 1 && index === page.active));
}

function drawPanes() {
  const panes = byId("panes");
  const first = page.views.find((view) => findBytecode(view.variant, page.bytecode));
  letGo();
  panes.replaceChildren();
  if (!first) return;
  const used = new Set(page.views.flatMap((view) => {
    const bytecode = findBytecode(view.variant, page.bytecode);
    return bytecode && view.variant.definition.file === first.variant.definition.file ? usedBy(view.variant, bytecode) : [];
  }));
  const lines = [...used].sort((left, right) => left - right);
  hues = huesOf(lines);
  const bytecode = findBytecode(first.variant, page.bytecode);
  const definition = definitionPane(first.variant, bytecode, lines, hues);
  panes.append(definition, ...page.views.map((view) => variantColumn(view, page.bytecode, hues, choose)));
  panes.dataset.variants = page.views.length;
  const own = [...definition.querySelectorAll(".line")].find((line) => line.item.line === bytecode.line);
  if (own) definition.querySelector(".lines").scrollTop = own.offsetTop - own.parentElement.offsetTop - 30;
  markActive();
}

function draw() {
  byId("subject").textContent = page.views.map((view) => view.variant.name).join("  |  ");
  document.title = `${page.views.map((view) => view.variant.name).join(" | ")} – Loopwright explore`;
  drawList();
  drawPanes();
  showChosen();
}

function togglePane(kind) {
  if (page.hidden.has(kind)) page.hidden.delete(kind);
  else page.hidden.add(kind);
  byId("panes").dataset.hidden = [...page.hidden].join(" ");
  byId("panes-shown").querySelector(`[data-pane=${kind}]`).setAttribute("aria-pressed", String(!page.hidden.has(kind)));
}

// ---- Keys ------------------------------------------------------------------------------

function stepPass(by) {
  const view = page.views[page.active];
  const bytecode = findBytecode(view.variant, page.bytecode);
  if (!bytecode) return;
  const steps = stepsOf(bytecode);
  const next = by > 0 ? steps.find((step) => step > view.steps) : steps.findLast((step) => step < view.steps);
  if (next !== undefined) view.go(next);
}

function goToEnd(isLast) {
  const view = page.views[page.active];
  view.go(isLast ? lastStep(view.variant) : 0);
}

function nextWay() {
  const view = page.views[page.active];
  const ways = ["changes", "before", "after"];
  view.show(ways[(ways.indexOf(view.way) + 1) % ways.length]);
}

const focusedPane = () => document.activeElement?.closest("#panes .lines");

const keys = {
  j: () => stepBytecode(1),
  k: () => stepBytecode(-1),
  ArrowRight: () => stepPass(1),
  ArrowLeft: () => stepPass(-1),
  ArrowDown: () => (focusedPane() ? stepLine(focusedPane(), 1) : stepBytecode(1)),
  ArrowUp: () => (focusedPane() ? stepLine(focusedPane(), -1) : stepBytecode(-1)),
  Home: () => goToEnd(false),
  End: () => goToEnd(true),
  c: nextWay,
  v: () => {
    page.active = (page.active + 1) % page.views.length;
    markActive();
  },
  1: () => togglePane("definition"),
  2: () => togglePane("ir"),
  3: () => togglePane("code"),
  "/": () => byId("filter").focus(),
  "?": () => byId("help").showModal(),
  Escape: letGo,
};

function pressKey(event) {
  const isTyped = event.target.matches("input, select, textarea");
  if (event.ctrlKey || event.altKey || event.metaKey || byId("help").open || !page.views.length) return;
  if (event.key === "Escape" && isTyped) event.target.blur();
  if (isTyped) return;
  if (event.key === "Enter" && focusedPane() && light.pointed) {
    hold(light.pointed);
    return;
  }
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function watch() {
  document.addEventListener("keydown", pressKey);
  watchLines(byId("panes"));
  byId("list").addEventListener("click", (event) => {
    const item = event.target.closest(".bytecode");
    if (item) choose(item.dataset.name);
  });
  byId("filter").addEventListener("input", (event) => {
    page.filter = event.target.value;
    drawList();
  });
  byId("filter").addEventListener("keydown", (event) => {
    const first = byId("list").querySelector(".bytecode");
    if (event.key !== "Enter" || !first) return;
    choose(first.dataset.name);
    byId("list").focus();
  });
  byId("order").addEventListener("change", (event) => {
    page.order = event.target.value;
    drawList();
  });
  for (const button of byId("panes-shown").children)
    button.addEventListener("click", () => togglePane(button.dataset.pane));
  byId("help-button").addEventListener("click", () => byId("help").showModal());
  window.addEventListener("hashchange", () => {
    readAddress();
    draw();
  });
}

// ---- Served ----------------------------------------------------------------------------

function say(text, isError) {
  const message = byId("message");
  message.hidden = !text;
  message.textContent = text;
  message.classList.toggle("error", Boolean(isError));
}

const served = { flags: null, words: [], pending: [] };

// Asks for the variant of that place. A newer question makes an older one void.
async function askFor(index, words) {
  served.words[index] = words;
  served.pending[index]?.abort();
  const controller = new AbortController();
  served.pending[index] = controller;
  drawSwitches();
  say(`emitting ${words.join(" ")} …`);
  try {
    const variant = await askServer(words, controller.signal);
    const old = page.views[index];
    page.views[index] = newView(variant, index);
    if (old) Object.assign(page.views[index], { way: old.way, isWayChosen: old.isWayChosen });
    chooseFirst();
    page.views.forEach((view) => view && restSteps(view));
    say("");
    if (served.words.every((_, at) => page.views[at])) draw();
  } catch (error) {
    if (error.name !== "AbortError") say(error.message, true);
  }
}

function compare() {
  if (served.words.length < 2) {
    askFor(1, served.words[0]);
    return;
  }
  served.words.length = 1;
  page.views.length = Math.min(page.views.length, 1);
  page.active = 0;
  drawSwitches();
  draw();
}

function drawSwitches() {
  const isTwo = served.words.length > 1;
  byId("switches").replaceChildren(
    ...served.words.map((words, index) => variantSwitches(words, served.flags, index, (others) => askFor(index, others))),
    element("button", { type: "button", id: "compare", onclick: compare }, isTwo ? "one variant" : "compare with another"));
}

async function startServed(serve) {
  served.flags = serve.flags;
  served.words = serve.variants;
  byId("switches").hidden = false;
  page.bytecode = new URLSearchParams(location.hash.slice(1)).get("bytecode");
  for (let index = 0; index < serve.variants.length; index++) await askFor(index, serve.variants[index]);
}

// ---- Start -----------------------------------------------------------------------------

function start() {
  const data = JSON.parse(byId("data").textContent);
  watch();
  if (data.serve) {
    startServed(data.serve);
    return;
  }
  page.views = readDocument(data).map(newView);
  if (!page.views.some((view) => view.variant.weighted)) byId("order").querySelector("[value=executed]").remove();
  readAddress();
  draw();
}

if (typeof document !== "undefined") start();
