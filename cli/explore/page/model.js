// What the page knows, without anything that is drawn: a document (docs/exploring.md) made easy to
// read, the IR at each step, and what belongs to what.

let variantsRead = 0; // each gets a number, by which items know whose they are

// Numbers of strings become strings, once, when a document comes in.
function readDocument(data) {
  return data.variants.map((variant) => readVariant(data, variant, variantsRead++));
}

function readVariant(data, variant, id) {
  const strings = data.strings;
  const readLines = (numbers) => numbers.map((number) => strings[number]);
  const readHistory = (history) => ({
    before: readLines(history.before),
    numbers: history.numbers,
    changes: history.changes.map(([steps, edits]) => ({
      steps,
      edits: edits.map(([at, removed, added]) => ({ at, removed, added: readLines(added) })),
    })),
  });
  const readRow = ([address, text, purpose, line = 0, column = 0, operation = null, number = 0]) => ({
    kind: "code",
    variant: id,
    address,
    text: strings[text],
    purpose: strings[purpose],
    line,
    column,
    operation: operation === null ? "" : strings[operation],
    number,
  });
  const readBlocks = (blocks) => blocks.map((block) => block.map(readRow));
  const readBytecode = (bytecode) => ({
    ...bytecode,
    ...readHistory(bytecode),
    components: readLines(bytecode.components || []),
    handlers: bytecode.handlers.map((handler) => ({
      ...handler,
      way: readBlocks(handler.way),
      elsewhere: readBlocks(handler.elsewhere),
    })),
  });
  return {
    ...variant,
    id,
    classes: data.classes,
    definition: {
      file: data.definitions[variant.definition].file,
      lines: data.definitions[variant.definition].text.split("\n"),
      parts: data.definitions[variant.definition].parts,
    },
    trunk: readHistory(variant.trunk),
    bytecodes: variant.bytecodes.map(readBytecode),
  };
}

function findBytecode(variant, name) {
  return variant.bytecodes.find((bytecode) => bytecode.name === name);
}

// The executions of a bytecode, in all states of the loop; null: nobody has counted.
function executions(variant, bytecode) {
  if (!variant.weighted) return null;
  return bytecode.handlers.reduce((sum, handler) => sum + handler.executed, 0);
}

function allExecutions(variant) {
  return variant.bytecodes.reduce((sum, bytecode) => sum + (executions(variant, bytecode) || 0), 0);
}

// ---- The IR at a step ------------------------------------------------------------------

function applyEdits(lines, edits) {
  const result = [];
  let next = 0;
  for (const edit of edits) {
    result.push(...lines.slice(next, edit.at), ...edit.added);
    next = edit.at + edit.removed;
  }
  return result.concat(lines.slice(next));
}

// The lines once so many steps of the pipeline were done.
function linesAt(history, steps) {
  return history.changes
    .filter((change) => change.steps <= steps)
    .reduce((lines, change) => applyEdits(lines, change.edits), history.before);
}

function changeAt(history, steps) {
  return history.changes.find((change) => change.steps === steps);
}

// How many lines the step took away and added; null: it left all as it was.
function sizeOfChange(history, steps) {
  const change = changeAt(history, steps);
  if (!change) return null;
  const size = { removed: 0, added: 0 };
  for (const edit of change.edits) {
    size.removed += edit.removed;
    size.added += edit.added.length;
  }
  return size;
}

// Lines with marks: "-" was taken away in this step, "+" was added, " " stayed.
function markedLines(history, steps) {
  const before = linesAt(history, steps - 1);
  const change = changeAt(history, steps);
  const result = [];
  let next = 0;
  const push = (mark, lines) => lines.forEach((text) => result.push({ mark, text }));
  for (const edit of change ? change.edits : []) {
    push(" ", before.slice(next, edit.at));
    push("-", before.slice(edit.at, edit.at + edit.removed));
    push("+", edit.added);
    next = edit.at + edit.removed;
  }
  push(" ", before.slice(next));
  return result;
}

// What a step shows, in one of three ways: "changes", "before", "after".
function shownLines(history, steps, way) {
  const marked = markedLines(history, steps);
  if (way === "before") return marked.filter((line) => line.mark !== "+");
  if (way === "after") return marked.filter((line) => line.mark !== "-");
  return marked;
}

// ---- Places ----------------------------------------------------------------------------

const PLACE = / !(\d+):(\d+)(?:#(\d+))?$/;
const NOWHERE = { line: 0, column: 0, helpers: [] };

// A line at the head of a region: a helper that was expanded, where its message stands, and in which
// other helper that is; or a component of a fused bytecode.
const INLINED = /^(inlined #(\d+) "(.*)"(?: component \d+)?)(?: !(\d+):(\d+))?((?: in #(\d+))?)$/;

// Notes it by its number, with those that it is in behind it.
function readHelper(match, known) {
  const [, text, number, name, line = 0, column = 0, rest, within] = match;
  const helper = { name, line: Number(line), column: Number(column) };
  known.set(Number(number), [helper, ...(known.get(Number(within)) || [])]);
  return { text: text + rest, line: helper.line, column: helper.column, helpers: [], isHelper: true };
}

// Splits off places, which a line has only where they differ from those of the line before, in
// each block. Lines that were taken away and those that were added have their own sequence each.
// `numbers` are those of the regions' first operations, as debug information has them; they hold
// for the last step only.
function placeLines(lines, numbers = []) {
  const places = { "-": NOWHERE, "+": NOWHERE };
  const helpers = { "-": new Map(), "+": new Map() };
  let region = -1;
  let number = 0;
  return lines.map(({ mark, text }) => {
    const isInstruction = text.startsWith("  ");
    const mine = mark === " " ? ["-", "+"] : [mark];
    const side = mine[mine.length - 1];
    const item = { kind: "ir", mark, text, ...NOWHERE, number: 0, isLabel: !isInstruction, isHelper: false };
    const inlined = INLINED.exec(text);
    if (inlined) return { ...item, ...mine.map((each) => readHelper(inlined, helpers[each])).pop() };
    if (/^(region|trunk)\b/.test(text)) {
      number = numbers[++region] || 0;
      for (const each of mine) helpers[each].clear();
    }
    const match = isInstruction ? PLACE.exec(text) : null;
    for (const each of mine) {
      if (match)
        places[each] = { line: Number(match[1]), column: Number(match[2]),
                         helpers: helpers[each].get(Number(match[3])) || [] };
      else if (!isInstruction) places[each] = NOWHERE;
    }
    if (!isInstruction) return item;
    return { ...item, ...places[side], text: match ? text.slice(0, match.index) : text, number: number ? number++ : 0 };
  });
}

function lastStep(variant) {
  return variant.passes.length;
}

// The IR of a bytecode, or of the trunk, as the page shows it.
function irItems(variant, history, steps, way) {
  return placedItems(history, steps, way).map((item) => ({ ...item, variant: variant.id }));
}

function placedItems(history, steps, way) {
  const isLast = !history.changes.some((change) => change.steps > steps) && way !== "before";
  const lines = shownLines(history, steps, way);
  const hasRemoved = lines.some((line) => line.mark === "-");
  if (!isLast || !hasRemoved) return placeLines(lines, isLast ? history.numbers : []);
  // Operations are numbered without what was taken away.
  const numbered = placeLines(lines.filter((line) => line.mark !== "-"), history.numbers);
  let next = 0;
  return placeLines(lines).map((item) => (item.mark === "-" ? item : numbered[next++]));
}

// The steps that changed the history, the beginning among them.
function stepsOf(history) {
  return [0, ...history.changes.map((change) => change.steps)];
}

// ---- What belongs together -------------------------------------------------------------

// An item is a line of the definition, of IR, or of machine code. A dispatch's instruction knows
// the operation of its variant that it comes from; other instructions and operations go by their
// place, as far as both know it; a line of the definition has all that comes from it. A helper's line
// is about a message of the definition, and what came of that has places of its own.
function belongsTo(one, other) {
  if (one === other) return true;
  if (one.number && other.number && one.variant === other.variant) return one.number === other.number;
  if (!one.line || one.line !== other.line) return false;
  if (one.kind === "definition" || other.kind === "definition") return true;
  if (one.isHelper || other.isHelper) return false;
  return !one.column || !other.column || one.column === other.column;
}

// The lines of the definition that anything here comes from, in order.
function usedLines(itemLists) {
  const lines = new Set();
  for (const items of itemLists) for (const item of items) if (item.line) lines.add(item.line);
  return [...lines].sort((left, right) => left - right);
}

// A hue for each of them: neighbours far apart on the circle.
function huesOf(lines) {
  return new Map(lines.map((line, index) => [line, Math.round(index * 137.5 + 210) % 360]));
}

// ---- The definition --------------------------------------------------------------------

const indentation = (text) => text.length - text.trimStart().length;

// Members of a definition (methods) are indented as those are that define bytecodes.
function memberIndentation(variant) {
  const first = variant.bytecodes.find((bytecode) => bytecode.line > 0);
  if (!first || !variant.definition.file.endsWith(".som")) return 0;
  return indentation(variant.definition.lines[first.line - 1]);
}

// The spans [first, last] of the members that hold these lines, in order, none twice.
function memberSpans(variant, used) {
  const lines = variant.definition.lines;
  const most = memberIndentation(variant);
  const isBorder = (index) => lines[index].trim() !== "" && indentation(lines[index]) <= most;
  const spans = [];
  for (const line of used) {
    if (line > lines.length || (spans.length && line <= spans[spans.length - 1][1])) continue;
    let first = line - 1;
    while (first > 0 && !isBorder(first)) first--;
    let last = line - 1;
    while (last + 1 < lines.length && !isBorder(last + 1)) last++;
    // The line that closes the member is at its border, too.
    if (last + 1 < lines.length && /^\s*[)}\]]/.test(lines[last + 1])) last++;
    while (last > line - 1 && lines[last].trim() === "") last--;
    spans.push([first + 1, last + 1]);
  }
  return spans;
}

// ---- Machine code ----------------------------------------------------------------------

const isStep = (row) => !row.purpose.startsWith("(");

// How many instructions of each class the handler's path has, in the order of the classes.
function classCounts(variant, handler) {
  const counts = new Map(variant.classes.map((name) => [name, 0]));
  for (const block of handler.way)
    for (const row of block) if (isStep(row)) counts.set(row.purpose, counts.get(row.purpose) + 1);
  return [...counts].filter(([, count]) => count > 0);
}

const classColour = (name) => `var(--${name.replaceAll(" ", "-")})`;

// ---- The list --------------------------------------------------------------------------

// The bytecodes of all variants by name, each with its handlers' figures.
function listBytecodes(variants) {
  const rows = new Map();
  variants.forEach((variant, index) => {
    for (const bytecode of variant.bytecodes) {
      if (!rows.has(bytecode.name))
        rows.set(bytecode.name, { name: bytecode.name, origin: bytecode.origin, opcode: bytecode.opcode ?? 1e9,
                                  dispatch: [], executed: null });
      const row = rows.get(bytecode.name);
      row.dispatch[index] = bytecode.handlers.length ? bytecode.handlers[0].instructions ?? null : null;
      if (variant.weighted) row.executed = Math.max(row.executed || 0, executions(variant, bytecode));
    }
  });
  return [...rows.values()];
}

function orderBytecodes(rows, order) {
  const length = (row) => row.dispatch.find((count) => count != null) ?? -1;
  const compare = {
    opcode: (left, right) => left.opcode - right.opcode,
    name: (left, right) => (left.name < right.name ? -1 : 1),
    dispatch: (left, right) => length(right) - length(left) || left.opcode - right.opcode,
    executed: (left, right) => (right.executed || 0) - (left.executed || 0) || left.opcode - right.opcode,
  }[order];
  return [...rows].sort(compare);
}

// ---- Flags -----------------------------------------------------------------------------

// Does the level run the pass by itself?
const runsAt = (pass, level) => pass.level !== null && pass.level <= level;

// What a list of flags says, as switches show it.
function readFlags(words, flags) {
  const state = { level: 2, passes: new Map(), choices: new Map(), rest: [] };
  for (const word of words) {
    const level = /^-O(\d)$/.exec(word);
    const pass = /^-f(no-)?([^=]+)(?:=(.*))?$/.exec(word);
    const choice = /^--([^=]+)=(.*)$/.exec(word);
    if (level) state.level = Number(level[1]);
    else if (pass) state.passes.set(pass[2], { on: !pass[1], parameter: pass[3] });
    else if (choice && flags.choices.some((known) => known.name === choice[1]))
      state.choices.set(choice[1], choice[2]);
    else state.rest.push(word);
  }
  return state;
}

// The shortest list of flags that says it.
function writeFlags(state, flags) {
  const words = state.rest.some((word) => word.startsWith("--passes=")) ? [] : [`-O${state.level}`];
  for (const pass of flags.passes) {
    const said = state.passes.get(pass.name);
    if (!said || (said.on === runsAt(pass, state.level) && said.parameter === undefined)) continue;
    words.push(said.on ? `-f${pass.name}${said.parameter === undefined ? "" : "=" + said.parameter}`
                       : `-fno-${pass.name}`);
  }
  for (const [name, value] of state.choices) {
    const known = flags.choices.find((choice) => choice.name === name);
    if (value !== known.choices.split("|")[0]) words.push(`--${name}=${value}`);
  }
  return words.concat(state.rest);
}

if (typeof module !== "undefined")
  module.exports = { readDocument, findBytecode, executions, linesAt, markedLines, shownLines, placeLines, irItems,
                     stepsOf, lastStep, sizeOfChange, belongsTo, usedLines, huesOf, memberSpans, classCounts,
                     listBytecodes, orderBytecodes, readFlags, writeFlags, isStep };
