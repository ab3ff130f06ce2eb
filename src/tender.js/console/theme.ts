// Loaded first and without `defer`, so that a chosen theme is there before anything is drawn. Without a choice the system decides.
{
  const root = document.documentElement;
  // What only makes sense with scripts is shown by this mark, and what is said without them is hidden.
  root.dataset.scripts = '';
  addEventListener(
    'error',
    ({ target }) => {
      if (target instanceof HTMLScriptElement) delete root.dataset.scripts;
    },
    true,
  );
  const read = () => {
    try {
      return localStorage.getItem('tender-theme') ?? '';
    } catch {
      return '';
    }
  };
  const apply = (choice: string) => {
    if (choice) root.dataset.theme = choice;
    else delete root.dataset.theme;
    for (const button of document.querySelectorAll<HTMLElement>('[data-theme-choice]')) {
      button.setAttribute('aria-pressed', String(button.dataset.themeChoice === choice));
    }
  };

  apply(read());
  document.addEventListener('DOMContentLoaded', () => apply(read()));
  addEventListener('storage', (changed) => {
    if (changed.key === 'tender-theme') apply(read());
  });
  document.addEventListener('click', (clicked) => {
    const choice = (clicked.target as Element).closest<HTMLElement>('[data-theme-choice]')?.dataset.themeChoice;
    if (choice === undefined) return;
    try {
      if (choice) localStorage.setItem('tender-theme', choice);
      else localStorage.removeItem('tender-theme');
    } catch {
      // A browser that keeps nothing still shows the choice on this page.
    }
    apply(choice);
  });
}
