/** `<button data-module="copy" data-copy="…">`: puts the value on the clipboard and says so. */
export default function copy(button: HTMLButtonElement): void {
  const asks = button.getAttribute('aria-label') ?? 'Copy';
  let timer: ReturnType<typeof setTimeout> | undefined;
  button.addEventListener('click', async () => {
    const done = await put(button.dataset.copy ?? '');
    button.classList.toggle('copied', done);
    button.setAttribute('aria-label', done ? 'Copied' : 'The browser did not allow copying');
    clearTimeout(timer);
    timer = setTimeout(() => {
      button.classList.remove('copied');
      button.setAttribute('aria-label', asks);
    }, 1600);
  });
}

async function put(text: string): Promise<boolean> {
  try {
    // Not there on an insecure origin.
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
