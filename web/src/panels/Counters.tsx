import { shown } from '../store/animation/shown.ts';
import { observed } from '../store/machine/observation.ts';
import { busy, runtimeKind } from '../store/run/open-machine.ts';
import { coversCounter } from '../store/visit/lesson.ts';
import { COUNTER_TERMS } from '../text/glossary.ts';
import { text } from '../text/text.ts';
import { Term } from '../widgets/Term.tsx';
import { Meters } from './Meters.tsx';
import { Panel } from './Panel.tsx';
import './Counters.css';

/** Every counter, live. */
export function Counters() {
  const counters = shown.counters.value;
  const rates = observed.rates.value;
  return (
    <Panel name="counters" title={text.panels.counters} scrolls={true}>
      {runtimeKind.value === 'threads' && <Meters />}
      <dl class="counters" data-terms>
        {Object.entries(counters).map(([name, value], at) => (
          <div
            key={name}
            class={value === 0 && !coversCounter(name) ? 'nil' : ''}
            data-counter={name}
          >
            <dt>
              <Term of={COUNTER_TERMS[name] ?? 'counter'} isStop={at === 0}>
                {text.counters[name] ?? name}
              </Term>
            </dt>
            <dd class="digits">
              {busy.value && !coversCounter(name) && (rates[name] ?? 0) > 0 && (
                <span class="rate">{text.rate(rates[name] ?? 0)}</span>
              )}
              {coversCounter(name) ? (
                <span class="counter-value" title={text.lesson.coveredTitle}>
                  {text.lesson.covered}
                </span>
              ) : (
                <span class="counter-value">{text.number(value)}</span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
