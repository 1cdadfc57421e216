/** A template's words into the field, for the person to go on from. */

export function fillTemplates(): void {
  document.addEventListener("change", (event) => {
    const select = event.target as HTMLSelectElement;
    if (!select.matches?.("select.template")) return;
    const field = document.getElementById(select.dataset.fills ?? "") as HTMLTextAreaElement | null;
    const chosen = select.selectedOptions[0];
    if (!field || !chosen?.value) return;
    field.value = field.value ? `${field.value}\n${chosen.value}` : chosen.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    const english = document.getElementById(`${field.id}_en`) as HTMLTextAreaElement | null;
    if (english && !english.value) {
      english.value = chosen.dataset.english ?? "";
      english.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const outcome = chosen.dataset.outcome;
    const radio = outcome && document.querySelector<HTMLInputElement>(`[name="outcome"][value="${outcome}"]`);
    if (radio) {
      radio.checked = true;
      radio.dispatchEvent(new Event("change", { bubbles: true }));
    }
    select.value = "";
    field.focus();
  });
}
