/** A screen's title is the document's, and its heading takes the focus, so that a screen reader follows. */

import { useEffect } from "preact/hooks";

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} – Xóm` : "Xóm";
  }, [title]);
}
