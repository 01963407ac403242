// Links as they were published, which open for ever. Only ever append to this list: a link that stops
// reading the same is a promise broken, whatever else was meant.

import { expect, test } from 'vitest';
import { type Place, readLink } from './link.ts';

const published: readonly { link: string; text: string; place?: Place }[] = [
  { link: '#1.q1ZKSyzNKcnJzEtVsjKsBQA', text: '{"faultline":1}' },
  {
    link: '#1.bY1BCgIxEAS_Evo8F_GgzAP8hHgYYtYdNiQhyRpkCfgIX-hLxEU8iOeuql4wyOyr1-DAG0LV6h0Yh5gnMi1rdeZ5f5g2RpPkVkAoNmuq4OOCmMAoSVoAQQoYGrSCkOTiCnjf6QOtpfeQo3XlhwRvCVfxswPvvsoQ8_TPWH_sqP6Mfuov&lines=2&process=init&page=3&folded=tape.faults',
    text: '{"faultline":1,"title":"Fork, write — who pays","script":[{"op":"spawn","as":"init","pages":8},{"op":"write","process":"init","page":3,"value":7},{"op":"fork","process":"init","as":"child"}]}',
    place: { lines: 2, process: 'init', page: 3, folded: ['tape', 'faults'] },
  },
  {
    link: '#1.HY3BCcMwEARbMfvISx9DCOFaCXkc8tk-IslCkhOMcC3pIg24sSD_FmaGrRh5dcVpEFBv4NnO564YE3vJoNvVIC5O7QZCVnkLdoO0hqL-FF8aBhDKnISH3GC2SWMBPSqW2KrInwADziBM6fgdX-kuXQ-DyFM7ue_P_Q8&process=gr%C3%B6%C3%9Fe+%26+1&frame=12',
    text: '{"faultline":1,"machine":{"frames":64,"policy":"sieve"},"runtime":{"kind":"threads"},"script":[{"op":"spawn","as":"größe & 1","pages":8}]}',
    place: { process: 'größe & 1', frame: 12 },
  },
  {
    link: '#1.VYxBCgMhEAS_In2W4B4CYX6QN4QcxB2TAVdFZ9nD4t-DJJccu6jqE9HvSZNkBi0WKpoYhHs2-mazybomNiUab9qeYdFDk6qgx4lSQejVH5P7DoJkUVhU_-IOug37k75pbSVw__NUuWUQ9iyxtG3-hOnMfHHO4miic7jLdTzHBw&lines=1&event=700&process=init',
    text: '{"faultline":1,"title":"In the middle of a run","script":[{"op":"spawn","as":"init","pages":8},{"op":"run","process":"init","pattern":"uniform","accesses":100,"writes":0.5}]}',
    place: { lines: 1, event: 700, process: 'init' },
  },
];

test('w5 a published link opens for ever', async () => {
  for (const { link, text, place = {} } of published) {
    expect(await readLink(link), link).toEqual({ text, place });
  }
});
