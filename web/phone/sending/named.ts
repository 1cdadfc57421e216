/** What an act is, as a title, wherever it is shown while the server has not told it back: on its report,
 * under Mine, and to whoever leaves. */

import type { Act } from "../core/db";
import { inWords } from "../core/locale";

type Names = Record<string, string>;

const words = inWords<{ acts: Names; steps: Names }>({
  vi: {
    acts: {
      support: "Tôi cũng gặp",
      unsupport: "Thôi theo dõi",
      rating: "Đánh giá",
      comment: "Bình luận",
      complaint: "Báo nội dung không phù hợp",
    },
    steps: {
      answer: "Trả lời",
      confirm: "Báo đã xong",
      reopen: "Báo chưa xong",
      reconsider: "Đề nghị xem lại",
      withdraw: "Rút phản ánh",
    },
  },
  en: {
    acts: {
      support: "Me too",
      unsupport: "Stop following",
      rating: "Rating",
      comment: "Comment",
      complaint: "Report as unsuitable",
    },
    steps: {
      answer: "Answer",
      confirm: "It is done",
      reopen: "Not done yet",
      reconsider: "Ask to look again",
      withdraw: "Withdraw the report",
    },
  },
});

export function nameOf(act: Act): string {
  const w = words();
  const step = stepOf(act);
  return (step ? w.steps[step] : w.acts[act.kind]) ?? "";
}

export function stepOf(act: Act): string | null {
  return act.kind === "step" ? ((act.body as { step?: string } | null)?.step ?? null) : null;
}

export function wordsOf(act: Act): string {
  const body = (act.body ?? {}) as { note?: string; text?: string; comment?: string };
  return body.note ?? body.text ?? body.comment ?? "";
}
