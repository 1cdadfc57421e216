/** What the maps say. */

import { inWords, number } from "../core/locale";

export const words = inWords({
  vi: {
    pin: "Ghim vị trí. Dời bằng phím mũi tên: mỗi lần 5 m, giữ Shift là 50 m.",
    smallMap: (name: string) => `Bản đồ nhỏ, ghim ở ${name}`,
    here: "điểm đã chọn",
    at: (name: string) => `Ghim ở ${name}`,
    outside: (metres: number) => `Ghim ở ngoài thành phố, cách ranh giới ${far(metres)}`,
    closer: "Phóng to",
    farther: "Thu nhỏ",
    noParts: "Chưa tải được bản đồ.",
    again: "Tải lại",
    approximate: "Ranh giới gần đúng",
  },
  en: {
    pin: "Pin. Move it with the arrow keys: 5 m each, 50 m with Shift.",
    smallMap: (name: string) => `Small map, the pin is at ${name}`,
    here: "the chosen point",
    at: (name: string) => `The pin is in ${name}`,
    outside: (metres: number) => `The pin is outside the city, ${far(metres)} from its border`,
    closer: "Closer",
    farther: "Farther",
    noParts: "The map could not be loaded.",
    again: "Load again",
    approximate: "Borders are approximate",
  },
});

/** 40 m; 1,2 km. */
export function far(metres: number): string {
  return metres < 1000 ? `${number(Math.round(metres))} m` : `${number(metres / 1000, 1)} km`;
}
