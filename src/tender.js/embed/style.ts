import css from './embed.css';

const dressed = new WeakSet<Node>();

/** Gives the page (or the shadow root the merchant works in) our rules once. Adopted sheets need no `unsafe-inline` from a merchant's CSP. */
export function dress(place: Element): void {
  const root = place.getRootNode() as Document | ShadowRoot;
  if (dressed.has(root)) return;
  dressed.add(root);
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  } catch {
    // Safari before 16.4.
    const style = document.createElement('style');
    style.textContent = css;
    (root instanceof Document ? root.head : root).append(style);
  }
}
