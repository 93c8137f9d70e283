// Lines of the three kinds, and what happens when one of them is pointed at: all that belongs to it
// is lit. Each element that stands for an item has it as `item`.

function element(tag, properties = {}, ...children) {
  const { className, data = {}, ...others } = properties;
  const made = document.createElement(tag);
  if (className) made.className = className;
  for (const [name, value] of Object.entries(data)) made.dataset[name] = value;
  for (const [name, value] of Object.entries(others))
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) made.setAttribute(name, value === true ? "" : value);
  made.append(...children.filter((child) => child != null));
  return made;
}

const placeText = (item) => (item.line ? `${item.line}${item.column ? ":" + item.column : ""}` : "");

function lineElement(item, hues, className, ...cells) {
  const row = element("div", { className: `line ${className}` }, ...cells);
  row.item = item;
  if (hues.has(item.line)) {
    row.classList.add("tinted");
    row.style.setProperty("--hue", hues.get(item.line));
  }
  return row;
}

const cell = (className, text) => element("span", { className }, text);

function definitionElement(item, hues) {
  return lineElement(item, hues, "of-definition", cell("number", item.label), cell("text", item.text || " "));
}

const markNames = { "+": "added", "-": "removed", " ": "" };

// Which helpers an operation is of, from the innermost on: each with the message that it was expanded for.
const helpersText = (item) =>
  item.helpers.map((helper) => `in ${helper.name}` + (helper.line ? `, for the message at ${placeText(helper)}` : "")).join("\n");

function irElement(item, hues) {
  const made = lineElement(item, hues, `of-ir ${markNames[item.mark]}${item.isLabel ? " label" : ""}`,
                           cell("mark", item.mark), cell("text", item.text || " "), cell("place", placeText(item)),
                           cell("helper", item.helpers.length ? item.helpers[0].name : ""));
  if (item.helpers.length) made.title = helpersText(item);
  return made;
}

function codeElement(row, hues) {
  const made = lineElement(row, hues, `of-code ${isStep(row) ? "step" : "aside"}`,
                           cell("address", row.address.toString(16)), cell("text", row.text),
                           cell("purpose", row.purpose), cell("operation", row.operation),
                           cell("place", placeText(row)));
  if (isStep(row)) made.style.setProperty("--class", classColour(row.purpose));
  return made;
}

// ---- Light -----------------------------------------------------------------------------

const light = { held: null, pointed: null };

function lineOf(target) {
  const found = target instanceof Element ? target.closest(".line") : null;
  return found && found.item ? found : null;
}

function showLight() {
  const source = light.pointed || light.held;
  for (const line of document.querySelectorAll("#panes .line")) {
    line.classList.toggle("lit", Boolean(source) && belongsTo(source.item, line.item));
    line.classList.toggle("source", line === source);
    line.classList.toggle("held", line === light.held);
  }
}

function pointAt(line) {
  if (line === light.pointed) return;
  light.pointed = line;
  showLight();
}

// A browser may give lines in a folded part a place, though nobody sees them.
const isDrawn = (line) => line.getClientRects().length > 0 && !line.closest("details:not([open])");

// Brings the first lit line of each other pane into sight, unless one is there already.
function bringIntoSight(source) {
  for (const pane of document.querySelectorAll("#panes .lines")) {
    if (pane.contains(source)) continue;
    const frame = pane.getBoundingClientRect();
    const lit = [...pane.querySelectorAll(".lit")].filter(isDrawn);
    const isSeen = (line) => {
      const box = line.getBoundingClientRect();
      return box.top >= frame.top && box.bottom <= frame.bottom;
    };
    if (lit.length && !lit.some(isSeen))
      pane.scrollTop += lit[0].getBoundingClientRect().top - frame.top - frame.height / 3;
  }
}

function hold(line) {
  light.held = line === light.held ? null : line;
  light.pointed = null;
  showLight();
  if (light.held) bringIntoSight(light.held);
}

function letGo() {
  light.held = light.pointed = null;
  showLight();
}

// In a pane that has the focus: the line after the one pointed at, or before it.
function stepLine(pane, by) {
  const lines = [...pane.querySelectorAll(".line")].filter(isDrawn);
  if (!lines.length) return;
  const at = lines.indexOf(light.pointed && pane.contains(light.pointed) ? light.pointed : light.held);
  const next = lines[Math.max(0, Math.min(lines.length - 1, at + by))];
  pointAt(next);
  next.scrollIntoView({ block: "nearest" });
}

function watchLines(panes) {
  panes.addEventListener("mouseover", (event) => pointAt(lineOf(event.target)));
  panes.addEventListener("mouseleave", () => pointAt(null));
  panes.addEventListener("click", (event) => {
    const line = lineOf(event.target);
    if (line && String(getSelection()) === "") hold(line);
  });
}
