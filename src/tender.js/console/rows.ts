/** A table whose rows lead somewhere: the whole row can be clicked, and arrows, Home and End (or j and k) walk over the rows' links. */
export default function rows(table: HTMLTableElement): void {
  table.addEventListener('click', (clicked) => {
    const target = clicked.target as Element;
    const row = target.closest<HTMLElement>('tr[data-href]');
    // A link, a button or selected words inside a row mean themselves.
    if (!row || target.closest('a, button, input, label, select, summary') || getSelection()?.toString()) return;
    const link = row.querySelector<HTMLAnchorElement>('.row-link');
    link?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ctrlKey: clicked.ctrlKey, metaKey: clicked.metaKey, shiftKey: clicked.shiftKey }));
  });

  table.addEventListener('keydown', (pressed) => {
    if (!(pressed.target as Element).matches('.row-link') || pressed.ctrlKey || pressed.metaKey || pressed.altKey) return;
    const links = [...table.querySelectorAll<HTMLElement>('.row-link')];
    const at = links.indexOf(pressed.target as HTMLElement);
    const to = target(pressed.key, at, links.length - 1);
    if (to === undefined) return;
    pressed.preventDefault();
    links[to]?.focus();
  });
}

function target(key: string, at: number, last: number): number | undefined {
  if (key === 'ArrowDown' || key === 'j') return Math.min(at + 1, last);
  if (key === 'ArrowUp' || key === 'k') return Math.max(at - 1, 0);
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  return undefined;
}
