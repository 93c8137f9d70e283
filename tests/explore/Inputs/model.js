// Checks the page's model. usage: node model.js MODEL.js DATA.json
const assert = require("assert");
const fs = require("fs");
const path = require("path");

const model = require(path.resolve(process.argv[2]));
const data = JSON.parse(fs.readFileSync(process.argv[3], "utf8"));
let checks = 0;
const check = (actual, expected) => {
  assert.deepStrictEqual(actual, expected);
  checks++;
};

// A history of two steps: the second line is replaced, then one is added in front.
const history = {
  before: ["a", "b", "c"],
  numbers: [],
  changes: [{ steps: 1, edits: [{ at: 1, removed: 1, added: ["x", "y"] }] },
            { steps: 3, edits: [{ at: 0, removed: 0, added: ["z"] }] }],
};
const marks = (lines) => lines.map(({ mark, text }) => mark + text);
check(model.linesAt(history, 0), ["a", "b", "c"]);
check(model.linesAt(history, 1), ["a", "x", "y", "c"]);
check(model.linesAt(history, 2), ["a", "x", "y", "c"]);
check(model.linesAt(history, 3), ["z", "a", "x", "y", "c"]);
check(marks(model.markedLines(history, 1)), [" a", "-b", "+x", "+y", " c"]);
check(marks(model.shownLines(history, 1, "before")), [" a", "-b", " c"]);
check(marks(model.shownLines(history, 1, "after")), [" a", "+x", "+y", " c"]);
check(marks(model.markedLines(history, 2)), [" a", " x", " y", " c"]);
check(model.sizeOfChange(history, 1), { removed: 1, added: 2 });
check(model.sizeOfChange(history, 2), null);
check(model.stepsOf(history), [0, 1, 3]);

// Places go on until the next one, or the block's end; operations are numbered by region.
const lines = ["region add {", "^add(%x: i64):", "  one !3:4", "  two", "^next:", "  three", "  four !5:6#2", "}"];
const placed = model.placeLines(lines.map((text) => ({ mark: " ", text })), [17]);
check(placed.map(({ line, column }) => `${line}:${column}`), ["0:0", "0:0", "3:4", "3:4", "0:0", "0:0", "5:6", "0:0"]);
check(placed.map(({ number }) => number), [0, 0, 17, 18, 0, 19, 20, 0]);
check(placed[6].text, "  four");
// What was taken away has a sequence of places of its own.
const changed = [["-", "  old !7:8"], ["+", "  new !1:2"], ["-", "  older"], ["+", "  newer"], [" ", "  both !1:2"]];
check(model.placeLines(changed.map(([mark, text]) => ({ mark, text }))).map((item) => item.line), [7, 1, 7, 1, 1]);

// Helpers: each operation knows which it is of, before and after a pass that numbers them anew.
const expanded = [[" ", "region add {"], ["-", 'inlined #1 "pc" !3:1'], ["-", 'inlined #2 "drop:" !3:5'],
                  ["-", 'inlined #3 "say \\"x\\"" !9:2 in #2'], ["+", 'inlined #1 "drop:" !3:5'], [" ", "^add():"],
                  ["-", "  one !9:9#3"], ["+", "  one !8:8#1"], [" ", "  two !3:4"], [" ", "}"], [" ", "region pop {"],
                  [" ", 'inlined #1 "add" component 0'], ["-", "  three !5:5#1"], [" ", "  four"]];
const helped = model.placeLines(expanded.map(([mark, text]) => ({ mark, text })));
const helperNames = (item) => item.helpers.map(({ name, line, column }) => `${name} ${line}:${column}`);
check(helped.filter((item) => item.isHelper).map(({ text, line, column }) => `${text} ${line}:${column}`),
      ['inlined #1 "pc" 3:1', 'inlined #2 "drop:" 3:5', 'inlined #3 "say \\"x\\"" in #2 9:2', 'inlined #1 "drop:" 3:5',
       'inlined #1 "add" component 0 0:0']);
check(helperNames(helped[6]), ['say \\"x\\" 9:2', "drop: 3:5"]);
check(helperNames(helped[7]), ["drop: 3:5"]);
check(helperNames(helped[8]), []);
check(helperNames(helped[12]), ["add 0:0"]);
check(model.belongsTo({ kind: "definition", line: 9, column: 0 }, helped[3]), true);
check(model.belongsTo({ kind: "code", line: 9, column: 2 }, helped[3]), false);

// What belongs together.
const definition = { kind: "definition", line: 3, column: 0 };
const operation = { kind: "ir", line: 3, column: 4, number: 17 };
const sameLine = { kind: "ir", line: 3, column: 9, number: 18 };
const work = { kind: "code", line: 3, column: 4, number: 0 };
const dispatch = { kind: "code", line: 3, column: 4, number: 18 };
check(model.belongsTo(definition, operation), true);
check(model.belongsTo(work, definition), true);
check(model.belongsTo(work, operation), true);
check(model.belongsTo(work, sameLine), false);
check(model.belongsTo(dispatch, sameLine), true);
check(model.belongsTo(dispatch, operation), false);
// Numbers are a variant's own: those of two say nothing, and the place decides.
check(model.belongsTo({ ...dispatch, variant: 1 }, { ...operation, variant: 2 }), true);
check(model.belongsTo({ ...dispatch, variant: 1 }, { ...sameLine, variant: 2 }), false);
check(model.belongsTo({ kind: "code", line: 0, column: 0 }, { kind: "ir", line: 0, column: 0 }), false);

// A real document: each instruction of the dispatch leads to one operation, at its own place.
const [variant] = model.readDocument(data);
const add = model.findBytecode(variant, "add");
const last = model.lastStep(variant);
const operations = [...model.irItems(variant, add, last, "after"), ...model.irItems(variant, variant.trunk, last, "after")];
const steps = add.handlers[0].way.flat().filter(model.isStep);
check(steps.length, add.handlers[0].instructions);
for (const row of steps.filter((step) => step.number)) {
  const found = operations.filter((item) => model.belongsTo(row, item));
  check(found.map(({ line, column, number }) => [line, column, number]), [[row.line, row.column, row.number]]);
}
check(model.irItems(variant, add, last, "changes").filter((item) => item.mark !== "-"),
      model.irItems(variant, add, last, "after"));
check(model.classCounts(variant, add.handlers[0]).reduce((sum, [, count]) => sum + count, 0), steps.length);
const spans = model.memberSpans(variant, [add.line, add.line + 2]);
check(spans.length, 1);
check(variant.definition.lines[spans[0][0] - 1].trim().startsWith("add:"), true);
check(variant.definition.lines[spans[0][1] - 1].trim(), ")");

// The list.
const rows = model.listBytecodes([variant, variant]);
check(rows.map((row) => row.name), ["add", "pushLocal"]);
check(rows[0].dispatch.length, 2);
check(model.orderBytecodes(rows, "opcode").map((row) => row.name), ["pushLocal", "add"]);
check(model.orderBytecodes(rows, "name").map((row) => row.name), ["add", "pushLocal"]);

// Switches: what flags say, and the shortest flags that say it.
const flags = {
  levels: [0, 1, 2],
  passes: [{ name: "polls", level: 0, parameter: "none|all" }, { name: "fold", level: 1 }, { name: "cold", level: null }],
  choices: [{ name: "cpu", choices: "generic|native" }],
};
const written = (words, change = () => {}) => {
  const state = model.readFlags(words, flags);
  change(state);
  return model.writeFlags(state, flags);
};
check(written([]), ["-O2"]);
check(written(["-O1", "-fno-fold", "--cpu=native"]), ["-O1", "-fno-fold", "--cpu=native"]);
check(written(["-O1", "-ffold", "--cpu=generic"]), ["-O1"]);
check(written(["-O0", "-fpolls=none", "-fcold"]), ["-O0", "-fpolls=none", "-fcold"]);
check(written(["-O1", "-fno-fold"], (state) => { state.level = 0; }), ["-O0"]);
check(written(["--passes=fold"]), ["--passes=fold"]);
console.log(`${checks} checks`);
