// The bits that a budget pays for: a column a width, weights above and inputs below.
page.sections.plan = (data, main) => {
  const make = page.element;
  const state = { chosen: null };
  const plot = make("div", { class: "scroll", id: "plan" }), said = make("p", { class: "hint", id: "planned" });
  const targets = ["weights", "activations"].filter(t => data.widths.some(w => w.target === t));

  function draw() {
    const most = Math.max(...data.widths.map(w => w.bits)), columns = Math.max(...targets.map(t => data.widths.filter(w => w.target === t).length));
    const step = Math.min(Math.max(1080 / columns, 20), 64), band = 130, left = 84, width = left + step * columns + 8, height = band * targets.length;
    const losses = data.widths.map(w => Math.max(w.loss, 0)), worst = Math.max(...losses) || 1;
    const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, style: `min-width:${Math.round(width * 0.6)}px;max-width:${width * 1.4}px`, role: "img", "aria-label": "bits by width" });
    targets.forEach((target, place) => {
      const base = band * (place + 1) - 14, unit = (band - 42) / most;
      svg.append(make("text", { x: 0, y: base - 4 }, target === "weights" ? "weights" : "inputs"), make("line", { class: "axis", x1: left, x2: width - 8, y1: base, y2: base }));
      data.widths.filter(w => w.target === target).forEach((w, i) => {
        const x = left + i * step, tall = w.bits * unit, colour = page.ramp(0.2 + 0.8 * Math.max(w.loss, 0) / worst), chosen = state.chosen === w.name + w.target;
        svg.append(
          make("rect", { class: "bits" + (chosen ? " chosen" : ""), x: x + 2, y: base - tall, width: step - 4, height: tall, rx: 3, style: `fill:rgb(${colour})`, "data-name": w.name, "data-target": w.target, "data-bits": w.bits }),
          make("text", { x: x + step / 2, y: base - tall - 5, "text-anchor": "middle" }, String(w.bits)),
          make("rect", {
            class: "reach", x, y: base - band + 20, width: step, height: band - 20, "data-name": w.name, "data-target": w.target,
            onclick: () => { state.chosen = chosen ? null : w.name + w.target; draw(); },
            onpointermove: event => page.tip(event, tell(w)), onpointerleave: event => page.tip(event, ""),
          }));
      });
    });
    plot.replaceChildren(svg);
    const shown = data.widths.find(w => state.chosen === w.name + w.target);
    said.textContent = shown ? tell(shown) : "A column is a width; the stronger its colour, the more its bits are expected to lose. Choose one.";
  }

  const tell = w => `${w.layers.join(", ")}, ${w.target === "weights" ? "weights" : "inputs"}: ${w.bits} bits, expected to lose ${page.number(w.loss)}`;
  const cells = [[data.costName + (data.unit ? ` [${data.unit}]` : ""), page.amount(data.cost)], ["Budget", page.amount(data.budget) + (data.isMet ? "" : ", missed")],
    ["Expected loss", page.number(data.loss)], ["No choice loses less than", page.number(data.isExact ? data.loss : data.lossBound)]];
  main.append(make("section", { class: "card" }, make("h2", {}, "Bits under the budget"),
    make("dl", { class: "figures", style: "margin:8px 0 12px" }, ...cells.map(([name, text]) => make("div", {}, make("dt", {}, name), make("dd", {}, text)))),
    said, plot, data.reason ? make("p", { class: "hint", style: "margin-top:10px" }, data.reason) : null));
  page.redraws.push(draw);
};
