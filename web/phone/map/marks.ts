/** The marks of reports on a map, drawn once each: groups of status differ in shape and in colour, what
 * is urgent wears a ring, many at once are a number in a bubble. */

import type { Map as MapLibreMap } from "maplibre-gl";
import type { Status } from "../core/types";
import type { Colours } from "./base";

/** open: being worked on · done: resolved or closed · ended: not accepted, merged, withdrawn */
export type MarkGroup = "open" | "done" | "ended";

export const GROUPS: MarkGroup[] = ["open", "done", "ended"];
const SIDE = 30; // CSS pixels of a mark with its ring
const BUBBLES = { small: 34, middle: 42, large: 52 };
const RATIO = 2;

export function groupOf(status: Status | string): MarkGroup {
  if (status === "resolved" || status === "closed") return "done";
  return status === "rejected" || status === "merged" || status === "withdrawn" ? "ended" : "open";
}

export function markName(group: MarkGroup, urgent: boolean): string {
  return urgent ? `${group}-urgent` : group;
}

export function addMarks(map: MapLibreMap, c: Colours): void {
  for (const group of GROUPS) {
    for (const urgent of [false, true]) {
      map.addImage(markName(group, urgent), pixels(drawMark(group, urgent, c)), { pixelRatio: RATIO });
    }
  }
  for (const [name, side] of Object.entries(BUBBLES)) {
    map.addImage(`bubble-${name}`, pixels(drawBubble(side, c)), { pixelRatio: RATIO });
  }
}

/** For the legend, which shows the very same marks. */
export function markAddress(group: MarkGroup, urgent: boolean, c: Colours): string {
  return drawMark(group, urgent, c).canvas.toDataURL();
}

function sheet(side: number): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side * RATIO;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no canvas");
  pen.scale(RATIO, RATIO);
  pen.translate(side / 2, side / 2);
  pen.lineCap = pen.lineJoin = "round";
  return pen;
}

function pixels(pen: CanvasRenderingContext2D): ImageData {
  return pen.getImageData(0, 0, pen.canvas.width, pen.canvas.height);
}

function drawMark(group: MarkGroup, urgent: boolean, c: Colours): CanvasRenderingContext2D {
  const pen = sheet(SIDE);
  const colour = { open: c.doing, done: c.done, ended: c.ended }[group];
  const shape = { open: circle(8.5), done: square(7.5), ended: diamond(8) }[group];
  if (urgent) {
    pen.strokeStyle = c.overdue;
    pen.lineWidth = 2.5;
    pen.stroke(circle(13));
  }
  pen.fillStyle = colour;
  pen.strokeStyle = c.surface;
  pen.lineWidth = 4;
  pen.stroke(shape);
  pen.fill(shape);
  pen.strokeStyle = c.surface;
  pen.lineWidth = 2;
  if (group === "open") {
    pen.fillStyle = c.surface;
    pen.fill(circle(3));
  } else pen.stroke(group === "done" ? check() : dash());
  return pen;
}

function drawBubble(side: number, c: Colours): CanvasRenderingContext2D {
  const pen = sheet(side);
  pen.fillStyle = c.tim;
  pen.globalAlpha = 0.22;
  pen.fill(circle(side / 2 - 0.5));
  pen.globalAlpha = 1;
  pen.fill(circle(side / 2 - 5));
  return pen;
}

function circle(radius: number): Path2D {
  const path = new Path2D();
  path.arc(0, 0, radius, 0, 2 * Math.PI);
  return path;
}

function square(half: number): Path2D {
  const [path, round] = [new Path2D(), 3];
  path.moveTo(0, -half);
  path.arcTo(half, -half, half, half, round);
  path.arcTo(half, half, -half, half, round);
  path.arcTo(-half, half, -half, -half, round);
  path.arcTo(-half, -half, half, -half, round);
  path.closePath();
  return path;
}

function diamond(half: number): Path2D {
  const path = new Path2D();
  path.moveTo(0, -half);
  path.lineTo(half, 0);
  path.lineTo(0, half);
  path.lineTo(-half, 0);
  path.closePath();
  return path;
}

function check(): Path2D {
  const path = new Path2D();
  path.moveTo(-3.4, 0.2);
  path.lineTo(-1, 2.6);
  path.lineTo(3.6, -2.4);
  return path;
}

function dash(): Path2D {
  const path = new Path2D();
  path.moveTo(-2.5, 0);
  path.lineTo(2.5, 0);
  return path;
}
