/** Handing the report's address on: the phone's own sheet, else a copied link. */

import { Share2 } from "lucide";
import type { Report } from "../core/types";
import { Icon } from "../ui/icon";
import { reportPath } from "../ui/report-card";
import { toast } from "../ui/toast";
import { words } from "./words";

/** Only what is public is worth handing on: others would be told that it is not there. */
export function Share({ report }: { report: Report }) {
  if (report.mine && !report.published) return null;
  return (
    <button type="button" class="icon-button" aria-label={words().share} onClick={() => void share(report)}>
      <Icon of={Share2} size={24} />
    </button>
  );
}

async function share(report: Report): Promise<void> {
  const url = location.origin + reportPath(report.code);
  const title = words().sharedAs(report.description || report.category.name);
  if (navigator.share) {
    await navigator.share({ title, url }).catch(() => undefined); // closed without choosing
    return;
  }
  await navigator.clipboard.writeText(url).then(
    () => toast(words().copied),
    () => toast(url),
  );
}
