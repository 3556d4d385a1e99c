import { Exclude, Transform, Type } from 'class-transformer';

/** What class-transformer takes for the type of a value, so that it does not look into it. */
@Exclude()
class Unread {}

/**
 * The client's own JSON, which stays as it came. class-transformer would copy it instead, without members of some names
 * (`constructor`), and call what it finds under them.
 */
export function Verbatim(): PropertyDecorator {
  const unread = Type(() => Unread);
  const original = Transform(({ obj, key }) => (obj as Record<string, unknown>)[key]);
  return (target, property) => {
    unread(target, property);
    original(target, property);
  };
}
