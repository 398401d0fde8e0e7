const width = 30;
const lineEvery = 0.1;

const clock = (seconds: number): string => {
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${String(Math.round(seconds % 60)).padStart(2, '0')}`;
};

const draw = (what: string, share: number, elapsed: number, note: string): string => {
  const filled = Math.round(share * width);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`;
  const left = share > 0 && share < 1 ? `, ${clock((elapsed / share) * (1 - share))} left` : '';
  const percent = String(Math.floor(share * 100)).padStart(3);
  return `${what} ${bar} ${percent} %${left}${note === '' ? '' : `, ${note}`}`;
};

const usualWidth = 80;

/** Shows how far something has come: a bar that moves at a terminal, elsewhere a line now and then. */
export const progressOn = (output: NodeJS.WriteStream, what: string) => {
  const began = performance.now();
  let told = 0;
  const move = (line: string, isLast: boolean): void => {
    output.write(`\r\u001b[K${line.slice(0, (output.columns ?? usualWidth) - 1)}${isLast ? '\n' : ''}`);
  };
  const tell = (line: string, share: number): void => {
    if (share < told + lineEvery && (share < 1 || told === 1)) return;
    told = share;
    output.write(`${line}\n`);
  };
  return (done: number, total: number, note = ''): void => {
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const line = draw(what, share, (performance.now() - began) / 1000, note);
    if (output.isTTY) move(line, share === 1);
    else tell(line, share);
  };
};
