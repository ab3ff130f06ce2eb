/**
 * `<div data-module="toast">`: a toast that came with the page moves into the live region, so that it is read out, and can be closed.
 * It stays until it is closed: words about money do not vanish by themselves.
 */
export default function toast(element: HTMLElement): void {
  const region = document.getElementById('toasts');
  if (region && element.parentElement !== region) setTimeout(() => region.append(element), 100);
  element.querySelector('.toast-close')?.addEventListener('click', () => element.remove());
}
