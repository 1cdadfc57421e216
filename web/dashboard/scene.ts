/** The map's part of the page: asks for cells, paints them, keeps legend, slider, list and the chosen cell
 * in step with each other and with the address. */

import { aloud, say } from "../console/words";
import { areas, outlines } from "../phone/core/city";
import type { Area } from "../phone/core/types";
import { NoMap, loadMap } from "../phone/map/load";
import type { FeatureCollection } from "geojson";
import { type Board, tellAddress } from "./board";
import { drawCell } from "./cell-card";
import { drawList } from "./cell-list";
import { type Cell, type Heat, Refused, askHeat, askJson, forgetHeat } from "./heat";
import { type Box, type HeatMap, type Painted, heatMap } from "./heat-map";
import { drawChangeLegend, drawLegend, tellMoment } from "./legend";
import { inPart, peaks } from "./parts";
import { changeStep, changeTone, figure, metricOf, signed, stepsFor, tone } from "./ramp";
import { Slider } from "./slider";

const FINEST_BY_ZOOM: [number, number][] = [[9.2, 6], [10.7, 7], [12.3, 8], [13.9, 9], [99, 10]];
/** How wide and high the ground may be for cells of a resolution, in km: as the server holds it, so that no
 * answer is too large (`WIDEST_KM` of reports/figures/heatmap.py). Coarser cells have no such bound. */
const WIDEST_KM: [number, number][] = [[10, 10], [9, 30]];
const UNBOUNDED = 8;
const KM_A_DEGREE = 112; // at most; corners are rounded on their way
const ROUGHEST = 7; // where there is no map
const WIDER = 0.25; // of the view is asked for around it, so that small moves ask for nothing
const WORDS_FROM_PX = 34; // of a cell's width there is room for a number

type Told = Pick<Heat, "as_of" | "cells" | "medians">;

export class Scene {
  private map: HeatMap | null = null;
  private heat: Heat | null = null;
  private heard: Box | null = null; // for which ground `heat` tells
  private picked: string | null = null;
  private turn = 0;
  private readonly slider: Slider;

  constructor(
    private readonly root: HTMLElement,
    private board: Board,
  ) {
    this.slider = new Slider(this.part(".slider"), () => this.show());
    this.control("metric", (text) => this.change({ metric: text }));
    this.control("change", (text) => this.change({ change: text === "1" }));
    this.control("res", (text) => this.change({ resolution: Number(text) }));
    this.root.querySelector(".heat-again")?.addEventListener("click", () => void this.look(true));
  }

  async begin(): Promise<void> {
    this.root.classList.add("scripted");
    await readCity();
    try {
      const maplibre = await loadMap();
      this.map = heatMap(maplibre, this.part(".heat-canvas"), {
        bounds: await this.start(),
        view: this.board.view,
        onMoved: () => this.moved(),
        onPicked: (cell) => this.pick(cell),
        onDrawn: () => this.root.classList.add("drawn"),
        onLost: () => this.without("webgl"),
      });
      this.root.classList.add("has-map");
      this.zooms();
    } catch (error) {
      this.without(error instanceof NoMap ? error.why : "network");
    }
    this.map?.outline(this.board.spots);
  }

  /** Where most reports are: of a city with mountains and sea the whole would show little. */
  private async start(): Promise<Box> {
    const { bounds, crowded, view } = this.board;
    if (!crowded || view) return bounds;
    const heat = await askHeat(this.board, { resolution: ROUGHEST, box: bounds }).catch(() => null);
    return heat?.cells.length ? middleOf(heat.cells) : bounds;
  }

  /** The filters are others now: the map is asked for anew, where it is. */
  asked(board: Board): void {
    const moved = board.bounds.some((side, n) => side !== this.board.bounds[n]);
    this.board = board;
    this.heard = null;
    forgetHeat();
    if (moved) this.map?.lookAt(board.bounds);
    this.map?.outline(board.spots);
    void this.look(true);
  }

  lookAt(box: Box): void {
    this.map?.lookAt(box);
    this.root.scrollIntoView({ block: "nearest" });
  }

  private part<Part extends HTMLElement = HTMLElement>(name: string): Part {
    return this.root.querySelector(name) as Part;
  }

  private control(name: string, act: (text: string) => void): void {
    const field = this.root.querySelector<HTMLInputElement | HTMLSelectElement>(`[name=${name}]`);
    field?.addEventListener("change", () => {
      act(field instanceof HTMLInputElement && field.type === "checkbox" ? (field.checked ? "1" : "") : field.value);
    });
  }

  private change(to: Partial<Pick<Board, "metric" | "change" | "resolution">>): void {
    const before = this.board.change;
    Object.assign(this.board, to);
    if (to.metric !== undefined) this.board.change = false; // what rose and fell are counts
    if (to.change) this.board.metric = "count";
    this.put("metric", this.board.metric);
    const ticked = this.root.querySelector<HTMLInputElement>("[name=change]");
    if (ticked) ticked.checked = this.board.change;
    const { metric, change, resolution } = this.board;
    if (change) this.slider.set([]); // a part of one period has no part of the other to be held against
    tellAddress({
      metric: metric === "count" ? "" : metric,
      change: change ? "1" : "",
      res: resolution ? String(resolution) : "",
    });
    if (to.metric !== undefined && !before) void this.show();
    else void this.look(true);
  }

  private put(name: string, value: string): void {
    const field = this.root.querySelector<HTMLSelectElement>(`select[name=${name}]`);
    if (field) field.value = value;
  }

  private zooms(): void {
    const [closer, farther] = this.root.querySelectorAll<HTMLButtonElement>(".heat-zoom button");
    closer?.addEventListener("click", () => this.map?.map.zoomIn());
    farther?.addEventListener("click", () => this.map?.map.zoomOut());
  }

  private moved(): void {
    if (!this.map) return;
    tellAddress({ view: this.map.view() });
    void this.look(false);
  }

  // What is asked for -------------------------------------------------------------------------------

  private get resolution(): number {
    const allowed = finestFor(this.ground());
    const zoom = this.map?.map.getZoom();
    if (zoom === undefined) return Math.min(this.board.resolution || ROUGHEST, allowed);
    const fine = FINEST_BY_ZOOM.find(([until]) => zoom < until)?.[1] ?? 10;
    return Math.min(this.board.resolution ? Math.min(this.board.resolution, fine + 1) : fine, allowed);
  }

  private ground(): Box {
    const [west, south, east, north] = this.map?.box() ?? this.board.bounds;
    const [aside, above] = [(east - west) * WIDER, (north - south) * WIDER];
    return [west - aside, south - above, east + aside, north + above];
  }

  private async look(anew: boolean): Promise<void> {
    const seen = this.map?.box() ?? this.board.bounds;
    const resolution = this.resolution;
    if (!anew && this.heat?.resolution === resolution && this.heard && holds(this.heard, seen)) return;
    const turn = ++this.turn;
    const box = this.ground();
    this.root.setAttribute("aria-busy", "true");
    try {
      const { change } = this.board;
      const heat = await askHeat(this.board, { resolution, box, frames: !change, before: change });
      if (turn !== this.turn) return;
      this.heat = heat;
      this.heard = box;
      this.trouble("");
      this.slider.set(heat.frames ?? []);
      await this.show();
    } catch (error) {
      if (turn === this.turn) this.trouble(told(error));
    } finally {
      if (turn === this.turn) this.root.removeAttribute("aria-busy");
    }
  }

  /** The cells as the slider has them: sums of parts are here already, other figures are asked for. */
  private async cells(): Promise<Told> {
    const heat = this.heat;
    const shown = this.slider.shown;
    if (!heat || !shown) return heat ?? { as_of: this.board.as_of, cells: [], medians: true };
    if (this.board.metric === "count" || this.board.metric === "per_1000") {
      return { ...heat, cells: heat.cells.flatMap((cell) => inPart(cell, shown)) };
    }
    const days = this.slider.days ?? undefined;
    return askHeat(this.board, { resolution: heat.resolution, box: this.heard ?? this.ground(), days });
  }

  // What is shown -----------------------------------------------------------------------------------

  private async show(): Promise<void> {
    if (!this.heat) return;
    const turn = this.turn;
    const place = String(this.slider.shown);
    try {
      const seen = await this.cells();
      if (turn !== this.turn || place !== String(this.slider.shown)) return; // it went on meanwhile
      const { cells } = seen;
      const changes = this.board.change && this.board.past !== null;
      const painted = changes ? this.painted(seen, changeIn) : this.painted(seen, null);
      this.map?.paint(painted, changes);
      tellMoment(this.part(".legend-moment"), seen.as_of, this.board);
      this.part(".heat-empty").hidden = this.heat.cells.some((cell) => cell.count > 0);
      drawList(this.part(".heat-list"), cells, this.board, (cell) => this.pick(cell));
      this.cell(cells);
      this.root.dataset.shown = String(Number(this.root.dataset.shown ?? 0) + 1);
    } catch (error) {
      this.trouble(told(error));
    }
  }

  private painted({ cells, medians }: Told, change: ((cell: Cell) => number) | null): Painted[] {
    const room = this.cellWidth() >= WORDS_FROM_PX;
    if (change) {
      const step = changeStep(cells.map(change));
      drawChangeLegend(this.part(".legend"), step, this.board);
      return cells.map((cell) => {
        const by = change(cell);
        return { cell: cell.cell, ring: cell.ring, tone: changeTone(by, step), words: room && by ? signed(by) : "" };
      });
    }
    const metric = metricOf(this.board.metric);
    const domain = this.heat?.cells ?? cells;
    const alone = this.slider.shown !== null && !this.slider.addsUp;
    const values = alone ? peaks(domain, this.board.metric) : domain.map(metric.value);
    const steps = stepsFor(metric, values.filter((one): one is number => one !== null));
    drawLegend(this.part(".legend"), metric, steps, medians);
    return cells.map((cell) => {
      const value = metric.value(cell);
      return {
        cell: cell.cell,
        ring: cell.ring,
        tone: value === null ? Number.NaN : tone(value, steps),
        words: room && value !== null && this.board.metric === "count" ? figure(value) : "",
      };
    });
  }

  private cellWidth(): number {
    const ring = this.heat?.cells[0]?.ring;
    if (!this.map || !ring) return 0;
    const xs = ring.map((at) => this.map?.map.project(at).x ?? 0);
    return Math.max(...xs) - Math.min(...xs);
  }

  private pick(cell: string | null): void {
    this.picked = cell;
    const found = this.heat?.cells.find((one) => one.cell === cell);
    if (found && this.map) {
      const [lng, lat] = middle(found);
      if (!holds(this.map.box(), [lng, lat, lng, lat])) this.map.map.jumpTo({ center: [lng, lat] });
    }
    void this.cells().then(({ cells }) => {
      this.cell(cells);
      if (cell) aloud(this.part(".cell-card").innerText.replaceAll("\n", ". "));
    });
  }

  private cell(cells: Cell[]): void {
    const found = cells.find((one) => one.cell === this.picked) ?? null;
    this.map?.pick(found ? found.cell : null);
    // Not over the cell that it tells of.
    this.part(".cell-card").classList.toggle("at-left", found !== null && this.isAtRight(found));
    drawCell(this.part(".cell-card"), found, this.board, this.slider.days, () => this.pick(null));
  }

  private isAtRight(cell: Cell): boolean {
    const box = this.map?.box();
    return box !== undefined && middle(cell)[0] > (box[0] + box[2]) / 2;
  }

  private trouble(words: string): void {
    this.part(".heat-trouble").hidden = !words;
    this.part(".heat-trouble p").textContent = words;
    if (words) aloud(words);
  }

  /** A list of the cells stands where there can be no map. */
  private without(why: "webgl" | "network"): void {
    this.map?.remove();
    this.map = null;
    this.root.classList.remove("has-map", "drawn");
    this.root.classList.add("no-map");
    this.part(".heat-no-map").hidden = false;
    this.part(".heat-no-map p").textContent =
      why === "webgl"
        ? say("Máy này không vẽ được bản đồ. Danh sách ô ở dưới cho cùng số liệu.",
            "This computer cannot draw the map. The list of cells below has the same figures.")
        : say("Chưa tải được bản đồ. Danh sách ô ở dưới cho cùng số liệu.",
            "The map could not be loaded. The list of cells below has the same figures.");
    (this.part(".heat-listed") as HTMLDetailsElement).open = true;
    void this.look(true);
  }
}

function changeIn(cell: Cell): number {
  return cell.count - (cell.before ?? 0);
}

/** The finest cells that the server tells of so much ground: on a wide screen a view holds more of it. */
function finestFor([west, south, east, north]: Box): number {
  const along = (east - west) * KM_A_DEGREE * Math.cos((((south + north) / 2) * Math.PI) / 180);
  const across = Math.max(along, (north - south) * KM_A_DEGREE);
  return WIDEST_KM.find(([, most]) => across < most)?.[0] ?? UNBOUNDED;
}

function middle({ ring }: Cell): [number, number] {
  const corners = ring.slice(0, -1);
  const mean = (axis: 0 | 1) => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length;
  return [mean(0), mean(1)];
}

/** The box that leaves out a twentieth of the reports at each side. */
function middleOf(cells: Cell[]): Box {
  const side = (axis: 0 | 1, part: number) => {
    const sorted = cells.map((cell) => ({ at: middle(cell)[axis], count: cell.count })).sort((a, b) => a.at - b.at);
    let left = part * sorted.reduce((sum, one) => sum + one.count, 0);
    return sorted.find((one) => (left -= one.count) <= 0)?.at ?? 0;
  };
  const reach = 0.02; // degrees: half of a cell, and some air
  return [side(0, 0.05) - reach, side(1, 0.05) - reach, side(0, 0.95) + reach, side(1, 0.95) + reach];
}

function holds(outer: Box, inner: Box): boolean {
  return outer[0] <= inner[0] && outer[1] <= inner[1] && outer[2] >= inner[2] && outer[3] >= inner[3];
}

function told(error: unknown): string {
  if (error instanceof Refused && error.message) return error.message;
  if (error instanceof Refused) {
    return say("Máy chủ chưa trả lời được phần bản đồ. Các số liệu khác không bị ảnh hưởng.",
      "The server could not answer for the map. The other figures are not affected.");
  }
  return say("Chưa có mạng nên bản đồ chưa cập nhật. Số liệu đang hiện là của lần trước.",
    "There is no network, so the map is not up to date. What is shown is from before.");
}

/** The wards: their names and outlines, which anyone may read. Without them there are still cells. */
async function readCity(): Promise<void> {
  const [named, drawn] = await Promise.allSettled([
    askJson<{ items: Area[] }>("/api/v1/areas"),
    askJson<FeatureCollection>("/api/v1/areas/outlines"),
  ]);
  if (named.status === "fulfilled") areas.value = named.value.items;
  if (drawn.status === "fulfilled") outlines.value = drawn.value;
}
