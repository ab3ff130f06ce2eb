// Gives each element its module: <form data-module="seal">. Pages work without; a module only adds to what is there.
type Module = (element: never) => void;

const modules: Record<string, (() => Promise<{ default: Module }>) | undefined> = {
  chart: () => import('./chart'),
  confirm: () => import('./confirm'),
  copy: () => import('./copy'),
  filters: () => import('./filters'),
  menu: () => import('./menu'),
  once: () => import('./once'),
  rows: () => import('./rows'),
  seal: () => import('./sealForm'),
  toast: () => import('./toast'),
  when: () => import('./when'),
};

const begun = new WeakSet<Element>();

function begin(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>('[data-module]')) {
    if (begun.has(element)) continue;
    begun.add(element);
    for (const name of element.dataset.module?.split(/\s+/) ?? []) {
      void modules[name]?.().then((module) => module.default(element as never));
    }
  }
}

begin(document);
// Parts of a page that are streamed come later.
new MutationObserver(() => begin(document)).observe(document.body, { childList: true, subtree: true });

document.addEventListener('keydown', (pressed) => {
  if (pressed.key.toLowerCase() !== 'k' || !(pressed.metaKey || pressed.ctrlKey)) return;
  const search = document.querySelector<HTMLInputElement>('[data-search]');
  if (!search) return;
  pressed.preventDefault();
  search.select();
  search.focus();
});
