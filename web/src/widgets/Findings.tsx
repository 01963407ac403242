// Lists findings of audits in words, each with a button to its cell.

import type { Finding } from '../text/findings.ts';
import { text } from '../text/text.ts';
import './Findings.css';

interface FindingsProps {
  readonly findings: readonly Finding[];
  readonly onShow: (finding: Finding) => void;
}

export function Findings({ findings, onShow }: FindingsProps) {
  if (findings.length === 0) return null;
  return (
    <ul class="findings">
      {findings.map((finding) => (
        <li key={finding.words} data-finding={finding.subject?.of ?? 'other'}>
          <span>{finding.words}</span>{' '}
          {finding.subject !== undefined && finding.subject.of !== 'slot' && (
            <button type="button" class="link" onClick={() => onShow(finding)}>
              {text.bugs.showCell}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
