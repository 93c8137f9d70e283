// The panes: the definition, and of each variant the IR at a step and the machine code.

const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

// ---- The definition --------------------------------------------------------------------

// A line of a file that the definition includes has the number that it has there.
function lineLabel(definition, line) {
  const part = definition.parts.findLast(([first]) => first <= line);
  return part ? `${part[1]}:${line - part[0] + 1}` : String(line);
}

function definitionItems(variant, first, last) {
  const items = [];
  for (let line = first; line <= last; line++) {
    const label = lineLabel(variant.definition, line);
    items.push({ kind: "definition", line, label, column: 0, text: variant.definition.lines[line - 1] });
  }
  return items;
}

function foldElement(variant, first, last, hues) {
  const fold = element("button", { type: "button", className: "fold" }, `⋯ ${plural(last - first + 1, "line")}`);
  fold.addEventListener("click", () =>
    fold.replaceWith(...definitionItems(variant, first, last).map((item) => definitionElement(item, hues))));
  return fold;
}

// The members that the bytecode comes from; the rest is folded.
function definitionPane(variant, bytecode, used, hues) {
  const lines = element("div", { className: "lines", tabindex: "0", "aria-label": "Definition" });
  const wanted = bytecode.line && !used.includes(bytecode.line) ? [...used, bytecode.line] : used;
  const spans = memberSpans(variant, wanted.sort((left, right) => left - right));
  if (variant.definition.lines.join("") === "")
    lines.append(element("p", { className: "nothing" }, `${variant.definition.file} couldn't be read.`));
  let next = 1;
  for (const [first, last] of spans) {
    if (first > next) lines.append(foldElement(variant, next, first - 1, hues));
    lines.append(...definitionItems(variant, first, last).map((item) => definitionElement(item, hues)));
    next = last + 1;
  }
  if (next < variant.definition.lines.length)
    lines.append(foldElement(variant, next, variant.definition.lines.length, hues));
  return element("section", { className: "pane definition", data: { kind: "definition" } },
                 element("h2", {}, variant.definition.file), lines);
}

// ---- The pipeline ----------------------------------------------------------------------

function remarksOf(pass) {
  const counters = Object.entries(pass.counters || {}).map(([name, value]) => `${name}: ${value}`);
  const name = pass.parameter ? `${pass.pass}=${pass.parameter}` : pass.pass;
  return [name, ...counters, ...(pass.remarks || [])].join("\n");
}

function stepButton(view, bytecode, steps, name, title) {
  const size = steps ? sizeOfChange(bytecode, steps) : null;
  const trunk = steps ? sizeOfChange(view.variant.trunk, steps) : null;
  const button = element("button", { type: "button", title, "aria-pressed": String(view.steps === steps),
                                     className: !steps || size ? "changed" : trunk ? "trunk" : "same" }, name);
  if (size) button.append(element("small", {}, ` +${size.added} −${size.removed}`));
  button.addEventListener("click", () => view.go(steps));
  return element("li", {}, button);
}

// Each pass is a step: those that changed the bytecode say how much.
function pipelineElement(view, bytecode) {
  const strip = element("ol", { className: "pipeline" });
  strip.append(stepButton(view, bytecode, 0, "lowered", "as the definition was lowered"));
  view.variant.passes.forEach((pass, index) => {
    const step = stepButton(view, bytecode, index + 1, pass.pass, remarksOf(pass));
    step.classList.toggle("left-out", (pass.remarks || []).some((remark) => /^(left out|nothing done):/.test(remark)));
    strip.append(step);
  });
  return strip;
}

// ---- IR --------------------------------------------------------------------------------

function waysElement(view) {
  const group = element("span", { className: "ways", role: "group", "aria-label": "What is shown" });
  for (const way of ["changes", "before", "after"])
    group.append(element("button", { type: "button", "aria-pressed": String(view.way === way),
                                     onclick: () => view.show(way) }, way));
  return group;
}

// The helpers that were expanded in a region are many, and their lines stand before its code: they
// are folded, as each instruction says which one it is of.
function helpersElement(view, items, hues) {
  const sizes = ["+", "−"].map((sign, index) => [sign, items.filter((item) => item.mark === "+-"[index]).length]);
  const change = sizes.filter(([, count]) => count).map(([sign, count]) => ` ${sign}${count}`).join("");
  const made = element("details", { className: "helpers", open: view.helpersOpen },
                       element("summary", {}, `expanded here: ${plural(items.length, "line")}${change}`),
                       ...items.map((item) => irElement(item, hues)));
  made.addEventListener("toggle", () => { view.helpersOpen = made.open; });
  return made;
}

function irElements(view, items, hues) {
  const made = [];
  for (let next = 0; next < items.length;) {
    let end = next;
    while (end < items.length && items[end].isHelper) end++;
    if (end > next) made.push(helpersElement(view, items.slice(next, end), hues));
    else made.push(irElement(items[end++], hues));
    next = end;
  }
  return made;
}

function irLines(view, bytecode, hues) {
  const { variant, steps, way } = view;
  const lines = element("div", { className: "lines", tabindex: "0", "aria-label": `IR of ${bytecode.name}` });
  const own = irItems(variant, bytecode, steps, way);
  const trunk = irItems(variant, variant.trunk, steps, way);
  lines.append(...irElements(view, own, hues));
  if (!own.length) lines.append(element("p", { className: "nothing" }, `${bytecode.name} has no code here.`));
  lines.append(element("p", { className: "between" }, "The trunk, which all bytecodes share:"),
               ...irElements(view, trunk, hues));
  return lines;
}

function stepTitle(view) {
  if (!view.steps) return "as lowered";
  if (view.steps === lastStep(view.variant) && view.way === "after") return "after all passes";
  const pass = view.variant.passes[view.steps - 1].pass;
  return { changes: `what ${pass} changed`, before: `before ${pass}`, after: `after ${pass}` }[view.way];
}

function irPane(view, bytecode, hues) {
  return element("section", { className: "pane ir", data: { kind: "ir" } },
                 element("h2", {}, "IR ", element("span", { className: "step-title" }, stepTitle(view)), waysElement(view)),
                 pipelineElement(view, bytecode), irLines(view, bytecode, hues));
}

// ---- Machine code ----------------------------------------------------------------------

function classesElement(variant, handler) {
  const counts = classCounts(variant, handler);
  const bar = element("div", { className: "bar", "aria-hidden": "true" });
  const words = element("ul", { className: "classes" });
  for (const [name, count] of counts) {
    const part = element("i", { style: `flex-grow:${count}` });
    part.style.background = classColour(name);
    bar.append(part);
    const word = element("li", {}, element("b", {}, String(count)), ` ${name}`);
    word.style.setProperty("--class", classColour(name));
    words.append(word);
  }
  return [bar, words];
}

function shareText(variant, handler) {
  if (!variant.weighted) return "";
  const all = allExecutions(variant);
  const share = all ? (100 * handler.executed) / all : 0;
  return `, executed ${handler.executed.toLocaleString("en")} times (${share.toFixed(1)} %)`;
}

function handlerElements(variant, handler, hues, isOnly) {
  const dispatches = handler.instructions !== undefined;
  const figures = dispatches
    ? `dispatch: ${plural(handler.instructions, "instruction")}, ${plural(handler.blocks, "block")}` +
      (handler.polls ? `, ${plural(handler.polls, "instruction")} of polls` : "")
    : "never dispatches";
  const made = [element("p", { className: "figures" }, (isOnly ? "" : `${handler.name}: `) + figures,
                        shareText(variant, handler))];
  if (dispatches) made.push(...classesElement(variant, handler));
  for (const block of handler.way)
    made.push(element("div", { className: "block" }, ...block.map((row) => codeElement(row, hues))));
  const count = handler.elsewhere.reduce((sum, block) => sum + block.length, 0);
  if (count) {
    const rest = element("details", { className: "elsewhere" },
                         element("summary", {}, `off this way: ${plural(count, "instruction")}`));
    // Drawn when it is opened: it may be most of the handler.
    rest.addEventListener("toggle", () => {
      if (rest.children.length === 1)
        rest.append(...handler.elsewhere.map((block) =>
          element("div", { className: "block" }, ...block.map((row) => codeElement(row, hues)))));
    });
    rest.open = !dispatches;
    made.push(rest);
  }
  return made;
}

function codePane(variant, bytecode, hues) {
  const lines = element("div", { className: "lines", tabindex: "0", "aria-label": `Machine code of ${bytecode.name}` });
  for (const handler of bytecode.handlers)
    lines.append(...handlerElements(variant, handler, hues, bytecode.handlers.length === 1));
  if (!bytecode.handlers.length)
    lines.append(element("p", { className: "nothing" }, "No machine code: no dispatch leads here."));
  return element("section", { className: "pane code", data: { kind: "code" } },
                 element("h2", {}, "machine code"), lines);
}

// ---- A variant -------------------------------------------------------------------------

function meansText(variant) {
  const means = variant.means;
  const sites = `${plural(variant.sites, "site")}, LLVM ${variant.llvm}`;
  if (!means) return sites;
  return `${means.instructions.toFixed(2)} instructions, ${means.blocks.toFixed(2)} blocks a dispatch ` +
    `(${variant.weighted ? "weighted" : "unweighted"} mean), ${sites}`;
}

function bytecodeTitle(bytecode, go) {
  const title = element("h2", { className: "bytecode-title" }, bytecode.name,
                        element("small", {}, ` ${bytecode.origin}`));
  bytecode.components.forEach((name, index) =>
    title.append(index ? " + " : " = ",
                 element("button", { type: "button", className: "component", onclick: () => go(name) }, name)));
  return title;
}

// All items of a bytecode that have a place: for colours.
function usedBy(variant, bytecode) {
  const rows = bytecode.handlers.flatMap((handler) => [...handler.way.flat(), ...handler.elsewhere.flat()]);
  const after = irItems(variant, bytecode, lastStep(variant), "after");
  return usedLines([rows, after, irItems(variant, bytecode, 0, "after"),
                    irItems(variant, variant.trunk, lastStep(variant), "after")]);
}

function variantColumn(view, name, hues, go) {
  const { variant } = view;
  const bytecode = findBytecode(variant, name);
  const heading = element("header", { className: "variant-heading" },
                          element("h2", {}, element("code", {}, variant.name)),
                          element("p", {}, meansText(variant)));
  const column = element("div", { className: "variant", data: { variant: variant.name } }, heading);
  if (!bytecode) {
    column.append(element("p", { className: "nothing" }, `${name} isn't in this variant.`));
    return column;
  }
  column.append(bytecodeTitle(bytecode, go));
  column.append(element("div", { className: "pair" }, irPane(view, bytecode, hues), codePane(variant, bytecode, hues)));
  return column;
}
