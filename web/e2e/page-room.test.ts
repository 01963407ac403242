// W1: the room of the page: what is seen at once in each window, tabs, panels at full size, presenting, type, fingers.

import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Op, Scenario } from '../src/generated/types.d.ts';
import { encode } from '../src/share/codec.ts';
import { useSite } from './harness.ts';
import {
  forkAndWrite,
  frames,
  openPanel,
  openScenario,
  overflow,
  settled,
  withScript,
} from './page-kit.ts';

const site = useSite();
const desk = useSite({ browser: { viewport: { width: 1440, height: 900 } } });
const small = useSite({ browser: { viewport: { width: 1024, height: 768 } } });
const phone = useSite({
  browser: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
});

const storm: Scenario = JSON.parse(
  readFileSync(new URL('../../scenarios/fork-storm.json', import.meta.url), 'utf8'),
);

const many = withScript(
  { op: 'spawn', as: 'init', pages: 8 },
  ...Array.from({ length: 39 }, (_, at): Op => ({ op: 'fork', process: 'init', as: `w${at + 1}` })),
);

/** Which of these elements are whole within the window and within everything that scrolls around them. */
function seen(page: Page, selector: string): Promise<string[]> {
  return page.evaluate((wanted) => {
    const isSeen = (element: Element) => {
      const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
      if (width < 1 || height < 1) return false;
      for (let around = element.parentElement; around !== null; around = around.parentElement) {
        if (getComputedStyle(around).overflow === 'visible') continue;
        const edge = around.getBoundingClientRect();
        if (left < edge.left - 1 || right > edge.right + 1) return false;
        if (top < edge.top - 1 || bottom > edge.bottom + 1) return false;
      }
      return left >= -1 && top >= -1 && right <= innerWidth + 1 && bottom <= innerHeight + 1;
    };
    return [...document.querySelectorAll(wanted)]
      .filter(isSeen)
      .map((one) => one.getAttribute('data-process') ?? one.getAttribute('data-panel') ?? one.id);
  }, selector);
}

const panels = (page: Page) => seen(page, '[data-panel]:not(.folded)');

function sizeOf(page: Page, selector: string): Promise<{ width: number; height: number }> {
  return page.locator(selector).evaluate((element) => {
    const { width, height } = element.getBoundingClientRect();
    return { width: Math.round(width), height: Math.round(height) };
  });
}

test('w1 at 1440 x 900 all eight processes of the fork storm are seen, and every CPU', async () => {
  const page = await openScenario(desk, storm);
  await expect.poll(async () => (await seen(page, '.process')).length).toBe(8);
  expect(await page.locator('.cpu').count()).toBe(8);
  expect((await seen(page, '.cpu')).length).toBe(8);
});

test('w1 of forty processes the first are seen, the others by one press and by scrolling', async () => {
  const page = await openScenario(desk, {
    ...many,
    machine: { ...many.machine, frames: 256, cpus: 12 },
  });
  const rows = page.locator('.process');
  await expect.poll(() => rows.count()).toBe(11);
  const more = page.locator('.siblings-more');
  expect(await more.textContent()).toBe('29 more');
  await more.click();
  await expect.poll(() => rows.count()).toBe(40);
  await page.locator('[data-process="w39"]').scrollIntoViewIfNeeded();
  expect(await seen(page, '[data-process="w39"]')).toEqual(['w39']);
  await more.click();
  await expect.poll(() => rows.count()).toBe(11);
  // A family is closed by the pointer too, and opened again.
  await page.locator('[data-process="init"]').hover();
  await page.locator('[data-process="init"] .tree-toggle').click();
  await expect.poll(() => rows.count()).toBe(1);
  await page.locator('.process-hidden').click();
  await expect.poll(() => rows.count()).toBe(11);
  // The CPUs past the first few are one press away.
  expect(await page.locator('.cpu').count()).toBe(8);
  await page.locator('.cpus-more').click();
  await page.locator('[data-cpu="11"]').scrollIntoViewIfNeeded();
  expect((await seen(page, '[data-cpu="11"]')).length).toBe(1);
});

test('w1 the actions are a bar of one row, and the side has a divider', async () => {
  const page = await openScenario(desk, storm);
  expect((await sizeOf(page, '.panel-actions')).height).toBeLessThanOrEqual(44);
  const { width } = await sizeOf(page, '.left');
  await page.locator('.divider-left').focus();
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(async () => (await sizeOf(page, '.left')).width).toBe(width + 96);
});

test('w1 at 1024 x 768 the tree has parent and child, beside the tables, the frames and the script', async () => {
  const page = await openScenario(site, forkAndWrite);
  await page.setViewportSize({ width: 1024, height: 768 });
  await frames(page, 6);
  expect(await seen(page, '.process')).toEqual(['init', 'child']);
  expect(await panels(page)).toEqual(
    expect.arrayContaining(['processes', 'virtual', 'physical', 'swap', 'inspector', 'script']),
  );
  expect((await sizeOf(page, '.panel-actions')).height).toBeLessThanOrEqual(44);
});

test('a4 at 1024 x 768 the script shows the line done last under a lesson too', async () => {
  const page = await openScenario(small, {
    ...forkAndWrite,
    about: 'A process and its child share a page until one of them writes it. '.repeat(4),
  });
  await frames(page, 6);
  await expect.poll(async () => (await seen(page, '.line.current')).length).toBe(1);
  expect((await sizeOf(page, '.script')).height).toBeGreaterThan(80);
});

test('a15 at 1024 x 768 the marks of the frames are whole under a lesson too', async () => {
  const page = await openScenario(small, {
    ...forkAndWrite,
    about: 'A process and its child share a page until one of them writes it. '.repeat(4),
  });
  await frames(page, 6);
  const beyond = await page.locator('[data-panel="physical"]').evaluate((panel) => {
    const marks = panel.querySelector('.marks-legend')?.getBoundingClientRect().bottom ?? Infinity;
    return marks - panel.getBoundingClientRect().bottom;
  });
  expect(beyond).toBeLessThanOrEqual(0);
});

test('a32 on a telephone the title of the timeline is whole', async () => {
  const page = await openScenario(site, forkAndWrite);
  await page.setViewportSize({ width: 390, height: 844 });
  await openPanel(page, 'tape');
  const title = page.locator('[data-panel="tape"] h2');
  await expect
    .poll(() => title.evaluate((head) => head.scrollWidth - head.clientWidth))
    .toBeLessThanOrEqual(0);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
});

for (const [width, height, of] of [
  [720, 450, '1440 x 900'],
  [960, 540, '1920 x 1080'],
] as const) {
  test(`w1 at 200 % zoom of ${of} the bench stays a bench, with tabs for its side`, async () => {
    const page = await openScenario(site, forkAndWrite);
    await page.setViewportSize({ width, height });
    await frames(page, 6);
    await expect.poll(() => overflow(page)).toBeLessThanOrEqual(0);
    expect(
      await page.evaluate(() => document.documentElement.scrollHeight - innerHeight),
    ).toBeLessThanOrEqual(0);
    expect(await panels(page)).toEqual(
      expect.arrayContaining(['processes', 'virtual', 'physical']),
    );
    expect(await seen(page, '.process')).toEqual(['init', 'child']);
    for (const grid of ['#pages', '#frames']) {
      expect((await sizeOf(page, grid)).height, grid).toBeGreaterThan(80);
    }
    for (const command of ['play', 'step', 'back']) {
      expect((await seen(page, `[data-command="${command}"]`)).length, command).toBe(1);
    }
    for (const side of ['inspector', 'script', 'processes']) {
      await page.locator(`[data-side="${side}"]`).click();
      await expect.poll(() => seen(page, `.side [data-panel]`)).toEqual([side]);
    }
    // A panel of the deck has the bench for itself, and gives it back.
    await page.locator('[data-tab="counters"]').click();
    await expect.poll(() => panels(page)).toEqual(['counters']);
    await page.keyboard.press('Escape');
    await expect.poll(() => panels(page)).toContain('physical');
  });
}

test('w1 between, a cell that is chosen brings the inspector to the side', async () => {
  const page = await openScenario(site, forkAndWrite);
  await page.setViewportSize({ width: 768, height: 1024 });
  await frames(page, 6);
  await page.locator('#frames').click({ position: { x: 60, y: 14 } });
  await expect.poll(() => seen(page, '.side [data-panel]')).toEqual(['inspector']);
});

test('w1 the deck has tabs: one panel has its whole width, two share it, and none leaves 40 px', async () => {
  const page = await openScenario(desk, storm);
  const open = () =>
    page
      .locator('.deck-panels > .panel')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-panel')));
  expect(await open()).toEqual(['tape', 'counters']);
  await page.locator('[data-tab="timing"]').click();
  await expect.poll(open).toEqual(['tape', 'timing']);
  await page.locator('[data-tab="tape"]').click();
  await expect.poll(open).toEqual(['timing']);
  expect((await sizeOf(page, '.panel-timing')).width).toBe(1440);
  await page.locator('[data-tab="timing"]').click();
  await expect.poll(open).toEqual([]);
  const grid = await sizeOf(page, '.panel-physical');
  expect((await sizeOf(page, '.deck-tabs')).height).toBeLessThanOrEqual(40);
  // What the deck gave up the grids have.
  await page.locator('[data-tab="locks"]').click();
  await expect
    .poll(async () => (await sizeOf(page, '.panel-physical')).height)
    .toBeLessThan(grid.height - 60);
  await page.reload();
  await settled(page, storm.script?.length ?? 0);
  expect(await open()).toEqual(['locks']);
});

test('w1 a folded panel is 40 px and leaves no hole', async () => {
  const page = await openScenario(desk, storm);
  for (const name of ['virtual', 'script', 'swap']) {
    await page.locator(`.panel-${name} .fold`).click();
    await expect
      .poll(async () => (await sizeOf(page, `.panel-${name}`)).height, { message: name })
      .toBeLessThanOrEqual(41);
  }
  await page.locator('.panel-processes .fold').click();
  await expect.poll(async () => (await sizeOf(page, '.left')).width).toBe(40);
  // Each column is filled by what is open in it.
  const gaps = await page.evaluate(() =>
    ['.centre', '.right'].map((column) => {
      const all = [...document.querySelectorAll(`${column} > .panel`)];
      const used = all.reduce((sum, one) => sum + one.getBoundingClientRect().height, 0);
      return (document.querySelector(column)?.getBoundingClientRect().height ?? 0) - used;
    }),
  );
  for (const gap of gaps) expect(gap).toBeLessThanOrEqual(4);
});

test('w1 every panel is given all the room by a button and by a key, and Escape gives it back', async () => {
  const page = await openScenario(desk, storm);
  const usual = await panels(page);
  for (const tab of ['faults', 'timing', 'locks', 'tape', 'counters']) {
    const isOpen =
      (await page.locator(`[data-tab="${tab}"]`).getAttribute('aria-expanded')) === 'true';
    if (!isOpen) await page.locator(`[data-tab="${tab}"]`).click();
    await page.locator(`[data-maximise="${tab}"]`).click();
    await expect.poll(() => panels(page), { message: tab }).toEqual([tab]);
    const { width, height } = await sizeOf(page, `.panel-${tab}`);
    expect(width * height, tab).toBeGreaterThan(1440 * 900 * 0.7);
    await page.keyboard.press('Escape');
  }
  for (const name of ['processes', 'virtual', 'physical', 'swap', 'inspector', 'script']) {
    await page.locator(`[data-maximise="${name}"]`).click();
    await expect.poll(() => panels(page), { message: name }).toEqual([name]);
    const { width, height } = await sizeOf(page, `.panel-${name}`);
    expect(width * height, name).toBeGreaterThan(1440 * 900 * 0.7);
    expect((await seen(page, '[data-command="play"]')).length).toBe(1);
    await page.keyboard.press('Escape');
    await expect.poll(() => panels(page)).toContain('physical');
  }
  // The key means the panel with the focus.
  await page.locator('#pages').focus();
  await page.keyboard.press('Shift+M');
  await expect.poll(() => panels(page)).toEqual(['virtual']);
  await page.keyboard.press('Shift+M');
  await expect.poll(async () => (await panels(page)).length).toBe(usual.length);
});

test('w1 presenting: large words, three panels, and a clicker steps by line wherever the focus is', async () => {
  const page = await openScenario(desk, forkAndWrite);
  const type = () =>
    page
      .locator('.panel-script h2')
      .evaluate((title) => Number.parseFloat(getComputedStyle(title).fontSize));
  const usual = await type();
  await page.keyboard.press('Shift+P');
  await expect.poll(() => panels(page)).toEqual(['virtual', 'physical', 'script']);
  expect(await type()).toBeGreaterThanOrEqual(usual * 1.5);
  const position = () => page.locator('.transport .position').textContent();
  for (const focus of ['.scrub input', '#frames', '.line-go[tabindex="0"]']) {
    await page.locator(focus).focus();
    await page.keyboard.press('PageUp');
    await expect.poll(position, { message: focus }).toBe('4 / 5');
    await page.keyboard.press('PageDown');
    await expect.poll(position, { message: focus }).toBe('5 / 5');
  }
  await page.keyboard.press('Escape');
  await expect.poll(() => panels(page)).toContain('inspector');
  expect(await type()).toBe(usual);
  // Then the keys are the grid's and the slider's again.
  await page.locator('#frames').focus();
  await page.keyboard.press('PageUp');
  await frames(page, 6);
  expect(await position()).toBe('5 / 5');
});

test('w1 three sizes of type are chosen, kept, and fit', async () => {
  const page = await openScenario(desk, storm);
  const smallest = () =>
    page.evaluate(() =>
      Math.min(
        ...[...document.querySelectorAll('#page *')]
          .filter((one) =>
            [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()),
          )
          .filter((one) => one.getBoundingClientRect().width > 1)
          .map((one) => Number.parseFloat(getComputedStyle(one).fontSize)),
      ),
    );
  const sizes = [await smallest()];
  for (const size of ['large', 'largest']) {
    await page.locator('[data-view="open"]').click();
    await page.locator(`input[name="type-size"][value="${size}"]`).check({ force: true });
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('html').getAttribute('data-type')).toBe(size);
    sizes.push(await smallest());
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  }
  const [usual = 0, large = 0, largest = 0] = sizes;
  expect(usual).toBeGreaterThanOrEqual(9);
  expect(large).toBeGreaterThan(usual * 1.1);
  expect(largest).toBeGreaterThan(large * 1.1);
  await page.reload();
  await settled(page, storm.script?.length ?? 0);
  expect(await page.locator('html').getAttribute('data-type')).toBe('largest');
});

test('w1 on a telephone play, step and back stay in sight, and step', async () => {
  const page = await openScenario(phone, storm);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  for (const place of [0, 700, 100_000]) {
    await page.evaluate((top) => scrollTo(0, top), place);
    for (const command of ['play', 'step', 'back']) {
      expect(
        (await seen(page, `[data-command="${command}"]`)).length,
        `${command} at ${place}`,
      ).toBe(1);
    }
    expect((await seen(page, '.scrub input')).length).toBe(1);
  }
  await page.locator('[data-command="back"]').tap();
  const lines = storm.script?.length ?? 0;
  await expect
    .poll(() => page.locator('.transport .position').textContent())
    .toBe(`${lines - 1} / ${lines}`);
});

test('w1 on a telephone a tapped cell opens a sheet with its words, its actions and why it is here', async () => {
  const page = await openScenario(phone, forkAndWrite);
  expect(await page.locator('.sheet').count()).toBe(0);
  await page.locator('#frames').tap({ position: { x: 70, y: 24 } });
  const sheet = page.locator('.sheet');
  await expect.poll(() => sheet.locator('.sheet-words').textContent()).toMatch(/^Frame \d+: /);
  await page.locator('#pages').tap({ position: { x: 100, y: 20 } });
  await expect.poll(() => sheet.locator('.sheet-words').textContent()).toMatch(/Page \d+: /);
  expect((await seen(page, '.sheet-words')).length).toBe(1);
  // The cell stays in sight above its sheet.
  expect((await seen(page, '#pages')).length).toBe(1);
  await sheet.locator('.why summary').tap();
  await sheet.locator('.why-decisive').scrollIntoViewIfNeeded();
  const words = await sheet.locator('.sheet-words').textContent();
  await sheet.locator('[data-command="write"]').tap();
  await settled(page, 6);
  await expect.poll(() => sheet.locator('.sheet-words').textContent()).not.toBe(words);
  expect(await sheet.locator('.why li').count()).toBeGreaterThan(0);
  await sheet.locator('.sheet-head button').tap();
  await expect.poll(() => sheet.count()).toBe(0);
});

test('w1 on a telephone a panel is given all the room too', async () => {
  const page = await openScenario(phone, storm);
  const before = await sizeOf(page, '#frames');
  await page.locator('[data-maximise="physical"]').tap();
  await expect
    .poll(async () => (await sizeOf(page, '#frames')).height)
    .toBeGreaterThan(before.height * 1.2);
  expect((await seen(page, '#frames')).length).toBe(1);
  expect((await seen(page, '[data-command="play"]')).length).toBe(1);
  expect(await page.locator('[data-panel]:visible').count()).toBe(1);
  await page.locator('[data-maximise="physical"]').tap();
  await expect.poll(async () => (await sizeOf(page, '#frames')).height).toBe(before.height);
});

test('w1 on a telephone no control is smaller than 40 px', async () => {
  const page = await openScenario(phone, storm);
  await page.locator('#pages').tap({ position: { x: 100, y: 20 } });
  await page.locator('.sheet').waitFor();
  for (const tab of ['faults', 'timing', 'locks', 'tape', 'counters']) {
    await page.locator(`[data-tab="${tab}"]`).tap();
  }
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('button, input, select, summary, a, [role="treeitem"]')]
      .filter((one) => one.closest('.unseen, .skip, [popover], .line-tools') === null)
      .map((one) => {
        const { width, height } = one.getBoundingClientRect();
        // A term is a word in a text: what a finger finds is around it.
        const around = one.matches('.term') ? getComputedStyle(one, '::after') : { width, height };
        const least = (extent: number | string) => Number.parseFloat(`${extent}`) < 39.5;
        return { one, width, is: least(around.width) || least(around.height) };
      })
      .filter(({ is, width }) => width > 0 && is)
      .map(({ one }) => one.outerHTML.slice(0, 120)),
  );
  expect(small).toEqual([]);
});

test('w1 two fingers zoom a grid, and the cell between them stays', async () => {
  const page = await openScenario(phone, storm);
  const columns = async () => Number(await page.locator('#frames').getAttribute('aria-colcount'));
  const before = await columns();
  const pinch = (distances: number[]) =>
    page.locator('#frames').evaluate((grid, all) => {
      const { left, top } = grid.getBoundingClientRect();
      const touch = (identifier: number, x: number) =>
        new Touch({ identifier, target: grid, clientX: left + 180 + x, clientY: top + 60 });
      const send = (kind: string, distance: number) => {
        const touches =
          kind === 'touchend' ? [] : [touch(1, -distance / 2), touch(2, distance / 2)];
        grid.dispatchEvent(
          new TouchEvent(kind, {
            touches,
            targetTouches: touches,
            cancelable: true,
            bubbles: true,
          }),
        );
      };
      send('touchstart', all[0] ?? 0);
      for (const distance of all) send('touchmove', distance);
      send('touchend', 0);
    }, distances);
  await pinch([40, 60, 100]);
  await expect.poll(columns).toBeLessThan(before);
  const scrolls = await page
    .locator('#frames')
    .evaluate((grid) => grid.scrollHeight > grid.clientHeight + 40);
  expect(scrolls).toBe(true);
  await pinch([100, 60, 20]);
  await expect.poll(columns).toBe(before);
});

test('w1 a drag of a process marks no text', async () => {
  const page = await openScenario(desk, storm);
  const [from, to] = await Promise.all([
    page.locator('[data-process="cc"] .process-name').boundingBox(),
    page.locator('.panel-inspector .facts').boundingBox(),
  ]);
  await page.mouse.move((from?.x ?? 0) + 4, (from?.y ?? 0) + 6);
  await page.mouse.down();
  await page.mouse.move((to?.x ?? 0) + 60, (to?.y ?? 0) + 30, { steps: 8 });
  expect(await page.evaluate(() => String(getSelection()))).toBe('');
  await page.mouse.up();
  expect(await page.evaluate(() => String(getSelection()))).toBe('');
});

test('w1 the script is one stop of the Tab key, whose arrows go through lines and their tools', async () => {
  const page = await openScenario(desk, storm);
  const stops = () =>
    page
      .locator('.script button')
      .evaluateAll((all) => all.filter((one) => (one as HTMLElement).tabIndex >= 0).length);
  expect(await stops()).toBe(1);
  await page.locator('.script [tabindex="0"]').focus();
  const focused = () =>
    page.evaluate(() => {
      const line = document.activeElement?.closest('.line');
      const tool = document.activeElement?.getAttribute('data-line') ?? 'go';
      return `${line?.querySelector('.line-number')?.textContent} ${tool}`;
    });
  expect(await focused()).toBe('19 go');
  for (const [key, place] of [
    ['ArrowUp', '18 go'],
    ['ArrowRight', '18 edit'],
    ['ArrowLeft', '18 go'],
    ['Home', '1 go'],
    ['End', '19 go'],
  ] as const) {
    await page.keyboard.press(key);
    await expect.poll(focused, { message: key }).toBe(place);
  }
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.locator('.transport .position').textContent()).toBe('18 / 19');
  expect(await stops()).toBe(1);
});

test('w1 the first stop leads to the transport', async () => {
  const page = await openScenario(desk, forkAndWrite);
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(
    'Skip to the transport',
  );
  expect((await seen(page, '.skip')).length).toBe(1);
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-command'))).toBe(
    'play',
  );
  expect(new URL(page.url()).hash).toMatch(/^#1\./);
});

test('w1 passing a grid by the Tab key changes nothing, and its first arrow begins at its first cell', async () => {
  const page = await openScenario(desk, forkAndWrite);
  const subject = () => page.locator('.panel-inspector h2').textContent();
  const before = await subject();
  expect(before).toMatch(/^Page 3 of/);
  await page.locator('#frames').focus();
  await page.locator('#slots').focus();
  await page.locator('#pages').focus();
  await frames(page, 3);
  expect(await subject()).toBe(before);
  await page.locator('#frames').focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(subject).toBe('Frame 0');
});

test('w1 of a thousand slots and more, cells are seen, and those that several refer to say how many', async () => {
  const page = await openScenario(desk, storm);
  const { height } = await sizeOf(page, '#slots');
  expect(height).toBeGreaterThanOrEqual(40);
  const pitch = await page.locator('#slots').evaluate((grid: HTMLElement) => {
    const rows = Number(grid.getAttribute('aria-rowcount'));
    const room = grid.querySelector('.cells-room')?.getBoundingClientRect();
    return ((room?.height ?? 0) - 8) / rows;
  });
  expect(pitch).toBeGreaterThanOrEqual(5);
});

test('w1 what a newcomer needs is the loudest in the header; the audit is with the figures', async () => {
  const page = await openScenario(desk, forkAndWrite);
  expect(
    await page
      .locator('.top .button.primary')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-command'))),
  ).toEqual(['presets']);
  expect(await page.locator('.top [data-command="check"]').count()).toBe(0);
  expect((await seen(page, '.deck-tabs [data-command="check"]')).length).toBe(1);
});

test('w5 links from before the deck had tabs open what they name', async () => {
  const fragment = await encode(JSON.stringify(forkAndWrite));
  const page = await desk.open(`${fragment}&folded=swap.tape.faults`);
  await settled(page, 5);
  const expanded = (tab: string) =>
    page.locator(`[data-tab="${tab}"]`).getAttribute('aria-expanded');
  expect(await Promise.all(['tape', 'counters', 'timing'].map(expanded))).toEqual([
    'false',
    'true',
    'false',
  ]);
  const measures = await desk.open(`${fragment}&opened=timing.locks`);
  await settled(measures, 5);
  const seenTabs = await measures
    .locator('.tab[aria-expanded="true"]')
    .evaluateAll((all) => all.map((one) => one.getAttribute('data-tab')));
  expect(seenTabs).toEqual(['timing', 'locks']);
});

test('w1 words have the room that they need', async () => {
  const page = await openScenario(
    desk,
    withScript(
      { op: 'spawn', as: 'a-process-whose-name-is-longer-than-most', pages: 64 },
      {
        op: 'together',
        scripts: [
          [{ op: 'write', process: 'a-process-whose-name-is-longer-than-most', page: 1, value: 1 }],
          [{ op: 'write', process: 'a-process-whose-name-is-longer-than-most', page: 2, value: 2 }],
        ],
      },
    ),
  );
  /** Elements whose words go beyond them, or beyond the panel or dialog that they stand in. */
  const outside = (selector: string) =>
    page.locator(selector).evaluateAll((all) =>
      all
        .filter((one) => {
          const { right } = one.getBoundingClientRect();
          const edge = one.closest('.panel, dialog')?.getBoundingClientRect().right ?? innerWidth;
          const style = getComputedStyle(one);
          const isEllipsis = style.textOverflow === 'ellipsis' && style.overflow !== 'visible';
          return (
            right > edge + 1 ||
            (one.scrollWidth > one.clientWidth + 1 && !isEllipsis && style.display !== 'inline')
          );
        })
        .map((one) => one.textContent),
    );
  for (const width of [1024, 1440, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    await frames(page, 6);
    for (const selector of [
      '.line-op',
      '.counters dt',
      '.panel-head h2',
      '.panel-actions .button',
      '.fault .phases',
    ]) {
      expect(await outside(selector), `${selector} at ${width} px`).toEqual([]);
    }
    // The op and what it is done to stand apart, and so do the heads of the tree's columns.
    for (const [one, other] of [
      ['.line-op', '.line-op + .line-detail'],
      ['.tree-head span:first-child', '.tree-head span:last-child'],
    ] as const) {
      const gaps = await page.evaluate(
        ([first, second]) => {
          const rights = [...document.querySelectorAll(first)].map((e) => {
            const range = document.createRange();
            range.selectNodeContents(e);
            return range.getBoundingClientRect().right;
          });
          const lefts = [...document.querySelectorAll(second)].map((e) => {
            const range = document.createRange();
            range.selectNodeContents(e);
            return range.getBoundingClientRect().left;
          });
          return rights.map((right, at) => (lefts[at] ?? 0) - right);
        },
        [one, other] as const,
      );
      for (const gap of gaps) expect(gap, `${one} at ${width} px`).toBeGreaterThanOrEqual(3);
    }
  }
  await page.locator('[data-tab="faults"]').click();
  await page.locator('.fault .phases').first().waitFor();
  expect(await outside('.fault .phases')).toEqual([]);
  await page.keyboard.press('b');
  await page.locator('[data-dialog="breakpoints"] .offers .button').first().waitFor();
  expect(await outside('[data-dialog="breakpoints"] .offers .button')).toEqual([]);
});
