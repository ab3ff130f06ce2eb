// Tells the page around the frame that the bank is done; it asks the API what came of it.
if (document.body.dataset.challenge === 'done' && parent !== window) parent.postMessage({ kind: 'simulator:challenge-done' }, '*');
