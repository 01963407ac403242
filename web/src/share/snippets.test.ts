import { expect, test } from 'vitest';
import { fileName } from './file.ts';
import { iframe, markdown, shortened } from './snippets.ts';

const address = 'https://example.org/lab/#1.abc&process=a+b';
const hostile = '"><script>alert(1)</script>](javascript:alert(1)) \n\n# x';

test('w5 a link as Markdown, whatever the title says', () => {
  expect(markdown('Fork, write', address)).toBe(`[Fork, write](${address})`);
  const made = markdown(hostile, address);
  expect(made).toContain(`](${address})`);
  expect(made.match(/(?<!\\)\]\(/g)).toHaveLength(1);
  expect(made).not.toContain('\n');
});

test('w5 a frame for another’s page, whatever the title says', () => {
  const made = iframe(hostile, address, ['virtual', 'tape']);
  expect(made).toContain(
    'src="https://example.org/lab/?embed=1&amp;panels=virtual,tape#1.abc&amp;process=a+b"',
  );
  expect(made).not.toContain('<script>');
  expect(made.match(/</g)).toHaveLength(2);
});

test('w6 a frame is as wide as its text, and says the theme, the place and whether it plays', () => {
  const made = iframe('A', address, [], { theme: 'dark', at: 'start', autoplay: true });
  expect(made).toContain('width="100%"');
  expect(made).toContain('?embed=1&amp;theme=dark&amp;at=start&amp;autoplay=1#1.abc');
});

test('w5 a title of a megabyte is cut, and no character in two', () => {
  expect(shortened('x'.repeat(1 << 20))).toHaveLength(120);
  expect(shortened('🙂'.repeat(500)).isWellFormed()).toBe(true);
  expect(shortened('  a \n b ')).toBe('a b');
});

test('w5 a file is named after the title, and nowhere else', () => {
  expect(fileName('Fork, write: who pays?', 'json')).toBe('fork-write-who-pays.json');
  expect(fileName('../../etc/passwd', 'json')).toBe('etc-passwd.json');
  expect(fileName('größe 三', 'svg')).toBe('größe-三.svg');
  expect(fileName('', 'json')).toBe('scenario.json');
  expect(fileName(undefined, 'json')).toBe('scenario.json');
});
