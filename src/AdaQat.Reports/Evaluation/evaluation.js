// A network in float and quantized: what it came to, a bar a size or cost, times, a table of all figures.
page.sections.evaluation = (data, main) => {
  const make = page.element;
  const state = { shown: null };

  function figures() {
    const points = data.accuracyChange === null ? null : (data.accuracyChange * 100).toFixed(2).replace("-", "−");
    const cells = data.accuracy === null ? [] : [["Accuracy, quantized", (data.accuracy * 100).toFixed(2) + " %"],
      ["Against float", (data.accuracyChange > 0 ? "+" : "") + points + " points"]];
    cells.push(["Weights", page.number(data.compression) + "× smaller"]);
    const operations = data.rows.find(r => r.name === "BitOPs");
    if (operations?.share) cells.push(["Bit operations", page.number(1 / operations.share) + "× fewer"]);
    const deadline = data.rows.find(r => r.name === "deadline");
    if (deadline) cells.push(["Deadline, simulated", deadline.quantized]);
    return make("dl", { class: "figures" }, ...cells.map(([name, text]) => make("div", {}, make("dt", {}, name), make("dd", {}, text))));
  }

  // What is left of each size and cost, of the float network's.
  const bars = make("div", { id: "shares" });
  function drawBars() {
    const rows = data.rows.filter(r => page.finite(r.share) && r.name !== "MACs");
    const width = 520, row = 42, left = 12, right = 70, height = rows.length * row + 8;
    const scale = Math.max(1, ...rows.map(r => r.share));
    const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "what is left of the float network's sizes and costs" });
    rows.forEach((r, i) => {
      const y = i * row + 4, whole = (width - left - right) / scale;
      const choose = () => { state.shown = state.shown === r.name ? null : r.name; drawBars(); drawTable(); };
      svg.append(
        make("text", { x: left, y: y + 13 }, r.name),
        make("rect", { class: "track", x: left, y: y + 19, width: whole, height: 13, rx: 4 }),
        make("rect", { class: "share" + (state.shown === r.name ? " chosen" : ""), x: left, y: y + 19, width: Math.max(whole * r.share, 1.5), height: 13, rx: 4, "data-name": r.name }),
        make("text", { x: left + whole * Math.max(r.share, 1) + 8, y: y + 30 }, page.number(r.share * 100) + " %"),
        make("rect", {
          class: "reach", x: 0, y, width, height: row, "data-name": r.name, onclick: choose,
          onpointermove: event => page.tip(event, `${r.name}: ${r.inFloat} in float, ${r.quantized} quantized`), onpointerleave: event => page.tip(event, ""),
        }));
    });
    bars.replaceChildren(svg);
  }

  const table = make("div", { class: "scroll", id: "figures" });
  function drawTable() {
    const cells = [["name", ""], ["inFloat", data.names[0]], ["quantized", data.names[1]], ["change", "change"]];
    table.replaceChildren(make("table", { class: "facts" },
      make("thead", {}, make("tr", {}, ...cells.map(([, text]) => make("th", {}, text)))),
      make("tbody", {}, ...data.rows.map(r => make("tr", { class: r.name === state.shown ? "chosen" : null },
        ...cells.map(([key]) => make("td", {}, r[key])))))));
  }

  // The long run: where clocks drop with heat, the line rises.
  const times = make("div", { id: "times" });
  function drawTimes() {
    const series = data.timings.filter(t => t.sustained.length > 1);
    const width = 1080, height = 220, left = 64, right = 110, top = 12, bottom = 30;
    const most = Math.max(...series.flatMap(t => t.sustained.map(s => s.median))), count = Math.max(...series.map(t => t.sustained.length));
    const x = i => left + i / (count - 1) * (width - left - right), y = v => height - bottom - v / most * (height - top - bottom);
    const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "medians of a long run, in milliseconds" });
    for (const tick of page.ticks(0, most, 4)) svg.append(make("line", { class: "axis", x1: left, x2: width - right, y1: y(tick), y2: y(tick) }),
      make("text", { x: left - 8, y: y(tick) + 4, "text-anchor": "end" }, page.number(tick) + " ms"));
    series.forEach((t, place) => {
      svg.append(make("polyline", { class: place === 0 ? "curve" : "curve chosen", points: t.sustained.map((s, i) => `${x(i).toFixed(1)},${y(s.median).toFixed(1)}`).join(" ") }),
        make("text", { x: width - right + 8, y: y(t.sustained.at(-1).median) + 4 }, t.name));
      t.sustained.forEach((s, i) => svg.append(make("circle", {
        class: "reach", cx: x(i), cy: y(s.median), r: 9,
        onpointermove: event => page.tip(event, `${t.name}, stretch ${i + 1}: ${page.number(s.median)} ms, 99 of 100 within ${page.number(s.percentile99)} ms`),
        onpointerleave: event => page.tip(event, ""),
      })));
    });
    svg.append(make("text", { x: left, y: height - 8 }, "stretches of the long run"));
    times.replaceChildren(svg);
  }

  const sustained = data.timings.some(t => t.sustained.length > 1);
  main.append(make("section", { class: "card" }, make("h2", {}, "Float and quantized"),
    make("p", { class: "hint" }, "On the same data. Times are of the simulation, which computes in float what an integer network would."), figures()),
    make("div", { class: "two uneven" },
      make("section", { class: "card" }, make("h2", {}, "What is left"), make("p", { class: "hint" }, "Of the float network's sizes and costs. Choose one to find its row."), bars),
      make("section", { class: "card" }, make("h2", {}, "All figures"), table)));
  if (sustained) main.append(make("section", { class: "card" }, make("h2", {}, "In the long run"),
    make("p", { class: "hint" }, "Medians of single inferences, stretch by stretch, without a pause."), times));
  const drawAll = () => { drawBars(); drawTable(); if (sustained) drawTimes(); };
  page.redraws.push(drawAll);
};
