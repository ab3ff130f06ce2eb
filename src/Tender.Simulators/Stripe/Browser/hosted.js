import { liven } from './card.js';

const field = (name) => document.getElementById(name);
const means = field('means');
if (field('number')) liven({ number: field('number'), expiry: field('expiry'), cvc: field('cvc') });
means?.addEventListener('change', showMeans);
if (means) showMeans();

function showMeans() {
  document.querySelector('fieldset.card').hidden = means.value !== 'card';
}

// One submit only: a second click would be a second try.
document.querySelector('form')?.addEventListener('submit', (event) => {
  const button = event.target.querySelector('button');
  setTimeout(() => { button.disabled = true; });
});
