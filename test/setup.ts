import fc from 'fast-check';

// One seed for all property tests, so that a red run can be repeated; FC_SEED explores others.
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20_261_122) });
