// Draws the JSON block of components/chart.html with ECharts (SVG), offers its table and a PNG. No HTML tooltip: the page's CSP forbids inline style.
let loading = null;

function loadECharts(url) {
  loading ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = url;
    script.addEventListener("load", () => done(window.echarts));
    script.addEventListener("error", failed);
    document.head.append(script);
  });
  return loading;
}

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function words(value, chart) {
  if (value === null || value === undefined) return "—";
  return `${Number(value).toLocaleString("zh-CN", { minimumFractionDigits: chart.decimals ?? 0, maximumFractionDigits: chart.decimals ?? 0 })}${chart.unit ?? ""}`;
}

// The newest figure is written at its point: below a falling line, above a rising one, where the line is not.
function withLastNamed(values, chart, size) {
  const last = values.findLastIndex((value) => value !== null);
  if (last < 0) return values;
  const before = values.slice(0, last).findLast((value) => value !== null);
  const label = { show: true, position: before !== undefined && before > values[last] ? "bottom" : "top", fontSize: size, fontWeight: 700, color: token("--brand-ink"), formatter: ({ value }) => words(value, chart) };
  return values.map((value, index) => (index === last ? { value, label } : value));
}

// A line leaves room below its lowest point, where the newest figure may be written.
const roomBelow = ({ min, max }) => (Number.isFinite(min) ? Math.max(0, Math.floor(min - (max - min) * 0.15)) : null);

// A line of shares near the whole: round steps down from 100 %, because an axis that begins anywhere ends in two labels beside each other.
function sharesOf(chart) {
  const values = chart.series.flatMap((one) => one.values).filter((value) => value !== null);
  if (chart.kind !== "line" || chart.unit !== "%" || chart.minimum !== undefined || !(Math.max(...values) >= 95)) return {};
  const low = Math.min(99, roomBelow({ min: Math.min(...values), max: Math.max(...values) }));
  const step = [1, 2, 5, 10].find((one) => 100 - low <= 5 * one) ?? 20;
  return { min: 100 - Math.ceil((100 - low) / step) * step, max: 100, interval: step };
}

// Charts write in 12 px, unless their place says otherwise (the wall does, in rem).
function textSize(box) {
  const said = getComputedStyle(box).getPropertyValue("--chart-text").trim();
  return said.endsWith("rem") ? parseFloat(said) * parseFloat(getComputedStyle(document.documentElement).fontSize) : 12;
}

export function optionsOf(chart, size = 12) {
  const colours = [1, 2, 3, 4, 5, 6].map((n) => token(`--chart-${n}`));
  if (chart.kind !== "line") colours[0] = token("--bar"); // large areas are calmer in the lighter red
  const [ink, line] = [token("--ink-2"), token("--line-2")];
  const symbols = ["circle", "rect", "triangle", "diamond"];
  const text = { fontFamily: token("--font"), fontSize: size, color: ink };
  const flat = chart.kind === "hbar";
  const category = { type: "category", data: chart.labels, inverse: flat, axisTick: { show: false }, axisLine: { lineStyle: { color: line } }, axisLabel: { ...text, hideOverlap: true } };
  const amount = { type: "value", min: chart.minimum ?? (chart.kind === "line" ? roomBelow : undefined), scale: chart.minimum === undefined && chart.kind === "line", splitNumber: 4, minInterval: chart.decimals ? undefined : 1, max: chart.unit === "%" ? ({ max }) => (max >= 95 ? 100 : null) : undefined, splitLine: { lineStyle: { color: line } }, axisLabel: { ...text, formatter: (value) => `${value}${chart.unit === "%" ? "%" : ""}` }, ...sharesOf(chart) };
  const series = chart.series.map((one, index) => ({
    name: one.name,
    type: chart.kind === "line" ? "line" : "bar",
    data: chart.kind === "line" && chart.series.length === 1 ? withLastNamed(one.values, chart, size) : one.values,
    stack: chart.stacked ? "all" : undefined,
    barMaxWidth: size * 1.8,
    symbol: symbols[index % symbols.length],
    symbolSize: size * 0.6,
    connectNulls: false,
    itemStyle: { borderRadius: chart.kind === "line" ? 0 : 3 },
    lineStyle: { width: size * 0.2, type: one.style ?? (index ? ["dashed", "dotted", "solid"][(index - 1) % 3] : "solid") },
    label: { show: chart.series.length === 1 && (flat || (chart.kind === "bar" && chart.show_values === true)), position: flat ? "right" : "top", ...text, formatter: ({ value }) => words(value, chart) },
    markLine: chart.target !== undefined && index === 0 ? { silent: true, symbol: "none", lineStyle: { color: token("--field-line"), type: "dashed" }, label: { show: false }, data: [{ [flat ? "xAxis" : "yAxis"]: chart.target, name: chart.target_label ?? "目标" }] } : undefined,
  }));
  return {
    animation: false,
    color: colours,
    textStyle: { fontFamily: token("--font") },
    grid: { left: 8, right: flat ? size * 5 : 32, top: chart.series.length > 1 ? 36 : flat ? 0 : 24, bottom: 4, containLabel: true },
    legend: chart.series.length > 1 ? { top: 0, left: 0, textStyle: text, itemWidth: 22, itemHeight: 10 } : undefined,
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: chart.kind === "line" ? "line" : "shadow" }, formatter: (points) => [points[0].axisValueLabel, ...points.map((point) => `${point.seriesName}：${words(point.value, chart)}`)].join("\n") },
    xAxis: flat ? amount : category,
    yAxis: flat ? category : amount,
    series,
  };
}

function savePicture(echarts, chart, options) {
  const board = document.createElement("div");
  const drawing = echarts.init(board, null, { renderer: "canvas", width: 1200, height: 600, devicePixelRatio: 2 });
  drawing.setOption({ ...options, backgroundColor: "#fff", title: { text: chart.title, subtext: chart.note ?? "", subtextStyle: { fontFamily: token("--font"), fontSize: 13, color: token("--ink-2") }, left: 16, top: 12, textStyle: { fontFamily: token("--font"), fontSize: 20 } }, grid: { ...options.grid, left: 24, right: 80, top: (chart.series.length > 1 ? 92 : 72) + (chart.note ? 20 : 0), bottom: 20 }, legend: options.legend ? { ...options.legend, top: chart.note ? 72 : 52, left: 16 } : undefined });
  const link = document.createElement("a");
  link.href = drawing.getDataURL({ type: "png" });
  link.download = `${chart.title}.png`;
  link.click();
  drawing.dispose();
}

export async function start(root) {
  const box = root.querySelector("[data-chart-box]");
  const chart = JSON.parse(root.querySelector('script[type="application/json"]').textContent);
  const toggle = root.querySelector("[data-chart-toggle]");
  const show = (view) => {
    root.dataset.view = view;
    toggle.textContent = view === "table" ? "图" : "表格";
    toggle.setAttribute("aria-pressed", String(view === "table"));
  };
  let drawing = null;
  toggle.addEventListener("click", () => {
    show(root.dataset.view === "table" ? "chart" : "table");
    drawing?.resize();
  });
  let echarts;
  try {
    echarts = await loadECharts(root.dataset.echarts);
  } catch {
    show("table"); // no library: the figures are still there
    return;
  }
  const options = optionsOf(chart, textSize(box));
  drawing = echarts.init(box, null, { renderer: "svg" });
  drawing.setOption(options);
  if (chart.links) {
    drawing.on("click", ({ dataIndex }) => {
      if (chart.links[dataIndex]) location.assign(chart.links[dataIndex]);
    });
  }
  new ResizeObserver(() => drawing.resize()).observe(box);
  root.querySelector("[data-chart-download]").addEventListener("click", () => savePicture(echarts, chart, options));
  root.dataset.drawn = "1";
}
