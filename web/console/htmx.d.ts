declare module "htmx.org/dist/htmx.esm.js" {
  interface Htmx {
    process(element: Element): void;
  }
  const htmx: Htmx;
  export default htmx;
}

interface Window {
  htmx: import("htmx.org/dist/htmx.esm.js").Htmx;
}
