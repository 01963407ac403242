import type { ProblemFacts } from '../text/problem.ts';
import { text } from '../text/text.ts';
import './ProblemView.css';

/** What is wrong with a scenario: where, what stands there, what may. */
export function ProblemView({ facts }: { facts: ProblemFacts }) {
  const { path, where, value, allowed, meant } = facts;
  return (
    <dl class="facts problem" data-path={path}>
      <dt>{text.errors.path}</dt>
      <dd>{where}</dd>
      <dt>{text.errors.found}</dt>
      <dd>{value}</dd>
      <dt>{text.errors.legal}</dt>
      <dd>
        {meant !== undefined && <b data-meant={meant}>{text.problem.meant(meant)} </b>}
        {allowed}
      </dd>
    </dl>
  );
}
