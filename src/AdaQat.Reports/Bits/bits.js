// Bits of widths: a column each, weights above and inputs below. Parts of two kinds are drawn so, with other words.
page.sections.plan = page.sections.bits = (data, main) => {
  const make = page.element;
  const state = { chosen: null };
  const plot = make("div", { class: "scroll columns" }), said = make("p", { class: "hint told" });
  const targets = ["weights", "inputs"].filter(t => data.columns.some(c => c.target === t));
  const key = c => c.name + " " + c.target;

  function draw() {
    const most = Math.max(...data.columns.map(c => c.bits)), places = Math.max(...targets.map(t => data.columns.filter(c => c.target === t).length));
    const step = Math.min(Math.max(1060 / places, 20), 64), band = 130, left = 64, names = 96, width = left + step * places + 8;
    const height = band * targets.length + names, strongest = Math.max(...data.columns.map(c => c.weight)) || 1;
    const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, style: `min-width:${Math.round(width * 0.6)}px;max-width:${width * 1.2}px`, role: "img", "aria-label": data.title });
    targets.forEach((target, place) => {
      const base = band * (place + 1) - 14, unit = (band - 42) / most;
      svg.append(make("text", { x: 0, y: base - 4 }, target), make("line", { class: "axis", x1: left, x2: width - 8, y1: base, y2: base }));
      data.columns.filter(c => c.target === target).forEach((c, i) => {
        const x = left + i * step, tall = c.bits * unit, colour = page.ramp(0.2 + 0.8 * c.weight / strongest), chosen = state.chosen === key(c);
        svg.append(
          make("rect", { class: "bits" + (chosen ? " chosen" : ""), x: x + 2, y: base - tall, width: step - 4, height: tall, rx: 3, style: `fill:rgb(${colour})`, "data-name": c.name, "data-target": c.target, "data-bits": c.bits }),
          make("text", { x: x + step / 2, y: base - tall - 5, "text-anchor": "middle" }, String(c.bits)));
        if (place === targets.length - 1) {
          const at = [x + step / 2 + 3, base + 12], short = c.name.length > 18 ? "…" + c.name.slice(-17) : c.name;
          svg.append(make("text", { x: at[0], y: at[1], "text-anchor": "end", transform: `rotate(-50 ${at[0]} ${at[1]})`, style: "font-size:10px" }, short));
        }
        svg.append(make("rect", {
          class: "reach", x, y: base - band + 20, width: step, height: band - 20, "data-name": c.name, "data-target": c.target,
          onclick: () => { state.chosen = chosen ? null : key(c); draw(); },
          onpointermove: event => page.tip(event, c.text), onpointerleave: event => page.tip(event, ""),
        }));
      });
    });
    plot.replaceChildren(svg);
    said.textContent = data.columns.find(c => state.chosen === key(c))?.text ?? data.hint;
  }

  main.append(make("section", { class: "card" }, make("h2", {}, data.title),
    make("dl", { class: "figures", style: "margin:8px 0 12px" },
      ...data.figures.map(f => make("div", {}, make("dt", {}, f.name), make("dd", {}, page.amount(f.value) + f.suffix)))),
    said, plot, data.note ? make("p", { class: "hint", style: "margin-top:10px" }, data.note) : null));
  page.redraws.push(draw);
};
