package io.rolehost.runtime.supervision;

import io.rolehost.runtime.journal.Fingerprint;

/**
 * By what a failure is known again: when it came, its types, and the topmost methods of the role's.
 *
 * @param starting whether the attempt had not acknowledged its start
 * @param failure the types of the exception and its root cause, and the role's own frames
 */
record FailurePrint(boolean starting, Fingerprint failure) {

  static FailurePrint of(boolean starting, Throwable failure) {
    return new FailurePrint(starting, Fingerprint.of(failure, ""));
  }

  String id() {
    return failure.id();
  }
}
