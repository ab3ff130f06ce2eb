/**
 * `<button data-module="confirm" popovertarget="id">`: shows its dialog as a modal one, so that the keyboard stays inside.
 * Without scripts the same button shows the same dialog as a popover.
 */
export default function confirm(button: HTMLButtonElement): void {
  const dialog = document.getElementById(button.getAttribute('popovertarget') ?? '');
  if (!(dialog instanceof HTMLDialogElement)) return;
  button.removeAttribute('popovertarget');
  button.setAttribute('aria-haspopup', 'dialog');
  dialog.removeAttribute('popover');
  button.addEventListener('click', () => dialog.showModal());

  for (const close of dialog.querySelectorAll<HTMLElement>('[popovertargetaction="hide"]')) {
    close.removeAttribute('popovertarget');
    close.removeAttribute('popovertargetaction');
    close.addEventListener('click', () => dialog.close());
  }
  dialog.addEventListener('click', (clicked) => {
    if (clicked.target === dialog && outside(dialog, clicked)) dialog.close();
  });
}

function outside(dialog: HTMLDialogElement, { clientX, clientY }: MouseEvent): boolean {
  const box = dialog.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}
