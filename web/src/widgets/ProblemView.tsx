import type { Problem } from '../generated/types.d.ts';
import { text } from '../text/text.ts';
import './ProblemView.css';

/** What is wrong with a scenario: where, what stands there, what may. */
export function ProblemView({ problem }: { problem: Problem }) {
  return (
    <dl class="facts problem">
      <dt>{text.errors.path}</dt>
      <dd class="digits">{problem.path === '' ? '/' : problem.path}</dd>
      <dt>{text.errors.found}</dt>
      <dd>{problem.found}</dd>
      <dt>{text.errors.legal}</dt>
      <dd>{problem.legal}</dd>
    </dl>
  );
}
