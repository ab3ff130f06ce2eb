import uPlot from 'uplot';

/**
 * `<figure data-module="chart">`: draws the table it holds. The table stays for screen readers, for copying, and for a browser without scripts.
 * First column: a day (`<time datetime>`); every further column: a number in `data-value`.
 */
export default function chart(figure: HTMLElement): void {
  const place = figure.querySelector<HTMLElement>('.chart-plot');
  const table = figure.querySelector('table');
  if (!place || !table) return;

  const kept = figure.querySelector<HTMLDetailsElement>('details.chart-table');
  if (kept) kept.open = false;
  const names = [...table.tHead!.rows[0]!.cells].slice(1).map((cell) => cell.textContent.trim());
  const rows = [...table.tBodies[0]!.rows];
  const days = rows.map((row) => Date.parse(row.querySelector('time')!.dateTime) / 1000);
  const columns = names.map((_, column) => rows.map((row) => Number(row.cells[column + 1]!.dataset.value)));
  const shown = (row: number, column: number) => rows[row]?.cells[column + 1]?.textContent.trim() ?? '';
  const reading = figure.querySelector<HTMLElement>('.chart-reading');

  const draw = () => {
    place.replaceChildren();
    const colour = (name: string) => resolve(place, name);
    const inks = [colour('--accent'), colour('--faint'), colour('--needs')];
    const axis = { stroke: colour('--quiet'), grid: { stroke: colour('--hairline'), width: 1 }, ticks: { show: false }, font: '12px Inter, system-ui, sans-serif' };
    const plot = new uPlot(
      {
        width: place.clientWidth,
        height: place.clientHeight,
        // The last day's words stand half beyond the last day.
        padding: [8, 20, 0, 0],
        legend: { show: false },
        cursor: { y: false, points: { size: 7 }, drag: { x: false, y: false } },
        scales: { x: { time: true }, y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.08 : 1] } },
        axes: [
          { ...axis, grid: { show: false }, size: 28, space: 64, values: (_plot, ticks) => ticks.map(dayAndMonth) },
          { ...axis, size: 56, space: 40, values: (_plot, ticks) => ticks.map(short) },
        ],
        series: [
          {},
          ...names.map((label, index) => ({
            label,
            stroke: inks[index % inks.length]!,
            width: 1.75,
            ...(index > 0 ? { dash: [4, 4] } : {}),
            ...(index === 0 ? { fill: colour('--accent-wash') } : {}),
            points: { show: days.length < 2 },
          })),
        ],
        hooks: {
          setCursor: [
            ({ cursor }) => {
              const at = cursor.idx;
              if (!reading) return;
              reading.textContent = at == null ? '' : `${rows[at]!.cells[0]!.textContent.trim()}: ${names.map((_, column) => shown(at, column)).join(', ')}`;
            },
          ],
        },
      },
      [days, ...columns],
      place,
    );
    return plot;
  };

  let plot = draw();
  const again = () => {
    plot.destroy();
    plot = draw();
  };
  new ResizeObserver(() => {
    if (plot.width !== place.clientWidth || plot.height !== place.clientHeight) plot.setSize({ width: place.clientWidth, height: place.clientHeight });
  }).observe(place);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
  new MutationObserver(again).observe(document.documentElement, { attributeFilter: ['data-theme'] });
}

// A canvas does not know custom properties.
function resolve(place: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  place.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

function dayAndMonth(seconds: number): string {
  const day = new Date(seconds * 1000);
  return `${day.getUTCDate()} ${months[day.getUTCMonth()]}`;
}

function short(value: number): string {
  for (const [limit, letter] of [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']] as const) {
    if (Math.abs(value) >= limit) return `${Number((value / limit).toPrecision(3))} ${letter}`;
  }
  return String(value);
}
