/** Where and when a picture was taken, as its own metadata says; read on the phone, before the picture
 * is drawn anew without any. It proposes the pin, and is sent nowhere by itself. */

const MOST_READ = 16 * 1024 * 1024;

export interface Origin {
  lat?: number;
  lng?: number;
  takenAt?: string; // ISO 8601
}

interface Tag {
  description?: string;
}

export async function originOf(file: Blob): Promise<Origin> {
  try {
    const { load } = await import("exifreader");
    const bytes = await file.slice(0, MOST_READ).arrayBuffer();
    const { exif, gps } = load(bytes, { expanded: true });
    return { ...placeOf(gps), ...momentOf((exif ?? {}) as Record<string, Tag>) };
  } catch {
    return {}; // no metadata, or none that can be read
  }
}

function placeOf(gps?: { Latitude?: number; Longitude?: number }): Origin {
  const { Latitude: lat, Longitude: lng } = gps ?? {};
  const real = Number.isFinite(lat) && Number.isFinite(lng) && (lat !== 0 || lng !== 0);
  return real ? { lat, lng } : {};
}

/** "2026:11:22 10:42:05", in the zone that the camera names, else in the phone's. */
function momentOf(tags: Record<string, Tag>): Origin {
  const said = tags.DateTimeOriginal?.description ?? tags.DateTime?.description ?? "";
  const parts = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec(said);
  if (!parts) return {};
  const zone = /^[+-]\d\d:\d\d$/.exec(tags.OffsetTimeOriginal?.description ?? "")?.[0] ?? "";
  const moment = new Date(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}${zone}`);
  return Number.isNaN(moment.getTime()) ? {} : { takenAt: moment.toISOString() };
}
