// The switches of a served page: one for each flag. What is switched is asked of the server, which
// emits the interpreter and answers with its document.

// A switch per pass; `change` gets what the flags say then.
function passSwitches(state, flags, change) {
  const set = element("fieldset", { className: "passes" }, element("legend", {}, "passes"));
  for (const pass of flags.passes) {
    const said = state.passes.get(pass.name);
    const isOn = said ? said.on : runsAt(pass, state.level);
    const box = element("input", { type: "checkbox", name: pass.name });
    box.checked = isOn;
    box.addEventListener("change", () => {
      state.passes.set(pass.name, { on: box.checked });
      state.rest = state.rest.filter((word) => !word.startsWith("--passes="));
      change();
    });
    const label = element("label", { title: pass.help, className: said ? "said" : "" }, box, ` ${pass.name}`);
    if (pass.parameter && isOn) label.append(parameterSwitch(pass, said, state, change));
    set.append(label);
  }
  return set;
}

function parameterSwitch(pass, said, state, change) {
  const value = said && said.parameter !== undefined ? said.parameter : pass.default;
  const isChoice = pass.parameter.includes("|");
  const made = isChoice
    ? element("select", {}, ...pass.parameter.split("|").map((choice) =>
        element("option", { value: choice, selected: choice === value }, choice)))
    : element("input", { type: "text", value, size: "8", placeholder: pass.parameter });
  made.addEventListener("change", () => {
    state.passes.set(pass.name, { on: true, parameter: made.value === pass.default ? undefined : made.value });
    change();
  });
  return made;
}

function choiceSwitches(state, flags, change) {
  const set = element("fieldset", { className: "choices" }, element("legend", {}, "code generation"));
  for (const { name, choices, help } of flags.choices) {
    const words = choices.split("|");
    const value = state.choices.get(name) ?? words[0];
    const takesNumber = words.includes("N");
    const made = takesNumber
      ? element("input", { type: "text", value, size: "4", "aria-label": name })
      : element("select", { "aria-label": name }, ...words.map((word) =>
          element("option", { value: word, selected: word === value }, word)));
    made.addEventListener("change", () => {
      state.choices.set(name, made.value);
      change();
    });
    set.append(element("label", { title: help }, `${name} `, made));
  }
  return set;
}

function levelSwitches(state, flags, change, group) {
  const set = element("fieldset", { className: "levels" }, element("legend", {}, "level"));
  for (const level of flags.levels) {
    const button = element("input", { type: "radio", name: `level-${group}`, value: level });
    button.checked = level === state.level;
    button.addEventListener("change", () => {
      state.level = level;
      state.rest = state.rest.filter((word) => !word.startsWith("--passes="));
      change();
    });
    set.append(element("label", {}, button, ` -O${level}`));
  }
  return set;
}

// The switches of one variant. `words` are its flags; `ask` is called with others.
function variantSwitches(words, flags, group, ask) {
  const state = readFlags(words, flags);
  const change = () => ask(writeFlags(state, flags));
  const line = element("input", { type: "text", className: "flags-line", value: words.join(" "),
                                  "aria-label": "flags", spellcheck: "false" });
  line.addEventListener("change", () => ask(line.value.split(/\s+/).filter((word) => word)));
  return element("form", { className: "switches", onsubmit: (event) => event.preventDefault() },
                 line, levelSwitches(state, flags, change, group), passSwitches(state, flags, change),
                 element("details", {}, element("summary", {}, "code generation"), choiceSwitches(state, flags, change)));
}

// The document of these flags; throws with what the server says is wrong.
async function askServer(words, signal) {
  const response = await fetch("/variant", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ flags: words }),
    signal,
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return readDocument(answer)[0];
}
