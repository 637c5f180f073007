import { validationError } from './errors';

/** 0.digits × 10^exponent. The digits begin and end with another than 0; zero has none. */
interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.Number */
const MAX_DIGITS = 38;
const MAX_EXPONENT = 126;
const MIN_EXPONENT = -129;

/** Most numbers are short whole ones in their normal form. */
const NORMAL = /^(?:0|-?[1-9]\d{0,14})$/;

const NUMBER = /^([-+]?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d+))?$/;

/** A number as DynamoDB gives it back: no exponent, no needless zero. Throws `ValidationException`. */
export function normalNumber(text: string): string {
  return NORMAL.test(text) ? text : format(parse(text));
}

export function addNumbers(a: string, b: string, sign: 1 | -1 = 1): string {
  const [x, y] = [parse(a), parse(b)];
  const scale = Math.min(scaleOf(x), scaleOf(y));
  const sum = wholeAt(x, scale) + BigInt(sign) * wholeAt(y, scale);
  return format(parse(`${sum}e${scale}`));
}

/** Text that sorts as the numbers do: the sign, the exponent, the digits; of a negative number each digit's complement. */
export function sortableNumber(text: string): string {
  const { negative, digits, exponent } = parse(text);
  if (digits === '') return '1';
  const magnitude = String(exponent + 500) + digits;
  return negative ? `0${magnitude.replace(/\d/g, (digit) => String(9 - Number(digit)))}~` : `2${magnitude}`;
}

function parse(text: string): Decimal {
  const [, sign, whole = '', fraction = '', power = '0'] = NUMBER.exec(text) ?? [];
  const all = whole + fraction;
  if (sign === undefined || all === '') throw validationError(`The parameter cannot be converted to a numeric value${text === '' ? '' : `: ${text}`}`);
  const digits = all.replace(/^0+|0+$/g, '');
  if (digits === '') return { negative: false, digits, exponent: 0 };
  const leading = /^0*/.exec(all)![0].length;
  const exponent = whole.length - leading + Number(power);
  if (digits.length > MAX_DIGITS) throw validationError('Attempting to store more than 38 significant digits in a Number');
  if (exponent > MAX_EXPONENT) throw validationError('Number overflow. Attempting to store a number with magnitude larger than supported range');
  if (exponent < MIN_EXPONENT) throw validationError('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  return { negative: sign === '-', digits, exponent };
}

function format({ negative, digits, exponent }: Decimal): string {
  if (digits === '') return '0';
  const sign = negative ? '-' : '';
  if (exponent <= 0) return `${sign}0.${'0'.repeat(-exponent)}${digits}`;
  if (exponent >= digits.length) return sign + digits.padEnd(exponent, '0');
  return `${sign}${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
}

/** The power of ten of the last digit. */
function scaleOf({ digits, exponent }: Decimal): number {
  return exponent - digits.length;
}

function wholeAt(decimal: Decimal, scale: number): bigint {
  const whole = BigInt(decimal.digits || '0') * 10n ** BigInt(scaleOf(decimal) - scale);
  return decimal.negative ? -whole : whole;
}
