/** `<time data-module="when" datetime="…">`: keeps "2 m" true while the page stays open. The same words as `When.razor`. */
export default function when(time: HTMLTimeElement): void {
  const at = Date.parse(time.dateTime);
  const timer = setInterval(() => {
    if (!time.isConnected) return clearInterval(timer);
    const says = relative(Math.round((Date.now() - at) / 1000));
    if (says) time.textContent = says;
  }, 15_000);
}

/** Only the first day changes while someone watches; what the server wrote for older times stays. */
function relative(seconds: number): string | undefined {
  if (seconds < 0 || seconds >= 86_400) return undefined;
  if (seconds < 60) return 'now';
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m`;
  return `${Math.floor(seconds / 3600)} h`;
}
