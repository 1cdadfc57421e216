/** Pixels on the phone: any picture that this browser can open becomes a JPEG of 1600 px at most, and a
 * small one to be shown here. Nothing is kept by this module. */

const LONGEST = 1600;
const PREVIEW = 320;
const PATIENCE_MS = 30_000;

export interface Drawn {
  bytes: Blob;
  preview: Blob;
  width: number;
  height: number;
}

type Source = ImageBitmap | HTMLImageElement | HTMLVideoElement;

/** Throws when this browser cannot open the picture, or has no memory for it. */
export async function shrink(file: Blob): Promise<Drawn> {
  const opened = await open(file);
  try {
    return await draw(opened.source, opened.width, opened.height);
  } finally {
    opened.close();
  }
}

interface Opened {
  source: Source;
  width: number;
  height: number;
  close: () => void;
}

async function open(file: Blob): Promise<Opened> {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const { width, height } = bitmap;
    return { source: bitmap, width, height, close: () => bitmap.close() };
  } catch {
    return openAsImage(file); // older browsers know no "from-image"; Safari opens HEIC so alone
  }
}

async function openAsImage(file: Blob): Promise<Opened> {
  const url = URL.createObjectURL(file);
  const image = new Image();
  const close = () => URL.revokeObjectURL(url);
  try {
    image.src = url;
    await image.decode();
  } catch (error) {
    close();
    throw error;
  }
  return { source: image, width: image.naturalWidth, height: image.naturalHeight, close };
}

async function draw(source: Source, width: number, height: number): Promise<Drawn> {
  if (!width || !height) throw new Error("no picture");
  const large = onCanvas(source, width, height, LONGEST);
  const small = onCanvas(large, large.width, large.height, PREVIEW);
  try {
    const bytes = await jpeg(large, 0.85);
    return { bytes, preview: await jpeg(small, 0.7), width: large.width, height: large.height };
  } finally {
    large.width = small.width = 0; // gives the memory back at once, which old phones need
  }
}

function onCanvas(
  source: Source | HTMLCanvasElement,
  width: number,
  height: number,
  most: number,
): HTMLCanvasElement {
  const scale = Math.min(1, most / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  context.fillStyle = "#fff"; // behind what is transparent: JPEG would make it black
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function jpeg(canvas: HTMLCanvasElement, quality: number): Promise<Blob> {
  return new Promise((resolve, reject) => {
    const done = (blob: Blob | null) => (blob ? resolve(blob) : reject(new Error("no memory")));
    canvas.toBlob(done, "image/jpeg", quality);
  });
}

const MOMENTS = [0.1, 0.5, 0.9];

/** Up to three stills of a video, one after the other; those that cannot be had are left out. */
export async function* stills(file: Blob, most: number): AsyncGenerator<Drawn> {
  const url = URL.createObjectURL(file);
  const video = document.createElement("video");
  video.muted = video.playsInline = true;
  video.preload = "auto";
  try {
    video.src = url;
    await heard(video, "loadeddata");
    const length = await lengthOf(video);
    for (const part of MOMENTS.slice(0, most)) {
      const still = await stillAt(video, length * part).catch(() => null);
      if (still) yield still;
    }
  } finally {
    video.removeAttribute("src");
    video.load();
    URL.revokeObjectURL(url);
  }
}

async function stillAt(video: HTMLVideoElement, second: number): Promise<Drawn> {
  video.currentTime = second;
  await heard(video, "seeked");
  return draw(video, video.videoWidth, video.videoHeight);
}

/** A video recorded in a browser does not know its own length until its end was looked for. */
async function lengthOf(video: HTMLVideoElement): Promise<number> {
  if (Number.isFinite(video.duration)) return video.duration;
  video.currentTime = 1e7;
  await heard(video, "seeked");
  return Number.isFinite(video.duration) ? video.duration : video.currentTime;
}

function heard(video: HTMLVideoElement, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("too slow")), PATIENCE_MS);
    const end = (act: () => void) => () => {
      clearTimeout(timer);
      act();
    };
    video.addEventListener(event, end(resolve), { once: true });
    video.addEventListener("error", end(() => reject(new Error("no video"))), { once: true });
  });
}
