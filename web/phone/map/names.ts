/** What maps and short lines call a ward. */

/** "Phường Thuận Hóa" → "Thuận Hóa"; "Phu Xuan Ward" → "Phu Xuan". */
export function shortName(name: string): string {
  return name.replace(/^(phường|xã|thị trấn|đặc khu)\s+|\s+(ward|commune|township)$/giu, "");
}
