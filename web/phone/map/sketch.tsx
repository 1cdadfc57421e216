/** The wards around a point and a pin on it, drawn by the page itself: a picture that needs neither
 * MapLibre (440 kB) nor WebGL nor a network, once the phone has the outlines. */

import { useEffect, useRef, useState } from "preact/hooks";
import { areas, loadOutlines, outlines } from "../core/city";
import { locale } from "../core/locale";
import { returns } from "../core/online";
import { scheme } from "./able";
import { type Colours, colours } from "./base";
import { namesIn } from "./labels";
import { type Outline, outlinesRead } from "./places";

interface SketchProps {
  lat: number;
  lng: number;
  zoom: number; // as MapLibre counts: the world is 512 · 2^zoom pixels wide
  label: string;
}

const LETTERS = '"Be Vietnam Pro", system-ui, sans-serif';

export function Sketch({ lat, lng, zoom, label }: SketchProps) {
  const sheet = useRef<HTMLCanvasElement>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => void loadOutlines(), [returns.value]);
  useEffect(() => {
    const again = () => setTurn((before) => before + 1);
    const watching = new ResizeObserver(again);
    if (sheet.current) watching.observe(sheet.current);
    void document.fonts.ready.then(again);
    return () => watching.disconnect();
  }, []);
  useEffect(() => {
    if (sheet.current && outlines.value) drawOn(sheet.current, lat, lng, zoom);
  }, [lat, lng, turn, outlines.value, areas.value, scheme.value, locale.value]);
  return <canvas class="pin-map-sketch" role="img" aria-label={label} ref={sheet} />;
}

/** Points of the earth as pixels of the picture, and back. */
interface View {
  width: number;
  height: number;
  at: (lng: number, lat: number) => [number, number];
  box: Outline["box"];
}

function viewAround(lat: number, lng: number, width: number, height: number, world: number): View {
  const east = (degrees: number) => ((degrees + 180) / 360) * world;
  const south = (degrees: number) => (0.5 - Math.asinh(Math.tan((degrees * Math.PI) / 180)) / (2 * Math.PI)) * world;
  const lngOf = (x: number) => (x / world) * 360 - 180;
  const latOf = (y: number) => (Math.atan(Math.sinh((0.5 - y / world) * 2 * Math.PI)) * 180) / Math.PI;
  const [x, y] = [east(lng) - width / 2, south(lat) - height / 2];
  return {
    width,
    height,
    at: (lng, lat) => [east(lng) - x, south(lat) - y],
    box: [lngOf(x), latOf(y + height), lngOf(x + width), latOf(y)],
  };
}

function drawOn(sheet: HTMLCanvasElement, lat: number, lng: number, zoom: number): void {
  const [width, height, ratio] = [sheet.clientWidth, sheet.clientHeight, devicePixelRatio];
  sheet.width = Math.round(width * ratio);
  sheet.height = Math.round(height * ratio);
  const pen = sheet.getContext("2d");
  if (!pen || !width) return;
  pen.scale(ratio, ratio);
  pen.lineJoin = "round";
  const [view, c] = [viewAround(lat, lng, width, height, 512 * 2 ** zoom), colours()];
  pen.fillStyle = c.water;
  pen.fillRect(0, 0, width, height);
  drawWards(pen, view, c);
  drawNames(pen, view, c);
  drawPin(pen, width / 2, height / 2);
}

function drawWards(pen: CanvasRenderingContext2D, view: View, c: Colours): void {
  const [west, south, east, north] = view.box;
  const seen = outlinesRead().filter(({ box }) => box[0] < east && box[2] > west && box[1] < north && box[3] > south);
  const paths = seen.map((outline) => pathOf(outline, view));
  pen.fillStyle = c.land;
  for (const path of paths) pen.fill(path, "evenodd");
  pen.strokeStyle = c.line;
  pen.lineWidth = 1.4;
  for (const path of paths) pen.stroke(path);
}

function pathOf({ rings }: Outline, view: View): Path2D {
  const path = new Path2D();
  for (const ring of rings) {
    for (const [index, [lng = 0, lat = 0]] of ring.entries()) {
      if (index) path.lineTo(...view.at(lng, lat));
      else path.moveTo(...view.at(lng, lat));
    }
    path.closePath();
  }
  return path;
}

/** The largest wards first; what would lie on another's name is left out. */
function drawNames(pen: CanvasRenderingContext2D, view: View, c: Colours): void {
  pen.font = `600 13px ${LETTERS}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineWidth = 3.2;
  pen.fillStyle = c.muted;
  pen.strokeStyle = c.land;
  const taken: Outline["box"][] = [];
  for (const { name, lat, lng } of namesIn(view.box).sort((a, b) => b.people - a.people)) {
    const half = pen.measureText(name).width / 2 + 6;
    const [left, y] = view.at(lng, lat);
    const x = Math.max(half, Math.min(view.width - half, left));
    const box: Outline["box"] = [x - half, y - 12, x + half, y + 12];
    if (y < 10 || y > view.height - 10 || left < -half || left > view.width + half) continue;
    if (taken.some((one) => one[0] < box[2] && one[2] > box[0] && one[1] < box[3] && one[3] > box[1])) continue;
    taken.push(box);
    pen.strokeText(name, x, y);
    pen.fillText(name, x, y);
  }
}

/** The same as `.map-pin` in map.css. */
function drawPin(pen: CanvasRenderingContext2D, x: number, y: number): void {
  for (const [radius, colour] of [[12, "rgb(31 26 36 / 25%)"], [11, "#ffffff"], [7, "#5e2b83"]] as const) {
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fillStyle = colour;
    pen.fill();
  }
}
