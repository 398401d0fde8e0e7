/** The error that a wrong set-up is thrown as: one sentence that says what to do. */
export const setUpError = (sentence: string): Error => Object.assign(new Error(sentence), { name: 'SetUpError' });
