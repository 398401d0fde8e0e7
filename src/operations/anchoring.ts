import * as E from 'fp-ts/lib/Either.js';
import type { Anchor, AnchorSink } from '../audit/anchors.ts';
import { keepHead, type SigningOptions, signCurrentHead } from '../audit/signing.ts';
import { headOf } from '../audit/tree.ts';

type Warn = { readonly warn: (message: string) => void } | undefined;

/** A head is signed when the log has grown by so many events since the last one, or so much time has passed. */
const signedEvery = { leaves: 1_000, milliseconds: 60_000 };

/** How long the log was when a head was last to be signed, and when that was; and how long when one was kept. */
type Last = { tried: number; at: number; kept: number };

/** Signs heads as the log grows, one at a time; what fails is said, and tried again with a later commit. */
const signingOf = (anchors: AnchorSink, options: SigningOptions, failed: () => void) => {
  const kept = anchors.heads(1)[0]?.length ?? 0;
  const last: Last = { tried: kept, at: options.now().getTime(), kept };
  let running: Promise<void> | undefined;
  const sign = async (): Promise<void> => {
    const signed = await signCurrentHead(options).catch(() => undefined);
    if (signed === undefined || E.isLeft(signed)) return failed();
    try {
      keepHead(anchors, signed.right);
      last.kept = signed.right.head.length;
    } catch {
      failed();
    }
  };
  const begin = (): Promise<void> => {
    last.tried = headOf(options.readModels).length;
    last.at = options.now().getTime();
    running ??= sign().finally(() => {
      running = undefined;
    });
    return running;
  };
  const isDue = ({ length }: Anchor): boolean =>
    length - last.tried >= signedEvery.leaves ||
    (length > last.tried && Math.abs(options.now().getTime() - last.at) >= signedEvery.milliseconds);
  return {
    grown: (head: Anchor): void => {
      if (running === undefined && isDue(head)) void begin();
    },
    /** Signs what is not signed yet. */
    end: async (): Promise<void> => {
      await running;
      if (headOf(options.readModels).length > last.kept) await begin();
    },
  };
};

/**
 * Hands heads of the log to where they are kept, and signs them now and then. A place that fails stops no command, for what was committed is:
 * it is said once.
 */
export const anchoringOf = (given: ((head: Anchor) => void) | undefined, logger: Warn) => {
  let begun: { readonly anchors: AnchorSink; readonly signing: ReturnType<typeof signingOf> } | undefined;
  let isSaid = false;
  const failed = (): void => {
    if (!isSaid) logger?.warn('A head of the log could not be kept in its place: look at where anchors go.');
    isSaid = true;
  };
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch {
      failed();
    }
  };
  const note = (head: Anchor): void => {
    attempt(() => begun?.anchors.note(head));
    attempt(() => given?.(head));
    attempt(() => begun?.signing.grown(head));
  };
  return {
    /** Called after each commit; reads the head only where somebody is to be told. */
    committed: (headNow: () => Anchor): void => {
      if (begun !== undefined || given !== undefined) attempt(() => note(headNow()));
    },
    /** From here on heads go to the store's own place as well; it is given the one that the log has now. */
    begin: (anchors: AnchorSink, options: SigningOptions): void =>
      attempt(() => {
        begun = { anchors, signing: signingOf(anchors, options, failed) };
        note(headOf(options.readModels));
      }),
    /** Signs the last head; called before the store is closed. */
    end: async (): Promise<void> => {
      await begun?.signing.end().catch(failed);
      attempt(() => begun?.anchors.close?.());
    },
  };
};
