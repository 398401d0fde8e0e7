import { describe, expect, test } from 'vitest';
import type { StoredEvent } from '../../src/eventStore/eventStore.ts';
import { eventually, type Open, right } from './builders.ts';
import { anEvent, someEvents } from './events.ts';

const listening = (): { readonly heard: StoredEvent[]; readonly listener: (event: StoredEvent) => void } => {
  const heard: StoredEvent[] = [];
  return { heard, listener: (event) => void heard.push(event) };
};

const positions = (events: readonly StoredEvent[]): readonly number[] => events.map(({ position }) => position);

const aWhile = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 120));

/** What subscribing promises. */
export const subscribeContract = (open: Open): void => {
  describe('a listener', () => {
    test('P7 hears what is committed from now on, in global order, without gaps', async () => {
      const { engine, close } = await open();
      await right(engine.events.append('program-a', 'any', someEvents(3)));
      const { heard, listener } = listening();
      engine.events.subscribe(listener);
      await Promise.all(
        Array.from({ length: 200 }, (_, number) =>
          right(engine.events.append(`program-${number % 7}`, 'any', someEvents(2))),
        ),
      );
      await eventually(() => heard.length === 400);
      expect(heard).toEqual(await right(engine.events.readAll(3, 1_000)));
      await close();
    });

    test('hears an own commit soon after it, never inside the append', async () => {
      const heard: StoredEvent[] = [];
      const inside: number[] = [];
      const { engine, close } = await open(() => () => void inside.push(heard.length));
      engine.events.subscribe((event) => {
        expect(engine.readModels.inTransaction).toBe(false);
        heard.push(event);
      });
      const start = performance.now();
      const appending = engine.events.append('program-a', 'any', someEvents(2))();
      expect(heard).toEqual([]);
      await appending;
      await eventually(() => heard.length === 2);
      expect(performance.now() - start).toBeLessThan(1_000);
      expect(inside).toEqual([0]);
      await close();
    });

    test('hears nothing of what was refused or failed', async () => {
      const { engine, close } = await open();
      const { heard, listener } = listening();
      engine.events.subscribe(listener);
      await engine.events.append('program-a', 4, someEvents(2))();
      await engine.events.append('program-a', 'any', someEvents(2), { holds: () => false })();
      await right(engine.events.append('program-a', 'any', [anEvent()]));
      await eventually(() => heard.length > 0);
      expect(positions(heard)).toEqual([1]);
      await close();
    });

    test('that throws is reported, and hears the next event', async () => {
      const { engine, close } = await open();
      const [heard, errors]: [number[], unknown[]] = [[], []];
      const failing = ({ position }: StoredEvent): void => {
        heard.push(position);
        if (position === 2) throw new Error('the listener is wrong');
      };
      const other = listening();
      engine.events.subscribe(failing, (error) => errors.push(error));
      engine.events.subscribe(() => {
        throw new Error('nobody is told');
      });
      engine.events.subscribe(
        () => {
          throw new Error('and its reporter');
        },
        () => {
          throw new Error('fails too');
        },
      );
      engine.events.subscribe(other.listener);
      await right(engine.events.append('program-a', 'any', someEvents(3)));
      await eventually(() => other.heard.length === 3);
      expect(heard).toEqual([1, 2, 3]);
      expect(errors).toEqual([new Error('the listener is wrong')]);
      await close();
    });

    test('hears what was committed after it came, whoever listens already', async () => {
      const { engine, close } = await open();
      const [early, late] = [listening(), listening()];
      engine.events.subscribe(early.listener);
      await right(engine.events.append('program-a', 'any', someEvents(2)));
      engine.events.subscribe(late.listener);
      await right(engine.events.append('program-a', 'any', someEvents(2)));
      await eventually(() => late.heard.length === 2);
      expect([positions(early.heard), positions(late.heard)]).toEqual([
        [1, 2, 3, 4],
        [3, 4],
      ]);
      await close();
    });

    test('that stopped hears no more, and others do', async () => {
      const { engine, close } = await open();
      const [stopped, other] = [listening(), listening()];
      const stop = engine.events.subscribe(stopped.listener);
      engine.events.subscribe(other.listener);
      await right(engine.events.append('program-a', 'any', [anEvent()]));
      await eventually(() => other.heard.length === 1);
      stop();
      stop();
      await right(engine.events.append('program-a', 'any', [anEvent()]));
      await eventually(() => other.heard.length === 2);
      expect(positions(stopped.heard)).toEqual([1]);
      await close();
    });

    test('that stops another inside a call silences it at once', async () => {
      const { engine, close } = await open();
      const silenced = listening();
      const stops: (() => void)[] = [];
      engine.events.subscribe(() => stops.forEach((stop) => void stop()));
      stops.push(engine.events.subscribe(silenced.listener));
      await right(engine.events.append('program-a', 'any', [anEvent()]));
      await aWhile();
      expect(silenced.heard).toEqual([]);
      await close();
    });

    test('that comes when all others have left begins at the end it finds', async () => {
      const { engine, close } = await open();
      engine.events.subscribe(() => {})();
      await right(engine.events.append('program-a', 'any', someEvents(2)));
      const { heard, listener } = listening();
      engine.events.subscribe(listener);
      await right(engine.events.append('program-a', 'any', [anEvent()]));
      await eventually(() => heard.length > 0);
      expect(positions(heard)).toEqual([3]);
      await close();
    });

    test('hears nothing after the store was closed', async () => {
      const { engine, close } = await open();
      const { heard, listener } = listening();
      const stop = engine.events.subscribe(listener);
      void engine.events.append('program-a', 'any', [anEvent()])();
      await close();
      const before = heard.length;
      await aWhile();
      expect(heard).toHaveLength(before);
      stop();
    });
  });
};
