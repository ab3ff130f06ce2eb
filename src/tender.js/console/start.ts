// Gives each element its module: <form data-module="seal">. Pages work without; a module only adds to what is there.
type Module = (element: never) => void;

const modules: Record<string, (() => Promise<{ default: Module }>) | undefined> = {
  seal: () => import('./sealForm'),
};

const begun = new WeakSet<Element>();

function begin(root: ParentNode): void {
  for (const element of root.querySelectorAll('[data-module]')) {
    if (begun.has(element)) continue;
    begun.add(element);
    for (const name of (element.getAttribute('data-module') ?? '').split(/\s+/)) {
      void modules[name]?.().then((module) => module.default(element as never));
    }
  }
}

begin(document);
// htmx and our own modules bring new parts of a page later.
new MutationObserver(() => begin(document)).observe(document.documentElement, { childList: true, subtree: true });
