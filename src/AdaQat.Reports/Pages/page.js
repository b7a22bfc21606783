"use strict";
// What the sections of a page share: elements, themes, scales, numbers. A section registers how it is drawn under its kind.
const page = {
  sections: {},
  redraws: [],

  element(name, attributes = {}, ...children) {
    const svg = ["svg", "g", "path", "line", "rect", "text", "circle", "polyline"].includes(name);
    const made = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (value !== null && value !== undefined) made.setAttribute(key, value);
    }
    made.append(...children.filter(child => child !== null && child !== undefined));
    return made;
  },

  get isDark() { return document.documentElement.dataset.theme === "dark"; },

  setTheme(dark) {
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    const button = document.getElementById("theme");
    if (button) button.textContent = dark ? "Light" : "Dark";
    page.redraws.forEach(redraw => redraw());
  },

  // From harmless to harmful; on a dark page harm is bright, too.
  ramp(share) {
    const stops = page.isDark
      ? [[30, 41, 56], [94, 72, 38], [190, 92, 36], [255, 138, 117]]
      : [[236, 241, 248], [252, 222, 156], [240, 140, 66], [190, 38, 44]];
    const at = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
    const low = Math.min(Math.floor(at), stops.length - 2);
    return stops[low].map((from, i) => Math.round(from + (stops[low + 1][i] - from) * (at - low)));
  },

  ink([r, g, b]) { return 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#18212f" : "#f5f8fc"; },

  number(value, digits = 3) {
    if (value === null || value === undefined || value === "NaN") return "–";
    if (value === "Infinity") return "∞";
    if (value === "-Infinity") return "−∞";
    const size = Math.abs(value);
    const text = size !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential(1) : Number(value.toPrecision(digits)).toString();
    return text.replaceAll("-", "−");
  },

  // Large numbers as people say them.
  amount(value) {
    const place = [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]].find(([size]) => Math.abs(value) >= size);
    return place ? page.number(value / place[0], 4) + " " + place[1] : page.number(value, 4);
  },

  finite(value) { return typeof value === "number" && Number.isFinite(value); },

  // Round numbers on an axis.
  ticks(least, most, count = 5) {
    const raw = (most - least) / count || 1;
    const power = Math.pow(10, Math.floor(Math.log10(raw)));
    const step = [1, 2, 5, 10].map(s => s * power).find(s => s >= raw);
    const found = [];
    for (let tick = Math.ceil(least / step) * step; tick <= most + step * 1e-9; tick += step) found.push(Math.abs(tick) < step / 1e6 ? 0 : tick);
    return found;
  },

  choice(label, options, current, change) {
    const buttons = options.map(([key, text]) => page.element("button", {
      type: "button", "data-key": key, "aria-pressed": String(key === current), onclick: () => {
        buttons.forEach(b => b.setAttribute("aria-pressed", String(b.dataset.key === String(key))));
        change(key);
      },
    }, text));
    return page.element("span", { class: "choice", role: "group", "aria-label": label }, ...buttons);
  },

  tip(event, text) {
    const tip = document.getElementById("tip");
    tip.style.display = text ? "block" : "none";
    if (!text) return;
    tip.textContent = text;
    tip.style.left = Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 8) + "px";
    tip.style.top = Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 8) + "px";
  },

  draw() {
    const data = JSON.parse(document.getElementById("data").textContent);
    document.body.append(page.element("div", { id: "tip", role: "status" }));
    const asked = matchMedia("(prefers-color-scheme: dark)");
    page.setTheme(asked.matches);
    asked.addEventListener("change", () => page.setTheme(asked.matches));
    const main = document.getElementById("page");
    main.append(page.element("header", { class: "top" },
      page.element("div", {}, page.element("h1", {}, document.title)),
      page.element("button", { id: "theme", type: "button", "aria-label": "other colours", onclick: () => page.setTheme(!page.isDark) })));
    for (const section of data.sections) page.sections[section.kind](section.data, main);
    page.setTheme(page.isDark);
  },
};
