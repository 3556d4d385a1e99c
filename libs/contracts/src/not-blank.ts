import { ValidateBy } from 'class-validator';

/** Text with something to see in it. */
export function IsNotBlank(): PropertyDecorator {
  return ValidateBy({
    name: 'isNotBlank',
    validator: {
      validate: (value) => typeof value === 'string' && value.trim() !== '',
      defaultMessage: () => '$property must not be blank',
    },
  });
}
