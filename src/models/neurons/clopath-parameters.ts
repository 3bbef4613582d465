/** Parameters that every neuron with a Clopath archive has (Clopath et al. 2010, eqs. 1-5). */
import { type Check, NOT_NEGATIVE, POSITIVE, type QuantitySpec } from '../spec.js';

export const clopathParameters = {
  A_LTD: { default: 14e-5, unit: '1/mV', doc: 'amplitude of depression' },
  A_LTP: { default: 8e-5, unit: '1/mV^2', doc: 'amplitude of potentiation' },
  u_ref_squared: {
    default: 60,
    unit: 'mV^2',
    doc: 'reference of u_bar_bar^2 in the homeostatic control of depression',
  },
  theta_plus: { default: -45.3, unit: 'mV', doc: 'threshold of V_m for potentiation' },
  theta_minus: { default: -70.6, unit: 'mV', doc: 'threshold of u_bar_plus and u_bar_minus' },
  A_LTD_const: {
    default: 1,
    unit: '',
    doc: 'depression amplitude constant, or scaled by u_bar_bar^2 / u_ref_squared',
    flag: true,
  },
  delay_u_bars: {
    default: 5,
    unit: 'ms',
    doc: 'delay with which u_bar_plus and u_bar_minus enter the rule (rounded to the grid)',
  },
} satisfies Record<string, QuantitySpec>;

export const clopathChecks: readonly Check[] = [
  POSITIVE('u_ref_squared'),
  NOT_NEGATIVE('delay_u_bars'),
];
