// What old libraries and careless pages did to the language, all at once.
(() => {
  'use strict';
  window.heard = [];
  const fetched = window.fetch;
  window.fetch = function (...all) { window.heard.push(String(all[0])); return fetched.apply(this, all); };
  Object.prototype.inherited = 'by every object';
  Array.prototype.inherited = 'by every list';
  Array.prototype.toJSON = function () { return '[as text]'; };
  Array.from = (one) => [one];
  String.prototype.trim = function () { return this.replace(/^ +| +$/g, ''); };
  Function.prototype.bind = function (self, ...first) { const f = this; return (...rest) => f.apply(self, [...first, ...rest]); };
  document.createElement = ((make) => function (name, ...rest) {
    const made = make.call(this, name, ...rest);
    made.setAttribute('data-made', 'here');
    return made;
  })(document.createElement);
  addEventListener('keydown', (event) => { if (event.key === 'Escape') window.escaped = true; });
})();
