// Which rule of a decision table applies first, by the FEEL engine feelin. In and out: a JSON document each.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { readFileSync } from 'node:fs';

const resolve = createRequire(process.argv[2] + '/').resolve;
const { unaryTest, evaluate } = await import(pathToFileURL(resolve('feelin')));

const passes = (test, value) => test === '' || test === '-' || unaryTest(test, { '?': value }).value === true
  || unaryTest(test, { '?': value }) === true;

// What JSON cannot hold, a date for one, comes as the FEEL for it.
const known = (value) => {
  if (value === null || value === undefined || value.feel === undefined) return value ?? null;
  const done = evaluate(value.feel, {});
  return done?.warnings ? done.value : done;
};

const first = (rules, point) => rules.findIndex((tests) => tests.every((test, place) => passes(test, point[place])));

const tables = JSON.parse(readFileSync(0, 'utf8'));
console.log(JSON.stringify(tables.map(({ rules, points }) => points.map((point) => first(rules, point.map(known))))));
