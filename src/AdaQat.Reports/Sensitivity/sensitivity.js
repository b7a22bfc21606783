// The sensitivity of layers: a heat map, curves, distributions with the values that quantizing leaves, a table.
page.sections.sensitivity = (data, main) => {
  const make = page.element;
  const metrics = {
    lossChange: { text: "Loss", long: "change of the loss", scale: "log", worse: 1, digits: 2 },
    accuracyChange: { text: "Accuracy", long: "change of the accuracy, in points", scale: "linear", worse: -1, digits: 3, factor: 100 },
    outputSqnr: { text: "Output SQNR", long: "signal-to-quantization-noise ratio of the network's output, in dB", scale: "linear", worse: -1, digits: 3 },
    tensorSqnr: { text: "Own SQNR", long: "signal-to-quantization-noise ratio of the weight or input itself, in dB", scale: "linear", worse: -1, digits: 3 },
    outputError: { text: "Output error", long: "root mean square of the output's error", scale: "log", worse: 1, digits: 2 },
  };
  if (data.accuracy === null) delete metrics.accuracyChange;
  const targets = ["weights", "activations"].filter(t => data.rows.some(r => r.target === t));
  const state = { metric: "lossChange", target: targets[0], layer: null, bits: null, log: true, sort: ["lossChange", -1], filter: "" };
  const rowsOf = target => data.rows.filter(r => r.target === target);
  const layersOf = target => [...new Set(rowsOf(target).map(r => r.layer))];
  const bitsOf = target => [...new Set(rowsOf(target).map(r => r.bits))].sort((a, b) => a - b);
  const find = (target, layer, bits) => data.rows.find(r => r.target === target && r.layer === layer && r.bits === bits);
  const value = (row, metric = state.metric) => page.finite(row?.[metric]) ? row[metric] * (metrics[metric].factor ?? 1) : row?.[metric];

  // The worst is shown first: whoever opens the page wants to know what breaks.
  const worst = target => rowsOf(target).filter(r => page.finite(r.lossChange)).sort((a, b) => b.lossChange - a.lossChange)[0] ?? rowsOf(target)[0];
  const choose = (layer, bits) => { state.layer = layer; if (bits !== undefined) state.bits = bits; drawAll(); };
  { const first = worst(state.target); state.layer = first.layer; state.bits = first.bits; }

  // How harmful a value is, 0 to 1, among those of the metric and target.
  function harm(metric, target) {
    const { scale, worse, factor = 1 } = metrics[metric];
    const known = rowsOf(target).map(r => r[metric]).filter(page.finite).map(v => v * worse * factor);
    const most = Math.max(...known), least = Math.min(...known);
    if (scale === "log") {
      const from = Math.max(most / 1000, 1e-12);
      return v => v === "NaN" || v === "Infinity" ? 1 : Math.log1p(Math.max(v * worse, 0) / from) / Math.log1p(Math.max(most, from) / from);
    }
    const low = metric === "accuracyChange" ? 0 : least;
    return v => v === "NaN" || v === "-Infinity" ? 1 : v === "Infinity" ? 0 : most === low ? 0 : Math.max(0, (v * worse - low) / (most - low));
  }

  function figures() {
    const cells = [["Layers", layersOf(targets[0]).length], ["Samples", data.samples.toLocaleString("en")], ["Loss in float", page.number(data.loss, 4)]];
    if (data.accuracy !== null) cells.push(["Accuracy in float", (data.accuracy * 100).toFixed(2) + " %"]);
    for (const target of targets) {
      const row = worst(target);
      cells.push(["Most sensitive " + target, `${row.layer} at ${row.bits}`]);
    }
    return make("section", { class: "card" }, make("h2", {}, "Sensitivity analysis"),
      make("p", { class: "hint" }, "On its own samples, of the network as it was then."),
      make("dl", { class: "figures" }, ...cells.map(([name, text]) => make("div", {}, make("dt", {}, name), make("dd", {}, String(text))))));
  }

  const heat = make("div", { class: "scroll", id: "heat" });
  const heatHint = make("p", { class: "hint" });
  const legend = make("div", { class: "legend" });
  function drawHeat() {
    const bits = bitsOf(state.target), shade = harm(state.metric, state.target), { digits, long } = metrics[state.metric];
    heatHint.textContent = `One of the layers' ${state.target} quantized at a time, everything else in float: ${long}. Choose a cell to see why.`;
    const head = make("tr", {}, make("th", {}, "layer"), ...bits.map(b => make("th", { style: "text-align:center" }, b + " bits")));
    const body = layersOf(state.target).map(layer => make("tr", { class: layer === state.layer ? "chosen" : null },
      make("th", { scope: "row", title: layer, onclick: () => choose(layer) }, layer),
      ...bits.map(b => {
        const row = find(state.target, layer, b);
        if (!row) return make("td", {});
        const colour = page.ramp(shade(value(row)));
        return make("td", {}, make("button", {
          type: "button", "data-layer": layer, "data-bits": b, "aria-pressed": String(layer === state.layer && b === state.bits),
          style: `background:rgb(${colour});color:${page.ink(colour)}`, title: `${layer}, ${state.target} at ${b} bits`,
          onclick: () => choose(layer, b),
        }, page.number(value(row), digits)));
      })));
    heat.replaceChildren(make("table", { class: "heat" }, make("thead", {}, head), make("tbody", {}, ...body)));
    const stops = [0, 0.33, 0.67, 1].map(s => `rgb(${page.ramp(s)})`).join(",");
    legend.replaceChildren("harmless", make("i", { style: `background:linear-gradient(90deg,${stops})` }), "harmful");
  }

  const curves = make("div", { id: "curves" });
  const curvesTitle = make("h2", {}), curvesHint = make("p", { class: "hint" });
  function drawCurves() {
    const width = 520, height = 300, left = 56, right = 12, top = 12, bottom = 34;
    const bits = bitsOf(state.target), layers = layersOf(state.target);
    const all = rowsOf(state.target).map(r => value(r)).filter(page.finite);
    const isLog = metrics[state.metric].scale === "log", most = Math.max(...all), floor = Math.max(most / 1e5, 1e-9);
    const warp = v => isLog ? Math.log10(Math.max(v, floor)) : v;
    let least = Math.min(...all.map(warp)), upper = Math.max(...all.map(warp));
    if (least === upper) { least -= 1; upper += 1; }
    const x = b => left + (bits.length === 1 ? 0.5 : (b - bits[0]) / (bits.at(-1) - bits[0])) * (width - left - right);
    const y = v => height - bottom - (warp(v) - least) / (upper - least) * (height - top - bottom);
    curvesTitle.textContent = `${metrics[state.metric].text} by bits`;
    curvesHint.textContent = `${metrics[state.metric].long}${isLog ? ", logarithmic, with none at the bottom" : ""}; a line a layer. Choose one.`;
    const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${state.metric} of ${state.target} by bits` });
    for (const tick of page.ticks(least, upper, isLog ? 4 : 5)) {
      const at = height - bottom - (tick - least) / (upper - least) * (height - top - bottom);
      svg.append(make("line", { class: "axis", x1: left, x2: width - right, y1: at, y2: at }),
        make("text", { x: left - 8, y: at + 4, "text-anchor": "end" }, isLog ? page.number(Math.pow(10, tick), 2) : page.number(tick)));
    }
    for (const b of bits) svg.append(make("text", { x: x(b), y: height - 12, "text-anchor": "middle" }, String(b)));
    const ordered = [...layers.filter(l => l !== state.layer), ...layers.filter(l => l === state.layer)];
    for (const layer of ordered) {
      const points = bits.map(b => [b, value(find(state.target, layer, b))]).filter(p => page.finite(p[1]));
      const line = points.map(([b, v]) => `${x(b).toFixed(1)},${y(v).toFixed(1)}`).join(" ");
      const chosen = layer === state.layer;
      svg.append(make("polyline", { class: "curve" + (chosen ? " chosen" : ""), points: line, "data-layer": layer }),
        make("polyline", {
          class: "hit", points: line, "data-layer": layer, onclick: () => choose(layer),
          onpointermove: event => page.tip(event, layer), onpointerleave: event => page.tip(event, ""),
        }));
      if (chosen) for (const [b, v] of points) svg.append(make("circle", {
        class: "dot", cx: x(b), cy: y(v), r: b === state.bits ? 5.5 : 3.5,
        onpointermove: event => page.tip(event, `${layer} at ${b} bits: ${page.number(v)}`), onpointerleave: event => page.tip(event, ""),
      }));
    }
    curves.replaceChildren(svg);
  }

  const facts = make("div", {}), factsTitle = make("h2", {}), factsHint = make("p", { class: "hint" });
  function drawFacts() {
    const layer = data.layers.find(l => l.name === state.layer), row = find(state.target, state.layer, state.bits);
    factsTitle.textContent = state.layer;
    const lines = [["", "in float", `at ${state.bits} bits`]];
    factsHint.textContent = `Its ${state.target} quantized, everything else in float.`;
    if (row) {
      lines.push(["loss", page.number(data.loss, 4), page.number(row.loss, 4)]);
      if (data.accuracy !== null) lines.push(["accuracy", (data.accuracy * 100).toFixed(2) + " %", (row.accuracy * 100).toFixed(2) + " %"]);
      lines.push(["its own SQNR", "", page.number(row.tensorSqnr) + " dB"], ["output SQNR", "", page.number(row.outputSqnr) + " dB"],
        ["output error", "", page.number(row.outputError)]);
    }
    if (layer) lines.push(["multiplications", "", layer.macs.toLocaleString("en")], ["weights", "", layer.weightCount.toLocaleString("en")],
      ["its input", "", layer.activationCount.toLocaleString("en")]);
    const [head, ...rest] = lines;
    facts.replaceChildren(make("div", { class: "scroll" }, make("table", { class: "facts" },
      make("thead", {}, make("tr", {}, ...head.map(text => make("th", {}, text)))),
      make("tbody", {}, ...rest.map(cells => make("tr", {}, ...cells.map(text => make("td", {}, text))))))));
  }

  const histograms = Object.fromEntries(targets.map(target => [target, { title: make("h2", {}), hint: make("p", { class: "hint" }), plot: make("div", { class: "histogram", "data-target": target }) }]));
  function drawHistogram(target) {
    const { title, hint, plot } = histograms[target];
    const spread = data.distributions.find(d => d.target === target && d.layer === state.layer);
    title.textContent = `${target === "weights" ? "Weights" : "Input"} of ${state.layer}`;
    if (!spread) { hint.textContent = "Shared with a layer before it, or not quantized."; plot.replaceChildren(); return; }
    const bits = spread.grids.some(g => g.bits === state.bits) ? state.bits : spread.grids[0]?.bits;
    const grid = spread.grids.find(g => g.bits === bits);
    const values = !grid ? [] : grid.levels ?? Array.from({ length: grid.count }, (_, i) => grid.first + grid.step * i);
    const width = 520, height = 240, left = 12, right = 12, top = 10, bottom = 30;
    // Values a little outside of the elements are shown, too; far away they would leave these no room.
    const reach = spread.maximum - spread.minimum, pad = reach * 0.02 || 1;
    const near = values.filter(v => v >= spread.minimum - reach / 3 && v <= spread.maximum + reach / 3);
    const least = Math.min(spread.minimum, ...near) - pad, most = Math.max(spread.maximum, ...near) + pad;
    const x = v => left + (v - least) / (most - least) * (width - left - right);
    const warp = count => state.log ? Math.log1p(count) : count;
    const high = Math.max(...spread.counts.map(warp), 1e-9), bin = (spread.maximum - spread.minimum) / spread.counts.length;
    const within = values.filter(v => v >= least && v <= most);
    const total = spread.counts.reduce((a, b) => a + b, 0);
    hint.textContent = `${total.toLocaleString("en")} elements from ${page.number(spread.minimum)} to ${page.number(spread.maximum)}`
      + (grid ? `; ${values.length} values at ${bits} bits` + (within.length < values.length ? `, ${within.length} of them in this range` : "")
        + (grid.scales > 1 ? `, of the widest of ${grid.scales} scales` : "") : "") + ".";
    const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title.textContent });
    spread.counts.forEach((count, i) => {
      const tall = warp(count) / high * (height - top - bottom), from = x(spread.minimum + bin * i), to = x(spread.minimum + bin * (i + 1));
      const wide = spread.maximum > spread.minimum ? Math.max(to - from - 0.6, 0.8) : 3;
      if (count > 0) svg.append(make("rect", {
        class: "column", x: from, y: height - bottom - tall, width: wide, height: tall,
        onpointermove: event => page.tip(event, `${count.toLocaleString("en")} elements around ${page.number(spread.minimum + bin * (i + 0.5))}`),
        onpointerleave: event => page.tip(event, ""),
      }));
    });
    const crowded = within.length > 80;
    for (const v of within) svg.append(make("line", {
      class: "level", x1: x(v), x2: x(v), y1: crowded ? height - bottom : top, y2: height - bottom + 5, "stroke-opacity": crowded ? 0.5 : 0.75,
    }));
    svg.append(make("line", { class: "axis", x1: left, x2: width - right, y1: height - bottom, y2: height - bottom }));
    for (const tick of page.ticks(least, most, 6)) svg.append(make("text", { x: x(tick), y: height - 8, "text-anchor": "middle" }, page.number(tick)));
    plot.replaceChildren(svg);
  }

  const columns = [["layer", "layer"], ["target", "of"], ["bits", "bits"], ["loss", "loss"], ["lossChange", "Δ loss"],
    ...(data.accuracy === null ? [] : [["accuracy", "accuracy"], ["accuracyChange", "Δ accuracy"]]),
    ["tensorSqnr", "own SQNR dB"], ["outputSqnr", "output SQNR dB"], ["outputError", "output error"]];
  const table = make("div", { class: "tall", id: "rows" });
  const order = v => v === "Infinity" ? Infinity : v === "-Infinity" ? -Infinity : v === "NaN" || v === null ? NaN : v;
  function drawTable() {
    const [by, way] = state.sort;
    const rows = data.rows.filter(r => r.layer.toLowerCase().includes(state.filter)).sort((a, b) => {
      const [p, q] = [order(a[by]), order(b[by])];
      if (typeof p === "string") return way * p.localeCompare(q, "en", { numeric: true });
      return Number.isNaN(p) ? 1 : Number.isNaN(q) ? -1 : way * (p < q ? -1 : p > q ? 1 : 0);
    });
    const cell = (row, key) => key.startsWith("accuracy") ? page.number(page.finite(row[key]) ? row[key] * 100 : row[key], 4) + " %"
      : typeof row[key] === "string" && !["NaN", "Infinity", "-Infinity"].includes(row[key]) ? row[key] : page.number(row[key], 4);
    table.replaceChildren(make("table", { class: "rows" },
      make("thead", {}, make("tr", {}, ...columns.map(([key, text]) => make("th", {
        scope: "col", tabindex: 0, "data-key": key, "aria-sort": key !== by ? "none" : way > 0 ? "ascending" : "descending",
        onclick: () => { state.sort = [key, key === by ? -way : key === "layer" || key === "target" || key === "bits" ? 1 : -1]; drawTable(); },
        onkeydown: event => { if (event.key === "Enter") event.target.click(); },
      }, text + (key !== by ? "" : way > 0 ? " ↑" : " ↓"))))),
      make("tbody", {}, ...rows.map(row => make("tr", {
        class: row.layer === state.layer && row.target === state.target && row.bits === state.bits ? "chosen" : null,
        onclick: () => { setTarget(row.target); choose(row.layer, row.bits); },
      }, ...columns.map(([key]) => make("td", {}, cell(row, key))))))));
  }

  const targetChoice = page.choice("weights or activations", targets.map(t => [t, t === "weights" ? "Weights" : "Activations"]), state.target, key => {
    state.target = key;
    if (!layersOf(key).includes(state.layer) || !bitsOf(key).includes(state.bits)) { const w = worst(key); state.layer = w.layer; state.bits = w.bits; }
    drawAll();
  });
  function setTarget(target) {
    state.target = target;
    targetChoice.querySelectorAll("button").forEach(b => b.setAttribute("aria-pressed", String(b.dataset.key === target)));
  }
  const metricChoice = page.choice("what is shown", Object.entries(metrics).map(([key, m]) => [key, m.text]), state.metric, key => { state.metric = key; drawAll(); });
  const logChoice = page.choice("scale of counts", [["log", "Logarithmic"], ["linear", "Linear"]], "log", key => { state.log = key === "log"; targets.forEach(drawHistogram); });
  const filter = make("input", { type: "search", placeholder: "Layer", "aria-label": "filter by layer", oninput: () => { state.filter = filter.value.toLowerCase(); drawTable(); } });

  function drawAll() { drawHeat(); drawCurves(); drawFacts(); targets.forEach(drawHistogram); drawTable(); }
  page.redraws.push(drawAll);

  main.append(figures(),
    make("section", { class: "card" }, make("h2", {}, "Sensitivity of the layers"), heatHint,
      make("div", { class: "bar" }, targets.length > 1 ? targetChoice : null, metricChoice), heat, legend),
    make("div", { class: "two" },
      make("section", { class: "card" }, curvesTitle, curvesHint, curves),
      make("section", { class: "card" }, factsTitle, factsHint, facts)),
    make("section", { class: "card" }, make("h2", {}, "Distributions"),
      make("p", { class: "hint" }, "Red lines are the values that quantizing leaves. Inputs are those of the first batch."),
      make("div", { class: "bar" }, make("label", {}, "Counts"), logChoice),
      make("div", { class: "two", style: "margin-bottom:0" }, ...targets.map(t => make("div", {}, histograms[t].title, histograms[t].hint, histograms[t].plot)))),
    make("section", { class: "card" }, make("h2", {}, "All rows"), make("p", { class: "hint" }, "Choose a heading to sort by it."),
      make("div", { class: "bar" }, filter), table),
    make("section", { class: "card" }, make("h2", {}, "How it was made"),
      make("ul", { class: "notes" }, ...[data.work, ...data.notes.map(n => "Left out: " + n)].map(text => make("li", {}, text)))));
};
