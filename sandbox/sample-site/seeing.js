/* global fetch */
// Draws the seeing monitor's page: without this script it has no content.
const place = document.getElementById('seeing');

function add(parent, name, text) {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  parent.append(element);
  return element;
}

const answer = await fetch('/data/seeing.json');
const readings = await answer.json();
place.replaceChildren();
add(place, 'h1', 'Seeing tonight');
add(place, 'p', 'The monitor on the north wall measures how steady the air is. Below two arcseconds we open the dome.');
add(place, 'h2', 'Readings');
const table = add(place, 'table');
const head = add(add(table, 'thead'), 'tr');
for (const title of ['Time', 'Seeing', 'What it means']) add(head, 'th', title);
const body = add(table, 'tbody');
for (const { time, seeing, verdict } of readings) {
  const row = add(body, 'tr');
  for (const text of [time, seeing, verdict]) add(row, 'td', text);
}
add(place, 'h2', 'How to read it');
add(
  place,
  'p',
  'A smaller number means sharper stars. The value is the width of a bright star near the pole, averaged over ten minutes.',
);
