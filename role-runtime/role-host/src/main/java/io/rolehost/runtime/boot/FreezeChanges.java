package io.rolehost.runtime.boot;

import io.rolehost.freeze.Freeze;
import java.util.List;

/**
 * What became of the freezes of an instance from one reading to the next. Pure.
 *
 * @param begun those that are new, or say something new in the place of an older one
 * @param ended those that are gone, and not replaced
 */
record FreezeChanges(List<Freeze> begun, List<Freeze> ended) {

  static FreezeChanges between(List<Freeze> before, List<Freeze> now) {
    return new FreezeChanges(
        now.stream().filter(freeze -> !before.contains(freeze)).toList(),
        before.stream().filter(freeze -> now.stream().noneMatch(freeze::sameEntryAs)).toList());
  }
}
