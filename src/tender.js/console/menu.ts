/** `<details data-module="menu">`: closes on Escape, on a click elsewhere, and when the keyboard leaves it. */
export default function menu(details: HTMLDetailsElement): void {
  const summary = details.querySelector('summary');
  document.addEventListener('pointerdown', (pressed) => {
    if (details.open && !details.contains(pressed.target as Node)) details.open = false;
  });
  details.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget && !details.contains(relatedTarget as Node)) details.open = false;
  });
  details.addEventListener('keydown', (pressed) => {
    if (pressed.key !== 'Escape' || !details.open) return;
    details.open = false;
    summary?.focus();
  });
}
