package io.rolehost.runtime.process;

import io.rolehost.api.Work;
import io.rolehost.api.WorkObserver;

/** Lets the lines of the log say of which job or request they are. */
public final class LogWork implements WorkObserver {

  /** Called by {@code ServiceLoader}. */
  public LogWork() {}

  @Override
  public Observed begins(Work work) {
    if (work.kind() == Work.Kind.TASK || (work.id().isEmpty() && work.context().isEmpty())) {
      return Observed.NOBODY;
    }
    LogTags before = LogTags.begin(work);
    return _ -> LogTags.restore(before);
  }
}
